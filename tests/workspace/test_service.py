"""The service desk: what is owed by whom, cases found and given away, how easy it was."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.accounts.models import Rep, User
from apps.accounts.selectors import actor_for
from apps.cases import services
from apps.cases.errors import AssigningRefused, CaseResolved
from apps.cases.models import Case, CaseMessage
from apps.cases.tasks import send_case_assigned
from apps.core.models import Event
from apps.feedback.rules.efforts import Effort, effort
from tests.workspace.desk import case_of, look, press, words
from tests.workspace.test_queries import count, fifty_more


@pytest.mark.parametrize(
    ("n", "mean", "deviation", "expected"),
    [
        (0, None, None, Effort(0)),
        (9, 5.0, 1.0, Effort(9)),
        (10, 5.0, 0.0, Effort(10, 5.0, 5.0, 5.0)),
        (16, 5.0, 2.0, (3.934, 6.066)),  # t(15) = 2.1314, a half of it
        (10, 6.8, 0.63, (6.349, 7.0)),  # within the scale
    ],
)
def test_how_easy_it_was_with_its_interval(n, mean, deviation, expected):
    found = effort(n, mean, deviation)
    if isinstance(expected, Effort):
        assert found == expected
    else:
        assert (round(found.low, 3), round(found.high, 3)) == expected


def test_the_desk_tells_what_is_owed_and_by_whom(world, signed_in):
    now = timezone.now()
    late = case_of(world.brightwater, world.anna, ref="late", now=now - timedelta(days=30), cause="price")
    nobody = case_of(world.calder, world.xaver, ref="none", cause="invoice")
    Case.objects.filter(pk=nobody.pk).update(owner=None)
    Rep.objects.filter(pk=world.ruben.pk).update(
        away_from=timezone.localdate(now), away_until=timezone.localdate(now) + timedelta(days=3), deputy=world.rhea
    )
    page = look(signed_in(world.sam), "service")
    shown = page.context["page"]
    assert [case.pk for case in shown.cases] == [late.pk, nobody.pk]
    assert (shown.open, shown.overdue, shown.awaiting, shown.effort) == (2, 1, 0, Effort(0))
    assert [(load.rep, load.open, load.overdue) for load in shown.loads] == [(None, 1, 0), (world.rhea, 1, 1)]
    assert shown.away == [world.ruben]
    said = page.content.decode()
    assert "Rhea stands in" in said
    assert "a mean is shown from ten on" in said
    assert "What to fix first" not in said  # what failures cost is for who may read of the house
    assert "What to fix first" in words(signed_in(world.mona), "service")
    theirs = look(signed_in(world.ruben), "service").context["page"]
    assert (theirs.open, [case.pk for case in theirs.cases]) == (1, [nobody.pk])


def test_the_desk_costs_the_same_for_fifty_more(world, signed_in):
    case_of(world.brightwater, world.anna, ref="one")
    few = count(signed_in(world.sam), "service")
    fifty_more(world)
    assert count(signed_in(world.sam), "service") == few <= 21


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, {"gloves", "invoice"}),
        ({"owner": "mine"}, {"invoice"}),
        ({"owner": "nobody"}, {"gloves"}),
        ({"owner": "999999"}, set()),
        ({"owner": "x' OR 1"}, {"gloves", "invoice"}),
        ({"cause": "invoice"}, {"invoice"}),
        ({"cause": "weather"}, {"gloves", "invoice"}),
        ({"q": "calder"}, {"invoice"}),
        ({"q": "AC-1"}, {"gloves"}),
        ({"q": "100%"}, set()),
        ({"status": "resolved"}, set()),
    ],
)
def test_cases_are_found_by_owner_cause_and_words(world, signed_in, query, found):
    gloves = case_of(world.brightwater, world.anna, ref="gloves")
    Case.objects.filter(pk=gloves.pk).update(owner=None)
    case_of(world.calder, world.xaver, ref="invoice", cause="invoice", title="A wrong figure")
    page = look(signed_in(world.sam), "cases", **query)
    assert {case.source_ref for case, _next in page.context["rows"]} == found


def test_a_case_is_handed_over_with_a_word(world, signed_in, mailoutbox):
    case = case_of(world.brightwater, world.anna, ref="give")
    for _ in range(2):
        answer = press(signed_in(world.sam), "assign_case", case.number, rep=world.ruben.pk, note="They know you.")
        assert answer.status_code == 302
    case.refresh_from_db()
    assert case.owner == world.ruben
    note = case.messages.filter(is_internal=True).first()
    assert (note.author_name, note.body) == ("Sam", "They know you.")
    event = Event.objects.get(name="case.assigned")
    send_case_assigned(event.pk)
    (mail,) = mailoutbox
    assert mail.to == ["ruben@harrow.example"]
    assert "It was with Sam until now." in mail.body
    assert "They know you." in mail.body
    assert "They know you" not in signed_in(world.anna).get(f"/cases/{case.number}/").content.decode()
    # He sees a stranger's account no more than before, but what he owns.
    assert look(signed_in(world.ruben), "case", case.number).status_code == 200
    assert look(signed_in(world.ruben), "account", "AC-1").status_code == 404


def test_taking_over_tells_nobody(world, signed_in, mailoutbox):
    case = case_of(world.brightwater, world.anna, ref="take")
    assert "Take it over" in words(signed_in(world.mona), "case", case.number)
    press(signed_in(world.mona), "assign_case", case.number, rep=world.mona.pk)
    send_case_assigned(Event.objects.get(name="case.assigned").pk)
    case.refresh_from_db()
    assert (case.owner, mailoutbox) == (world.mona, [])
    assert "Take it over" not in words(signed_in(world.mona), "case", case.number)


@pytest.mark.parametrize(
    ("who", "words"),
    [("nobody", "still here"), ("left", "still here"), ("away", "Ruben is away until 9 March")],
)
def test_who_is_not_there_is_given_nothing(world, who, words):
    case, sam = case_of(world.brightwater, world.anna, ref="no", now=world.now), actor_for(world.sam.user)
    if who == "left":
        User.objects.filter(rep=world.ruben).update(is_active=False)
    if who == "away":
        Rep.objects.filter(pk=world.ruben.pk).update(away_from=world.today, away_until=world.today + timedelta(5))
    rep_id = None if who == "nobody" else world.ruben.pk
    with pytest.raises(AssigningRefused, match=words):
        services.assign_case(sam, case, rep_id=rep_id, note="Yours", now=world.now)
    assert not CaseMessage.objects.filter(body="Yours").exists()
    services.answer_case(sam, case, body="Done", now=world.now)
    services.resolve_case(sam, case, resolution="Done", cause="other", now=world.now)
    with pytest.raises(CaseResolved):
        services.assign_case(sam, case, rep_id=world.rhea.pk, now=world.now)
