"""Regular SKUs that run short: what buyer and rep are shown."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import BooleanField, Case, Count, Min, Q, Value, When

from apps.catalogue.models import Product, within
from apps.catalogue.rules import orderable_quantity
from apps.catalogue.selectors import assortment_of
from apps.core.models import Event
from apps.core.scoping import Actor
from apps.ordering.models import OrderLine
from apps.recommendations.models import Shortage, is_unwanted
from apps.recommendations.selectors.suggested import OF_CARDS

_OF_SHORTAGES = (
    *("needed_on", "quantity", "on_hand", "is_claimed", "comes_on", "ready_on", "substitute_on", "account_id"),
    *(f"substitute__{name}" for name in ("sku", "name", "status", "minimum_quantity", "order_multiple")),
)


@dataclass(frozen=True, slots=True)
class ShortAhead:
    """A regular SKU that will not be there when it is needed again (`Shortage`). `quantity` and `substitute_quantity`
    can be ordered; `substitute` is None where there is none that is sooner, or none that the account may see."""

    product: Product
    needed_on: date
    quantity: int
    on_hand: int
    is_claimed: bool
    comes_on: date | None
    ready_on: date
    substitute: Product | None
    substitute_on: date | None
    substitute_quantity: int

    @property
    def is_in_time(self) -> bool:
        """Whether it is ready by the day when it is ordered now."""
        return self.ready_on <= self.needed_on


def shortages_ahead(actor: Actor, on: date, limit: int = 12) -> list[ShortAhead]:
    """What the account will run short of, the first needed first; one query, and one for the assortment.

    What is off sale, dismissed, blocked by the rep, or ordered since it was reckoned (it would not be due) is left out.
    """
    if actor.account_id is None:
        return []
    assortment = assortment_of(actor)
    seen, other = within(assortment, "product__"), within(assortment, "substitute__") & Q(substitute__status="active")
    found = Shortage.objects.filter(seen, account=actor.account_id, product__status=Product.Status.ACTIVE)
    found = found.exclude(is_unwanted(on)).order_by("needed_on", "id").select_related("product__brand", "substitute")
    sees = Case(When(other, then=Value(True)), default=Value(False), output_field=BooleanField())
    chosen = found.annotate(sees_other=sees).only(*_OF_SHORTAGES, *OF_CARDS)[:limit]
    return [_told(each, on) for each in chosen]


def _told(short: Shortage, on: date) -> ShortAhead:
    other = short.substitute if short.sees_other else None
    return ShortAhead(
        product=short.product,
        needed_on=max(short.needed_on, on),
        quantity=_orderable(short.product, short.quantity),
        on_hand=short.on_hand,
        is_claimed=short.is_claimed,
        comes_on=short.comes_on if short.comes_on and short.comes_on >= on else None,
        ready_on=max(short.ready_on, on),
        substitute=other,
        substitute_on=max(short.substitute_on, on) if other else None,
        substitute_quantity=_orderable(other, short.quantity) if other else 0,
    )


def _orderable(product: Product, quantity: int) -> int:
    return orderable_quantity(quantity, minimum=product.minimum_quantity, multiple=product.order_multiple)


def shortages_by_account(account_ids: Collection[int], on: date) -> list[tuple[int, int, date]]:
    """(account, how many of its regulars run short, the first day one is needed). One query for any number."""
    found = Shortage.objects.filter(account__in=list(account_ids), product__status=Product.Status.ACTIVE)
    counted = (
        found.exclude(is_unwanted(on)).order_by().values("account").annotate(n=Count("id"), first=Min("needed_on"))
    )
    return [(each["account"], each["n"], max(each["first"], on)) for each in counted.order_by("account")]


def products_of_event(event: Event) -> list[int]:
    """The products an event is about: the one whose SKU is in its facts, else those of the order it is about."""
    if sku := event.facts.get("sku"):
        return list(Product.objects.filter(sku=sku).values_list("pk", flat=True))
    number = event.subject.partition(":")[2]
    return list(OrderLine.objects.filter(order__number=number).values_list("product_id", flat=True))
