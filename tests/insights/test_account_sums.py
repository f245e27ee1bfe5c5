"""The sums of accounts say what stands behind them, whatever happened in whatever order; pages read them as they would
reckon them."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from random import Random
from threading import Barrier, Thread

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse

from apps.accounts.models import Account
from apps.accounts.selectors import actor_for
from apps.core.events import record
from apps.core.models import Event
from apps.core.scoping import SYSTEM
from apps.feedback.models import Answer
from apps.feedback.selectors import heard_from, nps_of, weighted_nps_in
from apps.fulfilment.models import LineFact, Shipment
from apps.fulfilment.selectors.kept import failed_in, kept_in
from apps.insights import rules, services
from apps.insights.models import AccountSums, SumsStand
from apps.insights.rules import period
from apps.insights.selectors import feedback_page, manager_page, silence_of, summary_of, voices_of
from apps.insights.selectors.rolled import WAYS
from apps.insights.selectors.scoreboard import scoreboard_reckoned
from apps.insights.selectors.service_level import at_risk
from apps.insights.services import (
    account_sums_differing,
    count_accounts,
    count_missed,
    count_stale_accounts,
    rebuild_account_sums,
    slide_account_sums,
    slide_windows,
)
from apps.insights.tasks import count_account, mark_accounts_stale
from apps.ordering.models import Order
from apps.ordering.selectors import rhythms_of
from apps.ordering.selectors.revenue import revenue_of
from apps.pricing.models import ExchangeRate
from config.reactions import REACTIONS
from tests.insights.test_counting import said
from tests.insights.test_summary import billed

pytestmark = pytest.mark.django_db


def happened(world, chance: Random) -> int:
    """Something of the last two years and a half, or a change of it; the id of its account."""
    contact = chance.choice((world.anna, world.lena, world.xaver))
    theirs, what = {"account": contact.account}, chance.randrange(7)
    if what < 2:
        score = chance.randint(0, 10)
        answer = said(world, contact, score, world.now - timedelta(days=chance.choice((0, 5, 89, 90, 100, 200, 500))))
        Answer.objects.filter(pk=answer.pk).update(drivers=chance.choice(([], ["delivery"], ["price", "rep"])))
    elif what == 2:
        billed(
            world, contact, chance.choice((0, 364, 365, 729, 730, 900)), chance.randint(-50, 500),
            kind=chance.choice(("invoice", "credit_note")), currency=chance.choice(("GBP", "EUR", "KRW")),
        )  # fmt: skip
    elif what == 3:
        faults = {"is_late": chance.random() < 0.5, "is_short": chance.random() < 0.5}
        Shipment.objects.filter(pk=_one(Shipment, theirs, chance)).update(**faults)
    elif what == 4:
        LineFact.objects.filter(fact__account=contact.account).update(damaged=chance.randrange(2))
    elif what == 5:
        Order.objects.filter(pk=_one(Order, theirs, chance)).update(
            status=chance.choice(("cancelled", "delivered")), currency=chance.choice(("GBP", "EUR", "KRW")),
            goods_net=chance.randint(0, 900), placed_at=world.now - timedelta(days=chance.randrange(600)),
        )  # fmt: skip
    else:
        Answer.objects.filter(**theirs).update(score=chance.randint(0, 10))
    return contact.account_id


def _one(model, theirs, chance) -> int:
    return chance.choice([0, *model.objects.filter(**theirs).order_by("pk").values_list("pk", flat=True)])


@pytest.mark.parametrize("seed", range(3))
def test_kept_by_events_they_are_what_a_rebuild_makes(seed, world):
    chance = Random(seed)
    ExchangeRate.objects.create(currency="EUR", rate="0.85", valid_from="2024-01-01")
    happened(world, chance)
    slide_account_sums(now=world.now - timedelta(days=2))
    for step in range(30):
        count_accounts([happened(world, chance)])
        if step in (10, 20):
            assert slide_account_sums(now=world.now - timedelta(days=2 - step // 10))
    assert account_sums_differing() == []
    assert rebuild_account_sums() == 0
    assert SumsStand.objects.get().accounts_on == world.today


@pytest.mark.parametrize("seed", range(2))
def test_pages_say_the_same_from_the_sums_as_reckoned_and_as_their_parts(seed, world):
    chance = Random(seed)
    for _ in range(40):
        happened(world, chance)
    count_missed()
    actors = (SYSTEM, actor_for(world.rhea.user), actor_for(world.ruben.user))
    reckoned = [pages(actor, world.now) for actor in actors]
    slide_account_sums(now=world.now)
    slide_windows(now=world.now)
    assert [pages(actor, world.now) for actor in actors] == reckoned
    for actor in actors:
        agree_with_their_parts(actor, world.now)


def pages(actor, now) -> list:
    """Everything that is read from the sums."""
    tables = [replace(scoreboard_reckoned(actor, way, now=now), as_of=now) for way in WAYS]
    voices = voices_of(actor, **period("now", now)._asdict())
    one = [page(actor, now=now) for page in (feedback_page, manager_page, summary_of, silence_of, at_risk)]
    return [*one, *tables, voices]


def agree_with_their_parts(actor, now) -> None:
    """What the live selectors of each app say."""
    last, year = period("now", now)._asdict(), period("year", now)
    page = manager_page(actor, now=now)
    assert page.feedback.now == nps_of(actor, **last)
    assert page.feedback.before == nps_of(actor, **period("before", now)._asdict())
    lately = Order.objects.visible_to(actor).filter(placed_at__gte=last["since"], placed_at__lt=last["until"])
    live = weighted_nps_in(heard_from(actor, **last), revenue_of(lately))
    assert page.feedback.weighted.n_eff == pytest.approx(live.n_eff)
    assert page.feedback.weighted.coverage == live.coverage and page.left_out == live.left_out
    kept = kept_in(actor, **last)
    assert (page.deliveries, page.late, page.short, page.damaged, page.perfect) == (*kept[:4], kept.perfect)
    orders = Order.objects.visible_to(actor).filter(placed_at__gte=year.since, placed_at__lt=year.until)
    ordered, rhythms = revenue_of(orders), rhythms_of(Account.objects.values_list("pk", flat=True), now=now)
    for row in at_risk(actor, now=now):
        assert row.ordered == ordered.by_account.get(row.account.pk, None if row.account.pk in ordered.unknown else 0)
        assert not row.days_over or row.days_over == rhythms[row.account.pk].days_over(now.date())
    half = {"since": rules.midnight(now.date() - timedelta(days=181)), "until": year.until}
    failed = Counter(each.account_number for each in failed_in(actor, **half, limit=None))
    for row in silence_of(actor, now=now).rows:
        assert row.failed == failed[row.account.number]


def test_who_counts_the_same_account_at_once_waits(world, transactional_db):
    slide_account_sums(now=world.now)
    order = said(world, world.anna, 9).shipment.order
    gate = Barrier(3)

    def work(index):
        gate.wait()
        try:
            for net in range(5):
                Order.objects.filter(pk=order.pk).update(goods_net=10 * index + net)
                rebuild_account_sums() if index == 2 and net == 2 else count_accounts([order.account_id])
        finally:
            connection.close()

    threads = [Thread(target=work, args=[index]) for index in range(3)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert account_sums_differing() == []


def test_an_event_counts_its_account_once(world):
    slide_account_sums(now=world.now)
    order = said(world, world.anna, 9).shipment.order
    told = record("order.placed", f"order:{order.number}", at=world.now, account_id=order.account_id)
    assert [count_account(told.pk), count_account(told.pk)] == [1, 0]
    sums = AccountSums.objects.get(pk=order.account_id)
    assert (sums.orders, sums.ordered, sums.deliveries, sums.last_score) == (1, 16, 1, 9)
    assert count_account(record("price.changed", "price_list:base", at=world.now).pk) == 0


def test_before_they_were_made_events_count_nothing(world):
    assert count_accounts([said(world, world.anna, 9).account_id]) == 0
    assert not AccountSums.objects.exists()


@pytest.mark.parametrize(
    "name",
    [
        *("order.placed", "order.approval_needed", "order.declined", "order.cancelled", "order.amended"),
        *("shipment.delivered", "shipment.corrected", "shipment.voided", "delivery.faulted"),
        *("survey.sent", "survey.answered", "survey.revised", "invoice.issued", "credit_note.issued"),
    ],
)
def test_whatever_changes_them_is_counted(name):
    assert "apps.insights.tasks.count_account" in REACTIONS[name]


def test_a_rate_that_is_kept_in_the_admin_counts_all_accounts(world, admin_client):
    slide_account_sums(now=world.now)
    order = said(world, world.anna, 9).shipment.order
    Order.objects.filter(pk=order.pk).update(currency="EUR", goods_net=100)
    rate = {"currency": "EUR", "rate": "0.85", "valid_from": "2025-01-01"}
    admin_client.post(reverse("admin:pricing_exchangerate_add"), rate)
    kept = ExchangeRate.objects.get()
    assert Event.objects.get(name="rate.changed").facts == {"rate": "0.85", "valid_from": "2025-01-01"}
    assert "apps.insights.tasks.mark_accounts_stale" in REACTIONS["rate.changed"]
    admin_client.post(reverse("admin:pricing_exchangerate_delete", args=[kept.pk]), {"post": "yes"})
    assert Event.objects.filter(name="rate.changed").count() == 2 and not ExchangeRate.objects.exists()


def test_however_many_rates_change_all_accounts_are_counted_once(world):
    slide_account_sums(now=world.now)
    order = said(world, world.anna, 9).shipment.order
    Order.objects.filter(pk=order.pk).update(currency="EUR", goods_net=100)
    for day in ("2025-01-01", "2025-02-01"):
        ExchangeRate.objects.create(currency="EUR", rate="0.85", valid_from=day)
        mark_accounts_stale(record("rate.changed", "currency:EUR", at=world.now).pk)
    assert (count_stale_accounts(), count_stale_accounts()) == (1, 0)
    assert account_sums_differing() == [] and AccountSums.objects.get(pk=order.account_id).ordered == 85


def test_a_mark_set_while_accounts_are_counted_stays(world, monkeypatch):
    slide_account_sums(now=world.now)
    services.mark_accounts_stale(now=world.now)
    later = world.now + timedelta(seconds=1)
    monkeypatch.setattr(
        "apps.insights.services.account_sums.count_accounts", lambda lot: services.mark_accounts_stale(now=later) or 0
    )
    count_stale_accounts()
    assert SumsStand.objects.get().accounts_stale_at == later


def test_the_command_says_whose_sums_are_wrong_and_makes_them_anew(world, capsys):
    slide_account_sums(now=world.now)
    call_command("rebuild_account_sums", check=True)
    AccountSums.objects.filter(pk=world.calder.pk).update(orders=7)
    with pytest.raises(CommandError, match="1 account"):
        call_command("rebuild_account_sums", check=True)
    call_command("rebuild_account_sums")
    assert world.calder.number in capsys.readouterr().out and account_sums_differing() == []
