"""Standing orders as the account sees them."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Count
from django.utils import timezone

from apps.catalogue.rules import Ask
from apps.core.money import line_net
from apps.core.scoping import Actor
from apps.ordering.errors import StandingOrderNotFound
from apps.ordering.models import StandingOrder, StandingOrderLine
from apps.ordering.rules.standing import risen, upcoming
from apps.pricing.rules import Decision
from apps.pricing.selectors import prices_for


@dataclass(frozen=True, slots=True)
class StandingLineView:
    """A line with today's price; `has_risen` where it needs a yes, and always where there is no price."""

    line: StandingOrderLine
    decision: Decision
    has_risen: bool

    @property
    def net(self) -> Decimal | None:
        price = self.decision.unit_price
        return None if price is None else line_net(self.line.quantity, price, self.decision.currency)


def standing_orders_of(actor: Actor) -> list[StandingOrder]:
    """Those of the account acted in, what waits for a yes first, then the next one first. One query."""
    if actor.account_id is None:
        return []
    found = StandingOrder.objects.filter(account=actor.account_id).select_related("contact", "ship_to", "last_order")
    order = {state: place for place, state in enumerate(("review", "active", "paused", "ended"))}
    return sorted(
        found.annotate(line_count=Count("lines")), key=lambda each: (order[each.state], each.next_on, each.pk)
    )


def standing_order_for(actor: Actor, standing_id: int) -> StandingOrder:
    """The one door. Raises `StandingOrderNotFound` alike for what is absent and what is another account's."""
    mine = StandingOrder.objects.filter(account=actor.account_id or 0, pk=standing_id)
    found = mine.select_related("account", "contact", "ship_to", "last_order").first()
    if found is None:
        raise StandingOrderNotFound()
    return found


def standing_lines(actor: Actor, standing: StandingOrder, now: datetime) -> list[StandingLineView]:
    """The lines at today's prices; three queries."""
    lines = list(standing.lines.select_related("product__brand").order_by("pk"))
    asks = [Ask(line.product_id, line.quantity) for line in lines]
    prices = prices_for(actor, asks, timezone.localdate(now))
    return [
        StandingLineView(
            line,
            prices[ask],
            bool(risen([(line.product.sku, line.agreed_price, prices[ask].unit_price)], standing.rise_percent)),
        )
        for line, ask in zip(lines, asks, strict=True)
    ]


def dates_of(standing: StandingOrder) -> tuple[date, ...]:
    """The next dates."""
    return upcoming(standing.first_on, standing.every, standing.unit, standing.next_on, standing.ends_on)
