"""Watches: told once, by mail, when a product is back or has become cheaper for the account.

1. A watch on stock waits until the quantity lies in the warehouses; it is not begun for what lies there already.
2. A watch on the price waits until the account's own price of the quantity is below a limit: the one named, else the
   price it has when the watch begins.
3. A contact has one open watch of a kind on a product, and 200 in all.
4. A sweep looks at the open watches; what is met is marked so once (compare and set), and the mail follows from that.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import Contact
from apps.accounts.rules import may
from apps.accounts.services import demand
from apps.availability.selectors import promises_for
from apps.catalogue.models import Product
from apps.catalogue.rules import Ask, orderable_quantity
from apps.catalogue.selectors import assortment_of_account
from apps.core.events import record
from apps.core.scoping import SYSTEM, Actor
from apps.pricing.selectors import prices_for_account
from apps.recommendations.errors import TooManyWatches, WatchNotFound, WatchRefused
from apps.recommendations.models import Watch

MOST = 200
_Kind, _State = Watch.Kind, Watch.State


@transaction.atomic
def begin_watch(
    actor: Actor, product: Product, kind: str, *, quantity: int = 1, below: Decimal | None = None, now: datetime
) -> Watch:
    """Watch a product for the contact who asks; the open watch of that kind is changed where there is one.

    Raises `WatchRefused` where there is nothing to wait for, `TooManyWatches`.
    """
    demand(actor, "catalogue.read")
    if kind not in _Kind.values or product.status != Product.Status.ACTIVE:
        raise WatchRefused
    contact = Contact.objects.select_for_update().filter(pk=actor.contact_id, account=actor.account_id).first()
    if contact is None:
        raise WatchRefused(_("A watch belongs to a contact of the account."))
    quantity = orderable_quantity(quantity, minimum=product.minimum_quantity, multiple=product.order_multiple)
    ask = Ask(product.pk, quantity)
    limits = _price_limit(actor, ask, below, now) if kind == _Kind.PRICE else _stock_to_wait_for(product, ask, now)
    open_ones = Watch.objects.filter(contact=contact, state=_State.OPEN)
    known = open_ones.filter(product=product, kind=kind).first()
    if known is None and open_ones.count() >= MOST:
        raise TooManyWatches
    watch = known or Watch(contact=contact, account_id=actor.account_id, product=product, kind=kind)
    watch.quantity, watch.begun_at = quantity, now
    watch.below, watch.currency = limits
    watch.save()
    return watch


def _stock_to_wait_for(product: Product, ask: Ask, now: datetime) -> tuple[None, str]:
    promised = promises_for([ask], timezone.localdate(now))[ask]
    if product.is_service or not promised.short:
        raise WatchRefused(_("It is in stock in that quantity now: there is nothing to wait for."))
    return None, ""


def _price_limit(actor: Actor, ask: Ask, below: Decimal | None, now: datetime) -> tuple[Decimal, str]:
    demand(actor, "price.read")
    price = prices_for_account(actor.account_id, [ask], timezone.localdate(now))[ask]
    if price.unit_price is None:
        raise WatchRefused(_("There is no price yet that could fall: ask us for one."))
    if below is not None and not 0 < below <= price.unit_price:
        raise WatchRefused(_("Name a price below the one you pay now."))
    return below or price.unit_price, price.currency


@transaction.atomic
def stop_watch(actor: Actor, watch_id: int) -> Watch:
    """Stop one of one's own watches; `WatchNotFound` for absent and not one's own. A second time changes nothing."""
    own = Watch.objects.select_for_update().filter(pk=watch_id, contact=actor.contact_id, account=actor.account_id)
    watch = own.select_related("product").first() if actor.contact_id else None
    if watch is None:
        raise WatchNotFound
    if watch.state == _State.OPEN:
        watch.state = _State.STOPPED
        watch.save(update_fields=["state"])
    return watch


def meet_watches(*, now: datetime, size: int = 500) -> int:
    """Mark the open watches whose time has come, some hundred in a transaction; how many were met."""
    met, last = 0, 0
    while last is not None:
        more, last = _meet_some(after=last, now=now, size=size)
        met += more
    return met


@transaction.atomic
def _meet_some(*, after: int, now: datetime, size: int) -> tuple[int, int | None]:
    """(how many were met, the id to go on after; None at the end)."""
    rows = Watch.objects.select_for_update(skip_locked=True, of=("self",)).select_related("product", "contact")
    page = list(rows.filter(state=_State.OPEN, pk__gt=after).order_by("pk")[:size])
    alive = [watch for watch in page if watch.contact.is_active and watch.product.status == Product.Status.ACTIVE]
    seen = _seen(alive)
    met = [*_back_in_stock(seen, now), *_cheaper(seen, now)]
    for watch in met:
        watch.state, watch.met_at = _State.MET, now
        watch.save(update_fields=["state", "met_at", "met_price"])
        facts = {"sku": watch.product.sku, "product": watch.product.name, "kind": watch.kind}
        record("watch.met", f"watch:{watch.pk}", account_id=watch.account_id, actor=SYSTEM, at=now, **facts)
    return len(met), page[-1].pk if len(page) == size else None


def _seen(watches: Iterable[Watch]) -> list[Watch]:
    """Those whose product the account may still see."""
    of_account: dict[int, list[Watch]] = defaultdict(list)
    for watch in watches:
        of_account[watch.account_id].append(watch)
    found = []
    for account_id, waiting in of_account.items():
        seen = Product.objects.in_assortment(assortment_of_account(account_id))
        ids = set(seen.filter(pk__in={watch.product_id for watch in waiting}).values_list("pk", flat=True))
        found += [watch for watch in waiting if watch.product_id in ids]
    return found


def _back_in_stock(watches: Iterable[Watch], now: datetime) -> list[Watch]:
    waiting = [watch for watch in watches if watch.kind == _Kind.STOCK]
    promises = promises_for({_ask(watch) for watch in waiting}, timezone.localdate(now))
    return [watch for watch in waiting if promises[_ask(watch)].short == 0]


def _cheaper(watches: Iterable[Watch], now: datetime) -> list[Watch]:
    """By the price each account has itself, for those who may still see prices."""
    of_account: dict[int, list[Watch]] = defaultdict(list)
    for watch in watches:
        if watch.kind == _Kind.PRICE and may(watch.contact.role, "price.read"):
            of_account[watch.account_id].append(watch)
    found = []
    for account_id, waiting in of_account.items():
        prices = prices_for_account(account_id, {_ask(watch) for watch in waiting}, timezone.localdate(now))
        for watch in waiting:
            watch.met_price = prices[_ask(watch)].unit_price
            if watch.met_price is not None and watch.met_price < watch.below:
                found.append(watch)
    return found


def _ask(watch: Watch) -> Ask:
    return Ask(watch.product_id, watch.quantity)
