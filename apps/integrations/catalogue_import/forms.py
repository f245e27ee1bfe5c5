"""What operations say of a file: which profile reads it, and what its columns are."""

from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.errors import Refusal
from apps.integrations.catalogue_import.columns import IGNORED, TARGETS, columns_of
from apps.integrations.models import ImportProfile

LARGEST = 1024**3


class UploadForm(forms.Form):
    profile = forms.ModelChoiceField(
        ImportProfile.objects.all(), label=_("Profile"), help_text=_("How this supplier's files are read.")
    )
    file = forms.FileField(label=_("File"), help_text=_("csv, csv.gz, xlsx or BMEcat xml, at most 1 GiB."))

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(_("The file is larger than 1 GiB. Split it, or pack it as csv.gz."))
        return file


class ColumnsForm(forms.Form):
    """One choice a column: a field, a part with its number, or nothing."""

    def __init__(self, *args, mapping: Mapping[str, str], **kwargs):
        super().__init__(*args, **kwargs)
        self.headings = list(mapping)
        groups = {target for target in mapping.values() if "." in target}
        choices = [(IGNORED, _("– not taken –")), *TARGETS.items(), *((one, _numbered(one)) for one in sorted(groups))]
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


def _numbered(target: str) -> str:
    name, _dot, number = target.partition(".")
    return f"{TARGETS.get(name, name)} {number}"
