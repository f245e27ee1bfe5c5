"""Lists as they are seen: one's own, and those shared within the account. Another's list is absent."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Count
from django.utils import timezone

from apps.accounts.rules import may
from apps.availability.rules import Promise
from apps.availability.selectors import promises_for
from apps.catalogue.models import Product
from apps.catalogue.rules import Ask, orderable_quantity
from apps.catalogue.selectors import outside_assortment, part_numbers_of
from apps.core.money import line_net
from apps.core.scoping import Actor
from apps.delivery.selectors import arrivals_for
from apps.ordering.errors import ListNotFound
from apps.ordering.models import BuyingList, BuyingListLine
from apps.pricing.rules import Decision
from apps.pricing.selectors import prices_for


@dataclass(frozen=True, slots=True)
class ListLineView:
    """A line of a list, priced and promised for what it orders (`quantity`, raised to what can be ordered).

    `problem` is what keeps it from being ordered: not_on_sale, outside_assortment, or "". `decision` is None for who
    may see no prices.
    """

    line: BuyingListLine
    product: Product
    quantity: int
    decision: Decision | None
    promise: Promise
    arrives_on: date | None
    your_number: str
    problem: str

    @property
    def net(self) -> Decimal | None:
        if self.decision is None or self.decision.unit_price is None:
            return None
        return line_net(self.quantity, self.decision.unit_price, self.decision.currency)


def lists_of(actor: Actor) -> list[BuyingList]:
    """What the actor sees, favourites first, then by name, with `line_count` and the owner. One query."""
    if actor.account_id is None:
        return []
    seen = BuyingList.objects.seen_by(actor).select_related("owner").annotate(line_count=Count("lines"))
    return list(seen.order_by("-is_favourites", "name", "pk"))


def list_for(actor: Actor, list_id: int) -> BuyingList:
    """The one door to a list. Raises `ListNotFound` alike for what is absent and what is somebody else's."""
    found = actor.account_id and BuyingList.objects.seen_by(actor).select_related("owner").filter(pk=list_id).first()
    if not found:
        raise ListNotFound()
    return found


def favourites_of(actor: Actor) -> BuyingList | None:
    """The list that a star puts on; None before the first. One query at most."""
    own = actor.contact_id is not None and not actor.acting_for
    return BuyingList.objects.filter(owner=actor.contact_id, is_favourites=True).first() if own else None


def starred(actor: Actor, product_ids: Iterable[int]) -> frozenset[int]:
    """Those of these products that are favourites of the contact. One query at most."""
    ids = set(product_ids)
    if actor.contact_id is None or actor.acting_for or not ids:
        return frozenset()
    lines = BuyingListLine.objects.filter(buying_list__owner=actor.contact_id, buying_list__is_favourites=True)
    return frozenset(lines.filter(product__in=ids).order_by().values_list("product_id", flat=True))


def governs(actor: Actor, kept: BuyingList) -> bool:
    """Whether the actor may rename, share and delete it: who made it, the account's administrator, anyone of a list
    that nobody owns."""
    if not may(actor.role, "cart.edit", acting_for=actor.acting_for):
        return False
    own = kept.owner_id is None or (kept.owner_id == actor.contact_id and not actor.acting_for)
    return own or may(actor.role, "contact.manage", acting_for=actor.acting_for)


def list_lines(kept: BuyingList) -> list[BuyingListLine]:
    """The lines with their products. One query."""
    lines = kept.lines.select_related("product__brand")
    return list(lines.defer("product__description", "product__attributes").order_by("pk"))


def list_page(actor: Actor, kept: BuyingList, destination: object, now: datetime) -> list[ListLineView]:
    """The lines of a list, priced and promised; about eight queries, however many lines."""
    on, lines = timezone.localdate(now), list_lines(kept)
    asks = {line.pk: _ask(line) for line in lines}
    priced = may(actor.role, "price.read", acting_for=actor.acting_for)
    prices = prices_for(actor, asks.values(), on) if priced else {}
    promises = promises_for(asks.values(), on)
    arrivals = arrivals_for(destination, promises, now)
    numbers = part_numbers_of(actor, [line.product_id for line in lines])
    outside = outside_assortment(actor, [line.product_id for line in lines])
    return [
        ListLineView(
            line,
            line.product,
            ask.quantity,
            prices.get(ask),
            promises[ask],
            arrivals.get(ask),
            numbers.get(line.product_id, ""),
            _problem(line.product, outside),
        )
        for line in lines
        for ask in (asks[line.pk],)
    ]


def _ask(line: BuyingListLine) -> Ask:
    product = line.product
    least = {"minimum": product.minimum_quantity, "multiple": product.order_multiple}
    return Ask(product.pk, orderable_quantity(line.quantity, **least))


def _problem(product: Product, outside: frozenset[int]) -> str:
    if product.pk in outside:
        return "outside_assortment"
    return "" if product.is_on_sale else "not_on_sale"
