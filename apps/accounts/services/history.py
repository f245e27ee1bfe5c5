"""Accounts of the past, as a distributor's records name them: many at once, known by their number."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction

from apps.accounts.models import Account, Contact
from apps.core.bulk import stage

_COLUMNS = ("number", "name", "country", "currency", "time_zone", "since_on")


@dataclass(frozen=True, slots=True)
class PastAccount:
    """An account as recorded. Its people are not known: it gets one contact without an address, to be filled in."""

    number: str
    name: str
    country: str
    currency: str
    time_zone: str
    since_on: date
    contact_name: str


@transaction.atomic
def load_accounts(accounts: Iterable[PastAccount]) -> dict[str, tuple[int, int]]:
    """Make the accounts not known yet; number -> (account id, id of its first contact) of all of them."""
    accounts = list(accounts)
    rows = ((a.number, a.name, a.country, a.currency, a.time_zone, a.since_on) for a in accounts)
    with connection.cursor() as cursor:
        staged = stage(cursor, "accounts_account", _COLUMNS, rows)
        cursor.execute(_INSERT.format(staged=staged))
        cursor.execute("UPDATE accounts_account SET path = '/' || id || '/' WHERE path = ''")
    numbers = {account.number: account.contact_name for account in accounts}
    ids = dict(Account.objects.filter(number__in=numbers).values_list("pk", "number"))
    met = set(Contact.objects.filter(account__in=ids).values_list("account_id", flat=True))
    Contact.objects.bulk_create(
        Contact(account_id=pk, name=numbers[number], role=Contact.Role.BUYER)
        for pk, number in ids.items()
        if pk not in met
    )
    first = Contact.objects.filter(account__in=ids).order_by("account_id", "pk").distinct("account_id")
    return {ids[account_id]: (account_id, pk) for account_id, pk in first.values_list("account_id", "pk")}


_INSERT = """
INSERT INTO accounts_account (
    number, name, country, currency, time_zone, since_on,
    path, segment, language, working_days, vat_number, vat_verified, welcome, is_test, is_active)
SELECT number, name, country, currency, time_zone, since_on, '', '', 'en', '12345', '', false, '', false, true
FROM {staged} ORDER BY ctid
ON CONFLICT (number) DO NOTHING
"""
