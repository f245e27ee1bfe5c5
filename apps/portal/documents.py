"""Documents of products, for whoever may see one of their products.

They stand below no root that is served by path, so that an address that was passed on tells a stranger nothing. The
answer may be kept by the reader's browser, which asks each time whether it still may: then it is answered in short.
Pictures are different: they are many on a page, have names nobody guesses, and are served by path.
"""

from pathlib import PurePosixPath

from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from apps.catalogue.errors import DocumentNotFound
from apps.catalogue.selectors import document_for

#: What a browser shows by itself; anything else is handed over to be kept.
_SHOWN = {".pdf": "application/pdf", ".jpg": "image/jpeg", ".png": "image/png", ".webp": "image/webp"}


@require_safe
def document(request: HttpRequest, name: str) -> HttpResponse:
    file = document_for(request.actor, f"documents/{name}").file
    try:
        etag = f'"{file.storage.get_modified_time(file.name).timestamp():.0f}-{file.size}"'
    except FileNotFoundError:
        raise DocumentNotFound() from None
    answer = get_conditional_response(request, etag=etag) or _whole(file, PurePosixPath(file.name))
    for header, value in (("ETag", etag), ("Cache-Control", "private, no-cache")):
        answer.headers[header] = value
    return answer


def _whole(file, path: PurePosixPath) -> FileResponse:
    kind = _SHOWN.get(path.suffix.lower())
    said = {"filename": path.name, "content_type": kind or "application/octet-stream"}
    return FileResponse(file.open("rb"), as_attachment=kind is None, **said)
