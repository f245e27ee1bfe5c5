"""What is set up about deliveries."""

from collections.abc import Iterable

from django.db import transaction

from apps.availability.models import Warehouse
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
