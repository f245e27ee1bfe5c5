"""A file somebody sent, handed on: as a download of a type we decided, under a name we gave."""

from django.http import HttpResponse

TYPES = {"jpg": "image/jpeg", "pdf": "application/pdf"}


def download(content: bytes, kind: str, name: str) -> HttpResponse:
    """`content` as `name`.`kind`; a browser neither guesses what it is nor shows it as a page of ours."""
    headers = {
        "Content-Disposition": f'attachment; filename="{name}.{kind}"',
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(content, content_type=TYPES[kind], headers=headers)
