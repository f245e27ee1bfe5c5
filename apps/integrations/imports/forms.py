"""What operations say of a file, and of its columns."""

from collections.abc import Callable, Mapping

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.errors import Refusal
from apps.integrations.imports.columns import IGNORED

LARGEST = 1024**3


class SheetField(forms.FileField):
    """A file to be read in the background, of at most `LARGEST` bytes."""

    def clean(self, data, initial=None):
        file = super().clean(data, initial)
        if file and file.size > LARGEST:
            raise forms.ValidationError(_("The file is larger than 1 GiB. Split it, or pack it as csv.gz."))
        return file


class ColumnsForm(forms.Form):
    """One choice a column. An import says what a column may hold, and what is wrong with a choice."""

    #: (mapping) -> what a column may hold, with its name.
    targets: Callable[[Mapping[str, str]], list[tuple[str, str]]]
    #: (headings, mapping); raises `ColumnsUnclear`.
    check: Callable[[list[str], Mapping[str, str]], None]

    def __init__(self, *args, mapping: Mapping[str, str], **kwargs):
        super().__init__(*args, **kwargs)
        self.headings = list(mapping)
        choices = [(IGNORED, _("– not taken –")), *self.targets(mapping)]
        for number, (heading, target) in enumerate(mapping.items()):
            self.fields[f"column_{number}"] = forms.ChoiceField(choices=choices, label=heading, initial=target)

    def clean(self):
        cleaned = super().clean()
        if not self.errors:
            try:
                self.check(self.headings, self.mapping())
            except Refusal as refusal:
                raise forms.ValidationError(refusal.detail) from refusal
        return cleaned

    def mapping(self) -> dict[str, str]:
        """Heading -> what it holds, as chosen."""
        return {heading: self.cleaned_data[f"column_{number}"] for number, heading in enumerate(self.headings)}
