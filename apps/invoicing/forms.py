"""What operations fill in when money comes in."""

from django import forms
from django.contrib.admin.widgets import AdminDateWidget
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class PaymentForm(forms.Form):
    amount = forms.DecimalField(label=_("Amount"), max_digits=14, decimal_places=2)
    received_on = forms.DateField(label=_("Received on"), widget=AdminDateWidget(), initial=timezone.localdate)
    key = forms.CharField(max_length=40, widget=forms.HiddenInput)
    reference = forms.CharField(label=_("Reference"), max_length=80, required=False)
