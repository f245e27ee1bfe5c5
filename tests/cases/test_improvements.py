"""What is changed because of what customers said, what it did, and what they read of it."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from apps.accounts.selectors import actor_for
from apps.cases import services
from apps.cases.errors import ImprovementRefused
from apps.cases.models import Case, Improvement
from apps.cases.rules import Measure
from apps.cases.selectors import done_for, improvements_measured
from apps.core.errors import NotAllowed
from apps.fulfilment.services.facts import freeze_facts
from tests.feedback.deliveries import delivered

DAY = timedelta(days=1)


def kept(world, pk=None, *, who="mona", **facts) -> Improvement:
    facts = {"title": "Nets over pallets", "cause": "delivery", "hypothesis": "Half as many torn boxes"} | facts
    person = getattr(world, who)
    return services.keep_improvement(actor_for(getattr(person, "user", person)), pk, **facts, now=world.now)


def case_of(world, ref, *, days_ago=0, account=None, who=None, **facts) -> Case:
    facts = {"title": "Torn", "cause": "delivery", "origin": "portal", "body": "Half is unusable."} | facts
    return services.open_case(
        account_id=(account or world.brightwater).pk, contact_id=(who or world.anna).pk, source_ref=ref, **facts,
        now=world.now - days_ago * DAY,
    )  # fmt: skip


def put_right(world, case: Case) -> Case:
    sam = actor_for(world.sam.user)
    services.answer_case(sam, case, body="New ones are on the van.", now=world.now)
    services.add_note(sam, case, body="Third time.", now=world.now)
    return services.resolve_case(sam, case, resolution="Packed in nets", cause=case.cause, now=world.now)


@pytest.mark.parametrize(
    "wrong, field",
    [
        ({"title": " "}, "title"),
        ({"hypothesis": ""}, "hypothesis"),
        ({"cause": "weather"}, "cause"),
        ({"done_on": date(2026, 3, 1)}, "done_on"),
        ({"started_on": date(2026, 3, 2), "done_on": date(2026, 3, 1)}, "done_on"),
        ({"started_on": date(2026, 3, 2), "done_on": date(2026, 3, 5)}, "done_on"),  # tomorrow
        ({"is_published": True, "told": "Nets now."}, "is_published"),
        ({"started_on": date(2026, 3, 1), "done_on": date(2026, 3, 2), "is_published": True}, "told"),
    ],
)
def test_what_is_refused(world, wrong, field):
    with pytest.raises(ImprovementRefused) as refused:
        kept(world, **wrong)
    assert field in refused.value.fields
    assert not Improvement.objects.exists()


def test_only_service_management_and_operations_keep_them(world):
    for who in ("rhea", "anna"):
        with pytest.raises(NotAllowed):
            kept(world, who=who)
    assert kept(world, who="sam").state == kept(world, who="otto").state == "planned"


def test_the_database_publishes_nothing_that_is_not_done(world):
    with pytest.raises(IntegrityError), transaction.atomic():
        Improvement.objects.create(
            title="x", cause="other", hypothesis="x", told="x", published_at=world.now, created_at=world.now
        )


def test_before_and_after_are_counted_with_what_they_are_of(world, django_assert_num_queries):
    facts = {"started_on": world.today - 40 * DAY, "done_on": world.today - 20 * DAY}
    for days in (50, 129, 131, 30, 10):  # the ninety days before it began are 41 to 130 days ago
        case_of(world, f"c{days}", days_ago=days)
    case_of(world, "answer", days_ago=60, origin="survey")
    case_of(world, "other", days_ago=60, cause="price")
    came = [delivered(world, days_ago=days).pk for days in (*range(41, 61), 30, 19)]
    freeze_facts(came, now=world.now)
    kept(world, **facts)
    with django_assert_num_queries(1):
        (row,) = improvements_measured()
    assert (row.before, row.after) == (Measure(3, 1, 20), Measure(1, 0, 1))
    assert (row.before.rate, row.after.rate) == (15, None)
    kept(world, title="Planned")
    for _ in range(3):
        kept(world, started_on=world.today)
    with django_assert_num_queries(1):
        rows = improvements_measured()
    assert (rows[-2].improvement.title, rows[-2].before) == ("Planned", None)


def test_from_the_form_to_what_customers_read(world, signed_in):
    mona, address = signed_in(world.mona), reverse("workspace:new_improvement")
    said = {"title": "Nets over pallets", "cause": "delivery", "hypothesis": "Fewer torn", "owner_id": world.sam.pk}
    assert "Nothing is being improved yet" in mona.get(reverse("workspace:improvements")).content.decode()
    assert mona.post(address, said | {"done_on": "2026-03-01"}).status_code == 422
    assert mona.post(address, said).status_code == 302
    shown = Improvement.objects.get()
    theirs = reverse("portal:said_and_done")
    assert (shown.owner, shown.state) == (world.sam, "planned")
    assert "Nets over pallets" not in signed_in(world.anna).get(theirs).content.decode()
    done = {"started_on": "2026-03-01", "done_on": "2026-03-03", "told": "Boxes travel in nets.", "is_published": "on"}
    mona = signed_in(world.mona)
    assert mona.post(reverse("workspace:improvement", args=[shown.pk]), said | done).status_code == 302
    assert "Customers read it" in mona.get(reverse("workspace:improvements")).content.decode()
    assert mona.get(reverse("workspace:improvement", args=[999])).status_code == 404
    for who in (world.anna, world.xaver):
        assert "Boxes travel in nets." in signed_in(who).get(theirs).content.decode()


def test_you_said_we_did(world, signed_in, django_assert_num_queries):
    address = reverse("portal:said_and_done")
    assert "Nothing had to be put right yet" in signed_in(world.anna).get(address).content.decode()
    case = put_right(world, case_of(world, "a"))
    case_of(world, "open", title="Still open")
    page = signed_in(world.anna).get(address).content.decode()
    for words in ("Half is unusable.", "New ones are on the van.", "Packed in nets", case.number):
        assert words in page
    assert "Third time." not in page and "Still open" not in page
    assert case.number not in signed_in(world.xaver).get(address).content.decode()
    for number in range(5):
        put_right(world, case_of(world, f"more{number}"))
    anna = actor_for(world.anna.user)
    with django_assert_num_queries(1):
        assert len(done_for(anna)) == 6


def test_what_a_colleague_answered_to_a_question_is_not_shown(world):
    put_right(world, case_of(world, "a", origin="survey", cause="other", title="Anna gave 2 out of 10"))
    (hers,), (theirs,) = (done_for(actor_for(who.user)) for who in (world.anna, world.boris))
    assert (hers.said, hers.title) == ("Half is unusable.", "Anna gave 2 out of 10")
    assert (theirs.said, theirs.title, theirs.answered) == ("", "About a question we asked", "New ones are on the van.")
