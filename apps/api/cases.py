"""Service cases: read, opened and written to by the account, each once however often the request is sent."""

from base64 import b64decode
from binascii import Error as NotBase64
from hashlib import sha256

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.response import Response

from apps.api.endpoint import Endpoint
from apps.api.orders import KEY, key_of
from apps.api.strict import PageIn, Strict, Text
from apps.cases.selectors import case_file, case_for, page_of_cases, said_in, title_for
from apps.cases.services import reply_to_case, report_problem
from apps.core.downloads import download
from apps.core.idempotency import answer_once
from apps.core.uploads import MOST_CASE_FILES
from apps.fulfilment.selectors import shipment_for
from apps.ordering.errors import NoAccountChosen
from apps.ordering.selectors import order_for

CAUSES = ["delivery", "invoice", "price", "range", "other"]


class Base64(serializers.Field):
    """The content of a file, in base64."""

    default_error_messages = {"not_base64": _("Not valid base64."), "too_large": _("This file is too large.")}

    def to_internal_value(self, data):
        if not isinstance(data, str):
            self.fail("not_base64")
        if len(data) > settings.CASE_FILE_MOST_BYTES * 4 // 3 + 4:
            self.fail("too_large")
        try:
            return b64decode(data, validate=True)
        except (NotBase64, ValueError):
            self.fail("not_base64")


class FileIn(Strict):
    name = Text(max_length=200)
    content = extend_schema_field(OpenApiTypes.BYTE)(Base64)(help_text="In base64: a picture or a PDF.")


class MessageIn(Strict):
    body = Text(max_length=5000)
    files = FileIn(many=True, required=False, max_length=MOST_CASE_FILES, default=list)


class CaseIn(MessageIn):
    title = Text(required=False, max_length=160, default="", allow_blank=True)
    cause = serializers.ChoiceField(CAUSES, required=False, default="other", help_text="What it is about.")
    order = Text(required=False, max_length=30, help_text="Number of an order.")
    shipment = Text(required=False, max_length=30, help_text="Number of a shipment.")


class CasesIn(PageIn):
    status = serializers.ChoiceField(["unresolved", "resolved"], required=False, default="")


class CaseOut(serializers.Serializer):
    number = serializers.CharField()
    title = serializers.SerializerMethodField()
    status = serializers.CharField()
    cause = serializers.CharField()
    account = serializers.CharField(source="account.number")
    order = serializers.CharField(source="order.number", allow_null=True, default=None)
    shipment = serializers.CharField(source="shipment.number", allow_null=True, default=None)
    opened_at = serializers.DateTimeField()
    answer_by = serializers.DateTimeField()
    resolve_by = serializers.DateTimeField()
    resolved_at = serializers.DateTimeField(allow_null=True)
    resolution = serializers.CharField(allow_blank=True)

    def get_title(self, case) -> str:
        return title_for(self.context["actor"], case)


class CasesOut(serializers.Serializer):
    cases = CaseOut(many=True, source="rows")
    next = serializers.CharField(source="next_after", allow_null=True)
    previous = serializers.CharField(source="previous_before", allow_null=True)


class FileOut(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    name = serializers.CharField()
    size = serializers.IntegerField(help_text="In bytes.")


class MessageOut(serializers.Serializer):
    author = serializers.CharField(source="author_name")
    from_staff = serializers.BooleanField()
    body = serializers.CharField()
    written_at = serializers.DateTimeField()
    files = FileOut(many=True, source="shown_files")


class CasePageOut(serializers.Serializer):
    case = CaseOut()
    messages = MessageOut(many=True)


class Cases(Endpoint):
    needs = {"GET": "case.read", "POST": "case.open"}

    @extend_schema(summary="Cases", operation_id="cases_list", parameters=[CasesIn], responses=CasesOut, tags=["cases"])
    def get(self, request: HttpRequest) -> Response:
        """The account's service cases, the latest first."""
        asked = self.asked(CasesIn)
        page = {name: asked.get(name) for name in ("status", "after", "before", "size")}
        return Response(CasesOut(page_of_cases(self.actor, **page), context={"actor": self.actor}).data)

    @extend_schema(
        summary="Open a case", parameters=[KEY], request=CaseIn, responses={201: CasePageOut}, tags=["cases"]
    )
    def post(self, request: HttpRequest) -> Response:
        """Somebody owns it from then on and answers by `answer_by`. The same key and body opens one case.

        The same key with another body is refused with 422, while the first request is being answered with 409.
        """
        if self.actor.account_id is None:
            raise NoAccountChosen()
        key, asked = key_of(request), self.asked(CaseIn)
        owner = f"case:{self.actor.account_id}"
        status, answer = answer_once(owner, key, request.data, lambda: (201, self._open(asked, key)), now=self.now)
        return Response(answer, status=status)

    def _open(self, asked: dict, key: str) -> dict:
        order = order_for(self.actor, asked["order"]) if "order" in asked else None
        shipment = shipment_for(self.actor, asked["shipment"]) if "shipment" in asked else None
        opened = report_problem(
            self.actor,
            title=asked["title"],
            body=asked["body"],
            cause=asked["cause"],
            key=f"api:{sha256(key.encode()).hexdigest()[:40]}",
            order_id=order.pk if order else shipment.order_id if shipment else None,
            shipment_id=shipment.pk if shipment else None,
            files=_files(asked),
            now=self.now,
        )
        return page_of(self.actor, opened.number)


class Case(Endpoint):
    needs = {"GET": "case.read"}

    @extend_schema(summary="One case", responses=CasePageOut, tags=["cases"])
    def get(self, request: HttpRequest, number: str) -> Response:
        """With what was said in it."""
        return Response(page_of(self.actor, number))


class Messages(Endpoint):
    needs = {"POST": "case.open"}

    @extend_schema(
        summary="Write to a case", parameters=[KEY], request=MessageIn, responses={201: CasePageOut}, tags=["cases"]
    )
    def post(self, request: HttpRequest, number: str) -> Response:
        """A resolved case is open again. The same key and body is said once."""
        if self.actor.account_id is None:
            raise NoAccountChosen()
        case, key, asked = case_for(self.actor, number), key_of(request), self.asked(MessageIn)

        def say() -> tuple[int, dict]:
            said = reply_to_case(self.actor, case, body=asked["body"], files=_files(asked), now=self.now)
            return 201, page_of(self.actor, said.case.number)

        status, answer = answer_once(f"message:{case.pk}", key, request.data, say, now=self.now)
        return Response(answer, status=status)


class File(Endpoint):
    needs = {"GET": "case.read"}

    @extend_schema(
        summary="A file of a case",
        responses={(200, "image/jpeg"): OpenApiTypes.BINARY, (200, "application/pdf"): OpenApiTypes.BINARY},
        tags=["cases"],
    )
    def get(self, request: HttpRequest, number: str, file_id: int) -> HttpResponse:
        """A picture, as JPEG, or a PDF."""
        found = case_file(self.actor, number, file_id)
        with found.file.open("rb") as file:
            return download(file.read(), found.kind, f"{number}-{found.pk}")


def _files(asked: dict) -> list[tuple[str, bytes]]:
    return [(file["name"], file["content"]) for file in asked["files"]]


def page_of(actor, number: str) -> dict:
    """A case with what was said in it, JSON-ready."""
    case = case_for(actor, number)
    said = said_in(actor, case)
    for message, files in said:
        message.shown_files = files
    page = {"case": case, "messages": [message for message, _files in said]}
    return {**CasePageOut(page, context={"actor": actor}).data}
