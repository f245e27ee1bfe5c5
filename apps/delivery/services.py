"""What is set up about deliveries, and the places in timed slots."""

from collections.abc import Iterable
from datetime import date

from django.db import connection, transaction

from apps.availability.models import Warehouse
from apps.delivery.errors import SlotTaken
from apps.delivery.models import DeliveryOption, Lane, SlotRight

_HOME_DAYS, _ABROAD_DAYS = 2, 5
# Who waits for the row finds it taken, and takes none.
_TAKE_RIGHT = """
UPDATE delivery_slotright SET order_number = %(number)s WHERE id = (
    SELECT id FROM delivery_slotright
    WHERE account_id = %(account)s AND order_number = '' AND %(on)s BETWEEN valid_from AND valid_until
    ORDER BY valid_until, id LIMIT 1 FOR UPDATE
)
"""


@transaction.atomic
def ensure_standard_delivery(*, home: str, countries: Iterable[str], currency: str, time_zone: str) -> DeliveryOption:
    """See to it that goods can reach each country: a first warehouse, a standard option, a lane to each.

    What is there already is left as it is; operations set rates and transit days afterwards.
    """
    warehouse = Warehouse.objects.order_by("priority", "code").first() or Warehouse.objects.create(
        code="MAIN", name="Main warehouse", country=home, time_zone=time_zone
    )
    kind = DeliveryOption.Kind.STANDARD
    option = DeliveryOption.objects.filter(kind=kind, currency=currency).order_by("position").first()
    if option is None:
        option = DeliveryOption.objects.create(code="standard", name="Standard", kind=kind, currency=currency)
    served = set(Lane.objects.filter(option=option, warehouse=warehouse).values_list("country", flat=True))
    Lane.objects.bulk_create(
        Lane(
            option=option,
            warehouse=warehouse,
            country=country,
            transit_days=_HOME_DAYS if country == home else _ABROAD_DAYS,
        )
        for country in sorted({home, *countries} - served)
    )
    return option


@transaction.atomic
def book_slot(order_number: str, *, window_id: int, day_on: date, account_id: int, on: date) -> int:
    """A place in a slot for an order, by its number, or for a further delivery of one; returns the slot's id. The same
    again keeps the place it has.

    One conditional statement decides, so that a slot cannot be overbooked; `SlotTaken` where the last place is gone. A
    priority slot takes a right that the account has on that day as well, and nobody takes a right twice.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT slot_id FROM delivery_slotbooking WHERE order_number = %s", [order_number])
        if held := cursor.fetchone():
            return held[0]
        cursor.execute(
            "INSERT INTO delivery_slot (window_id, day_on, capacity, booked) "
            "SELECT id, %s, capacity, 0 FROM delivery_slotwindow WHERE id = %s ON CONFLICT DO NOTHING",
            [day_on, window_id],
        )
        cursor.execute(
            "UPDATE delivery_slot SET booked = booked + 1 "
            "WHERE window_id = %s AND day_on = %s AND booked < capacity RETURNING id",
            [window_id, day_on],
        )
        taken = cursor.fetchone()
        if taken is None:
            raise SlotTaken()
        cursor.execute("SELECT is_priority FROM delivery_slotwindow WHERE id = %s", [window_id])
        if cursor.fetchone()[0]:
            cursor.execute(_TAKE_RIGHT, {"number": order_number, "account": account_id, "on": on})
            if not cursor.rowcount:
                raise SlotTaken()
        cursor.execute(
            "INSERT INTO delivery_slotbooking (slot_id, order_number) VALUES (%s, %s)", [taken[0], order_number]
        )
    return taken[0]


@transaction.atomic
def release_slot(*refs: str) -> None:
    """The places that orders, by their number, or further deliveries of them had in slots are free again, and so are
    the rights they took; nothing where they have none."""
    SlotRight.objects.filter(order_number__in=refs).update(order_number="")
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH gone AS (DELETE FROM delivery_slotbooking WHERE order_number = ANY(%s) RETURNING slot_id), "
            "sums AS (SELECT slot_id, count(*) AS places FROM gone GROUP BY slot_id) "
            "UPDATE delivery_slot AS s SET booked = s.booked - sums.places FROM sums WHERE s.id = sums.slot_id",
            [list(refs)],
        )


def grant_slot_right(account_id: int, *, source_ref: str, valid_from: date, valid_until: date) -> SlotRight:
    """Let the account book one priority slot within these days; once for each `source_ref`."""
    right, _made = SlotRight.objects.get_or_create(
        source_ref=source_ref,
        defaults={"account_id": account_id, "valid_from": valid_from, "valid_until": valid_until},
    )
    return right


def withdraw_slot_right(source_ref: str) -> bool:
    """The right is no more; whether that is so: one that an order has taken stays."""
    rights = SlotRight.objects.filter(source_ref=source_ref)
    rights.filter(order_number="").delete()
    return not rights.exists()
