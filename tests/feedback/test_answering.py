from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from apps.accounts.errors import PermissionMissing
from apps.accounts.selectors import actor_for
from apps.cases.models import Case, FollowUp
from apps.cases.services import open_case
from apps.core.errors import NotFound
from apps.core.models import Event
from apps.core.scoping import Actor
from apps.feedback.errors import QuestionClosed, ScoreInvalid
from apps.feedback.models import Answer, Invitation
from apps.feedback.selectors import (
    answers_of,
    heard_from,
    invitation_by_token,
    not_asked,
    nps_by_month,
    nps_of,
    open_questions,
    question_about,
    questions_for_shipments,
    weighted_nps_in,
)
from apps.feedback.sending import send_due
from apps.feedback.services import answer, close_the_loop, object_to_surveys, plan_invitation
from apps.feedback.services.handover import InHand, claim_due, move_on
from apps.insights.selectors import voices_of
from apps.ordering.models import Order
from apps.ordering.selectors.revenue import revenue_of
from tests.feedback.deliveries import delivered

DUE = datetime(2026, 3, 6, 16, 45, tzinfo=UTC)
SEEN = {"since": datetime(2026, 1, 1, tzinfo=UTC), "until": datetime(2027, 1, 1, tzinfo=UTC)}


def asked(world, contact=None, **faults) -> Invitation:
    return plan_invitation(delivered(world, contact, **faults).pk, now=world.now)


def say(world, invitation, score, **more):
    return answer(invitation, score=score, channel="email", now=world.now, **more)


def test_an_answer_keeps_the_facts_of_the_delivery(world):
    invitation = asked(world)
    given = say(world, invitation, 9, drivers=["rep", "delivery", "weather"], comment="  Fine.  ")
    assert (given.score, given.drivers, given.comment) == (9, ["rep", "delivery"], "Fine.")
    assert given.facts["shipment"] == invitation.shipment.number
    assert given.facts["otif"] is True
    event = Event.objects.get(name="survey.answered")
    assert (event.subject, event.account_ref) == (f"shipment:{invitation.shipment.number}", world.brightwater.pk)
    assert event.facts == {
        "answer_id": given.pk, "kind": "nps", "score": 9, "band": "promoter", "contact_id": world.anna.pk,
        "revision": 1, "contact": "Anna", "comment": "Fine.",
    }  # fmt: skip


def test_decision_and_answer_say_what_they_are_about(world):
    invitation = asked(world)
    given = say(world, invitation, 9)
    assert invitation.subject_ref == f"shipment:{invitation.shipment.number}"
    assert (given.kind, given.shipment, given.order) == ("nps", invitation.shipment, invitation.shipment.order)


def test_a_subject_is_decided_about_once(world):
    told = {"programme": world.programme, "account": world.brightwater, "subject_ref": "case:CA-1"}
    Invitation.objects.create(**told, state="suppressed", decided_at=world.now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.create(**told, state="suppressed", decided_at=world.now)


def test_what_was_there_before_is_told_what_it_is_about(world):
    given = say(world, asked(world), 9)
    Invitation.objects.update(subject_ref="")
    Answer.objects.update(shipment=None, order=None)
    migration = import_module("apps.feedback.migrations.0004_what_was_asked_about")
    for _ in range(2):  # cut off and begun again
        migration.say_what_about(apps, connection.schema_editor())
    given = Answer.objects.select_related("invitation__shipment").get(pk=given.pk)
    assert (given.shipment, given.order_id) == (given.invitation.shipment, given.invitation.shipment.order_id)
    assert given.invitation.subject_ref == f"shipment:{given.shipment.number}"


def test_the_first_answer_locks(world):
    invitation = asked(world)
    first = say(world, invitation, 9)
    assert say(world, invitation, 0, comment="changed my mind") == first
    assert list(Answer.objects.values_list("score", "comment")) == [(9, "")]
    assert Event.objects.filter(name="survey.answered").count() == 1


@pytest.mark.parametrize("score", [-1, 11, "9", 7.5, None])
def test_only_whole_numbers_from_0_to_10(world, score):
    with pytest.raises(ScoreInvalid):
        say(world, asked(world), score)


def test_a_closed_question_takes_no_answer(world):
    invitation = asked(world)
    with pytest.raises(QuestionClosed):
        answer(invitation, score=9, channel="email", now=invitation.expires_at)


def test_who_answers_in_the_portal_gets_no_mail_even_when_it_is_about_to_go(world, mailoutbox):
    invitation = asked(world)
    claimed = claim_due(now=DUE)
    say(world, invitation, 8)
    assert move_on([], [InHand(claimed[0], "token")], now=DUE) == set()
    assert send_due(clock=lambda: DUE) == 0
    assert mailoutbox == []


def test_a_rep_does_not_answer_for_a_buyer(world):
    rep = actor_for(world.rhea.user, acting_contact_id=world.anna.pk)
    with pytest.raises(PermissionMissing):
        answer(asked(world), score=10, channel="portal", actor=rep, now=world.now)


def test_a_question_waits_for_the_contact_who_was_chosen_and_nobody_else(world):
    invitation = asked(world)
    mine, colleagues, strangers = (actor_for(who.user) for who in (world.anna, world.boris, world.xaver))
    assert open_questions(mine, now=DUE) == [invitation]
    assert open_questions(colleagues, now=DUE) == open_questions(strangers, now=DUE) == []
    assert question_about(mine, invitation.shipment.number) == invitation
    for other in (colleagues, strangers, Actor()):
        with pytest.raises(NotFound):
            question_about(other, invitation.shipment.number)


def offered(world, invitation, at) -> list[int]:
    """How many are asked on the start page, and on the page of the order."""
    anna = actor_for(world.anna.user)
    return [len(open_questions(anna, now=at)), len(questions_for_shipments(anna, [invitation.shipment_id], now=at))]


def test_a_question_is_offered_when_it_is_due_and_not_from_when_it_was_planned(world):
    invitation = asked(world)
    assert offered(world, invitation, invitation.due_at - timedelta(seconds=1)) == [0, 0]
    assert offered(world, invitation, invitation.due_at) == [1, 1]


def test_no_question_is_offered_while_a_case_is_open(world, django_assert_num_queries):
    invitation = asked(world)
    case = open_case(
        account_id=world.brightwater.pk, title="Wrong invoice", cause="invoice", origin="staff", source_ref="x",
        now=world.now,
    )  # fmt: skip
    assert offered(world, invitation, DUE) == [0, 0]
    Case.objects.filter(pk=case.pk).update(status="resolved")
    anna = actor_for(world.anna.user)
    with django_assert_num_queries(1):
        assert open_questions(anna, now=DUE) == [invitation]


def test_a_token_opens_its_own_question_until_it_expires(world, mailoutbox):
    invitation = asked(world)
    send_due(clock=lambda: DUE)
    token = mailoutbox[0].body.partition("/s/")[2].partition("/")[0]
    assert invitation_by_token(token, now=DUE) == invitation
    for wrong, at in ((token[:-1], DUE), ("", DUE), (token, invitation.expires_at)):
        with pytest.raises(NotFound):
            invitation_by_token(wrong, now=at)


def test_an_objection_holds_and_cancels_what_was_planned(world):
    invitation = asked(world)
    object_to_surveys(invitation, now=world.now)
    object_to_surveys(invitation, now=world.now)
    invitation.refresh_from_db()
    assert (invitation.state, invitation.reason) == ("cancelled", "objected")
    assert asked(world, world.anna).contact != world.anna
    assert Event.objects.filter(name="contact.objected").count() == 1


def close(world, score, **more) -> Answer:
    given = say(world, asked(world, **more.pop("faults", {})), score, **more)
    for _ in range(2):  # delivered at least once
        close_the_loop(given.pk, now=world.now)
    return given


@pytest.mark.parametrize(
    "drivers, cause, owner",
    [
        (["delivery"], "delivery", "sam"),
        (["price"], "price", "rhea"),
        (["range", "price"], "range", "rhea"),
        (["price", "range"], "price", "rhea"),
        (["trust", "rep", "delivery"], "people", "rhea"),
        (["invoice"], "invoice", "sam"),
        (["rep"], "people", "rhea"),
        (["trust"], "other", "sam"),
        ([], "other", "sam"),
    ],
)
def test_a_detractor_opens_one_case_with_an_owner_by_cause(world, drivers, cause, owner):
    given = close(world, 3, drivers=drivers, comment="Two boxes were wet.")
    case = Case.objects.get()
    assert (case.cause, case.owner, case.origin, case.contact) == (cause, getattr(world, owner), "survey", world.anna)
    assert case.shipment == given.invitation.shipment
    assert [message.body for message in case.messages.all()] == ["Two boxes were wet."]
    assert case.answer_by == world.now + timedelta(days=2)


@pytest.mark.parametrize("score, kind", [(7, "offer"), (8, "offer"), (9, "thanks"), (10, "thanks")])
def test_others_become_something_for_the_rep_to_do(world, score, kind):
    close(world, score)
    follow_up = FollowUp.objects.get()
    assert (follow_up.kind, follow_up.owner, follow_up.state) == (kind, world.rhea, "open")
    assert not Case.objects.exists()


def answers(world, account, scores, month=3) -> None:
    for index, score in enumerate(scores):
        contact = account.contacts.order_by("pk")[index % account.contacts.count()]
        shipment = delivered(world, contact, at=datetime(2026, month, 2, 9, tzinfo=UTC))
        invitation = Invitation.objects.create(
            programme=world.programme, shipment=shipment, account=account, contact=contact, state="answered",
            decided_at=shipment.delivered_at,
        )  # fmt: skip
        Answer.objects.create(
            invitation=invitation, account=account, contact=contact, score=score, channel="email",
            answered_at=datetime(2026, month, 5 + index, 9, tzinfo=UTC),
        )  # fmt: skip


def test_what_is_asked_about_effort_is_no_word_on_recommending(world):
    answers(world, world.brightwater, [10] * 10)
    Answer.objects.filter(pk__gt=Answer.objects.order_by("pk").first().pk).update(kind="effort", score=1)
    mona = actor_for(world.mona.user)
    assert nps_of(mona, **SEEN).n == 1
    assert [given.score for given in answers_of(mona)] == [10]
    assert sum(voices_of(mona, **SEEN).scores) == 1
    assert close_the_loop(Answer.objects.filter(kind="effort").first().pk, now=world.now) == ""
    assert not Case.objects.exists()


def test_a_rep_sees_the_score_of_their_accounts_and_a_manager_of_all(world, django_assert_num_queries):
    answers(world, world.brightwater, [10, 9, 9, 10, 9, 8, 7, 8, 3, 6])
    answers(world, world.calder, [0, 1])
    rhea, mona = actor_for(world.rhea.user), actor_for(world.mona.user)
    with django_assert_num_queries(1):
        mine = nps_of(rhea, **SEEN)
    assert (mine.n, round(mine.score), round(mine.low), round(mine.high)) == (10, 30, -19, 65)
    assert nps_of(mona, **SEEN).n == 12
    assert nps_of(actor_for(world.ruben.user), **SEEN).score is None
    assert [one.score for one in answers_of(rhea, band="detractor")] == [6, 3]


def test_month_by_month(world):
    answers(world, world.brightwater, [9] * 6 + [5] * 6, month=2)
    answers(world, world.brightwater, [9] * 12)
    months = nps_by_month(actor_for(world.rhea.user), **SEEN)
    assert [(month.starts_on.month, month.nps.score) for month in months] == [(2, 0), (3, 100)]


def test_by_revenue_with_what_was_heard(world):
    answers(world, world.brightwater, [10] * 9)
    answers(world, world.calder, [0])
    mona = actor_for(world.mona.user)
    seen = weighted_nps_in(heard_from(mona, **SEEN), revenue_of(Order.objects.all()))
    assert seen.score == pytest.approx(80)  # nine orders of 16 against one
    assert seen.coverage.accounts == seen.coverage.revenue == 1.0
    assert seen.n_eff == pytest.approx(10)


def test_reasons_for_not_asking_are_counted(world):
    for _ in range(3):
        asked(world, world.xaver)
    reasons = not_asked(actor_for(world.ruben.user), **SEEN)
    assert reasons == [("asked recently", 2)]
    assert not_asked(actor_for(world.rhea.user), **SEEN) == []
