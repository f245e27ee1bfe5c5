"""What is answered where no view could answer: a page for people, a problem document for machines."""

from http import HTTPStatus

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views import defaults

from config.refusals import MEDIA_TYPE, plain

API = "/api/"


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, and 413 for a body larger than is read; the page is rendered without the request, which may be the fault."""
    is_large = isinstance(exception, RequestDataTooBig)
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE if is_large else HTTPStatus.BAD_REQUEST
    if _asked_by_machine(request):
        if not is_large:
            return _problem("invalid", status, _("This cannot be read."))
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1024**2
        said = _("Send at most %(most)s MB at once, in several requests if there is more.") % {"most": most}
        return _problem("too_large", status, said)
    return HttpResponse(render_to_string("errors/400.html", {"is_large": is_large, "code": int(status)}), status=status)


def denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    if _asked_by_machine(request):
        return _problem("not_allowed", HTTPStatus.FORBIDDEN, str(exception) or _("This is not yours to open."))
    return defaults.permission_denied(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if _asked_by_machine(request):
        return _problem("not_found", HTTPStatus.NOT_FOUND, _("There is nothing at this address."))
    return defaults.page_not_found(request, exception)


def broken(request: HttpRequest) -> HttpResponse:
    if _asked_by_machine(request):
        return _problem("broken", HTTPStatus.INTERNAL_SERVER_ERROR, _("Something broke on our side. Please try again."))
    return defaults.server_error(request)


def _asked_by_machine(request: HttpRequest) -> bool:
    return request.path_info.startswith(API)


def _problem(code: str, status: HTTPStatus, detail: str) -> JsonResponse:
    return JsonResponse(plain(code, status, detail), status=status, content_type=MEDIA_TYPE)
