"""What is set up about deliveries, and the places in timed slots."""

from collections.abc import Iterable
from datetime import date

from django.db import connection, transaction

from apps.availability.models import Warehouse
from apps.delivery.errors import SlotTaken
from apps.delivery.models import DeliveryOption, Lane

_HOME_DAYS, _ABROAD_DAYS = 2, 5


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
def book_slot(order_number: str, *, window_id: int, day_on: date) -> int:
    """A place in a slot for an order, by its number, or for a further delivery of one; returns the slot's id. The same
    again keeps the place it has.

    One conditional statement decides, so that a slot cannot be overbooked; `SlotTaken` where the last place is gone.
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
        cursor.execute(
            "INSERT INTO delivery_slotbooking (slot_id, order_number) VALUES (%s, %s)", [taken[0], order_number]
        )
    return taken[0]


@transaction.atomic
def release_slot(*refs: str) -> None:
    """The places that orders, by their number, or further deliveries of them had in slots are free again; nothing where
    they have none."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH gone AS (DELETE FROM delivery_slotbooking WHERE order_number = ANY(%s) RETURNING slot_id), "
            "sums AS (SELECT slot_id, count(*) AS places FROM gone GROUP BY slot_id) "
            "UPDATE delivery_slot AS s SET booked = s.booked - sums.places FROM sums WHERE s.id = sums.slot_id",
            [list(refs)],
        )
