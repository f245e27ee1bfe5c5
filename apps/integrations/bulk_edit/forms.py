"""What is to be changed, and to what."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.catalogue.selectors import attribute_names, attributes_by_code, category_names
from apps.integrations.bulk_edit.editing import Change
from apps.integrations.imports.values import read_decimal, yes_or_no

_FIELDS = {
    "status": gettext_lazy("Status"), "category": gettext_lazy("Category"), "brand": gettext_lazy("Brand"),
    "tax_class": gettext_lazy("Tax class"), "is_bulky": gettext_lazy("Bulky"),
    "is_dangerous": gettext_lazy("Dangerous goods"), "attribute": gettext_lazy("Attribute"),
}  # fmt: skip
_STATUSES = {
    "active": gettext_lazy("active"), "discontinued": gettext_lazy("discontinued"), "hidden": gettext_lazy("hidden")
}  # fmt: skip


_YES_NO = {"yes": gettext_lazy("Yes"), "no": gettext_lazy("No")}

#: What a product may be without.
_MAY_BE_EMPTY = ("brand", "attribute")


class ChangeForm(forms.Form):
    """One field is changed at a time; only the value of the one that is chosen counts."""

    field = forms.ChoiceField(
        choices=list(_FIELDS.items()), widget=forms.RadioSelect, label=gettext_lazy("What to change"), initial="status"
    )
    status = forms.ChoiceField(choices=list(_STATUSES.items()), required=False, label=_FIELDS["status"])
    category = forms.ChoiceField(required=False, label=_FIELDS["category"])
    brand = forms.CharField(
        required=False, max_length=80, label=_FIELDS["brand"], help_text=gettext_lazy("One that is not known is made.")
    )
    tax_class = forms.CharField(required=False, max_length=12, label=_FIELDS["tax_class"])
    is_bulky = forms.ChoiceField(choices=list(_YES_NO.items()), required=False, label=_FIELDS["is_bulky"])
    is_dangerous = forms.ChoiceField(choices=list(_YES_NO.items()), required=False, label=_FIELDS["is_dangerous"])
    attribute = forms.ChoiceField(required=False, label=_FIELDS["attribute"])
    attribute_value = forms.CharField(
        required=False, max_length=120, label=gettext_lazy("Value of the attribute"),
        help_text=gettext_lazy("A number with a point, yes or no, or a word, as the attribute is."),
    )  # fmt: skip

    empty = forms.BooleanField(
        required=False, label=gettext_lazy("Leave it empty"),
        help_text=gettext_lazy("Takes the brand, or the attribute, away from the products."),
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = [(name, name) for name in sorted(category_names().values())]
        self._attributes = attribute_names()
        named = ((code, f"{name} ({unit})" if unit else name) for code, (name, unit) in self._attributes.items())
        self.fields["attribute"].choices = sorted(named, key=lambda choice: choice[1])

    def clean(self):
        said = super().clean()
        field = said.get("field")
        value = "attribute_value" if field == "attribute" else field
        if field and said.get("empty"):
            self._check_emptying(field, said, value)
        elif field and not said.get(value):
            self.add_error(value, _("Say the new value."))
        elif field == "attribute" and not _fits(said.get("attribute", ""), said[value]):
            self.add_error(value, _("That does not fit the attribute: it is a number, or yes or no."))
        return said

    def _check_emptying(self, field: str, said: dict, value: str) -> None:
        if field not in _MAY_BE_EMPTY:
            self.add_error("empty", _("A product cannot be without that; only a brand or an attribute can be empty."))
        elif field == "attribute" and not said.get("attribute"):
            self.add_error("attribute", _("Say which attribute."))
        elif said.get(value):
            self.add_error("empty", _("You also said a new value. Say one of the two."))

    def change(self) -> Change:
        """As chosen; an empty value where it is to be left empty."""
        said = self.cleaned_data
        if said["field"] == "attribute":
            code = said["attribute"]
            return Change(f"attribute.{code}", self._attributes[code][0], said["attribute_value"])
        return Change(said["field"], str(_FIELDS[said["field"]]), said[said["field"]])


def _fits(code: str, value: str) -> bool:
    kind, _unit = attributes_by_code().get(code, ("", ""))
    if kind == "yes_no":
        return yes_or_no(value) is not None
    return kind != "number" or read_decimal(value, ".") is not None
