"""The journey is counted month by month: exactly, whatever events say and however often; and what it counts as what."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import StringIO
from itertools import count
from random import Random
from threading import Barrier, Thread

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from apps.accounts.selectors import actor_for
from apps.cases.models import Case, ProductQuestion
from apps.core.models import Event
from apps.core.scoping import SYSTEM
from apps.fulfilment.models import DeliveryFact, LineFact, Shipment, Slip
from apps.fulfilment.services.facts import freeze_facts
from apps.insights.models import JourneyMonth, Need
from apps.insights.selectors.behind import SOURCE_OF, behind
from apps.insights.services import (
    count_journey,
    count_recent_journey,
    journey_differences,
    rebuild_journey,
)
from apps.insights.tasks import count_journey as react
from apps.invoicing.models import Invoice, Payment
from apps.ordering.models import Approval, Order, OrderLine, Quote
from apps.pricing.models import PriceMatch
from tests.feedback.deliveries import delivered

pytestmark = pytest.mark.django_db
_numbers = count(1)


def at(month, day, hour=9):
    return datetime(2026, month, day, hour, tzinfo=UTC)


def sums() -> dict[str, tuple]:
    """What is counted, over all accounts and months."""
    found = {}
    for measure, hits, total in JourneyMonth.objects.values_list("measure", "hits", "total"):
        before = found.get(measure, (0, 0))
        found[measure] = before[0] + hits, before[1] + total
    return found


def brought(world, contact, on, **facts) -> Shipment:
    """A delivery whose facts are frozen: of a hundred bolts on time, but for `facts` of its line."""
    shipment = delivered(world, contact, at=on)
    freeze_facts([shipment.pk], now=on)
    LineFact.objects.filter(fact__shipment=shipment).update(**facts)
    return shipment


def invoiced(shipment, on, *, due=30, paid_after=None) -> Invoice:
    gross = Decimal(19)
    invoice = Invoice.objects.create(
        number=f"IN-{next(_numbers)}", account=shipment.account, order=shipment.order, issued_on=on.date(), net=16,
        due_on=on.date() + timedelta(due), currency="GBP", tax=3, gross=gross,
        paid=0 if paid_after is None else gross,
    )  # fmt: skip
    if paid_after is not None:
        Payment.objects.create(invoice=invoice, amount=gross, received_on=on.date() + timedelta(paid_after))
    return invoice


def case_of(account, on, **fields) -> Case:
    ref = f"x:{next(_numbers)}"
    return Case.objects.create(
        number=f"CA-{ref}", account=account, source_ref=ref, title="A question", opened_at=on,
        **{"origin": "portal", "acknowledge_by": on, "answer_by": on + timedelta(1), "resolve_by": on} | fields,
    )  # fmt: skip


def event(name, subject) -> Event:
    return Event(name=name, subject=subject)


def late_part(world):
    """Of a hundred in two parts 60 come in time, 40 after."""
    first = brought(world, world.anna, at(1, 20), delivered=60, first_promised_on=at(1, 20).date())
    line = first.lines.get()
    second = Shipment.objects.create(
        number=f"SH-B{next(_numbers)}", order=first.order, account=first.account, warehouse=world.north,
        status="delivered", delivered_at=at(2, 3), created_at=at(1, 20),
    )  # fmt: skip
    second.lines.create(order_line=line.order_line, quantity=40, delivered_quantity=40)
    freeze_facts([second.pk], now=at(2, 3))
    LineFact.objects.filter(fact__shipment=second).update(first_promised_on=at(1, 20).date())


def slipped(world):
    shipment = brought(world, world.anna, at(2, 3))
    line = shipment.order.lines.get()
    for ending, ended_at in (("kept", at(2, 2)), ("", None)):
        Slip.objects.create(
            account=world.brightwater, order=shipment.order, order_line=line, reason="offer", quantity=100,
            first_on=date(2026, 2, 1), was_on=date(2026, 2, 1), comes_on=date(2026, 2, 9), noticed_at=at(2, 1),
            ending=ending, ended_at=ended_at,
        )  # fmt: skip


def agreed(world, hours):
    order = brought(world, world.anna, at(2, 10)).order
    Approval.objects.create(
        order=order, reason="policy", state="approved", decided_at=order.placed_at + timedelta(hours=hours)
    )


def asked(world, on, offered=None, **fields):
    Quote.objects.create(
        number=f"QU-{next(_numbers)}", account=world.brightwater, currency="GBP", requested_at=on, offered_at=offered,
        **fields,
    )  # fmt: skip


def questioned(world, hours, state="answered"):
    ProductQuestion.objects.create(
        product=world.bolt, account=world.brightwater, body="Does it fit?", asked_at=at(2, 2), state=state,
        answer_by=at(2, 4), answered_at=at(2, 2) + timedelta(hours=hours) if hours else None,
    )  # fmt: skip


def matched(world, state):
    PriceMatch.objects.create(
        account=world.brightwater, product=world.bolt, quantity=100, competitor="Elsewhere", currency="GBP",
        competitor_price="0.10", granted_price="0.10", key=str(next(_numbers)), asked_at=at(2, 2), state=state,
    )  # fmt: skip


def needed(world, **fields):
    need = Need.objects.create(name="Titanium flange", first_on=at(2, 2).date(), **fields)
    need.mentions.create(account=world.brightwater, source="search", source_ref=need.pk, told_on=at(2, 2).date())


def credited(world):
    invoice = invoiced(brought(world, world.anna, at(2, 3)), at(2, 3))
    Invoice.objects.create(
        number="CN-1", kind="credit_note", corrects=invoice, account=invoice.account, issued_on=at(3, 3).date(),
        due_on=at(3, 3).date(), currency="GBP", net=-1, tax=0, gross=-1,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("measure", "happened", "counted"),
    [
        ("met", needed, (0, 1)),
        ("met", lambda w: needed(w, state="in_range", met_on=w.today), (1, 1)),
        ("questions", lambda w: questioned(w, 47), (1, 1)),
        ("questions", lambda w: questioned(w, 49, "declined"), (0, 1)),
        ("questions", lambda w: questioned(w, 0, "waiting"), None),
        # Friday 6 February 2026, then Tuesday and Wednesday
        ("quoted", lambda w: asked(w, at(2, 6), at(2, 10), status="offered"), (1, 1)),
        ("quoted", lambda w: asked(w, at(2, 6), at(2, 11), status="offered"), (0, 1)),
        ("quoted", lambda w: asked(w, at(2, 3), at(2, 5), status="offered"), (1, 1)),
        ("quoted", lambda w: asked(w, at(2, 3), status="withdrawn"), (0, 1)),
        ("quoted", lambda w: asked(w, at(2, 3)), None),
        ("won", lambda w: asked(w, at(2, 3), at(2, 4), status="accepted"), (1, 1)),
        ("won", lambda w: asked(w, at(2, 3), at(2, 4), status="expired"), (0, 1)),
        ("won", lambda w: asked(w, at(2, 3), at(2, 4), status="offered"), None),
        ("matched", lambda w: matched(w, "granted"), (1, 1)),
        ("matched", lambda w: matched(w, "declined"), (0, 1)),
        ("matched", lambda w: matched(w, "waiting"), None),
        ("touchless", lambda w: brought(w, w.anna, at(2, 3)), (1, 1)),
        ("touchless", lambda w: (brought(w, w.anna, at(2, 3)), Order.objects.update(channel="rep")), (0, 1)),
        ("touchless", lambda w: (brought(w, w.anna, at(2, 3)), Order.objects.update(channel="import")), None),
        ("touchless", lambda w: (brought(w, w.anna, at(2, 3)), Order.objects.update(status="declined")), None),
        ("approved", lambda w: agreed(w, 24), (1, 1)),
        ("approved", lambda w: agreed(w, 25), (0, 1)),
        ("approved", lambda w: (agreed(w, 25), Approval.objects.update(state="waiting")), None),
        ("changed", lambda w: brought(w, w.anna, at(2, 3)), (0, 1)),
        ("changed", lambda w: (brought(w, w.anna, at(2, 3)), OrderLine.objects.update(cancelled_quantity=1)), (1, 1)),
        ("changed", lambda w: (brought(w, w.anna, at(2, 3)), Order.objects.update(status="cancelled")), (1, 1)),
        ("slipped", slipped, (1, 1)),
        ("slipped", lambda w: (slipped(w), Slip.objects.filter(ending="").delete()), (0, 1)),
        ("kept", lambda w: brought(w, w.anna, at(2, 3)), (1, 1)),
        ("kept", lambda w: brought(w, w.anna, at(2, 3), first_promised_on=date(2026, 2, 2)), (0, 1)),
        ("kept", lambda w: brought(w, w.anna, at(2, 3), first_promised_on=None), None),
        ("kept", lambda w: (brought(w, w.anna, at(2, 3)), Shipment.objects.update(status="shipped")), None),
        ("kept", late_part, (0, 1)),
        ("fill", late_part, (60, 100)),
        ("fill", lambda w: brought(w, w.anna, at(2, 3), missing=10), (90, 100)),
        ("fill", lambda w: brought(w, w.anna, at(2, 3), delivered=120), (100, 100)),
        ("otif", late_part, (0, 1)),
        ("otif", lambda w: brought(w, w.anna, at(2, 3), damaged=1), (1, 1)),
        ("otif", lambda w: brought(w, w.anna, at(2, 3), missing=1), (0, 1)),
        ("perfect", lambda w: brought(w, w.anna, at(2, 3)), (1, 1)),
        ("perfect", lambda w: brought(w, w.anna, at(2, 3), damaged=1), (0, 1)),
        ("perfect", lambda w: brought(w, w.anna, at(2, 3), papers_right=False), (0, 1)),
        ("credited", lambda w: invoiced(brought(w, w.anna, at(2, 3)), at(2, 3)), (0, 1)),
        ("credited", credited, (1, 1)),
        ("disputed", lambda w: case_of(
            w.brightwater, at(2, 9), cause="invoice",
            order=invoiced(brought(w, w.anna, at(2, 3)), at(2, 3)).order), (1, 1)),
        ("paid", lambda w: invoiced(brought(w, w.anna, at(2, 3)), at(2, 3), paid_after=30), (1, 1)),
        ("paid", lambda w: invoiced(brought(w, w.anna, at(2, 3)), at(2, 3), paid_after=31), (0, 1)),
        ("paid", lambda w: invoiced(brought(w, w.anna, at(2, 3)), at(2, 3)), None),
        ("answered", lambda w: case_of(w.brightwater, at(2, 9), answered_at=at(2, 10)), (1, 1)),
        ("answered", lambda w: case_of(w.brightwater, at(2, 9), answered_at=at(2, 10, 10)), (0, 1)),
        ("answered", lambda w: case_of(w.brightwater, at(2, 9)), None),
        ("answered", lambda w: case_of(w.brightwater, at(2, 9), acknowledged_at=at(2, 9), escalated=100), (0, 1)),
        ("reopened", lambda w: case_of(w.brightwater, at(2, 9), reopened_at=at(2, 20)), (1, 1)),
        ("reopened", lambda w: case_of(w.brightwater, at(2, 9), status="resolved", resolved_at=at(2, 20)), (0, 1)),
        ("proven", lambda w: case_of(w.brightwater, at(2, 9), status="resolved", cause="delivery"), (0, 1)),
        ("proven", lambda w: case_of(
            w.brightwater, at(2, 9), status="verified", verified_at=at(2, 9), origin="survey"), (1, 1)),
        ("proven", lambda w: case_of(w.brightwater, at(2, 9), status="resolved"), None),
    ],
)  # fmt: skip
def test_what_counts_as_what(measure, happened, counted, world):
    happened(world)
    rows = behind(SYSTEM, measure, since=date(2026, 1, 1), until=date(2026, 4, 1))
    assert (sum(row.hits for row in rows), sum(row.total for row in rows)) == (counted or (0, 0))


def test_a_month_is_that_of_utc(world):
    case_of(world.brightwater, datetime(2026, 1, 31, 23, 59, tzinfo=UTC), answered_at=at(2, 1))
    case_of(world.brightwater, datetime(2026, 2, 1, 0, 0, tzinfo=UTC), answered_at=at(2, 1))
    rebuild_journey()
    counted = JourneyMonth.objects.filter(measure="answered").order_by("month").values_list("month", "total")
    assert list(counted) == [(date(2026, 1, 1), 1), (date(2026, 2, 1), 1)]


def test_an_event_counts_what_it_is_about_once_and_a_late_one_what_is_true_by_now(world):
    case = case_of(world.brightwater, at(2, 9), answered_at=at(2, 9))
    told = event("case.answered", f"case:{case.number}")
    assert [count_journey(told), count_journey(told)] == [1, 0]

    Case.objects.update(answered_at=at(2, 20))
    assert count_journey(event("case.opened", f"case:{case.number}")) == 1
    assert sums() == {"answered": (0, 1)}

    Case.objects.update(answered_at=None)
    assert count_journey(told) == 1
    assert sums() == {}


def test_the_reaction_and_the_night(world):
    from apps.core.events import record

    shipment = brought(world, world.anna, at(2, 9))
    told = record("shipment.delivered", f"shipment:{shipment.number}", at=world.now)
    assert [react(told.pk) > 0, react(told.pk)] == [True, 0]
    case_of(world.brightwater, at(1, 9), answered_at=at(1, 9))
    needed(world)
    assert [count_recent_journey(now=world.now), count_recent_journey(now=world.now)] == [2, 0]
    assert list(journey_differences()) == []
    assert count_journey(event("contact.invited", "contact:1")) == 0
    assert count_journey(event("case.opened", "case:nowhere")) == 0


def test_a_delivery_that_was_corrected_or_taken_back_leaves_the_month_it_counted_in(world):
    shipment = brought(world, world.anna, at(1, 20))
    subject = f"shipment:{shipment.number}"
    count_journey(event("shipment.delivered", subject))
    DeliveryFact.objects.update(delivered_on=date(2026, 2, 3))
    count_journey(event("shipment.corrected", subject))
    assert list(JourneyMonth.objects.filter(measure="otif").values_list("month", flat=True)) == [date(2026, 2, 1)]
    assert list(journey_differences()) == []

    DeliveryFact.objects.all().delete()
    Shipment.objects.update(status="shipped")
    count_journey(event("shipment.voided", subject))
    assert "otif" not in sums() and list(journey_differences()) == []


@pytest.mark.parametrize("seed", range(3))
def test_in_whatever_order_and_however_often_the_sums_are_those_made_anew(world, seed):
    chance, contacts, told = Random(seed), [world.anna, world.lena, world.xaver], []
    for _ in range(30):
        step, contact, on = chance.random(), chance.choice(contacts), at(chance.randint(1, 3), chance.randint(1, 28))
        if step < 0.3:
            shipment = brought(world, contact, on, missing=chance.randint(0, 1))
            told += [f"shipment:{shipment.number}", f"order:{shipment.order.number}"]
            told.append(f"invoice:{invoiced(shipment, on, paid_after=chance.choice([None, 9, 40])).number}")
        elif step < 0.45:
            told.append(f"case:{case_of(contact.account, on, answered_at=on).number}")
        elif step < 0.8 and told:
            subject = chance.choice(told)
            noun, _colon, ref = subject.partition(":")
            if noun == "order":
                Order.objects.filter(number=ref).update(status=chance.choice(["cancelled", "declined", "delivered"]))
            elif noun == "shipment":
                Shipment.objects.filter(number=ref).update(status=chance.choice(["shipped", "delivered"]))
                LineFact.objects.filter(fact__shipment__number=ref).update(wrong=chance.randint(0, 1))
            elif noun == "case":
                order = chance.choice([None, *Order.objects.all()])
                told += [f"invoice:{each}" for each in Invoice.objects.values_list("number", flat=True)]
                Case.objects.filter(number=ref).update(cause=chance.choice(["invoice", "price"]), order=order)
            else:
                Payment.objects.filter(invoice__number=ref).update(received_on=on.date())
            told.append(subject)
        for subject in chance.choices(told, k=3) if told else ():
            count_journey(event("it.happened", subject))
    chance.shuffle(told)
    for subject in told:
        count_journey(event("it.happened", subject))

    assert list(journey_differences()) == []
    kept = set(JourneyMonth.objects.values_list("pk", "account", "month", "measure", "hits", "total"))
    assert rebuild_journey() == 0
    JourneyMonth.objects.filter(measure="otif").delete()
    rebuild_journey()
    assert {row[1:] for row in JourneyMonth.objects.values_list("pk", "account", "month", "measure", "hits", "total")} \
        == {row[1:] for row in kept}  # fmt: skip


def test_the_command_says_each_difference_and_makes_the_sums_anew(world):
    brought(world, world.anna, at(2, 3))
    rebuild_journey()
    JourneyMonth.objects.filter(measure="otif").update(hits=0)
    JourneyMonth.objects.filter(measure="perfect").delete()
    JourneyMonth.objects.create(account=world.calder, month=date(2026, 1, 1), measure="won", hits=1, total=2)
    out = StringIO()
    with pytest.raises(CommandError, match="3 sums"):
        call_command("rebuild_journey", "--check", stdout=out)
    assert out.getvalue().splitlines() == [
        "AC-3 2026-01 won: 1 of 2, behind it nothing",
        "AC-1 2026-02 otif: 0 of 1, behind it 1 of 1",
        "AC-1 2026-02 perfect: nothing, behind it 1 of 1",
    ]
    call_command("rebuild_journey", verbosity=0, stdout=out)
    call_command("rebuild_journey", "--check", stdout=out)
    assert "all sums are what stands behind them" in out.getvalue()


@pytest.mark.django_db(transaction=True)
def test_two_who_count_one_account_and_a_rebuild_at_the_same_time(world):
    cases = [case_of(world.brightwater, at(2, 9)) for _ in range(3)]
    gate = Barrier(4)

    def work(index):
        gate.wait()
        try:
            for answered_at in (at(2, 9), None, at(2, 20)):
                if index < 3:
                    Case.objects.filter(pk=cases[index].pk).update(answered_at=answered_at)
                    count_journey(event("case.answered", f"case:{cases[index].number}"))
                else:
                    rebuild_journey()
        finally:
            connection.close()

    threads = [Thread(target=work, args=[index]) for index in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sums() == {"answered": (0, 3)}


def test_what_stands_behind_a_figure_is_read_page_by_page_and_only_of_ones_own(world, django_assert_num_queries):
    for day in (3, 3, 4):
        brought(world, world.anna, at(2, day), missing=int(day == 4))
    brought(world, world.xaver, at(2, 3))
    period = {"since": date(2026, 2, 1), "until": date(2026, 3, 1)}
    with django_assert_num_queries(1):
        first = behind(SYSTEM, "otif", **period, limit=3)
    rest = behind(SYSTEM, "otif", **period, before=(first[-1].day, first[-1].id))
    assert len({(row.day, row.id) for row in [*first, *rest]}) == 4
    assert [row.day for row in [*first, *rest]] == sorted((row.day for row in [*first, *rest]), reverse=True)
    assert [row.hits for row in behind(SYSTEM, "otif", **period, against=1)] == [0]
    assert len(behind(actor_for(world.rhea.user), "otif", **period)) == 3
    assert behind(actor_for(world.ruben.user), "otif", **period, account_id=world.brightwater.pk) == []
    assert behind(actor_for(world.anna.user), "otif", **period, account_id=world.calder.pk) == []
    assert DeliveryFact.objects.count() == 4


def test_every_measure_has_its_rows(world):
    from apps.insights.models import MeasureCode
    from apps.insights.rules.journey import MEASURES, TOUCHPOINTS

    assert set(SOURCE_OF) == set(MEASURES) == set(MeasureCode.values)
    assert {measure.touchpoint for measure in MEASURES.values()} == set(TOUCHPOINTS)
