"""What operations say of a price file: whose prices it holds, from when on, how it is written."""

from collections.abc import Mapping

from django import forms
from django.contrib.admin.widgets import AdminDateWidget
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.errors import Refusal
from apps.integrations.models import ImportProfile, PriceImport
from apps.integrations.price_import.columns import IGNORED, TARGETS, columns_of
from apps.integrations.price_import.runs import Manner

LARGEST = 1024**3


class UploadForm(forms.ModelForm):
    file = forms.FileField(label=_("File"), help_text=_("csv, csv.gz or xlsx, at most 1 GiB."))

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

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(_("The file is larger than 1 GiB. Split it, or pack it as csv.gz."))
        return file

    def clean_valid_from(self):
        on = self.cleaned_data["valid_from"]
        if on < timezone.localdate():
            raise forms.ValidationError(_("Prices begin today or later: what was ordered before stays as it was."))
        return on

    def manner(self) -> Manner:
        said = self.cleaned_data
        price_list = said["price_list"]
        return Manner(price_list and price_list.pk, said["valid_from"], said["decimal_mark"], said["is_full"])


class ColumnsForm(forms.Form):
    """One choice a column."""

    def __init__(self, *args, mapping: Mapping[str, str], **kwargs):
        super().__init__(*args, **kwargs)
        self.headings = list(mapping)
        choices = [(IGNORED, _("– not taken –")), *TARGETS.items()]
        for number, (heading, target) in enumerate(mapping.items()):
            self.fields[f"column_{number}"] = forms.ChoiceField(choices=choices, label=heading, initial=target)

    def clean(self):
        cleaned = super().clean()
        if not self.errors:
            try:
                columns_of(self.headings, self.mapping())
            except Refusal as refusal:
                raise forms.ValidationError(refusal.detail) from refusal
        return cleaned

    def mapping(self) -> dict[str, str]:
        return {heading: self.cleaned_data[f"column_{number}"] for number, heading in enumerate(self.headings)}
