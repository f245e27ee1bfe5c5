"""The description of the API: as OpenAPI for machines, as a page for people; both from the same source."""

import json
from functools import lru_cache
from itertools import groupby

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.views import SpectacularJSONAPIView

PROBLEM = {
    "type": "object",
    "description": "RFC 9457. `errors` names the fields that were wrong; further members are facts of the refusal.",
    "properties": {
        "type": {"type": "string", "description": "urn:tradewell:problem: and a code that stays the same."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {"type": "object", "additionalProperties": True},
    },
    "required": ["type", "title", "status", "detail"],
    "additionalProperties": True,
}


class MachineKeyScheme(OpenApiAuthenticationExtension):
    target_class = "apps.api.endpoint.MachineKey"
    name = "key"

    def get_security_definition(self, auto_schema) -> dict:
        said = "`Token tw_...`: a key that operations issued for your machine."
        return {"type": "apiKey", "in": "header", "name": "Authorization", "description": said}


def with_problems(result: dict, generator, request, public: bool) -> dict:
    """Every operation may be refused with a problem document."""
    result["components"]["schemas"]["Problem"] = PROBLEM
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for operations in result["paths"].values():
        for operation in operations.values():
            operation["responses"]["4XX"] = {"description": "Refused; nothing was changed.", "content": content}
    return result


class Schema(SpectacularJSONAPIView):
    """OpenAPI 3 as JSON, open to everybody: it holds nothing of anybody."""

    authentication_classes = []
    permission_classes = []


@lru_cache(maxsize=8)
def _sections(language: str) -> list[tuple[str, list[dict]]]:
    schema = SchemaGenerator().get_schema(request=None, public=True)
    operations = [
        {**operation, "method": method.upper(), "path": path, **_examples(schema, operation)}
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
    ]
    operations.sort(key=lambda operation: operation["tags"][0])
    return [(tag, list(group)) for tag, group in groupby(operations, key=lambda operation: operation["tags"][0])]


def _examples(schema: dict, operation: dict) -> dict:
    """What is sent and what comes back, as JSON with the kind of each value."""
    sent = operation.get("requestBody", {}).get("content", {})
    back = next(response for status, response in operation["responses"].items() if status.startswith("2"))
    return {"sent": _shape(schema, sent), "back": _shape(schema, back.get("content", {}))}


def _shape(schema: dict, content: dict) -> str:
    described = content.get("application/json")
    return json.dumps(_kind(schema, described["schema"]), indent=2, ensure_ascii=False) if described else ""


def _kind(schema: dict, node: dict) -> object:
    if "$ref" in node:
        return _kind(schema, schema["components"]["schemas"][node["$ref"].rsplit("/", 1)[1]])
    if "allOf" in node or "oneOf" in node:
        return _kind(schema, (node.get("allOf") or node["oneOf"])[0])
    if node.get("type") == "object" and "properties" in node:
        needed = node.get("required", [])
        return {name + ("" if name in needed else "?"): _kind(schema, of) for name, of in node["properties"].items()}
    if node.get("type") == "array":
        return [_kind(schema, node["items"])]
    words = (
        " | ".join(str(value) for value in node["enum"]) if "enum" in node else node.get("format") or node.get("type")
    )
    return f"{words or 'any'}{' or null' if node.get('nullable') else ''}"


@require_safe
@login_not_required
def docs(request: HttpRequest) -> HttpResponse:
    """The API on a page: nothing is loaded from elsewhere."""
    context = {"sections": _sections(request.LANGUAGE_CODE), "address": request.build_absolute_uri("/").rstrip("/")}
    return render(request, "api/docs.html", context)
