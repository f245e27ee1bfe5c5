"""A file somebody sent, handed on: as a download of a type we decided, under a name we gave."""

from django.http import FileResponse, HttpResponse

TYPES = {
    "jpg": "image/jpeg",
    "pdf": "application/pdf",
    "zip": "application/zip",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def download(content: bytes, kind: str, name: str) -> HttpResponse:
    """`content` as `name`.`kind`; a browser neither guesses what it is nor shows it as a page of ours."""
    return HttpResponse(content, content_type=TYPES[kind], headers=_headers(kind, name))


def kept_file(file, kind: str, name: str) -> FileResponse:
    """The same for a file in storage, a piece at a time."""
    answer = FileResponse(file.open("rb"), content_type=TYPES[kind])
    for header, value in _headers(kind, name).items():
        answer[header] = value
    return answer


def _headers(kind: str, name: str) -> dict[str, str]:
    return {
        "Content-Disposition": f'attachment; filename="{name}.{kind}"',
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
