"""Service cases, as the account may read them."""

from django.http import HttpRequest
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.api.endpoint import Endpoint
from apps.api.strict import LARGEST_PAGE, Strict
from apps.cases.selectors import case_for, cases_of, messages_of, title_for


class CasesIn(Strict):
    status = serializers.ChoiceField(["unresolved", "resolved"], required=False, default="")
    before = serializers.DateTimeField(required=False, help_text="Opened before this; `next` of the page before.")
    size = serializers.IntegerField(required=False, min_value=1, max_value=LARGEST_PAGE, default=25)


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
    cases = CaseOut(many=True)
    next = serializers.DateTimeField(allow_null=True)


class MessageOut(serializers.Serializer):
    author = serializers.CharField(source="author_name")
    from_staff = serializers.BooleanField()
    body = serializers.CharField()
    written_at = serializers.DateTimeField()


class CasePageOut(serializers.Serializer):
    case = CaseOut()
    messages = MessageOut(many=True)


class Cases(Endpoint):
    needs = {"GET": "case.read"}

    @extend_schema(summary="Cases", operation_id="cases_list", parameters=[CasesIn], responses=CasesOut, tags=["cases"])
    def get(self, request: HttpRequest) -> Response:
        """The account's service cases, the latest first."""
        asked = self.asked(CasesIn)
        found = cases_of(self.actor, status=asked["status"], before=asked.get("before"), limit=asked["size"] + 1)
        shown = found[: asked["size"]]
        following = shown[-1].opened_at if len(found) > len(shown) else None
        return Response(CasesOut({"cases": shown, "next": following}, context={"actor": self.actor}).data)


class Case(Endpoint):
    needs = {"GET": "case.read"}

    @extend_schema(summary="One case", responses=CasePageOut, tags=["cases"])
    def get(self, request: HttpRequest, number: str) -> Response:
        """With what was said in it."""
        case = case_for(self.actor, number)
        page = {"case": case, "messages": messages_of(self.actor, case)}
        return Response(CasePageOut(page, context={"actor": self.actor}).data)
