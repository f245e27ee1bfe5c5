"""Deliveries of accounts that the bench of surveys has to itself; gone afterwards.

Each account has two contacts and two deliveries, one ordered by each, and ordered before: as many questions as the
asking rules allow, where first orders are asked about by another programme too.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import connection, transaction

from apps.accounts.models import Account, Contact
from apps.core.models import Event
from apps.feedback.models import Invitation
from apps.fulfilment.models import Shipment
from apps.ordering.models import Order

PREFIX = "BENCH-"
DOMAIN = "bench.example"
_BATCH = 5_000


@contextmanager
def deliveries(count: int, now: datetime) -> Iterator[None]:
    """So many deliveries, three days ago, about which nothing is decided."""
    _clear()
    with transaction.atomic():
        _make(count, now)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE accounts_account, accounts_contact, ordering_order, fulfilment_shipment")
    try:
        yield
    finally:
        _clear()


def _make(count: int, now: datetime) -> None:
    delivered_at = now - timedelta(days=3)
    accounts = Account.objects.bulk_create(
        (Account(number=f"{PREFIX}{n}", name=f"Bench {n}") for n in range(-(-count // 2))), batch_size=_BATCH
    )
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_account SET path = '/' || id || '/' WHERE number LIKE %s", [f"{PREFIX}%"])
    contacts = Contact.objects.bulk_create(
        (
            Contact(account=accounts[n // 2], name=f"Contact {n}", email=f"contact{n}@{DOMAIN}", role="buyer")
            for n in range(count)
        ),
        batch_size=_BATCH,
    )
    long_ago = delivered_at - timedelta(days=400)
    Order.objects.bulk_create(
        (
            Order(number=f"{PREFIX}{account.number}", account=account, status="delivered", placed_at=long_ago)
            for account in accounts
        ),
        batch_size=_BATCH,
    )
    orders = Order.objects.bulk_create(
        (
            Order(
                number=f"{PREFIX}{n}",
                account_id=contact.account_id,
                contact=contact,
                status="delivered",
                placed_at=delivered_at - timedelta(days=3),
            )
            for n, contact in enumerate(contacts)
        ),
        batch_size=_BATCH,
    )
    Shipment.objects.bulk_create(
        (
            Shipment(
                number=f"{PREFIX}{n}",
                order=order,
                account_id=order.account_id,
                status="delivered",
                shipped_at=delivered_at - timedelta(days=1),
                delivered_at=delivered_at,
                created_at=delivered_at - timedelta(days=2),
            )
            for n, order in enumerate(orders)
        ),
        batch_size=_BATCH,
    )


def _clear() -> None:
    Event.objects.filter(subject__startswith=f"shipment:{PREFIX}").delete()
    Invitation.objects.filter(shipment__number__startswith=PREFIX).delete()
    for rows in (Shipment, Order):
        rows.objects.filter(number__startswith=PREFIX).delete()
    Contact.objects.filter(account__number__startswith=PREFIX).delete()
    Account.objects.filter(number__startswith=PREFIX).delete()
