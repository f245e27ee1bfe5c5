"""Questions about deliveries, for the contact who was chosen, and their answers."""

from django.http import HttpRequest
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.response import Response

from apps.api.endpoint import Endpoint
from apps.api.strict import Strict, Text
from apps.feedback.errors import QuestionNotFound
from apps.feedback.rules import DRIVERS
from apps.feedback.selectors import answer_to, open_questions, question_about, question_for
from apps.feedback.services import answer, revise


class SurveyOut(serializers.Serializer):
    id = serializers.IntegerField()
    kind = serializers.CharField(
        source="programme.kind", help_text="delivery, case, relationship, first_order or lapsed."
    )
    about = serializers.CharField(help_text="What it is about: noun:number.")
    shipment = serializers.CharField(source="shipment.number", default=None, allow_null=True)
    order = serializers.SerializerMethodField()
    lowest = serializers.IntegerField(source="scale.lowest")
    highest = serializers.IntegerField(source="scale.highest")
    question = serializers.CharField(source="asks")
    expires_at = serializers.DateTimeField(allow_null=True)

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_order(self, invitation) -> str | None:
        order = invitation.shipment.order if invitation.shipment else invitation.order
        return order.number if order else None


class SurveysOut(serializers.Serializer):
    surveys = SurveyOut(many=True)


class AnswerIn(Strict):
    score = serializers.IntegerField(
        min_value=0,
        max_value=10,
        help_text="0 not at all likely, 10 extremely likely; after a case 1 very hard, 7 very easy.",
    )
    drivers = serializers.ListField(child=serializers.ChoiceField(DRIVERS), default=list, max_length=len(DRIVERS))
    comment = Text(max_length=2000, allow_blank=True, default="")


class AnswerOut(serializers.Serializer):
    score = serializers.IntegerField()
    drivers = serializers.ListField(child=serializers.CharField())
    comment = serializers.CharField(allow_blank=True)
    answered_at = serializers.DateTimeField()


class Surveys(Endpoint):
    needs = {"GET": "survey.answer"}

    @extend_schema(summary="Open questions", responses=SurveysOut, tags=["surveys"])
    def get(self, request: HttpRequest) -> Response:
        """What this contact may still answer; a machine of an account is never asked."""
        return Response(SurveysOut({"surveys": open_questions(self.actor, now=self.now, limit=50)}).data)


class Answer(Endpoint):
    """An answer to the question about a delivery."""

    needs = {"POST": "survey.answer", "PUT": "survey.answer"}

    @extend_schema(summary="Answer a question", request=AnswerIn, responses={200: AnswerOut}, tags=["surveys"])
    def post(self, request: HttpRequest, number: str) -> Response:
        """`number` is the shipment's. The first answer counts: a later one gets it back unchanged."""
        asked = self.asked(AnswerIn)
        question = question_about(self.actor, number)
        given = answer(question, **asked, channel="api", actor=self.actor, now=self.now)
        return Response(AnswerOut(given).data)

    @extend_schema(summary="Change an answer", request=AnswerIn, responses={200: AnswerOut}, tags=["surveys"])
    def put(self, request: HttpRequest, number: str) -> Response:
        """For a day after it was given; what it said before is kept. `number` is the shipment's."""
        asked = self.asked(AnswerIn)
        given = answer_to(question_about(self.actor, number))
        if given is None:
            raise QuestionNotFound
        return Response(AnswerOut(revise(given, **asked, channel="api", actor=self.actor, now=self.now)).data)


class QuestionAnswer(Endpoint):
    """An answer to a question of any kind."""

    needs = {"POST": "survey.answer", "PUT": "survey.answer"}

    @extend_schema(summary="Answer a question of any kind", request=AnswerIn, responses=AnswerOut, tags=["surveys"])
    def post(self, request: HttpRequest, invitation_id: int) -> Response:
        """`invitation_id` is the question's. The first answer counts: a later one gets it back unchanged."""
        asked = self.asked(AnswerIn)
        question = question_for(self.actor, invitation_id)
        given = answer(question, **asked, channel="api", actor=self.actor, now=self.now)
        return Response(AnswerOut(given).data)

    @extend_schema(summary="Change an answer of any kind", request=AnswerIn, responses=AnswerOut, tags=["surveys"])
    def put(self, request: HttpRequest, invitation_id: int) -> Response:
        """For a day after it was given; what it said before is kept."""
        asked = self.asked(AnswerIn)
        given = answer_to(question_for(self.actor, invitation_id))
        if given is None:
            raise QuestionNotFound
        return Response(AnswerOut(revise(given, **asked, channel="api", actor=self.actor, now=self.now)).data)
