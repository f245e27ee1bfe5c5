"""Reading what machines send: nothing is guessed, nothing unknown is swallowed."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

from apps.accounts.rules import may
from apps.catalogue.rules import MAX_QUANTITY
from apps.core.scoping import Actor
from apps.core.text import plain

MOST_ASKS = 500
LARGEST_PAGE = 100


class Strict(serializers.Serializer):
    """Refuses fields it does not know, by name."""

    def to_internal_value(self, data):
        if isinstance(data, Mapping) and (unknown := sorted(set(data) - set(self.fields))):
            raise serializers.ValidationError({name: [_("This field is not known here.")] for name in unknown})
        return super().to_internal_value(data)


class Json(JSONParser):
    """JSON, and a clear word where it is nested deeper than anything that is read here."""

    def parse(self, stream, media_type=None, parser_context=None):
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError as error:
            raise ParseError(_("This JSON is nested too deeply.")) from error


class Text(serializers.CharField):
    """Text that can be kept: neither numbers nor NULs nor halves of characters."""

    default_error_messages = {"not_text": _("Not a valid text.")}

    def to_internal_value(self, data):
        if not isinstance(data, str) or "\0" in data:
            self.fail("not_text")
        try:
            data.encode()
        except UnicodeEncodeError:
            self.fail("not_text")
        return super().to_internal_value(plain(data))


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


class CouponField(Text):
    """A code that takes something off, as somebody typed it."""

    def __init__(self, **options):
        super().__init__(**{"required": False, "max_length": 30, "default": "", "allow_blank": True} | options)


class PageIn(Strict):
    """Which page: `after` is `next` of the page before."""

    after = Text(required=False, max_length=300)
    before = Text(required=False, max_length=300)
    size = serializers.IntegerField(required=False, min_value=1, max_value=LARGEST_PAGE, default=25)


HIDES_PRICES = "hides_prices"


class Money(serializers.DecimalField):
    """Money as text; null where the serializer's context says that the role sees no prices."""

    places = 2

    def __init__(self, **options):
        super().__init__(max_digits=14, decimal_places=self.places, **options)

    def to_representation(self, value):
        return None if self.context.get(HIDES_PRICES) else super().to_representation(value)


class Amount(Money):
    """An amount of money, with two places."""


class Price(Money):
    """The price of one base unit, with four places."""

    places = 4


def price_context(actor: Actor) -> dict:
    """The context of a serializer that shows orders to `actor`."""
    return {HIDES_PRICES: not may(actor.role, "price.read", acting_for=actor.acting_for)}
