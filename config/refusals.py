"""A refusal as a JSON problem document (RFC 9457)."""

from dataclasses import asdict, is_dataclass
from decimal import Decimal
from http import HTTPStatus

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.response import Response
from rest_framework.views import set_rollback

from apps.core.errors import Refusal

MEDIA_TYPE = "application/problem+json"


def problem(exception: Exception, context: dict) -> Response | None:
    """The problem document of whatever a view of the API raised; None for what is nobody's answer (a 500)."""
    document = _document(exception)
    if document is None:
        return None
    set_rollback()
    headers = {
        name: value
        for name, value in (
            ("WWW-Authenticate", getattr(exception, "auth_header", None)),
            ("Retry-After", _seconds(getattr(exception, "wait", None))),
        )
        if value
    }
    return Response(document, status=document["status"], headers=headers, content_type=MEDIA_TYPE)


def _document(exception: Exception) -> dict | None:
    match exception:
        case Refusal():
            return {
                **{name: _plainly(fact) for name, fact in exception.facts.items()},
                "type": f"urn:tradewell:problem:{exception.code}",
                "title": str(exception.title),
                "status": exception.status,
                "detail": exception.detail,
                **({"errors": exception.fields} if exception.fields else {}),
            }
        case ValidationError():
            return plain("invalid", HTTPStatus.BAD_REQUEST, "What was sent does not fit.") | {
                "errors": exception.detail
            }
        case Http404():
            return plain("not_found", HTTPStatus.NOT_FOUND, "There is nothing here.")
        case PermissionDenied():
            return plain("not_allowed", HTTPStatus.FORBIDDEN, str(exception) or "This key does not cover that.")
        case APIException():
            return plain(exception.default_code, HTTPStatus(exception.status_code), str(exception.detail))
    return None


def plain(code: str, status: HTTPStatus, detail: str) -> dict:
    """A problem document with nothing but what every one has."""
    return {"type": f"urn:tradewell:problem:{code}", "title": status.phrase, "status": int(status), "detail": detail}


def _plainly(fact: object) -> object:
    """A fact of a refusal in the words of JSON: dataclasses as objects, decimals as text, whatever they stand in."""
    if is_dataclass(fact) and not isinstance(fact, type):
        return _plainly(asdict(fact))
    if isinstance(fact, tuple | list | set | frozenset):
        return [_plainly(part) for part in fact]
    if isinstance(fact, dict):
        return {name: _plainly(part) for name, part in fact.items()}
    return str(fact) if isinstance(fact, Decimal) else fact


def _seconds(wait: float | None) -> str | None:
    return None if wait is None else str(int(wait) + 1)
