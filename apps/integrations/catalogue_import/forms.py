"""What operations say of a file: which profile reads it, and what its columns are."""

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.integrations.catalogue_import.columns import TARGETS, columns_of
from apps.integrations.imports import forms as imports
from apps.integrations.models import ImportProfile


class UploadForm(forms.Form):
    profile = forms.ModelChoiceField(
        ImportProfile.objects.all(), label=_("Profile"), help_text=_("How this supplier's files are read.")
    )
    file = imports.SheetField(label=_("File"), help_text=_("csv, csv.gz, xlsx or BMEcat xml, at most 1 GiB."))


class ColumnsForm(imports.ColumnsForm):
    """A field, a part with its number, or nothing."""

    def targets(self, mapping):
        groups = sorted({target for target in mapping.values() if "." in target})
        return [*TARGETS.items(), *((one, _numbered(one)) for one in groups)]

    def check(self, headings, mapping):
        columns_of(headings, mapping)


def _numbered(target: str) -> str:
    name, _dot, number = target.partition(".")
    return f"{TARGETS.get(name, name)} {number}"
