"""Files as a form sends them: their names, and no more of their content than can be kept."""

from django.conf import settings
from django.http import HttpRequest

from apps.core.attachments import LARGEST_FILE

MOST_CASE_FILES = 5


def files_sent(request: HttpRequest, most: int, largest: int = LARGEST_FILE) -> list[tuple[str, bytes]]:
    """(name, content) of what came as `files`; one more than `most` is read, so that it can be refused."""
    return [(each.name, each.read(largest + 1)) for each in request.FILES.getlist("files")[: most + 1]]


def case_files_sent(request: HttpRequest) -> list[tuple[str, bytes]]:
    """The same for what is said in a case: a page sends at most five files."""
    return files_sent(request, MOST_CASE_FILES, settings.CASE_FILE_MOST_BYTES)
