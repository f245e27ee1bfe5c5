"""No path to an order goes around approvals.

1. Everything that makes an order is found by reading the source: who calls `place`, who calls what calls it, and who
   writes orders in any other way. Each must be known below.
2. Every known way is walked under a policy: the order waits, and nobody is told that it is placed.

A new way of placing an order fails here until it is written down with its walk.
"""

import ast
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.urls import URLResolver, get_resolver, reverse
from django.utils import timezone

from apps.accounts.services import issue_key, open_machine
from apps.availability.models import StockLevel
from apps.availability.services import reschedule
from apps.core.models import Event
from apps.fulfilment.services import follow_supply
from apps.ordering import services
from apps.ordering.models import ApprovalPolicy, Order, Quote
from apps.ordering.services import blankets, lists, standing
from tests.ordering.trade import actor, fill
from tests.portal import buying
from tests.portal.test_quick_order import paste

APPS = Path(__file__).resolve().parents[2] / "apps"

#: The functions by which orders come into being, the innermost first.
PLACING = ("place", "place_order", "place_lines", "accept_quote", "call_off", "place_instead", "answer_slip")
#: Who calls one of them: module -> the walks below that go through it.
CALLERS = {
    "ordering.services.orders": (
        "cart",
        "call_off_by_cart",
        "quick_order",
        "buying_list",
        "reorder",
        "rep",
        "machine",
        "standing_order",
    ),
    "ordering.services.quotes.ending": ("quote",),
    "ordering.services.standing": ("standing_order",),
    "portal.checkout": ("cart", "call_off_by_cart", "quick_order", "buying_list", "reorder", "rep"),
    "portal.quotes": ("quote",),
    "api.orders": ("api", "machine"),
    "ordering.services.blankets": ("call_off",),
    "ordering.services.called": ("call_off",),
    "portal.blankets": ("call_off",),
    "portal.urls": ("call_off",),  # the view of that name
    "api.blankets": ("call_off",),
    "ordering.services.instead": ("substitute", "substitute_by_api"),
    "fulfilment.services.choosing": ("substitute", "substitute_by_api"),
    "portal.later": ("substitute",),
    "api.late": ("substitute_by_api",),
    "demo.later": ("api",),  # by the same service, for the demo's buyer
    "demo.picking": ("api",),
}
#: Who writes orders past `place`: the history of a former system and the demo, neither of which ships anything.
WRITERS = {
    "ordering.services.writing": "the one way",
    "ordering.services.history": "orders that were delivered before the portal",
    "demo.history.ledger": "the demo's history",
}


def modules():
    for path in sorted(APPS.rglob("*.py")):
        if "migrations" not in path.parts:
            yield ".".join(path.relative_to(APPS).with_suffix("").parts), ast.parse(path.read_text())


def places_orders(tree) -> bool:
    """Whether a module calls, or hands on, one of the functions that place orders."""
    for node in ast.walk(tree):
        name = getattr(node, "id", getattr(node, "attr", None))
        if isinstance(node, (ast.Name, ast.Attribute)) and name in PLACING[1:]:
            return True
        is_from_placing = isinstance(node, ast.ImportFrom) and (node.module or "").endswith("services.placing")
        if is_from_placing and any(each.name == "place" for each in node.names):
            return True
        if isinstance(node, ast.alias) and node.name.endswith("placing"):
            return True
    return False


def writes_orders(tree) -> bool:
    """Whether a module makes rows of orders: by the model, in bulk, by COPY or by SQL."""
    return any(_writes(node) for node in ast.walk(tree))


def _writes(node) -> bool:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return "insert into ordering_order " in node.value.lower()
    if not isinstance(node, ast.Call):
        return False
    made = isinstance(node.func, ast.Name) and node.func.id == "Order"
    manager = getattr(node.func, "value", None)
    by_manager = isinstance(manager, ast.Attribute) and getattr(manager.value, "id", "") == "Order"
    by_manager = by_manager and "create" in node.func.attr
    name = getattr(node.func, "attr", getattr(node.func, "id", ""))
    in_bulk = name in ("copy_rows", "stage", "merge", "insert", "add", "bulk_create")
    return made or by_manager or (in_bulk and any(getattr(each, "id", "") == "Order" for each in node.args))


def test_every_caller_of_what_places_orders_is_known():
    found = {name for name, tree in modules() if places_orders(tree)}
    assert found == set(CALLERS), "a new way of placing orders: write it down here, and walk it below"


def test_nothing_writes_orders_past_the_one_way():
    assert {name for name, tree in modules() if writes_orders(tree)} == set(WRITERS)


def test_every_way_is_walked():
    assert {walk for walks in CALLERS.values() for walk in walks} == set(WALKS)


def test_every_button_that_orders_leads_to_a_known_way():
    """Addresses whose view demands to place orders: each is a way that is walked, or orders nothing."""
    orders_nothing = {"portal:cancel_order", "portal:change_order", "portal:decline_quote", "portal:counter_quote"}
    orders_nothing |= {"api:standing_order", "portal:shipping"}
    known = {"portal:checkout", "portal:accept_quote", "portal:new_standing_order", "portal:call_off"}
    known |= {"portal:choose_later"}
    by_machines = {"api:orders", "api:call_off", "api:standing_orders", "api:choice"}
    assert {name for name, permissions in demanded() if permissions & {"order.place", "quote.accept"}} == (
        known | by_machines | orders_nothing
    )


def demanded(patterns=None, spaces=()):
    """(name of an address, the permissions its view demands)."""
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(entry, URLResolver):
            yield from demanded(entry.url_patterns, (*spaces, entry.namespace) if entry.namespace else spaces)
        elif entry.name:
            yield ":".join((*spaces, entry.name)), permissions_of(entry.callback)


def permissions_of(view) -> set[str]:
    """What `in_account` closes over, and what an endpoint says it needs."""
    needs, found = getattr(getattr(view, "view_class", getattr(view, "cls", None)), "needs", {}), set()
    while view is not None:
        cells = getattr(view, "__closure__", None) or ()
        found |= {cell.cell_contents for cell in cells if isinstance(cell.cell_contents, str)}
        view = getattr(view, "__wrapped__", getattr(view, "func", None))
    return found | set(needs.values())


# --- the walks --------------------------------------------------------------------------------------------------------
# Each orders gloves for 316.00 net or more, in the name of Anna or of Brightwater's own system.


def number_in(answer) -> str:
    """The number of the order whose confirmation the answer leads to."""
    return answer.url.rstrip("/").rpartition("/")[2]


def cart(world, client):
    client.force_login(world.anna.user)
    return buying.placed(client, world.gloves, 40)


def quick_order(world, client):
    client.force_login(world.anna.user)
    page = paste(client, f"{world.gloves.sku}\t40")
    client.post(reverse("portal:quick_cart"), {"key": page.context["view"].key})
    return number_in(buying.place(client))


def buying_list(world, client):
    stores = lists.make_list(actor(world.anna), name="Stores", now=world.now)
    lists.put_on_list(actor(world.anna), stores, [(world.gloves.pk, 40)], now=world.now)
    line = stores.lines.get().pk
    client.force_login(world.anna.user)
    chosen = {"decision": "chosen", "line": line, f"quantity-{line}": "40"}
    client.post(reverse("portal:list", args=[stores.pk]), chosen)
    return number_in(buying.place(client))


def standing_order(world, client):
    standing.make_standing_order(
        actor(world.anna), name="Gloves", lines=[(world.gloves.pk, 40)], ship_to_id=world.dock.pk, every=1,
        unit="week", first_on=world.today, now=world.now,
    )  # fmt: skip
    assert standing.place_due(now=world.now) == 1
    return Order.objects.get().number


def reorder(world, client):
    ApprovalPolicy.objects.all().update(account=world.calder)
    client.force_login(world.anna.user)
    before = buying.placed(client, world.gloves, 40)
    ApprovalPolicy.objects.all().update(account=world.brightwater)
    client.post(reverse("portal:reorder", args=[before]))
    return number_in(buying.place(client))


def rep(world, client):
    client.force_login(world.rhea.user)
    client.post(reverse("workspace:start_acting", args=[world.anna.pk]))
    return buying.placed(client, world.gloves, 40)


def quote(world, client):
    fill(world, world.anna, (world.gloves, 40))
    asked = services.request_quote(actor(world.anna), now=world.now)
    now = timezone.now()
    offer = {"prices": {asked.lines.get().pk: Decimal(8)}, "valid_until": timezone.localdate(now), "now": now}
    services.offer_quote(actor(world.rhea), asked, **offer)
    client.force_login(world.anna.user)
    form = {"key": "quote", "ship_to": world.dock.pk, "option": world.standard.pk}
    return number_in(client.post(reverse("portal:accept_quote", args=[asked.number]), form))


def call_off(world, client):
    agreed = _agreed(world, client)
    form = {"key": "call", "ship_to": world.dock.pk, "option": world.standard.pk, f"call-{agreed.lines.get().pk}": "40"}
    return number_in(client.post(reverse("portal:call_off", args=[agreed.number]), form))


def call_off_by_cart(world, client):
    agreed = _agreed(world, client)
    client.post(reverse("portal:call_off_to_cart", args=[agreed.number]), {f"call-{agreed.lines.get().pk}": "40"})
    return number_in(buying.place(client))


def _agreed(world, client):
    """A blanket order over gloves, agreed before there was a policy."""
    ApprovalPolicy.objects.all().update(account=world.calder)
    quote(world, client)
    accepted, on = Quote.objects.get(), timezone.localdate()
    agreed = blankets.make_blanket_order(
        actor(world.rhea), accepted, quantities={accepted.lines.get().pk: 400}, starts_on=on,
        ends_on=on + timedelta(days=90), name="Gloves", now=timezone.now(),
    )  # fmt: skip
    ApprovalPolicy.objects.all().update(account=world.brightwater)
    return agreed


def api(world, client):
    client.force_login(world.anna.user)
    return _by_api(world, client)


def machine(world, client):
    kept = open_machine(purpose="ERP of Brightwater", role="machine", account=world.brightwater)
    return _by_api(world, client, headers={"Authorization": f"Token {issue_key(kept, days=1, now=world.now)}"})


def _by_api(world, client, headers=None):
    body = {"ship_to": world.dock.pk, "lines": [{"code": world.gloves.sku, "quantity": 40}]}
    answer = client.post(
        reverse("api:orders"), body, "application/json", headers={"Idempotency-Key": "k", **(headers or {})}
    )
    assert answer.status_code == 201, answer.content
    return answer.json()["order"]["number"]


def substitute(world, client):
    order = _late(world, client)
    client.force_login(world.anna.user)
    form = {"position": 1, "comes_on": order.slips.get().comes_on.isoformat(), "price-DRL-18V": "189.0000"}
    client.post(reverse("portal:choose_later", args=[order.number]), form | {"choice": "substitute:DRL-18V"})
    return order.slips.get().substitute.number


def substitute_by_api(world, client):
    order = _late(world, client)
    client.force_login(world.anna.user)
    instead = {"code": "DRL-18V", "quantity": 1}
    body = {"choice": "substitute", "expected_on": order.slips.get().comes_on.isoformat(), "instead": instead}
    answer = client.post(
        reverse("api:choice", args=[order.number, 1]), body, "application/json", headers={"Idempotency-Key": "k"}
    )
    return answer.json()["substitute"]


def _late(world, client):
    """Gloves for 158.00 that were ordered before there was a policy, and of which one comes late."""
    ApprovalPolicy.objects.all().update(account=world.calder)
    StockLevel.objects.filter(product=world.gloves).update(on_hand=19)
    client.force_login(world.anna.user)
    world.incoming.due_on = timezone.localdate() + timedelta(days=7)
    world.incoming.save()
    order = Order.objects.get(number=buying.placed(client, world.gloves, 20))
    later = timezone.localdate() + timedelta(days=15)
    reschedule(world.incoming, later, now=timezone.now(), on=timezone.localdate())
    follow_supply(world.gloves.sku, because="supply_late", now=timezone.now())
    ApprovalPolicy.objects.all().update(account=world.brightwater)
    return order


WALKS = {
    each.__name__: each
    for each in (
        cart,
        quick_order,
        buying_list,
        standing_order,
        reorder,
        rep,
        quote,
        call_off,
        call_off_by_cart,
        api,
        machine,
        substitute,
        substitute_by_api,
    )
}


@pytest.mark.parametrize("walk", WALKS.values(), ids=WALKS)
def test_every_way_waits_for_the_companys_yes(world, client, walk):
    policy = ApprovalPolicy.objects.create(account=world.brightwater, name="Large orders")
    policy.steps.create(above=100)
    number = walk(world, client)
    order = Order.objects.get(number=number)
    assert order.status == "awaiting_approval"
    assert [approval.reason for approval in order.approvals.all()] == ["policy"]
    assert not Event.objects.filter(name="order.placed", subject=f"order:{number}").exists()
