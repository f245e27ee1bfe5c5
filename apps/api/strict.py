"""Reading what machines send: nothing is guessed, nothing unknown is swallowed."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from apps.catalogue.rules import MAX_QUANTITY

MOST_ASKS = 500
LARGEST_PAGE = 100


class Strict(serializers.Serializer):
    """Refuses fields it does not know, by name."""

    def to_internal_value(self, data):
        if isinstance(data, Mapping) and (unknown := sorted(set(data) - set(self.fields))):
            raise serializers.ValidationError({name: [_("This field is not known here.")] for name in unknown})
        return super().to_internal_value(data)


class Text(serializers.CharField):
    """Text that can be kept: neither numbers nor halves of characters."""

    default_error_messages = {"not_text": _("Not a valid text.")}

    def to_internal_value(self, data):
        if not isinstance(data, str):
            self.fail("not_text")
        try:
            data.encode()
        except UnicodeEncodeError:
            self.fail("not_text")
        return super().to_internal_value(data)


class Quantity(serializers.IntegerField):
    """A whole number of base units."""

    def __init__(self, **options):
        super().__init__(min_value=1, max_value=MAX_QUANTITY, **options)

    def to_internal_value(self, data):
        if isinstance(data, bool):
            self.fail("invalid")
        return super().to_internal_value(data)


class AskIn(Strict):
    """A product by any code it is known by, and how many base units of it."""

    code = Text(max_length=60)
    quantity = Quantity()


class PageIn(Strict):
    """Which page: `after` is `next` of the page before."""

    after = Text(required=False, max_length=300)
    before = Text(required=False, max_length=300)
    size = serializers.IntegerField(required=False, min_value=1, max_value=LARGEST_PAGE, default=25)


class Price(serializers.DecimalField):
    """The price of one base unit, as text with four places."""

    def __init__(self, **options):
        super().__init__(max_digits=14, decimal_places=4, **options)


class Amount(serializers.DecimalField):
    """An amount of money, as text with two places."""

    def __init__(self, **options):
        super().__init__(max_digits=14, decimal_places=2, **options)
