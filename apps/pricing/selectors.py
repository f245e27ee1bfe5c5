"""Prices, terms and taxes as they hold for an account on a date."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from apps.core.scoping import Actor
from apps.pricing.models import AccountTerms
from apps.pricing.rules import Ask, Decision


def prices_for(actor: Actor, asks: Iterable[Ask], on: date) -> dict[Ask, Decision]:
    """The actor's unit price of each ask on a date, in two queries however many are asked.

    Somebody without an account (a rep who browses) is told the base list.
    """
    return prices_for_account(actor.account_id, asks, on)


def prices_for_account(account_id: int | None, asks: Iterable[Ask], on: date) -> dict[Ask, Decision]:
    """The same for an account known by its id."""


def terms_of(account_id: int) -> AccountTerms:
    """How the account pays; without agreed terms it pays at once and has no credit (an unsaved row)."""


def tax_percents(country: str, tax_classes: Iterable[str], on: date) -> dict[str, Decimal]:
    """Percent of tax for each tax class on goods sent to a country, in one query."""


def tax_percents_for(account, country: str, tax_classes: Iterable[str], on: date) -> dict[str, Decimal]:
    """The same for an account: nothing where the tax is the receiver's to pay (reverse charge)."""
