"""Two cases about one thing become one: what was said, what is owed and where a reply arrives."""

from datetime import timedelta

import pytest
from django.urls import reverse

from apps.accounts.selectors import actor_for
from apps.cases import services
from apps.cases.errors import CaseResolved, MergingRefused
from apps.cases.models import Case, SourcingRequest
from apps.cases.selectors import messages_of
from apps.core.models import Event
from apps.core.scoping import Actor
from apps.feedback.services import plan_effort, plan_missed_efforts
from apps.insights.selectors import responses_of
from tests.workspace.desk import press, words

SAM = Actor(role="service", name="Sam")


def case_of(world, key, *, hours=0, who="anna", **facts) -> Case:
    contact = getattr(world, who)
    facts = {"title": f"Torn {key}", "cause": "delivery", "origin": "portal", "body": f"Said in {key}"} | facts
    return services.open_case(
        account_id=contact.account_id, contact_id=contact.pk, source_ref=key,
        now=world.now + timedelta(hours=hours), **facts,
    )  # fmt: skip


def test_what_was_said_and_owed_goes_on_in_the_other(world):
    first, second = case_of(world, "a"), case_of(world, "b", hours=2)
    owed = first.answer_by
    into = services.merge_cases(SAM, first, into=second, now=world.now + timedelta(hours=3))
    first.refresh_from_db()
    assert (into.pk, into.answer_by, into.acknowledge_by) == (second.pk, owed, first.acknowledge_by)
    assert (first.status, first.merged_into, first.awaits_proof) == ("resolved", second, False)
    said = messages_of(actor_for(world.anna.user), into)
    assert [(m.body, m.written_at) for m in said] == [
        ("Said in a", world.now), ("Said in b", world.now + timedelta(hours=2)),
    ]  # fmt: skip
    assert Event.objects.filter(name="case.merged").count() == 2
    with pytest.raises(CaseResolved):
        services.merge_cases(SAM, first, into=second, now=world.now)


def test_a_reply_to_a_merged_case_arrives_where_it_goes_on(world, signed_in):
    first, second, third = case_of(world, "a"), case_of(world, "b"), case_of(world, "c")
    services.merge_cases(SAM, first, into=second, now=world.now)
    services.merge_cases(SAM, second, into=third, now=world.now)
    services.reply_to_case(actor_for(world.anna.user), first, body="Still torn", now=world.now)
    first.refresh_from_db()
    assert (first.status, third.messages.filter(body="Still torn").count()) == ("resolved", 1)
    page = signed_in(world.anna).get(reverse("portal:case", args=[first.number])).content.decode()
    assert "It goes on in another case" in page
    assert reverse("portal:case", args=[second.number]) in page


def test_a_merged_case_is_no_success_and_nobody_is_asked_about_it(world):
    first, second = case_of(world, "a"), case_of(world, "b")
    services.merge_cases(SAM, first, into=second, now=world.now)
    assert plan_effort(first.pk, now=world.now) is None
    assert plan_missed_efforts(now=world.now) == 0
    later = world.now + timedelta(days=60)
    counted = {each.step: each.counted for each in responses_of(actor_for(world.mona.user), since=world.now, now=later)}
    assert counted == {"acknowledge": 1, "answer": 1, "resolve": 1}


@pytest.mark.parametrize(
    ("why", "words"),
    [
        ("itself", "into itself"),
        ("foreign", "of one account"),
        ("colleague", "not for their colleagues"),
        ("answer", "not for their colleagues"),
        ("sourcing", "merge the other one into it"),
    ],
)
def test_what_stays_apart(world, why, words):
    case = case_of(world, "a", origin="survey" if why in ("colleague", "answer") else "portal")
    into = {
        "itself": lambda: case,
        "foreign": lambda: case_of(world, "b", who="xaver"),
        "colleague": lambda: case_of(world, "b", who="boris"),
        "answer": lambda: case_of(world, "b"),
        "sourcing": lambda: case_of(world, "b"),
    }[why]()
    if why == "sourcing":
        SourcingRequest.objects.create(case=case, text="A longer bolt")
    with pytest.raises(MergingRefused, match=words):
        services.merge_cases(SAM, case, into=into, now=world.now)
    assert case.messages.count() == 1


def test_at_the_desk_only_cases_of_the_account_are_offered(world, signed_in):
    first, second, foreign = case_of(world, "a"), case_of(world, "b"), case_of(world, "c", who="xaver")
    page = words(signed_in(world.sam), "case", first.number)
    assert f'value="{second.number}"' in page
    assert f'value="{foreign.number}"' not in page
    answer = press(signed_in(world.sam), "merge_case", first.number, into=second.number)
    assert answer.url == reverse("workspace:case", args=[second.number])
    assert "Merged into another case" in words(signed_in(world.sam), "case", first.number)
    assert press(signed_in(world.rhea), "merge_case", second.number, into=foreign.number).status_code == 404


def test_an_answer_that_is_owed_stays_owed(world):
    case, into = case_of(world, "a", origin="portal"), case_of(world, "b", origin="portal")
    services.answer_case(SAM, into, body="On Friday.", now=world.now)
    services.merge_cases(SAM, case, into=into, now=world.now)
    into.refresh_from_db()
    assert (into.status, into.answered_at, into.answer_by) == ("acknowledged", None, case.answer_by)
    case.refresh_from_db()
    services.note_once(case, "It was late.", now=world.now)  # what is noted later stands where it goes on
    services.note_once(case, "It was late.", now=world.now)
    assert into.messages.filter(body="It was late.").count() == 1
