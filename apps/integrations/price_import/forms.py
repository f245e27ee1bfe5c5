"""What operations say of a price file: whose prices it holds, from when on, how it is written."""

from django import forms
from django.contrib.admin.widgets import AdminDateWidget
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.integrations.imports import forms as imports
from apps.integrations.models import ImportProfile, PriceImport
from apps.integrations.price_import.columns import TARGETS, columns_of
from apps.integrations.price_import.runs import Manner


class UploadForm(forms.ModelForm):
    file = imports.SheetField(label=_("File"), help_text=_("csv, csv.gz or xlsx, at most 1 GiB."))

    class Meta:
        model = PriceImport
        fields = ["price_list", "valid_from", "decimal_mark", "is_full"]
        widgets = {"valid_from": AdminDateWidget}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["valid_from"].initial = timezone.localdate
        self.fields["decimal_mark"] = forms.ChoiceField(
            label=_("Decimals are written with"), choices=ImportProfile.Mark.choices, required=False, initial=""
        )

    def clean_valid_from(self):
        on = self.cleaned_data["valid_from"]
        if on < timezone.localdate():
            raise forms.ValidationError(_("Prices begin today or later: what was ordered before stays as it was."))
        return on

    def manner(self) -> Manner:
        said = self.cleaned_data
        price_list = said["price_list"]
        return Manner(price_list and price_list.pk, said["valid_from"], said["decimal_mark"], said["is_full"])


class ColumnsForm(imports.ColumnsForm):
    def targets(self, mapping):
        return list(TARGETS.items())

    def check(self, headings, mapping):
        columns_of(headings, mapping)
