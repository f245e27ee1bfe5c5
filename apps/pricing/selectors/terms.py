"""Terms, tax and exchange rates as they hold on a date."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date
from decimal import Decimal

from django.conf import settings
from django.db.models import Case, DateTimeField, DecimalField, ExpressionWrapper, OuterRef, Subquery, Value, When
from django.db.models.functions import TruncDate

from apps.accounts.models import Account
from apps.core.money import ZERO
from apps.pricing.models import AccountTerms, ExchangeRate, TaxRate
from apps.pricing.rules import owes_reverse_charge

_RATE = DecimalField(max_digits=18, decimal_places=8)


def terms_of(account_id: int) -> AccountTerms:
    """How the account pays; without agreed terms it pays at once and has no credit (an unsaved row)."""
    found = AccountTerms.objects.filter(account_id=account_id).first()
    return found or AccountTerms(account_id=account_id, net_days=0, credit_limit=ZERO, exposure=ZERO)


def tax_percents(country: str, tax_classes: Iterable[str], on: date) -> dict[str, Decimal]:
    """Percent of tax for each tax class on goods sent to a country, in one query.

    A class without a rate of its own takes the country's standard rate; a country without rates is taxed as at home.
    """
    wanted = set(tax_classes)
    home = settings.HOME_COUNTRY
    rates = _rates_in({country, home}, on)
    known = rates.get(country) or rates.get(home, {})
    return {tax_class: known.get(tax_class, known.get("standard", ZERO)) for tax_class in wanted}


def house_rate(*, currency: str = "currency", at: str = "placed_at") -> Case:
    """As an expression over rows with a currency and an instant: what one unit was worth in the house's currency then.

    1 for the house's own currency; for another the latest rate that began on or before that day (UTC); null where there
    is none, which nobody may take for nothing.
    """
    day = TruncDate(ExpressionWrapper(OuterRef(at), DateTimeField()), tzinfo=UTC)
    begun = ExchangeRate.objects.filter(currency=OuterRef(currency), valid_from__lte=day)
    latest = Subquery(begun.order_by("-valid_from").values("rate")[:1])
    return Case(When(**{currency: settings.HOME_CURRENCY}, then=Value(Decimal(1))), default=latest, output_field=_RATE)


def rate_to_house(currency: str, on: date) -> Decimal | None:
    """What one unit of a currency is worth in the house's on a day; None where that is not known. One query at most."""
    if currency == settings.HOME_CURRENCY:
        return Decimal(1)
    begun = ExchangeRate.objects.filter(currency=currency, valid_from__lte=on).order_by("-valid_from")
    return begun.values_list("rate", flat=True).first()


def _rates_in(countries: set[str], on: date) -> dict[str, dict[str, Decimal]]:
    rows = TaxRate.objects.filter(country__in=countries, valid_from__lte=on).order_by("valid_from")
    rates: dict[str, dict[str, Decimal]] = defaultdict(dict)
    for country, tax_class, percent in rows.values_list("country", "tax_class", "percent"):
        rates[country][tax_class] = percent
    return rates


def tax_percents_for(account: Account, country: str, tax_classes: Iterable[str], on: date) -> dict[str, Decimal]:
    """The same for an account: nothing where the tax is the receiver's to pay (`rules.owes_reverse_charge`)."""
    reverse = owes_reverse_charge(
        country,
        home=settings.HOME_COUNTRY,
        account_country=account.country,
        vat_number=account.vat_number,
        vat_verified=account.vat_verified,
    )
    return dict.fromkeys(tax_classes, ZERO) if reverse else tax_percents(country, tax_classes, on)
