"""Pictures and documents where no web server or object storage stands in front: the demo, a developer's machine."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, HttpRequest
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from django.views.static import serve


@require_safe
@login_not_required
@cache_control(public=True, max_age=86_400)
def media(request: HttpRequest, path: str) -> FileResponse:
    """A file below `settings.MEDIA_ROOT`; a path that leads out of it, or to a folder, is not found."""
    return serve(request, path, document_root=settings.MEDIA_ROOT)
