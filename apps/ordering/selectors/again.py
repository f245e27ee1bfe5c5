"""An order as it would be today: what it costs and when it comes now, and what takes the place of what is gone."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Exists, OuterRef
from django.utils import timezone

from apps.accounts.models import Contact
from apps.accounts.rules import may
from apps.availability.rules import Promise
from apps.availability.selectors import promises_for
from apps.catalogue.models import Product
from apps.catalogue.rules import Ask, orderable_quantity
from apps.catalogue.selectors import sold_by_id, substitutes_for, successors_of
from apps.core.money import line_net
from apps.core.scoping import Actor
from apps.delivery.selectors import arrivals_for
from apps.ordering.models import Order, OrderLine
from apps.pricing.rules import Decision
from apps.pricing.selectors import prices_for

SAME, SUCCESSOR, SUBSTITUTE, GONE = "same", "successor", "substitute", "gone"


@dataclass(frozen=True, slots=True)
class AgainLine:
    """A line of an order as it would be ordered today.

    `what` is same; successor or substitute, where `product` takes the place of what is no longer sold to the account;
    or gone, with nothing in its place. `quantity` is raised to what can be ordered. `decision` is None for who may see
    no prices.
    """

    line: OrderLine
    what: str
    product: Product | None = None
    quantity: int = 0
    decision: Decision | None = None
    promise: Promise | None = None
    arrives_on: date | None = None

    @property
    def unit_price(self) -> Decimal | None:
        return self.decision.unit_price if self.decision else None

    @property
    def net(self) -> Decimal | None:
        if self.unit_price is None:
            return None
        return line_net(self.quantity, self.unit_price, self.decision.currency)

    @property
    def change(self) -> Decimal | None:
        """What one unit costs more (less: negative) than then; None where that cannot be compared."""
        if self.unit_price is None or self.what != SAME or self.decision.currency != self.line.order.currency:
            return None
        return self.unit_price - self.line.unit_price


def again(actor: Actor, order: Order, destination: object, now: datetime) -> list[AgainLine]:
    """The lines of an order as they would be today, for the actor; about ten queries, however many lines."""
    lines = [line for line in order.lines.select_related("product") if line.quantity >= 1]
    for line in lines:
        line.order = order
    found = _in_their_place(actor, lines)
    asks = {line.pk: _ask(product, line.quantity) for line in lines if (product := found[line.pk][1])}
    on = timezone.localdate(now)
    prices = prices_for(actor, asks.values(), on) if may(actor.role, "price.read", acting_for=actor.acting_for) else {}
    promises = promises_for(asks.values(), on)
    arrivals = arrivals_for(destination, promises, now)
    return [
        AgainLine(line, what, product, ask.quantity, prices.get(ask), promises[ask], arrivals.get(ask))
        if (ask := asks.get(line.pk))
        else AgainLine(line, what)
        for line in lines
        for what, product in (found[line.pk],)
    ]


def _in_their_place(actor: Actor, lines: list[OrderLine]) -> dict[int, tuple[str, Product | None]]:
    """Line id -> (what it is today, the product): itself, else its first successor, else what does the same."""
    sold = sold_by_id(actor, {line.product_id for line in lines})
    gone = {line.product_id for line in lines} - set(sold)
    heirs = successors_of(actor, gone)
    alike = substitutes_for(actor, gone - set(heirs)) if gone - set(heirs) else {}

    def today(product_id: int) -> tuple[str, Product | None]:
        if product_id in sold:
            return SAME, sold[product_id]
        if product_id in heirs:
            return SUCCESSOR, heirs[product_id][0]
        return (SUBSTITUTE, alike[product_id][0][0]) if product_id in alike else (GONE, None)

    return {line.pk: today(line.product_id) for line in lines}


def _ask(product: Product, wished: int) -> Ask:
    least = {"minimum": product.minimum_quantity, "multiple": product.order_multiple}
    return Ask(product.pk, orderable_quantity(wished, **least))


def who_ordered(actor: Actor) -> list[tuple[int, str]]:
    """(contact id, name) of everybody whose orders the actor may see, by name. One query."""
    ordered = Exists(Order.objects.filter(contact=OuterRef("pk")))
    return list(Contact.objects.visible_to(actor).filter(ordered).order_by("name", "pk").values_list("pk", "name"))
