"""Blanket orders as the account and its rep see them: agreed, called off, left, and at which pace."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Prefetch

from apps.core.money import line_net
from apps.core.scoping import Actor
from apps.ordering.errors import BlanketNotFound
from apps.ordering.models import BlanketLine, BlanketOrder, CallOff
from apps.ordering.rules.blankets import NOT_BEGUN, Pace, pace

_LINES = Prefetch("lines", BlanketLine.objects.select_related("product__brand").order_by("pk"))


@dataclass(frozen=True, slots=True)
class BlanketLineView:
    line: BlanketLine
    pace: Pace

    @property
    def left(self) -> int:
        return self.line.left


@dataclass(frozen=True, slots=True)
class BlanketView:
    """A blanket order on a day. `percent` is how much of its value has been called off, `expected_percent` how much
    the even pace asks for."""

    blanket: BlanketOrder
    lines: tuple[BlanketLineView, ...]
    on: date

    @property
    def is_open(self) -> bool:
        return self.blanket.state == BlanketOrder.State.ACTIVE and self.on <= self.blanket.ends_on

    @property
    def can_be_called(self) -> bool:
        return self.is_open and self.on >= self.blanket.starts_on and any(each.left for each in self.lines)

    @property
    def is_behind(self) -> bool:
        return self.is_open and any(each.pace.is_behind for each in self.lines)

    @property
    def has_begun(self) -> bool:
        return all(each.pace.state != NOT_BEGUN for each in self.lines)

    @property
    def days_left(self) -> int:
        return max((self.blanket.ends_on - self.on).days, 0)

    @property
    def agreed_net(self) -> Decimal:
        return self._net(each.line.agreed for each in self.lines)

    @property
    def called_net(self) -> Decimal:
        return self._net(each.line.called for each in self.lines)

    @property
    def left_net(self) -> Decimal:
        return self.agreed_net - self.called_net

    @property
    def percent(self) -> int:
        return int(100 * self.called_net / self.agreed_net) if self.agreed_net else 0

    @property
    def expected_percent(self) -> int:
        expected = self._net(each.pace.expected for each in self.lines)
        return int(100 * expected / self.agreed_net) if self.agreed_net else 0

    def _net(self, quantities) -> Decimal:
        pairs = zip(self.lines, quantities, strict=True)
        return sum((line_net(n, each.line.unit_price, self.blanket.currency) for each, n in pairs), Decimal(0))


def blankets_of(actor: Actor, on: date, *, limit: int = 200) -> list[BlanketView]:
    """Those the actor may see: the open ones by their end, then those that have ended. Two queries."""
    blankets = _seen(actor).order_by("state", "ends_on", "pk")[:limit]
    return [_view(blanket, on) for blanket in blankets]


def blankets_behind(actor: Actor, on: date, *, limit: int) -> list[BlanketView]:
    """The open ones of which a line is behind its pace, the nearest end first. Two queries."""
    in_force = _seen(actor).filter(state=BlanketOrder.State.ACTIVE, starts_on__lt=on, ends_on__gte=on)
    views = [_view(blanket, on) for blanket in in_force.order_by("ends_on", "pk")[:limit]]
    return [view for view in views if view.is_behind]


def blanket_for(actor: Actor, number: str, on: date) -> BlanketView:
    """The one door. Raises `BlanketNotFound` alike for what is absent and what is another account's. Two queries."""
    found = _seen(actor).filter(number=number).first()
    if found is None:
        raise BlanketNotFound()
    return _view(found, on)


def call_offs_of(view: BlanketView) -> Sequence[CallOff]:
    """What was called off from it, the latest first. One query."""
    lines = [each.line.pk for each in view.lines]
    return list(CallOff.objects.filter(line__in=lines).select_related("order", "line__product"))


def _seen(actor: Actor):
    blankets = BlanketOrder.objects.visible_to(actor).select_related("account__rep__user", "contact", "quote")
    return blankets.prefetch_related(_LINES)


def _view(blanket: BlanketOrder, on: date) -> BlanketView:
    lines = tuple(
        BlanketLineView(line, pace(line.agreed, line.called, blanket.starts_on, blanket.ends_on, on))
        for line in blanket.lines.all()
    )
    return BlanketView(blanket, lines, on)
