"""What an order has taken from blanket orders, and gives back where it comes to nothing."""

from django.db.models import F

from apps.ordering.models import BlanketLine, CallOff, Order


def return_call_offs(order: Order) -> None:
    """What the order called off is left again; once, however often it is asked. Must run in the order's transaction."""
    held = CallOff.objects.filter(order=order, given_back=False).select_for_update().order_by("line_id")
    for call_off in held:
        BlanketLine.objects.filter(pk=call_off.line_id).update(called=F("called") - call_off.quantity)
    CallOff.objects.filter(pk__in=[call_off.pk for call_off in held]).update(given_back=True)
