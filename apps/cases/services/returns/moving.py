"""What every step of a return has in common: its row is locked, and what happened is told."""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import Prefetch

from apps.cases.errors import ReturnNotFound
from apps.cases.models import Return, ReturnLine
from apps.core.events import record
from apps.core.scoping import Actor


def locked(actor: Actor, shown: Return) -> Return:
    """The return under lock, with its lines; `ReturnNotFound` where the actor may not see it."""
    returns = Return.objects.visible_to(actor).select_for_update(of=("self",))
    lines = Prefetch("lines", ReturnLine.objects.select_related("order_line__product"))
    found = returns.select_related("order", "account").prefetch_related(lines).filter(pk=shown.pk).first()
    if found is None:
        raise ReturnNotFound
    return found


def by_order_line(lines, quantities: Mapping[int, int]) -> dict[int, int]:
    """Quantities by the id of a return's line, as quantities by that of the order line."""
    return {line.order_line_id: quantities[line.pk] for line in lines if quantities.get(line.pk)}


def tell(name: str, shown: Return, actor: Actor, now: datetime, **facts) -> None:
    """Record what happened to a return."""
    record(
        name,
        f"return:{shown.number}",
        account_id=shown.account_id,
        actor=actor,
        at=now,
        order=shown.order.number,
        **facts,
    )
