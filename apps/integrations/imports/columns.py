"""What the imports' columns have in common; what they hold is each import's own."""

from django.utils.translation import gettext_lazy as _

from apps.core.errors import Invalid

#: The target of a column that is not taken.
IGNORED = "-"


class ColumnsUnclear(Invalid):
    code = "columns_unclear"
    title = _("The columns of the file are unclear")


def letters_of(heading: str) -> str:
    """The letters and digits of a heading, by which it is recognised."""
    return "".join(ch for ch in heading.casefold() if ch.isalnum())
