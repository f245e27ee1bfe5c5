"""A product's attributes as fields of their own: a number with its unit, a choice with what others have, yes or no.

Offered are the attributes the product carries and those that others of its category carry; any other one can be added
by its name.
"""

from decimal import Decimal

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db import connection
from django.utils.translation import gettext_lazy as _

from apps.catalogue.models import Attribute, Product
from apps.core.images import NoPicture, Sizes, sizes_of

PREFIX = "attribute_"
_NEIGHBOURS = 500
_USED = """
SELECT DISTINCT e.key FROM (
    SELECT attributes FROM catalogue_product WHERE category_id = %s ORDER BY popularity DESC, id LIMIT %s
) p, jsonb_object_keys(p.attributes) AS e(key)
"""


class ProductForm(forms.ModelForm):
    """The product without its raw attributes; `product_form` adds a field for each attribute offered."""

    added_attribute = forms.ModelChoiceField(
        Attribute.objects.all(), required=False, label=_("Add an attribute"), help_text=_("It can be filled in next.")
    )
    offered: tuple[Attribute, ...] = ()

    class Meta:
        model = Product
        fields = ["sku", "name", "category", "brand", "status"]  # the admin page adds its own

    sizes: Sizes | None = None

    def clean_picture(self):
        """A picture that is sent is checked by decoding it; what the product has stays until the page is saved."""
        sent = self.cleaned_data.get("picture")
        if isinstance(sent, UploadedFile):
            self.sizes = checked_picture(sent)
            return self.initial.get("picture") or ""
        return sent

    def clean(self):
        cleaned = super().clean()
        kept = dict(self.instance.attributes)
        for attribute in self.offered:
            value = cleaned.get(PREFIX + attribute.code)
            if value in (None, ""):
                kept.pop(attribute.code, None)
            else:
                kept[attribute.code] = _stored(value)
        if added := cleaned.get("added_attribute"):
            kept.setdefault(added.code, {"number": 0, "yes_no": True}.get(added.kind, "–"))
        self.instance.attributes = kept
        return cleaned


def checked_picture(sent: UploadedFile) -> Sizes:
    """The sizes of a picture that was sent; a complaint for the form where it is none."""
    try:
        return sizes_of(sent.read())
    except NoPicture as why:
        raise forms.ValidationError(str(why)) from why


def _stored(value):
    """A number as JSON keeps it: whole where it is whole."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


def product_form(product: Product | None) -> type[ProductForm]:
    """The form of this product."""
    offered = _offered(product) if product else ()
    fields = {PREFIX + attribute.code: _field(attribute, product) for attribute in offered}
    return type("ProductForm", (ProductForm,), {**fields, "offered": offered})


def attribute_fields(product: Product | None) -> list[str]:
    return [PREFIX + attribute.code for attribute in _offered(product)] if product else []


def _offered(product: Product) -> tuple[Attribute, ...]:
    with connection.cursor() as cursor:
        cursor.execute(_USED, [product.category_id, _NEIGHBOURS])
        codes = {code for (code,) in cursor.fetchall()}
    return tuple(Attribute.objects.filter(code__in=codes | set(product.attributes)))


def _field(attribute: Attribute, product: Product) -> forms.Field:
    label = f"{attribute.name} ({attribute.unit})" if attribute.unit else attribute.name
    said = {"label": label, "required": False, "initial": product.attributes.get(attribute.code)}
    if attribute.kind == Attribute.Kind.NUMBER:
        return forms.DecimalField(**said)
    if attribute.kind == Attribute.Kind.YES_NO:
        answers = [("", "–"), ("true", _("Yes")), ("false", _("No"))]
        said["initial"] = {True: "true", False: "false"}.get(said["initial"], "")
        return forms.TypedChoiceField(choices=answers, coerce=lambda value: value == "true", empty_value=None, **said)
    return forms.CharField(max_length=80, **said)
