"""What operations fill in when money comes in, and when an invoice is corrected."""

from collections.abc import Sequence

from django import forms
from django.contrib.admin.widgets import AdminDateWidget
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.invoicing.selectors import Creditable


class PaymentForm(forms.Form):
    amount = forms.DecimalField(label=_("Amount"), max_digits=14, decimal_places=2)
    received_on = forms.DateField(label=_("Received on"), widget=AdminDateWidget(), initial=timezone.localdate)
    key = forms.CharField(max_length=40, widget=forms.HiddenInput)
    reference = forms.CharField(label=_("Reference"), max_length=80, required=False)


class CreditForm(forms.Form):
    """How much of each line is credited, and why; empty is nothing of it."""

    reason = forms.CharField(
        label=_("Reason"), max_length=200, help_text=_("Stands on the credit note, in the words the account reads.")
    )
    key = forms.CharField(max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args, left: Sequence[Creditable], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.left = [each for each in left if each.quantity > 0]
        for each in self.left:
            name = {"aria-label": _("Quantity of %(name)s to credit") % {"name": each.line.name}}
            self.fields[f"line-{each.line.pk}"] = forms.IntegerField(
                required=False, min_value=0, max_value=each.quantity, widget=forms.NumberInput(name)
            )

    @property
    def rows(self) -> list[tuple]:
        """What is left of each line, with its field."""
        return [(each, self[f"line-{each.line.pk}"]) for each in self.left]

    @property
    def quantities(self) -> dict[int, int]:
        typed = ((each.line.pk, self.cleaned_data.get(f"line-{each.line.pk}")) for each in self.left)
        return {line_id: quantity for line_id, quantity in typed if quantity}
