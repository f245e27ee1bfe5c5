"""What operations fill in when a delivery was not as it was sent."""

from collections.abc import Sequence

from django import forms
from django.contrib.admin.widgets import AdminSplitDateTime
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.fulfilment.models import Shipment, ShipmentLine
from apps.fulfilment.selectors import received_of


class DeliveryForm(forms.Form):
    """Who received a shipment and when, and of each line how much arrived and how much of that was damaged."""

    received_by = forms.CharField(label=_("Received by"), max_length=120)
    delivered_at = forms.SplitDateTimeField(
        label=_("Delivered at"), widget=AdminSplitDateTime(), help_text=_("In universal time (UTC).")
    )

    def __init__(self, *args, lines: Sequence[ShipmentLine], **kwargs):
        kwargs.setdefault("initial", {"delivered_at": timezone.localtime().replace(second=0, microsecond=0)})
        super().__init__(*args, **kwargs)
        self.shipment_lines = lines
        for line in lines:
            self.fields[f"delivered-{line.pk}"] = _quantity(_("Delivered of %(sku)s"), line, line.quantity)
            self.fields[f"damaged-{line.pk}"] = _quantity(_("Damaged of %(sku)s"), line, 0)

    def rows(self) -> list[tuple[ShipmentLine, forms.BoundField, forms.BoundField]]:
        """Each line with its two fields."""
        return [(line, self[f"delivered-{line.pk}"], self[f"damaged-{line.pk}"]) for line in self.shipment_lines]

    def said(self) -> dict[int, tuple[int, int]]:
        """Order line id -> (delivered, damaged), as `confirm_delivery` takes it."""
        return {
            line.order_line_id: (self.cleaned_data[f"delivered-{line.pk}"], self.cleaned_data[f"damaged-{line.pk}"])
            for line in self.shipment_lines
        }


class CorrectionForm(DeliveryForm):
    """What was really delivered, beginning with what was said; and why it is another."""

    reason = forms.CharField(label=_("Reason"), max_length=200, help_text=_("Our own people read it."))

    def __init__(self, *args, shipment: Shipment, lines: Sequence[ShipmentLine], **kwargs):
        self.was_at = shipment.delivered_at
        initial = {"delivered_at": self.was_at, "received_by": shipment.received_by}
        super().__init__(*args, lines=lines, initial=initial, **kwargs)
        self.fields["received_by"].required = False  # where it was delivered in full without a name
        for line, received in zip(lines, received_of(lines), strict=True):
            self.fields[f"delivered-{line.pk}"].initial = received.delivered
            self.fields[f"damaged-{line.pk}"].initial = received.damaged

    def clean_delivered_at(self):
        """The very instant of before where it was left as it stood, in whole seconds."""
        at = self.cleaned_data["delivered_at"]
        return self.was_at if self.was_at and at == self.was_at.replace(microsecond=0) else at

    def said(self) -> dict[int, tuple[int, ...]]:
        """Order line id -> (delivered, damaged, refused): what was refused stays so, as far as it was not delivered."""
        more = {line.order_line_id: line for line in self.shipment_lines}
        return {
            pk: (delivered, damaged, min(more[pk].refused_quantity, more[pk].quantity - delivered))
            for pk, (delivered, damaged) in super().said().items()
        }


class VoidForm(forms.Form):
    """Why a delivery is taken back."""

    reason = forms.CharField(
        label=_("Reason"), max_length=200, widget=forms.TextInput(attrs={"size": 60}),
        help_text=_("Our own people read it."),
    )  # fmt: skip


def _quantity(label, line: ShipmentLine, initial: int) -> forms.IntegerField:
    return forms.IntegerField(
        label=label % {"sku": line.order_line.sku}, min_value=0, max_value=line.quantity, initial=initial
    )
