"""What an order has taken from blanket orders, and gives back where it comes to nothing."""

from collections.abc import Mapping

from django.db.models import F

from apps.ordering.models import BlanketLine, CallOff, Order


def return_call_offs(order: Order) -> None:
    """What the order called off is left again; once, however often it is asked. Must run in the order's transaction."""
    held = CallOff.objects.filter(order=order, given_back=False).select_for_update().order_by("line_id")
    for call_off in held:
        BlanketLine.objects.filter(pk=call_off.line_id).update(called=F("called") - call_off.quantity)
    CallOff.objects.filter(pk__in=[call_off.pk for call_off in held]).update(given_back=True)


def return_called(order: Order, quantities: Mapping[int, int]) -> None:
    """So much (product id -> quantity) of what the order called off is left again; the rest stays called off."""
    held = CallOff.objects.filter(order=order, given_back=False, line__product__in=quantities).select_related("line")
    for call_off in held.select_for_update(of=("self",)).order_by("line_id"):
        part = min(quantities[call_off.line.product_id], call_off.quantity)
        BlanketLine.objects.filter(pk=call_off.line_id).update(called=F("called") - part)
        if part == call_off.quantity:
            CallOff.objects.filter(pk=call_off.pk).update(given_back=True)
        else:
            CallOff.objects.filter(pk=call_off.pk).update(quantity=F("quantity") - part)
