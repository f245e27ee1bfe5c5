"""From a product's page to a blanket order, over HTTP: asked for, offered, countered, accepted, called off."""

from datetime import timedelta
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from apps.ordering.models import BlanketOrder, CartLine, Order, Quote
from apps.ordering.services import lists, quotes
from tests.ordering.trade import actor
from tests.portal.test_queries import MOST, count
from tests.portal.test_quick_order import said


def door(name, *args):
    return reverse(name, args=args)


def test_from_a_request_to_a_call_off(world, signed_in):
    as_ = signed_in
    ask = door("portal:ask_quote")
    assert f"{ask}?sku={world.bolt.sku}" in as_(world.anna).get(door("portal:product", world.bolt.sku)).content.decode()
    assert "Hex bolt M8 x 40" in said(as_(world.anna).get(ask, {"sku": world.bolt.sku, "quantity": "1000"}))
    form = {"sku": world.bolt.sku, f"quantity-{world.bolt.pk}": "5000", f"note-{world.bolt.pk}": "in bags of ten"}
    form |= {"message": "for the hall", "key": "k"}
    refused = as_(world.anna).post(ask, form | {"files": SimpleUploadedFile("a.pdf", b"MZ not a pdf")})
    assert refused.status_code == 422 and "in bags of ten" in refused.content.decode(), "what was typed is kept"
    for _twice in range(2):
        as_(world.anna).post(ask, form | {"files": SimpleUploadedFile("hall.pdf", b"%PDF-1.7")})
    quote = Quote.objects.get()
    line, there, desk = quote.lines.get(), door("portal:quote", quote.number), door("workspace:quote", quote.number)

    page = said(as_(world.rhea).get(desk))
    assert "in bags of ten" in page and "hall.pdf" in page
    offer = {"valid_until": "2099-12-31", "answer": "a fair one", f"price_{line.pk}": "0.13", "seen": "0"}
    as_(world.rhea).post(desk, offer)
    counter = {"seen": "1", "words": "we hoped for less", f"price_{line.pk}": "0.11"}
    wrong = as_(world.anna).post(door("portal:counter_quote", quote.number), counter | {f"price_{line.pk}": "-1"})
    assert wrong.status_code == 422 and "we hoped for less" in said(wrong)
    as_(world.anna).post(door("portal:counter_quote", quote.number), counter)
    assert "they would take" in said(as_(world.rhea).get(desk))
    assert as_(world.rhea).post(desk, offer).status_code == 409, "answered what was read before the counter-offer"
    as_(world.rhea).post(desk, offer | {"seen": "2", f"price_{line.pk}": "0.12"})
    as_(world.anna).post(
        door("portal:counter_quote", quote.number), counter | {"seen": "3", f"price_{line.pk}": "0.115"}
    )
    assert "Agree to all their prices" in said(as_(world.rhea).get(desk))
    as_(world.rhea).post(desk, offer | {"seen": "4", "decision": "agree"})
    page = said(as_(world.anna).get(there))
    places = [page.index(words) for words in ("round 5", "round 4", "we hoped for less", "round 1", "for the hall")]
    assert places == sorted(places), "the latest first"

    wish = {"ship_to": world.dock.pk, "option": world.standard.pk, "key": "q", "seen": "5", "total": "575.00"}
    accept = door("portal:accept_quote", quote.number)
    for tampered in ({"total": "6.00"}, {"total": "NaN"}, {"total": "x"}, {"seen": "1"}):
        assert as_(world.anna).post(accept, wish | tampered).status_code == 409
    assert not Order.objects.exists()
    as_(world.anna).post(accept, wish)
    assert str(Order.objects.get().goods_net) == "575.00"

    agree, today = door("workspace:agree_blanket", quote.number), timezone.localdate()
    term = {"name": "Bolts 2026", "starts_on": today, "ends_on": today + timedelta(days=300)}
    assert as_(world.rhea).post(agree, term | {f"quantity_{line.pk}": "50000", "ends_on": today}).status_code == 422
    as_(world.rhea).post(agree, term | {f"quantity_{line.pk}": "50000"})
    blanket = BlanketOrder.objects.get()
    for who, page in ((world.anna, "portal:blankets"), (world.rhea, "workspace:blankets")):
        assert "Bolts 2026" in said(as_(who).get(door(page)))
    wanted = {f"call-{blanket.lines.get().pk}": "500"}
    call = door("portal:call_off", blanket.number)
    too_much = as_(world.anna).get(call, {f"call-{blanket.lines.get().pk}": "50100"})
    assert too_much.status_code == 422 and "50000" in said(too_much)
    assert "£57.50" in said(as_(world.anna).get(call, wanted))
    for _twice in range(2):
        as_(world.anna).post(call, wanted | {"ship_to": world.dock.pk, "option": world.standard.pk, "key": "c"})
    assert blanket.lines.get().called == 500 and Order.objects.filter(channel="blanket").count() == 1
    assert "49,500" in said(as_(world.rhea).get(door("workspace:blanket", blanket.number)))


def test_a_list_and_the_cart_are_asked_for_with_comments(world, signed_in):
    me, anna, ask = actor(world.anna), signed_in(world.anna), door("portal:ask_quote")
    lines = [(world.gloves.pk, 10, None, ""), (world.oil.pk, 2, None, "")]
    kept = lists.make_list(me, name="Stores", shared=True, lines=lines, now=world.now)
    assert f"{ask}?list={kept.pk}" in anna.get(door("portal:list", kept.pk)).content.decode()
    anna.post(ask, {"list": kept.pk, f"quantity-{world.oil.pk}": "0", f"note-{world.gloves.pk}": "powder-free"})
    assert list(Quote.objects.latest("pk").lines.values_list("quantity", "note")) == [(10, "powder-free")]

    anna.post(door("portal:cart_add"), {"sku": world.oil.sku, "quantity": "3"})
    anna.post(ask, {"cart": "1", f"note-{world.oil.pk}": "in drums?", f"quantity-{world.oil.pk}": "99"})
    assert list(Quote.objects.latest("pk").lines.values_list("quantity", "note")) == [(3, "in drums?")]
    assert not CartLine.objects.exists()


def test_a_quote_costs_the_same_however_long_it_is_haggled_over(world, signed_in):
    anna, lines = signed_in(world.anna), [(world.bolt.pk, 1000), (world.oil.pk, 2), (world.gloves.pk, 5)]
    short = quotes.request_quote_for(actor(world.anna), lines=lines[:1], now=world.now)
    long = quotes.request_quote_for(actor(world.anna), lines=lines, now=world.now)
    for quote, rounds in ((short, 1), (long, 4)):
        for turn in range(rounds):
            price = dict.fromkeys(quote.lines.values_list("pk", flat=True), Decimal(5 - turn) / 10)
            until = timezone.localdate() + timedelta(days=9)
            quotes.offer_quote(actor(world.rhea), quote, prices=price, valid_until=until, now=world.now)
            if turn + 1 < rounds:
                quotes.counter_quote(actor(world.anna), quote, prices=price, words="less", now=world.now)
    assert count(anna, "quote", long.number) == count(anna, "quote", short.number) <= MOST
