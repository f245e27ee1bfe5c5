"""Who is held out and of what, and what suggestions earn against them."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Account
from apps.accounts.selectors import actor_for
from apps.core.comparing import is_held_out
from apps.core.scoping import SYSTEM
from apps.ordering.models import Order, OrderLine
from apps.ordering.selectors.revenue import LeftOut
from apps.recommendations.earning import DAYS, DRAW, earned, gets_suggestions, kept_as, lift_of, lift_reckoned
from apps.recommendations.models import NextLine, SuggestionTerms
from apps.recommendations.services import keep_lifts, note_bought, pick
from apps.recommendations.services import lift as lifts
from tests.portal.test_together import HTMX, habits  # noqa: F401
from tests.recommendations.test_measuring import DUE, GOES, bought, note
from tests.recommendations.test_suggestions import order

pytestmark = pytest.mark.django_db


@pytest.fixture
def held_out(monkeypatch):
    """All accounts are among those that get none."""
    monkeypatch.setattr("apps.recommendations.earning.is_held_out", lambda *_args: True)


@pytest.mark.parametrize("percent", [0, 10, 50])
def test_a_stable_share_is_held_out(percent):
    held = [n for n in range(4000) if is_held_out(f"AC-{n}", DRAW, percent)]
    assert abs(len(held) / 4000 - percent / 100) < 0.02
    assert set(held) <= {n for n in range(4000) if is_held_out(f"AC-{n}", DRAW, 50)}


def test_the_share_is_what_operations_set_else_a_tenth(world, monkeypatch):
    asked = []
    monkeypatch.setattr("apps.recommendations.earning.is_held_out", lambda *args: asked.append(args))
    assert gets_suggestions(actor_for(world.anna.user), "saving")
    SuggestionTerms.objects.create(pk=1, held_out_percent=25)
    gets_suggestions(actor_for(world.anna.user), "saving")
    assert gets_suggestions(actor_for(world.anna.user), "substitute")
    assert asked == [("AC-1", DRAW, 10), ("AC-1", DRAW, 25)]


def test_who_asks_twice_is_asked_once(world, django_assert_num_queries):
    anna = actor_for(world.anna.user)
    with django_assert_num_queries(1):
        assert [gets_suggestions(anna, kind) for kind in ("pick", "saving", "goes_with")] == [True] * 3


def test_held_out_nothing_comes_by_itself_and_what_is_asked_for_does(world, signed_in, held_out, habits):  # noqa: F811
    pick(actor_for(world.rhea.user), world.brightwater, world.oil, "Try it", timezone.now())
    on = timezone.localdate()
    NextLine.objects.create(
        account=world.brightwater, product=world.bolt, place=1, quantity=100, due_on=on, kind="rhythm",
        because={"times": 4, "gap": 21, "last": str(on)},
    )  # fmt: skip
    client = signed_in(world.anna)
    home = client.get(reverse("portal:home")).content.decode()
    assert ("Due to reorder" in home, "Try it" in home) == (False, True)
    beside = reverse("portal:together", args=[world.bolt.sku])
    assert "product-card" not in client.get(beside, headers=HTMX).content.decode()
    assert world.bolt.sku in client.get(reverse("portal:next_order")).content.decode()
    assert client.get(reverse("api:next_order")).json()["lines"]


def test_what_an_account_is_not_shown_is_not_looked_for(world, signed_in, habits, monkeypatch):  # noqa: F811
    client, beside = signed_in(world.anna), reverse("portal:together", args=[world.bolt.sku])
    asked = []
    for is_held in (False, True):
        monkeypatch.setattr("apps.recommendations.earning.is_held_out", lambda *_args, is_held=is_held: is_held)
        with CaptureQueriesContext(connection) as queries:
            client.get(beside, headers=HTMX)
        asked.append(sum("recommendations_" in each["sql"] for each in queries))
    assert asked[0] > asked[1] == 1  # whether it is shown any


def test_the_blocks_carry_kind_place_and_sku(world, signed_in, habits):  # noqa: F811
    client = signed_in(world.anna)
    beside = client.get(reverse("portal:together", args=[world.bolt.sku]), headers=HTMX).content.decode()
    assert 'data-suggestion-kind="goes_with" data-suggestion-place="product"' in beside
    assert 'data-sku="DRL-18V"' in beside
    assert f"{reverse('portal:cart_add')}?suggestion=goes_with:product" in beside


def test_what_is_earned_by_kind_and_place_and_taken_back_when_cancelled(world, django_assert_max_num_queries):
    anna = actor_for(world.anna.user)
    note(anna, "shown", DUE, world.bolt, world.gloves, world.oil, world.drill)
    note(anna, "clicked", DUE, world.bolt)
    note(anna, "added", DUE, world.bolt, world.gloves)
    note(anna, "added", GOES, world.oil)
    made = bought(world, world.bolt, world.gloves, world.oil)
    note_bought(made.number)
    with django_assert_max_num_queries(6):
        found = earned(SYSTEM, days=28, now=timezone.now())
    told = {(row.kind, row.place): row.made for row in found.rows}
    assert (told[DUE].shown, told[DUE].clicked, told[DUE].added, told[DUE].bought) == (4, 1, 2, 2)
    assert (told[DUE].net, told[GOES].net, found.total.net) == (200, 100, 300)
    assert (told[DUE].click_rate, told[DUE].buy_rate, told[GOES].click_rate) == (0.25, 0.5, None)
    assert (len(found.weeks), found.weeks[-1].made.bought) == (5, 3)

    Order.objects.filter(pk=made.pk).update(currency="NZD")
    found = earned(SYSTEM, days=28, now=timezone.now())
    assert (found.total.net, found.total.bought, found.left_out) == (0, 3, LeftOut(1, ("NZD",)))
    Order.objects.filter(pk=made.pk).update(currency="GBP")

    OrderLine.objects.filter(order=made, product=world.bolt).update(quantity=0, cancelled_quantity=100)
    assert earned(SYSTEM, days=28, now=timezone.now()).total.bought == 2
    made.status = "cancelled"
    made.save(update_fields=["status"])
    assert earned(SYSTEM, days=28, now=timezone.now()).total.net == 0
    assert earned(actor_for(world.rhea.user), days=28, now=timezone.now()) is None


def crowd(world, *, each: int, nets=(100, 100)):
    """As many accounts on each side, all with an order a while ago; on each side as much ordered a week ago."""
    on, sides = timezone.localdate(), {False: [], True: []}
    for n in range(1000):
        side = sides[is_held_out(f"T-{n}", DRAW, 50)]
        if len(side) < each:
            side.append(Account.objects.create(number=f"T-{n}", name=f"T {n}"))
    for side, net in zip((False, True), nets, strict=True):
        for n, account in enumerate(sides[side]):
            order(account, on - timedelta(days=200), (world.bolt, 5))
            made = order(account, on - timedelta(days=7), (world.bolt, 5))
            made.goods_net = Decimal(net + n)
            made.save(update_fields=["goods_net"])


@pytest.mark.parametrize(
    ("each", "nets", "shown"),
    [(9, (500, 100), None), (12, (500, 100), True), (12, (102, 100), False)],
)
def test_the_lift_is_shown_from_ten_accounts_and_when_the_interval_leaves_out_nothing(world, each, nets, shown):
    SuggestionTerms.objects.create(pk=1, held_out_percent=50, held_out_since=timezone.localdate() - timedelta(days=150))
    crowd(world, each=each, nets=nets)
    lift = lift_of(days=90, now=timezone.now())
    assert (lift.treated.accounts, lift.held_out.accounts) == (each, each)
    assert (lift.spent and lift.spent.is_shown) is shown
    if shown:
        assert lift.spent.low < nets[0] - nets[1] < lift.spent.high


def test_it_is_compared_from_the_day_the_share_is_what_it_is_and_only_who_ordered_before(world):
    SuggestionTerms.objects.create(pk=1, held_out_percent=50, held_out_since=timezone.localdate() - timedelta(days=3))
    crowd(world, each=10)
    order(world.calder, timezone.localdate() - timedelta(days=1), (world.bolt, 5))
    lift = lift_reckoned(days=90, now=timezone.now())
    assert lift.treated.accounts + lift.held_out.accounts == 20
    assert (lift.treated.reordered, lift.treated.mean) == (0, 0)


def test_who_ordered_first_once_the_share_was_what_it_is_is_never_compared(world):
    today = timezone.localdate()
    SuggestionTerms.objects.create(pk=1, held_out_percent=50, held_out_since=today - timedelta(days=150))
    crowd(world, each=10)
    for ago in (100, 10):
        order(world.calder, today - timedelta(days=ago), (world.bolt, 5))
    for days in (28, 90):
        lift = lift_reckoned(days=days, now=timezone.now())
        assert (lift.treated.accounts, lift.held_out.accounts) == (10, 10)
        assert lift.treated.reordered + lift.held_out.reordered == 20


def test_where_no_share_was_set_it_is_compared_from_the_first_run_on(world):
    now = timezone.now()
    crowd(world, each=10)
    assert lift_reckoned(days=90, now=now).since == now
    keep_lifts(now=now)
    keep_lifts(now=now + timedelta(days=5))
    terms = SuggestionTerms.objects.get()
    assert (terms.held_out_percent, terms.held_out_since) == (10, timezone.localdate(now))


def test_it_is_kept_where_it_takes_long(world, monkeypatch):
    now = timezone.now()
    monkeypatch.setattr(lifts, "PATIENCE", 60)
    assert keep_lifts(now=now) == 0
    monkeypatch.setattr(lifts, "PATIENCE", -1)
    assert keep_lifts(now=now) == len(DAYS)
    monkeypatch.setattr("apps.recommendations.earning.lift_reckoned", None)
    assert lift_of(days=28, now=now).as_of == now
    assert kept_as(28) != kept_as(90)


def test_a_share_that_changes_begins_anew(world, admin_client, monkeypatch):
    page = reverse("admin:recommendations_suggestionterms_add")
    said = {"held_out_percent": "20", "writes_letters": "on", "letter_hour": "8"}
    assert admin_client.post(page, said).status_code == 302
    terms = SuggestionTerms.objects.get()
    assert (terms.held_out_percent, terms.held_out_since) == (20, timezone.localdate())
    SuggestionTerms.objects.update(held_out_since=None)
    change = reverse("admin:recommendations_suggestionterms_change", args=[1])
    assert admin_client.post(change, said | {"letter_hour": "9"}).status_code == 302
    assert SuggestionTerms.objects.get().held_out_since is None
    assert admin_client.post(change, said | {"held_out_percent": "60"}).status_code == 200


def test_the_page_and_its_file(world, signed_in, django_assert_max_num_queries):
    note(actor_for(world.anna.user), "added", DUE, world.bolt)
    note_bought(bought(world, world.bolt).number)
    mona, page = signed_in(world.mona), reverse("workspace:suggestions")
    shown = mona.get(page).content.decode()
    assert "Due to reorder" in shown
    assert "£100.00" in shown
    assert "too few accounts yet" in shown
    with django_assert_max_num_queries(16):
        mona.get(page, {"days": "28"})
    assert mona.get(page, {"days": "x"}).status_code == 200
    lines = mona.get(reverse("workspace:suggestions_file")).content.decode("utf-8-sig").splitlines()
    assert lines[1] == "due to reorder,home page,0,0,1,1,100.00,GBP"
    assert page in mona.get(reverse("workspace:manager")).content.decode()


def test_the_page_without_anything(world, signed_in):
    assert (
        "Nothing suggested in these days"
        in signed_in(world.mona).get(reverse("workspace:suggestions")).content.decode()
    )
