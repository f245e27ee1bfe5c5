"""Addresses goods go to: opened, changed and retired by the account itself."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime, time
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts import rules
from apps.accounts.errors import AddressRefused
from apps.accounts.models import ShipTo
from apps.accounts.selectors import account_of, ship_to_for
from apps.accounts.services.permissions import demand
from apps.core.events import record
from apps.core.scoping import Actor
from apps.core.text import folded


@dataclass(frozen=True, slots=True)
class Address:
    """A ship-to as it is entered; texts are folded and trimmed on the way in. `receiving_days` are ISO weekdays.

    `closed_days` are days or periods such as 2026-12-24 – 2027-01-02; `preferred_weekday` is an ISO weekday.
    `time_zone` is a choice among those of the country; without one it is found by country and postal code.
    """

    name: str
    street: str
    city: str
    postal_code: str = ""
    country: str = "GB"
    contact_name: str = ""
    phone: str = ""
    receiving_from: time = time(8)
    receiving_to: time = time(16)
    receiving_days: str = "12345"
    gate: str = ""
    unloading: str = ""
    markings: str = ""
    closed_days: str = ""
    preferred_weekday: int | None = None
    delivery_note: str = ""
    is_blind: bool = False
    prefers_complete: bool = False
    time_zone: str = ""
    is_default: bool = False


@transaction.atomic
def open_ship_to(actor: Actor, address: Address, *, now: datetime) -> ShipTo:
    """A new ship-to of the account `actor` stands in; its code is the next free number there.

    Raises `PermissionMissing`, or `AddressRefused` with a message for each field that needs correcting.
    """
    demand(actor, "ship_to.edit")
    account = account_of(actor)
    checked = _checked(address)
    codes = ShipTo.objects.select_for_update().filter(account=account).values_list("code", flat=True)
    ship_to = ShipTo(account=account, code=rules.next_code(codes), **checked)
    ship_to.time_zone = ship_to.zone_of_place(chosen=address.time_zone)
    return _keep(actor, ship_to, "ship_to.opened", now)


@transaction.atomic
def change_ship_to(actor: Actor, ship_to: ShipTo, address: Address, *, now: datetime) -> ShipTo:
    """Correct one of the account's ship-tos; orders keep the address they were placed with.

    A time zone that was that of the place follows the place; one that was chosen stays while the country keeps it.
    """
    demand(actor, "ship_to.edit")
    ship_to = ship_to_for(actor, ship_to.pk)
    is_of_place = address.time_zone == ship_to.time_zone == ship_to.zone_of_place()
    stood_at = _where(ship_to)
    for name, value in _checked(address).items():
        setattr(ship_to, name, value)
    if _where(ship_to) != stood_at:
        ship_to.latitude = ship_to.longitude = None  # they were of the old address
    ship_to.time_zone = ship_to.zone_of_place(chosen="" if is_of_place else address.time_zone)
    return _keep(actor, ship_to, "ship_to.changed", now)


@transaction.atomic
def amend_ship_to(actor: Actor, ship_to_id: int, changes: Mapping[str, object], *, now: datetime) -> ShipTo:
    """Change what is named of a ship-to, by the names of `Address`, and leave the rest.

    It is locked: two who change different things at once lose nothing of each other's.
    """
    demand(actor, "ship_to.edit")
    ship_to = ship_to_for(actor, ship_to_id)
    ship_to = ShipTo.objects.select_for_update().get(pk=ship_to.pk)
    kept = {field.name: getattr(ship_to, field.name) for field in fields(Address)}
    return change_ship_to(actor, ship_to, Address(**kept | changes), now=now)


@transaction.atomic
def retire_ship_to(actor: Actor, ship_to: ShipTo, *, now: datetime) -> None:
    """Offer a ship-to no more; what was sent there stays on record."""
    demand(actor, "ship_to.edit")
    ship_to = ship_to_for(actor, ship_to.pk)
    ship_to.is_active = ship_to.is_default = False
    _keep(actor, ship_to, "ship_to.retired", now)


@transaction.atomic
def place_ship_tos(actor: Actor, at: Mapping[int, tuple[Decimal, Decimal]], *, now: datetime) -> int:
    """Say where ship-tos that the actor may see are: id -> degrees north and east; how many stood elsewhere before.

    Records `ship_to.placed` for each.
    """
    demand(actor, "ship_to.edit")
    rows = ShipTo.objects.visible_to(actor).select_for_update(of=("self",)).filter(pk__in=at).order_by("pk")
    moved = [row for row in rows if (row.latitude, row.longitude) != at[row.pk]]
    for row in moved:
        row.latitude, row.longitude = at[row.pk]
        record(
            "ship_to.placed", f"ship_to:{row.code}", account_id=row.account_id, actor=actor, at=now, to=str(row),
            latitude=str(row.latitude), longitude=str(row.longitude),
        )  # fmt: skip
    ShipTo.objects.bulk_update(moved, ["latitude", "longitude"], batch_size=500)
    return len(moved)


def _where(ship_to: ShipTo) -> tuple[str, ...]:
    return ship_to.street, ship_to.postal_code, ship_to.city, ship_to.country


def _checked(address: Address) -> dict:
    checked = {name: folded(value) if isinstance(value, str) else value for name, value in asdict(address).items()}
    checked["country"] = checked["country"].upper()
    wrong = rules.address_problems(checked)
    if wrong:
        raise AddressRefused(fields={name: [_words(why)] for name, why in wrong.items()})
    checked["closed_days"] = rules.periods_text(rules.closed_periods(checked["closed_days"]))
    return checked


def _words(why: str) -> str:
    return {
        "missing": _("Please fill this in."),
        "too_long": _("This is too long."),
        "not_a_country": _("Give the country as two letters, such as GB."),
        "not_a_postal_code": _("This does not look like a postal code."),
        "not_after_start": _("Receiving must end after it starts."),
        "not_weekdays": _("Choose at least one day."),
        "not_days": _("Write each day as 2026-12-24, periods as 2026-12-24 – 2027-01-02, separated by commas."),
        "not_a_receiving_day": _("Nothing is received on that day: choose one of the receiving days."),
    }[why]


def _keep(actor: Actor, ship_to: ShipTo, name: str, now: datetime) -> ShipTo:
    if ship_to.is_default:
        ShipTo.objects.filter(account=ship_to.account_id, is_default=True).exclude(pk=ship_to.pk).update(
            is_default=False
        )
    ship_to.save()
    record(name, f"ship_to:{ship_to.code}", account_id=ship_to.account_id, actor=actor, at=now, to=str(ship_to))
    return ship_to
