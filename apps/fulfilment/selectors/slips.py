"""What comes later than it was first promised: for who ordered it, for who looks after them, and in a letter."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Count, Max, Min, Q

from apps.core.keyset import Page, latest_first
from apps.core.models import Event
from apps.core.scoping import Actor
from apps.fulfilment.models import Slip
from apps.ordering.models import Order
from apps.ordering.selectors.messages import Letter

_BESIDE = ("order__account", "order__contact", "order_line__product", "order_line__destination", "substitute")
_AHEAD = ("choice", "comes_on", "first_on", "told_at", "order__number", "order_line__name")
_GOES = "order_line__destination"
_OF_LINE = ("order_line__product", f"{_GOES}__ship_to", f"{_GOES}__delivery_option", "substitute")


def slips_of(actor: Actor, order: Order) -> list[Slip]:
    """What comes later of an order, open or decided, the first promised first; of a line only the last.

    The order is one that was read with its parties (`ordering.selectors.order_for`): each line has it as it is. One
    query, and one more where there is any.
    """
    slips = Slip.objects.visible_to(actor).filter(order=order).exclude(ending=Slip.Ending.KEPT)
    latest = list(slips.order_by("order_line_id", "-pk").distinct("order_line_id").values_list("pk", flat=True))
    if not latest:
        return []
    found = list(Slip.objects.filter(pk__in=latest).select_related(*_OF_LINE).order_by("order_line__position"))
    for slip in found:
        slip.order = slip.order_line.order = order
    return found


def new_days_of(actor: Actor, orders: Iterable[Order]) -> dict[int, date]:
    """Order id -> the day by which all of it is there now, for those of which something comes later. One query."""
    slips = Slip.objects.visible_to(actor).open().filter(order__in=list(orders)).order_by()
    return dict(slips.values("order_id").annotate(last_on=Max("comes_on")).values_list("order_id", "last_on"))


def open_slips_of(slips: Iterable[Slip]) -> list[Slip]:
    """Those whose line is still awaited."""
    return [
        slip for slip in slips if slip.ended_at is None and slip.order_line.shipped_quantity < slip.order_line.quantity
    ]


def slips_ahead(actor: Actor, limit: int = 5) -> list[Slip]:
    """What comes later of what the actor's accounts ordered, what is not decided yet first, then by its new day: the
    days, what was chosen, the order's number and the line's name. One query."""
    slips = Slip.objects.visible_to(actor).open().select_related("order", "order_line").only(*_AHEAD)
    return list(slips.order_by("choice", "comes_on", "pk")[:limit])


def slips_page(
    actor: Actor,
    *,
    answered: str = "",
    text: str = "",
    after: str | None = None,
    before: str | None = None,
    size: int = 50,
) -> Page[Slip]:
    """A page of the lines at risk in the accounts the actor sees, the latest noticed first. `answered` is "yes" or
    "no", else all; `text` finds an account's number or name, an order or a SKU. One query."""
    slips = Slip.objects.visible_to(actor).open().select_related(*_BESIDE)
    if answered:
        slips = slips.filter(choice="") if answered == "no" else slips.exclude(choice="")
    if text := text.strip():
        found = Q(account__number__iexact=text) | Q(account__name__icontains=text)
        slips = slips.filter(found | Q(order__number__iexact=text) | Q(order_line__sku__iexact=text))
    return latest_first(slips, "noticed_at", after=after, before=before, size=size)


def orders_at_risk(actor: Actor, limit: int = 500) -> list[tuple[int, str, int, date]]:
    """(account id, order number, lines nobody has chosen about, the first of their new days), the most lines first. One
    query."""
    waiting = Slip.objects.visible_to(actor).open().filter(choice="", told_at__isnull=False).order_by()
    found = waiting.values_list("account_id", "order__number").annotate(lines=Count("pk"), first_on=Min("comes_on"))
    return list(found.order_by("-lines", "first_on", "order__number")[:limit])


def slip_notices(event: Event) -> list[Letter]:
    """order.slipped: to whoever ordered, with every line's first promise and new day, and where it goes where that is
    not the same for all. Three queries.

    Nobody is told of a day that is no longer the one it comes on, nor of what has left or was called off.
    """
    told = {line["slip"]: line["comes_on"] for line in event.facts["lines"]}
    slips = Slip.objects.open().filter(pk__in=told).select_related(*_BESIDE).order_by("order_line__position")
    slips = [slip for slip in slips if slip.comes_on.isoformat() == told[slip.pk]]
    if not slips:
        return []
    order = slips[0].order
    contact = order.contact
    if contact is None or not contact.email or not contact.is_active:
        return []
    context = {
        "order": order,
        "slips": slips,
        "several_places": order.destinations.exists(),
        "comes_on": max(slip.comes_on for slip in slips),
        "earlier": event.facts["earlier"],
        "account": order.account,
        "reader": contact.name,
    }
    key = f"order_slipped {event.pk}"
    return [Letter(key, contact.email, "order_slipped", context, contact.language, order.account_id, contact.pk)]
