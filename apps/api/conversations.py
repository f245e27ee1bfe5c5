"""Conversations with rep and service desk, of the person whose key it is: a company's own system has none."""

from django.http import HttpRequest
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.api.endpoint import Endpoint
from apps.api.orders import KEY, key_of
from apps.api.strict import PageIn, Strict, Text
from apps.cases.selectors.conversations import conversation_for, lines_after, page_of_conversations
from apps.cases.services.conversations import begin, say
from apps.core.idempotency import answer_once
from apps.insights.selectors import subject_of

DESKS = ["rep", "service"]


class LinesIn(Strict):
    after = serializers.IntegerField(required=False, min_value=0, max_value=2**63 - 1, default=0, help_text="A line.")


class SaidIn(Strict):
    body = Text(max_length=5000)


class ConversationIn(SaidIn):
    about = Text(required=False, max_length=60, default="", allow_blank=True, help_text="Such as order:SO-1000001.")
    desk = serializers.ChoiceField(DESKS, required=False, default="service", help_text="Whom to ask first.")


class ConversationOut(serializers.Serializer):
    number = serializers.CharField()
    title = serializers.CharField()
    about = serializers.CharField(allow_blank=True)
    desk = serializers.ChoiceField(DESKS)
    owner = serializers.CharField(source="owner.user.name", allow_null=True, default=None)
    case = serializers.CharField(source="case.number", allow_null=True, default=None)
    begun_at = serializers.DateTimeField()
    last_said_at = serializers.DateTimeField()
    closed_at = serializers.DateTimeField(allow_null=True)


class ConversationsOut(serializers.Serializer):
    conversations = ConversationOut(many=True, source="rows")
    next = serializers.CharField(source="next_after", allow_null=True)
    previous = serializers.CharField(source="previous_before", allow_null=True)


class LineOut(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    author = serializers.CharField(source="author_name")
    from_staff = serializers.BooleanField()
    body = serializers.CharField()
    said_at = serializers.DateTimeField()


class ConversationPageOut(serializers.Serializer):
    conversation = ConversationOut()
    lines = LineOut(many=True)


class Conversations(Endpoint):
    needs = {"GET": "case.read", "POST": "case.open"}

    @extend_schema(
        summary="Conversations",
        operation_id="conversations_list",
        parameters=[PageIn],
        responses=ConversationsOut,
        tags=["conversations"],
    )
    def get(self, request: HttpRequest) -> Response:
        """The person's own, where something was last said first."""
        asked = self.asked(PageIn)
        page = {name: asked.get(name) for name in ("after", "before", "size")}
        return Response(ConversationsOut(page_of_conversations(self.actor, **page)).data)

    @extend_schema(
        summary="Begin a conversation",
        parameters=[KEY],
        request=ConversationIn,
        responses={201: ConversationPageOut},
        tags=["conversations"],
    )
    def post(self, request: HttpRequest) -> Response:
        """About something of yours, or about nothing in particular; where one is open about it, that one goes on."""
        key, asked = key_of(request), self.asked(ConversationIn)
        owner = f"talk:{self.actor.contact_id or 0}:{self.actor.user_id}"
        status, answer = answer_once(owner, key, request.data, lambda: (201, self._begin(asked)), now=self.now)
        return Response(answer, status=status)

    def _begin(self, asked: dict) -> dict:
        subject = subject_of(self.actor, asked["about"], timezone.localdate(self.now))
        begun = begin(
            self.actor,
            about=subject.ref if subject else "",
            title=subject.title if subject else asked["body"].strip()[:80],
            desk=asked["desk"],
            body=asked["body"],
            now=self.now,
        )
        return page_of(self.actor, begun.number)


class Conversation(Endpoint):
    needs = {"GET": "case.read"}

    @extend_schema(
        summary="One conversation", parameters=[LinesIn], responses=ConversationPageOut, tags=["conversations"]
    )
    def get(self, request: HttpRequest, number: str) -> Response:
        """With what was said, or what was said after a line. To read it here does not count as having read it."""
        return Response(page_of(self.actor, number, after=self.asked(LinesIn)["after"]))


class Lines(Endpoint):
    needs = {"POST": "case.open"}

    @extend_schema(
        summary="Say something",
        parameters=[KEY],
        request=SaidIn,
        responses={201: ConversationPageOut},
        tags=["conversations"],
    )
    def post(self, request: HttpRequest, number: str) -> Response:
        """What was closed is open again. The same key and body is said once."""
        shown, key, asked = conversation_for(self.actor, number), key_of(request), self.asked(SaidIn)

        def speak() -> tuple[int, dict]:
            line = say(self.actor, shown, body=asked["body"], now=self.now)
            return 201, page_of(self.actor, number, after=line.pk - 1)

        status, answer = answer_once(f"line:{shown.pk}", key, request.data, speak, now=self.now)
        return Response(answer, status=status)


def page_of(actor, number: str, *, after: int = 0) -> dict:
    """A conversation with what was said after a line, JSON-ready."""
    shown = conversation_for(actor, number)
    return {**ConversationPageOut({"conversation": shown, "lines": lines_after(actor, shown, after)}).data}
