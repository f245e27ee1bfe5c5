"""Pages of the API that cost the same however far one reads."""

from rest_framework.pagination import CursorPagination


class KeysetPagination(CursorPagination):
    """Follows a key instead of counting rows; `page_size` up to 200."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200
    ordering = "pk"
