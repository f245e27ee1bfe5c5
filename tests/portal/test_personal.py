"""News, stars, what was looked at, saved views, and ordering as a colleague did: over HTTP."""

from datetime import timedelta

import pytest
from django.urls import reverse

from apps.accounts.models import Notice, NoticeChoice, SavedView
from apps.accounts.selectors import actor_for
from apps.catalogue.models import Product, ProductRelation, SeenProduct
from apps.catalogue.services import remember_seen
from apps.catalogue.services.seen import MOST
from apps.core.models import Event
from apps.ordering.models import BuyingList, CartLine
from apps.ordering.tasks import send_order_confirmation
from tests.ordering.trade import actor
from tests.portal.buying import add, placed
from tests.portal.test_queries import count, more_bolts

pytestmark = pytest.mark.django_db


def news(world, number=1, **more):
    of = {"kind": "watch_met", "about": "product:GLV-NIT-L", "channel": "portal", "told_at": world.now}
    of |= {"title": f"Back in stock, {number}", "contact": world.anna, "account": world.brightwater}
    return Notice.objects.create(key=f"x:{number}", **of | more)


# --- news -----------------------------------------------------------------------------------------------------------


def test_an_order_is_told_in_the_portal_and_read_there(world, signed_in):
    anna = signed_in(world.anna)
    number = placed(anna, world.gloves, 1)
    send_order_confirmation(Event.objects.get(name="order.placed", subject=f"order:{number}").pk)
    page = anna.get(reverse("portal:notices")).text
    assert f"Your order {number}" in page
    assert 'class="bell-count"' in page
    notice = Notice.objects.get()
    assert anna.get(reverse("portal:notice", args=[notice.pk])).url == reverse("portal:order", args=[number])
    notice.refresh_from_db()
    assert notice.read_at is None  # a link that something opens ahead reads nothing
    assert anna.post(reverse("portal:notice", args=[notice.pk]), headers={"X-Quiet": "1"}).status_code == 204
    assert 'class="bell-count"' not in anna.get(reverse("portal:home")).text


def test_news_of_a_kind_and_unread_ones_page_by_page(world, signed_in):
    for number in range(30):
        news(world, number, told_at=world.now + timedelta(minutes=number))
    news(world, 99, kind="quote_offered", read_at=world.now, title="An offer")
    anna, address = signed_in(world.anna), reverse("portal:notices")
    first = anna.get(address)
    assert "Back in stock, 29<" in first.text
    assert "An offer" not in first.text
    assert "An offer" in anna.get(address + first.context["next_url"]).text
    assert "Back in stock" not in anna.get(address, {"show": "quotes"}).text
    assert "An offer" not in anna.get(address, {"show": "unread"}).text
    anna.post(reverse("portal:read_all"))
    assert not Notice.objects.filter(read_at=None).exists()


def test_the_bell_answers_only_what_is_new(world, signed_in):
    anna, address = signed_in(world.anna), reverse("portal:bell")
    assert anna.get(address, {"count": "0"}).status_code == 204
    news(world)
    assert ">1<" in anna.get(address, {"count": "0"}).text


def test_as_many_queries_for_much_news_as_for_little(world, signed_in):
    anna = signed_in(world.anna)
    news(world)
    few = count(anna, "notices")
    for number in range(2, 25):
        news(world, number)
    assert count(anna, "notices") == few <= 6
    assert count(anna, "notice_settings") <= 6


def test_ways_are_chosen_and_taken_back(world, signed_in):
    anna, address = signed_in(world.anna), reverse("portal:notice_settings")
    page = anna.get(address).text
    assert 'name="watch_met" value="off"' in page
    assert 'name="message" value="off"' not in page
    assert reverse("portal:my_data") in page
    anna.post(address, {"watch_met": "digest", "message": "mail"})
    assert NoticeChoice.objects.values_list("kind", "channel").get() == ("watch_met", "digest")
    assert anna.post(address, {"message": "off"}).status_code == 422
    anna.post(address, {"watch_met": "off", "usual": "1"})
    assert not NoticeChoice.objects.exists()


# --- favourites and what was looked at ------------------------------------------------------------------------------


def test_a_star_keeps_a_product_on_a_list_of_ones_own(world, signed_in):
    anna, address = signed_in(world.anna), reverse("portal:favourites")
    assert "No favourites yet" in anna.get(address).text
    swapped = anna.post(address, {"sku": "BLT-M8-40", "on": "1"}, headers={"HX-Request": "true"}).text
    assert 'aria-pressed="true"' in swapped
    anna.post(address, {"sku": "BLT-M8-40", "on": "1"})
    kept = BuyingList.objects.get(is_favourites=True)
    assert list(kept.lines.values_list("product__sku", "quantity")) == [("BLT-M8-40", 100)]
    assert (kept.owner, kept.is_shared) == (world.anna, False)
    assert anna.get(address).url == reverse("portal:list", args=[kept.pk])
    listing = anna.get(reverse("portal:category", args=[world.bolts.slug])).text
    assert listing.count('class="star-button" aria-pressed="true"') == 1
    assert "One of your favourites" in anna.get(reverse("portal:product", args=["BLT-M8-40"])).text
    anna.post(address, {"sku": "BLT-M8-40", "on": "0"})
    assert not kept.lines.exists()


def test_a_list_is_sorted(world, signed_in):
    anna = signed_in(world.anna)
    for sku in ("OIL-5L", "BLT-M8-40", "GLV-NIT-L"):
        anna.post(reverse("portal:favourites"), {"sku": sku, "on": "1"})
    address = reverse("portal:list", args=[BuyingList.objects.get().pk])
    skus = {
        sort: [line.sku for line in anna.get(address, {"sort": sort}).context["lines"]]
        for sort in ("", "sku", "latest")
    }
    assert skus["sku"] == ["BLT-M8-40", "GLV-NIT-L", "OIL-5L"]
    assert skus[""] == skus["latest"][::-1] == ["OIL-5L", "BLT-M8-40", "GLV-NIT-L"]


def test_what_was_looked_at_is_kept_for_the_person_alone(world, signed_in):
    anna = signed_in(world.anna)
    for sku in ("GLV-NIT-L", "OIL-5L"):
        anna.get(reverse("portal:product", args=[sku]))
    page = anna.get(reverse("portal:recent")).text
    assert page.index("OIL-5L") < page.index("GLV-NIT-L")
    anna.get(reverse("portal:product", args=["DRL-18V"]), headers={"Sec-Purpose": "prefetch"})
    remember_seen(actor_for(world.rhea.user, acting_contact_id=world.anna.pk), world.drill.pk, world.now)
    assert SeenProduct.objects.count() == 2
    anna.post(reverse("portal:forget_recent"))
    assert not SeenProduct.objects.exists()


def test_only_the_latest_looked_at_are_kept_and_a_second_look_writes_nothing(world):
    bolts, anna = [*more_bolts(world), *more_bolts_again(world)], actor(world.anna)
    for minute, bolt in enumerate(bolts):
        remember_seen(anna, bolt.pk, world.now + timedelta(minutes=minute))
    kept = SeenProduct.objects.order_by("seen_at").values_list("product_id", flat=True)
    assert list(kept) == [bolt.pk for bolt in bolts[-MOST:]]
    latest = SeenProduct.objects.get(product=bolts[-1])
    remember_seen(anna, bolts[-1].pk, latest.seen_at + timedelta(minutes=1))
    assert SeenProduct.objects.get(product=bolts[-1]).seen_at == latest.seen_at
    remember_seen(anna, bolts[-1].pk, latest.seen_at + timedelta(hours=1))
    assert SeenProduct.objects.get(product=bolts[-1]).seen_at > latest.seen_at


def more_bolts_again(world):
    return Product.objects.bulk_create(
        Product(sku=f"NUT-{n}", name=f"Nut {n}", category=world.bolts, brand=world.brand) for n in range(30)
    )


# --- saved views ----------------------------------------------------------------------------------------------------


def keep(client, page, query, name="Mine", **more):
    return client.post(reverse("portal:save_view"), {"page": page, "query": query, "name": name, **more})


def test_a_view_is_kept_opened_shared_renamed_and_deleted(world, signed_in):
    anna = signed_in(world.anna)
    keep(anna, "orders", "status=open&q=PO&after=x&saved=7", shared="1")
    view = SavedView.objects.get()
    assert (view.query, view.is_shared) == ("status=open&q=PO", True)
    opened = anna.get(reverse("portal:view", args=[view.pk]))
    assert opened.url == f"{reverse('portal:orders')}?status=open&q=PO&saved={view.pk}"
    assert "<bdi>Mine</bdi>" in anna.get(opened.url).text
    boris = signed_in(world.boris)
    assert "Mine" in boris.get(reverse("portal:orders")).text
    assert boris.post(reverse("portal:delete_view", args=[view.pk])).status_code == 404
    anna = signed_in(world.anna)
    anna.post(reverse("portal:change_view", args=[view.pk]), {"name": "Ours"})
    view.refresh_from_db()
    assert (view.name, view.is_shared) == ("Ours", False)
    assert signed_in(world.boris).get(reverse("portal:view", args=[view.pk])).status_code == 404
    signed_in(world.anna).post(reverse("portal:delete_view", args=[view.pk]))
    assert not SavedView.objects.exists()


@pytest.mark.parametrize(
    ("page", "query"), [("orders", "status=open"), ("invoices", "status=open"), ("catalogue", "in_stock=1")]
)
def test_a_page_opens_with_the_view_that_was_chosen_and_can_still_show_all(page, query, world, signed_in):
    anna = signed_in(world.anna)
    keep(anna, page, query, default="1")
    keep(anna, page, query, name="Another", default="1")
    view = SavedView.objects.get(is_default=True)
    assert view.name == "Another"
    assert anna.get(reverse(f"portal:{page}")).url == reverse("portal:view", args=[view.pk])
    assert anna.get(reverse(f"portal:{page}"), {"all": "1"}).status_code == 200
    assert signed_in(world.boris).get(reverse(f"portal:{page}")).status_code == 200


def test_what_is_gone_from_a_view_is_told_and_the_rest_is_shown(world, signed_in):
    anna = signed_in(world.anna)
    keep(anna, "catalogue", "brand=torvik&brand=gone&a_thread=M8&a_colour=red&in_stock=1", place="old-category")
    view = SavedView.objects.get()
    opened = anna.get(reverse("portal:view", args=[view.pk]))
    assert opened.url == f"{reverse('portal:catalogue')}?brand=torvik&a_thread=M8&in_stock=1&saved={view.pk}"
    page = anna.get(opened.url).text
    for gone in ("category old-category", "brand gone", "property colour"):
        assert gone in page
    keep(anna, "orders", f"status=lost&by={world.xaver.pk}&q=PO", name="Old")
    old = SavedView.objects.get(name="Old")
    assert anna.get(reverse("portal:view", args=[old.pk])).url.endswith(f"?q=PO&saved={old.pk}")


@pytest.mark.parametrize("said", [{"name": ""}, {"page": "carts"}, {"query": f"q={'x' * 1000}"}, {"place": "x" * 121}])
def test_a_view_that_cannot_be_kept_is_refused(said, world, signed_in):
    sent = {"page": "orders", "query": "q=x", "name": "Mine"} | said
    assert signed_in(world.anna).post(reverse("portal:save_view"), sent).status_code == 422


def test_a_view_of_the_longest_category_is_kept_once_under_names_that_differ_by_case(world, signed_in):
    world.bolts.slug = "b" * 120
    world.bolts.save()
    anna = signed_in(world.anna)
    for name in ("Straße", "STRAẞE", "straße"):
        assert keep(anna, "catalogue", "in_stock=1", name=name, place="b" * 120).status_code == 302
    assert SavedView.objects.filter(name="straße", place="b" * 120).exists()


@pytest.mark.parametrize("page", ["catalogue", "orders", "invoices"])
def test_a_view_of_nonsense_opens_with_what_holds(page, world, signed_in):
    anna = signed_in(world.anna)
    said = ("%00x", "9" * 40, "-1", "%E2%80%AEx", "%FF")
    names = ("brand", "a_thread", "a_%00", "by", "status", "sort", "q", "day", "min", "in_stock")
    query = "&".join(f"{name}={each}" for name in names for each in said)
    assert keep(anna, page, query).status_code == 302
    opened = anna.get(reverse("portal:view", args=[SavedView.objects.get().pk]))
    assert opened.status_code == 302
    assert anna.get(opened.url).status_code == 200


def test_a_shared_view_of_invoices_says_nothing_to_who_may_open_none(world, signed_in):
    keep(signed_in(world.anna), "invoices", "q=secret", name="Disputed", shared="1")
    address = reverse("portal:view", args=[SavedView.objects.get().pk])
    assert "secret" in signed_in(world.boris).get(address).url
    rick = signed_in(world.rick)
    assert rick.get(address).status_code == 404
    assert "Disputed" not in rick.get(reverse("portal:views")).text


def test_who_only_receives_shares_no_view(world, signed_in):
    assert keep(signed_in(world.rick), "orders", "status=open", shared="1").status_code == 403


# --- as a colleague ordered -----------------------------------------------------------------------------------------


def test_orders_of_a_colleague_are_found_and_ordered_the_same_today(world, signed_in):
    number = placed(signed_in(world.anna), world.gloves, 2)
    boris = signed_in(world.boris)
    by = boris.get(reverse("portal:orders"), {"by": world.anna.pk, "status": "open"}).text
    assert number in by
    assert f"by={world.anna.pk}" in by  # the tabs keep who
    assert "Order the same" in boris.get(reverse("portal:order", args=[number])).text
    world.gloves.status = "discontinued"
    world.gloves.save()
    ProductRelation.objects.create(product=world.gloves, other=world.oil, kind="successor")
    address = reverse("portal:reorder", args=[number])
    page = boris.get(address)
    assert "takes its place" in page.text
    line = page.context["lines"][0][0].line.pk
    boris.post(address, {"chosen": "1", "line": line})
    cart_line = CartLine.objects.get(cart__contact=world.boris)
    assert (cart_line.product, cart_line.quantity) == (world.oil, 2)


def test_a_dearer_line_is_said_and_one_that_is_gone_left_out(world, signed_in):
    anna = signed_in(world.anna)
    number = placed(anna, world.gloves, 2)
    world.gloves_price = world.base_list.prices.filter(product=world.gloves)
    world.gloves_price.update(unit_price="9.9000")
    address = reverse("portal:reorder", args=[number])
    assert "dearer" in anna.get(address).text
    world.gloves.status = "discontinued"
    world.gloves.save()
    page = anna.get(address).text
    assert "nothing takes its place" in page
    assert 'name="line"' not in page
    anna.post(address, {"chosen": "1"})
    assert not CartLine.objects.exists()


def test_ordering_again_costs_the_same_for_many_lines(world, signed_in):
    anna = signed_in(world.anna)
    few = count(anna, "reorder", placed(anna, world.gloves, 1))
    for bolt in more_bolts(world)[:6]:
        add(anna, bolt, 1)
    assert count(anna, "reorder", placed(anna, world.gloves, 1)) == few <= 18
