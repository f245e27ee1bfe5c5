"""Offer and counter-offer: every round kept, one side's turn at a time, one order in the end."""

from datetime import timedelta
from decimal import Decimal as D

import pytest
from django.core import mail

from apps.accounts.errors import PermissionMissing
from apps.core.attachments import AttachmentRefused
from apps.core.errors import Invalid
from apps.core.models import Event
from apps.ordering import services, tasks
from apps.ordering.errors import QuoteChanged, QuoteExpired, QuoteNotFound, WrongStatus
from apps.ordering.models import Order, Quote
from apps.ordering.rules.quotes import moved
from apps.ordering.selectors import cart_count, exchange_of, file_of_quote, files_of_quote, quote_for, quotes_waiting
from tests.ordering.trade import actor, fill

PDF = b"%PDF-1.7 a drawing"


@pytest.mark.parametrize(
    ("before", "price", "where"), [(None, "1", "new"), ("2", "1", "down"), ("1", "2", "up"), ("1.0", "1.00", "same")]
)
def test_where_a_price_went(before, price, where):
    assert moved(D(before) if before else None, D(price)) == where


@pytest.fixture
def asked(world):
    lines, notes = [(world.bolt.pk, 1000), (world.oil.pk, 2)], {world.bolt.pk: "zinc flake if you have it"}
    return services.request_quote_for(
        actor(world.anna), lines=lines, notes=notes, message="for the depot", now=world.now
    )


def named(quote, *prices):
    lines = quote.lines.order_by("id").values_list("pk", flat=True)
    return {line: D(price) for line, price in zip(lines, prices, strict=False)}


def offer(world, quote, *prices, **more):
    terms = {"valid_until": world.today + timedelta(days=14), "answer": "our best", "now": world.now} | more
    return services.offer_quote(actor(world.rhea), quote, prices=named(quote, *prices), **terms)


def counter(world, quote, *prices, who=None, **more):
    terms = {"words": "a little less", "now": world.now} | more
    return services.counter_quote(actor(who or world.anna), quote, prices=named(quote, *prices), **terms)


def accept(world, quote, key="q", **more):
    wish = {"ship_to_id": world.dock.pk, "option_id": world.standard.pk, "key": key, "now": world.now} | more
    return services.accept_quote(actor(world.anna), quote, **wish)


def test_lines_are_asked_for_beside_the_cart_and_once(world, asked):
    fill(world, world.anna, (world.gloves, 1))
    ask = {"lines": [(world.bolt.pk, "250")], "key": "k", "now": world.now}
    first, second = (services.request_quote_for(actor(world.anna), **ask) for _twice in range(2))
    assert first == second and first.lines.get().quantity == 300, "raised to the next hundred"
    assert cart_count(actor(world.anna)) == 1
    assert [line.note for line in asked.lines.all()] == ["zinc flake if you have it", ""]
    for wrong in ([], [(0, 1)], [(world.bolt.pk, "-1")]):
        with pytest.raises(Invalid):
            services.request_quote_for(actor(world.anna), lines=wrong, now=world.now)


def test_every_round_is_kept_with_what_changed(world, asked):
    offer(world, asked, "0.13", "30")
    assert counter(world, asked, "0.12").status == "countered"
    assert quotes_waiting(actor(world.rhea)) == [asked], "the rep's turn"
    offer(world, asked, "0.125", "29", answer="meet in the middle")
    turns = exchange_of(quote_for(actor(world.anna), asked.number))
    assert [(turn.kind, turn.side, turn.by_name, turn.round) for turn in turns] == [
        ("requested", "buyer", "Anna", 0),
        ("offered", "rep", "Rhea", 1),
        ("countered", "buyer", "Anna", 2),
        ("offered", "rep", "Rhea", 3),
    ]
    assert [[(str(each.unit_price), each.moved) for each in turn.prices] for turn in turns[1:]] == [
        [("0.1300", "down"), ("30.0000", "down")],
        [("0.1200", "down"), ("30.0000", "same")],
        [("0.1250", "up"), ("29.0000", "down")],
    ]
    order = accept(world, asked, seen=3, total=D("183.00"))
    assert [line.unit_price for line in order.lines.all()] == [D("0.1250"), D("29.0000")]
    assert exchange_of(quote_for(actor(world.anna), asked.number))[-1].kind == "accepted"


def test_nobody_acts_on_what_they_have_not_read(world, asked):
    offer(world, asked, "0.13", "30")
    counter(world, asked, "0.12")
    for refused in (lambda: accept(world, asked), lambda: counter(world, asked, "0.11")):
        with pytest.raises(WrongStatus):
            refused()
    offer(world, asked, "0.125", "30")
    for stale in ({"seen": 1}, {"total": D("1.00")}):
        with pytest.raises(QuoteChanged):
            accept(world, asked, **stale)
    with pytest.raises(QuoteChanged):
        counter(world, asked, "0.12", seen=1)
    assert not Order.objects.exists()


@pytest.mark.parametrize("price", ["0", "-1", "NaN", "Infinity", "0.00004", "1e9"])
def test_a_counter_offer_that_makes_no_sense_is_refused(world, asked, price):
    offer(world, asked, "0.13", "30")
    with pytest.raises(Invalid):
        counter(world, asked, price)
    with pytest.raises(Invalid, match="at least one other price"):
        counter(world, asked, "0.13", words=" ")
    assert Quote.objects.get().status == "offered"


def test_an_offer_that_ran_out_is_neither_accepted_nor_countered(world, asked):
    offer(world, asked, "0.13", "30")
    late = world.now + timedelta(days=15)
    for swept in (False, True):
        if swept:
            services.expire_quotes(now=late)
        with pytest.raises(QuoteExpired):
            accept(world, asked, now=late)
    assert Quote.objects.get().status == "expired"


def test_the_key_of_another_order_accepts_nothing(world, asked):
    fill(world, world.anna, (world.gloves, 1))
    wish = {"ship_to_id": world.dock.pk, "option_id": world.standard.pk, "now": world.now}
    services.place_order(actor(world.anna), key="mine", **wish)
    offer(world, asked, "0.13", "30")
    with pytest.raises(WrongStatus, match="another order"):
        accept(world, asked, key="mine")


def test_both_sides_may_withdraw(world, asked):
    services.withdraw_offer(actor(world.rhea), asked, reason="out of range", now=world.now)
    with pytest.raises(WrongStatus):
        offer(world, asked, "0.13", "30")
    again = services.request_quote_for(actor(world.anna), lines=[(world.oil.pk, 5)], now=world.now)
    assert services.decline_quote(actor(world.anna), again, now=world.now).status == "withdrawn"


def test_files_are_known_by_their_content_and_have_one_door(world, asked):
    services.attach_to_quote(actor(world.anna), asked, files=[("../../drawing.pdf", PDF)], now=world.now)
    [file] = files_of_quote(asked)
    assert (file.name, file.kind, file.side) == ("drawing.pdf", "pdf", "buyer")
    assert bytes(file_of_quote(actor(world.rhea), asked.number, file.pk).content) == PDF
    for stranger in (world.xaver, world.ruben):
        with pytest.raises(QuoteNotFound):
            file_of_quote(actor(stranger), asked.number, file.pk)
    for content in (b"", b"MZ\x90 run me", b"<svg onload=x>", b"%PDF" + b"0" * (5 * 1024 * 1024)):
        with pytest.raises(AttachmentRefused):
            services.attach_to_quote(actor(world.anna), asked, files=[("drawing.pdf", content)], now=world.now)
    with pytest.raises(Invalid, match="5 files"):
        services.attach_to_quote(actor(world.anna), asked, files=[("a.pdf", PDF)] * 5, now=world.now)


def test_only_the_account_counters_and_only_its_rep_withdraws_an_offer(world, asked):
    offer(world, asked, "0.13", "30")
    with pytest.raises(QuoteNotFound):
        counter(world, asked, "0.1", who=world.xaver)
    with pytest.raises(PermissionMissing):
        counter(world, asked, "0.1", who=world.fiona)
    with pytest.raises(QuoteNotFound):
        services.withdraw_offer(actor(world.ruben), asked, now=world.now)


def test_each_turn_is_told_by_mail_with_what_went_before(world, asked):
    told = {
        "quote.offered": tasks.send_quote_offered,
        "quote.countered": tasks.send_quote_countered,
        "quote.declined": tasks.send_quote_ended,
    }
    offer(world, asked, "0.13", "30")
    counter(world, asked, "0.12", words="or we buy elsewhere")
    offer(world, asked, "0.125", "30")
    services.decline_quote(actor(world.anna), asked, reason="the works bought it", now=world.now)
    for event in Event.objects.filter(name__in=told).order_by("id"):
        for _delivered_twice in range(2):
            told[event.name](event.pk)
    assert [letter.to for letter in mail.outbox] == [
        [world.anna.email],
        [world.rhea.user.email],
        [world.anna.email],
        [world.rhea.user.email],
    ]
    for body in (mail.outbox[2].body, mail.outbox[2].alternatives[0].content):
        assert "or we buy elsewhere" in body and "0.12" in body and "for the depot" in body
    assert "the works bought it" in mail.outbox[3].body
