"""What operations fill in when money comes in, and when an invoice is corrected."""

from collections.abc import Sequence
from decimal import Decimal

from django import forms
from django.contrib.admin.widgets import AdminDateWidget
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Account
from apps.invoicing.bank.reading import LARGEST_FILE
from apps.invoicing.models import Invoice, Receipt
from apps.invoicing.rules.matching import Proposal
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


class StatementForm(forms.Form):
    file = forms.FileField(
        label=_("File"), help_text=_("A camt.053 (XML), or a CSV with a heading row: date, amount, reference, payer.")
    )

    def clean_file(self):
        """Too large a file is refused before it is read."""
        upload = self.cleaned_data["file"]
        if upload.size > LARGEST_FILE:
            raise forms.ValidationError(_("The file is larger than 5 MB: take in shorter periods."))
        return upload


class ReceiptForm(forms.Form):
    """Money that came another way than by a statement."""

    account = forms.CharField(label=_("Account number"), max_length=20)
    amount = forms.DecimalField(label=_("Amount"), max_digits=14, decimal_places=2)
    received_on = forms.DateField(
        label=_("Received on"), initial=timezone.localdate, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    reference = forms.CharField(
        label=_("Reference"), max_length=120, help_text=_("Of the cheque or transfer; each is entered once.")
    )

    def clean_account(self) -> Account:
        found = Account.objects.filter(number__iexact=self.cleaned_data["account"].strip()).first()
        if found is None:
            raise forms.ValidationError(_("There is no account of that number."))
        return found


class BookingForm(forms.Form):
    """How much of money received pays which document; filled in with the proposal."""

    note = forms.CharField(label=_("Why it is set aside"), max_length=200, required=False)

    def __init__(self, *args, receipt: Receipt, documents: Sequence[Invoice], proposal: Proposal, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.documents, proposed = documents, dict(proposal.parts)
        for document in documents:
            low, high = sorted((Decimal(0), document.open_amount))
            name = {"aria-label": _("Amount for %(number)s") % {"number": document.number}}
            self.fields[document.number] = forms.DecimalField(
                required=False,
                max_digits=14,
                decimal_places=2,
                min_value=low,
                max_value=high,
                initial=proposed.get(document.number),
                widget=forms.NumberInput(name),
            )

    @property
    def rows(self) -> list[tuple]:
        """Each open document with its field."""
        return [(document, self[document.number]) for document in self.documents]

    @property
    def parts(self) -> list[tuple[str, Decimal]]:
        typed = ((document.number, self.cleaned_data.get(document.number)) for document in self.documents)
        return [(number, amount) for number, amount in typed if amount]
