"""After a case was put right: who reported it is asked how easy that was, and who found it hard is called."""

from datetime import UTC, date, datetime, timedelta

import pytest

from apps.accounts.models import Account, Contact
from apps.accounts.selectors import actor_for
from apps.accounts.services import object_to
from apps.cases import services as cases
from apps.cases.models import Case, FollowUp
from apps.core.models import Event
from apps.core.scoping import Actor
from apps.delivery.models import Holiday
from apps.feedback.errors import ScoreInvalid
from apps.feedback.models import Answer, Fatigue, Invitation, Programme, RoleQuota
from apps.feedback.selectors import open_questions, question_about_case
from apps.feedback.sending import send_due
from apps.feedback.services import (
    answer,
    cancel_effort,
    close_the_loop,
    plan_effort,
    plan_invitation,
    plan_missed_efforts,
    revise,
)
from apps.insights.selectors.timeline import entry_of
from apps.insights.services import count_answers
from tests.feedback.deliveries import delivered

SAM = Actor(role="service", name="Sam")
DUE = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


def reported(world, contact=None, key="1", **more) -> Case:
    contact = contact or world.anna
    return cases.report_problem(
        actor_for(contact.user), title="A box was wet", body="Box 3 of 4.", cause="delivery", key=key, now=world.now,
        **more,
    )  # fmt: skip


def resolved(world, contact=None, key="1", *, at=None, **more) -> Case:
    case, at = reported(world, contact, key, **more), at or world.now
    cases.answer_case(SAM, case, body="A new one is on its way.", now=at)
    return cases.resolve_case(SAM, case, resolution="Sent again", cause="delivery", now=at)


def planned(world, case, **more) -> Invitation:
    return plan_effort(case.pk, now=more.get("now", world.now))


def test_who_reported_it_is_asked_the_next_hour(world, mailoutbox):
    case = resolved(world)
    asked = planned(world, case)
    assert planned(world, case) == asked
    assert (asked.state, asked.contact, asked.case, asked.subject_ref) == (
        "planned", world.anna, case, f"case:{case.number}",
    )  # fmt: skip
    assert asked.due_at == world.now + timedelta(hours=1)
    assert (asked.is_transactional, asked.reminder_due_at) == (True, None)
    assert send_due(clock=lambda: DUE) == 1
    letter = mailoutbox[0]
    assert letter.to == [world.anna.email]
    assert letter.subject == f"How easy was it to have case {case.number} put right?"
    assert "1 means very hard, 7 means very easy." in letter.body
    assert "A box was wet" in letter.body
    html = letter.alternatives[0].content
    assert html.count("?score=") == 7
    assert "@@" not in letter.body + html
    told = Event.objects.get(name="survey.sent")
    assert told.subject == f"case:{case.number}"
    assert entry_of(told).text == f"Anna was asked how easy it was to have case {case.number} put right"


def test_what_was_hard_is_called_about_and_noted_on_the_case(world):
    case = resolved(world)
    given = answer(planned(world, case), score=2, comment="Three calls.", channel="portal", now=DUE)
    assert (given.kind, given.case, given.shipment, given.facts["case"]) == ("effort", case, None, case.number)
    for _ in range(2):
        assert close_the_loop(given.pk, now=DUE) == ""
    call = FollowUp.objects.get(kind="call")
    assert (call.owner, call.contact, call.detail) == (case.owner, world.anna, "Three calls.")
    assert "2 of 7" in call.title
    note = case.messages.get(is_internal=True)
    assert "2 of 7" in note.body and "Three calls." in note.body
    assert Case.objects.count() == 1  # nobody opens a case about a case
    told = Event.objects.get(name="survey.answered")
    assert "band" not in told.facts
    assert entry_of(told).text == f"Anna gave 2 of 7 for how easy it was to have case {case.number} put right"
    assert count_answers([given.pk]) == 0  # says nothing of recommending us


@pytest.mark.parametrize("score, calls", [(1, 1), (3, 1), (4, 0), (7, 0)])
def test_only_what_was_hard_is_called_about(world, score, calls):
    given = answer(planned(world, resolved(world)), score=score, channel="portal", now=DUE)
    close_the_loop(given.pk, now=DUE)
    assert FollowUp.objects.filter(kind="call").count() == calls


@pytest.mark.parametrize("score", [0, 8, 10, -1, "7"])
def test_no_figure_off_the_scale(world, score):
    asked = planned(world, resolved(world))
    with pytest.raises(ScoreInvalid, match="from 1 to 7"):
        answer(asked, score=score, channel="portal", now=DUE)
    given = answer(asked, score=5, channel="portal", now=DUE)
    with pytest.raises(ScoreInvalid):
        revise(given, score=score, channel="portal", now=DUE)
    assert Answer.objects.get().score == 5


def test_opened_again_before_it_was_sent_is_not_asked_about_until_it_is_resolved_anew(world, mailoutbox):
    case = resolved(world)
    asked = planned(world, case)
    cases.reply_to_case(actor_for(world.anna.user), case, body="Still wet.", now=world.now)
    assert cancel_effort(case.pk, now=world.now) == 1
    asked.refresh_from_db()
    assert (asked.state, asked.reason, asked.rest) == ("cancelled", "open_case", None)
    assert planned(world, case) is None
    case.refresh_from_db()
    cases.answer_case(SAM, case, body="Another one.", now=world.now)
    cases.resolve_case(SAM, case, resolution="Sent again", cause="delivery", now=world.now)
    anew = planned(world, case)
    assert (anew.state, anew.subject_ref) == ("planned", f"case:{case.number}:1")
    assert send_due(clock=lambda: DUE) == 1
    assert Event.objects.get(name="survey.sent").subject == f"case:{case.number}"


def test_a_reopening_that_no_event_told_of_is_seen_when_it_is_due(world, mailoutbox):
    case = resolved(world)
    asked = planned(world, case)
    cases.reply_to_case(actor_for(world.anna.user), case, body="Still wet.", now=world.now)
    assert send_due(clock=lambda: DUE) == 0
    asked.refresh_from_db()
    assert (asked.state, asked.reason) == ("suppressed", "open_case")


def test_neither_the_rest_of_a_delivery_s_question_nor_its_own_in_turn(world):
    assert plan_invitation(delivered(world).pk, now=world.now).state == "planned"
    first, second = resolved(world), resolved(world, key="2")
    assert planned(world, first).state == "planned"
    assert planned(world, second).reason == "throttled"  # one in thirty days
    later = world.now + timedelta(days=31)
    third = resolved(world, key="3", at=later)
    assert planned(world, third, now=later).state == "planned"
    assert plan_invitation(delivered(world, world.xaver).pk, now=world.now).state == "planned"
    assert planned(world, resolved(world, world.xaver)).state == "planned"
    # and a delivery's question does not wait for that after a case
    assert plan_invitation(delivered(world, world.lena).pk, now=world.now).contact == world.lena


def test_who_has_another_case_open_waits_and_a_colleague_s_does_not_matter(world):
    case = resolved(world)
    reported(world, world.boris, "b")
    assert planned(world, case).state == "planned"
    other = resolved(world, world.xaver)
    reported(world, world.xaver, "x")
    assert planned(world, other).reason == "open_case"


@pytest.mark.parametrize(
    "change, reason",
    [
        (lambda world: object_to(world.anna, "survey", source="mail", now=world.now), "objected"),
        (lambda world: Contact.objects.filter(pk=world.anna.pk).update(email=""), "no_address"),
        (lambda world: Account.objects.filter(pk=world.brightwater.pk).update(is_test=True), "test_account"),
        (lambda world: object_to(world.anna, "marketing", source="mail", now=world.now), ""),
    ],
)
def test_why_somebody_is_not_asked(world, change, reason):
    case = resolved(world)
    change(world)
    assert planned(world, case).reason == reason


def test_cases_that_are_no_failures_and_nobody_s_are_not_asked_about(world):
    case = resolved(world)
    Case.objects.filter(pk=case.pk).update(source_ref="erasure:1")
    assert planned(world, case) is None
    Case.objects.filter(pk=case.pk).update(source_ref="x", contact=None)
    assert planned(world, case) is None
    Case.objects.filter(pk=case.pk).update(contact=world.anna)
    Programme.objects.filter(kind="case").update(is_active=False)
    assert planned(world, case) is None
    assert not Invitation.objects.exists()


def test_a_resolution_that_no_event_told_of_is_found_once(world):
    resolved(world)
    plan_effort(0, now=world.now)  # makes the programme
    assert plan_missed_efforts(now=world.now) == 1
    assert plan_missed_efforts(now=world.now) == 0
    assert plan_missed_efforts(now=world.now + timedelta(days=20)) == 0


def test_it_waits_in_the_portal_for_who_reported_it_alone(world, django_assert_num_queries):
    case = resolved(world)
    asked = planned(world, case)
    anna = actor_for(world.anna.user)
    with django_assert_num_queries(1):
        [shown] = open_questions(anna, now=DUE)
        assert (shown.pk, shown.programme.kind, shown.case.number, shown.account.name) == (
            asked.pk, "case", case.number, "Brightwater Facilities",
        )  # fmt: skip
    assert question_about_case(actor_for(world.anna.user), case.pk, now=DUE) == asked
    assert question_about_case(actor_for(world.boris.user), case.pk, now=DUE) is None
    Case.objects.filter(pk=case.pk).delete()
    [orphan] = open_questions(actor_for(world.anna.user), now=DUE)
    assert answer(orphan, score=6, channel="portal", now=DUE).facts == {}


def test_questions_after_cases_keep_their_own_rest_however_long_that_of_the_house_is(world):
    Fatigue.objects.create(pk=1, contact_rest_days=120)
    asked = plan_invitation(delivered(world, world.xaver).pk, now=world.now)
    first = planned(world, resolved(world, world.xaver))
    assert (asked.rest.upper - asked.rest.lower, first.rest.upper - first.rest.lower) == (
        timedelta(days=120), timedelta(days=30),
    )  # fmt: skip
    for days, reason in ((20, "throttled"), (31, "")):
        at = world.now + timedelta(days=days)
        case = resolved(world, world.xaver, key=f"{days}", at=at)
        assert planned(world, case, now=at).reason == reason


@pytest.mark.parametrize(
    "limits, reason", [({"contact_year_cap": 1}, "throttled"), ({"account_cap": 1}, "account_cap"), ({}, "")]
)
def test_the_numbers_of_the_house_count_what_follows_a_case_with_the_others(world, limits, reason):
    Fatigue.objects.create(pk=1, **limits)
    assert planned(world, resolved(world, world.xaver)).state == "planned"
    assert plan_invitation(delivered(world, world.xaver).pk, now=world.now).reason == reason
    assert plan_invitation(delivered(world, world.lena).pk, now=world.now).state == "planned"
    assert planned(world, resolved(world, world.lena, key="2")).reason == reason


def test_a_quota_of_a_role_counts_questions_after_cases_apart(world):
    assert plan_invitation(delivered(world, world.anna).pk, now=world.now).contact == world.anna
    first = planned(world, resolved(world))
    quota = RoleQuota.objects.create(programme=first.programme, role=world.anna.role, per_quarter=1)
    Contact.objects.filter(pk=world.rick.pk).update(role=world.anna.role)
    assert planned(world, resolved(world, world.rick, key="2")).reason == "role_quota"
    quota.per_quarter = 2
    quota.save()
    assert planned(world, resolved(world, world.rick, key="3")).state == "planned"


def test_after_a_case_nobody_is_asked_on_a_holiday(world):
    Holiday.objects.create(country="GB", day_on=date(2026, 4, 6), name="Easter Monday")
    evening = datetime(2026, 4, 2, 18, tzinfo=UTC)  # before Good Friday
    assert planned(world, resolved(world, at=evening), now=evening).due_at.date() == date(2026, 4, 7)
