"""A warehouse is told what to pick."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.services import demand
from apps.availability.models import Warehouse
from apps.core.events import record
from apps.core.scoping import Actor
from apps.fulfilment.errors import NothingToRelease
from apps.fulfilment.models import Shipment, Wave
from apps.fulfilment.selectors.picking import releasable
from apps.fulfilment.services.inserts import choose_inserts

LARGEST_WAVE = 200


@transaction.atomic
def release_wave(actor: Actor, warehouse: Warehouse, *, now: datetime, size: int = LARGEST_WAVE) -> Wave:
    """What can be picked in a warehouse today is picked together from now on, at most `size` shipments of it.

    First promise first; what else goes into the boxes is chosen as well. From here on a shipment no longer follows what
    is held. Who releases a second wave there meanwhile waits for the first, so that what lies there is counted once.
    Raises `NothingToRelease`.
    """
    demand(actor, "shipment.dispatch")
    Warehouse.objects.select_for_update(no_key=True).get(pk=warehouse.pk)
    today = now.astimezone(ZoneInfo(warehouse.time_zone)).date()
    shipments = releasable(warehouse, on=today, locked=True)[:size]
    if not shipments:
        words = _("No shipment from %(warehouse)s is due with all its goods there.")
        raise NothingToRelease(words % {"warehouse": warehouse.name})
    wave = Wave.objects.create(warehouse=warehouse, released_at=now, released_by=actor.name)
    Shipment.objects.filter(pk__in=[shipment.pk for shipment in shipments]).update(wave=wave)
    choose_inserts(shipments, now=now)
    record(
        "wave.released",
        f"wave:{wave.number}",
        actor=actor,
        at=now,
        warehouse=warehouse.code,
        shipments=[shipment.number for shipment in shipments],
    )
    return wave
