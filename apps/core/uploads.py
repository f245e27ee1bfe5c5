"""Files as a form sends them: their names, and no more of their content than can be kept."""

from django.http import HttpRequest

from apps.core.attachments import LARGEST_FILE


def files_sent(request: HttpRequest, most: int) -> list[tuple[str, bytes]]:
    """(name, content) of what came as `files`; one more than `most` is read, so that it can be refused."""
    return [(each.name, each.read(LARGEST_FILE + 1)) for each in request.FILES.getlist("files")[: most + 1]]
