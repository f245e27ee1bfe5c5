"""The programmes beside that of deliveries: there in the usual words, for operations to switch on."""

from collections.abc import Collection

from django.db.models import Exists, OuterRef, Q

from apps.accounts.models import Contact
from apps.feedback.models import USUAL, Programme
from apps.fulfilment.models import Shipment
from apps.ordering.models import Order

CALLED_OFF = (Order.Status.CANCELLED, Order.Status.DECLINED)
_NAMES = {kind: kind.label for kind in Programme.Kind}
_SETTINGS = {
    Programme.Kind.CASE: {
        "is_active": True, "delay_days": 0, "reminder_days": 0, "contact_rest_days": 30, "account_cap": 0,
    },
    Programme.Kind.RELATIONSHIP: {
        "delay_days": 0, "personas": [Contact.Persona.DECISION_MAKER.value, Contact.Persona.GATEKEEPER.value],
    },
    Programme.Kind.FIRST_ORDER: {},
    Programme.Kind.LAPSED: {"delay_days": 0},
}  # fmt: skip


def ensure_programmes() -> None:
    """One programme of each kind, in the usual words, where operations has none yet; all but that after a case off."""
    there = set(Programme.objects.values_list("kind", flat=True))
    for kind, settings in _SETTINGS.items():
        if kind not in there:
            defaults = {"kind": kind, "name": _NAMES[kind].capitalize(), "is_active": False, **settings}
            defaults |= USUAL[kind.value]._asdict()
            Programme.objects.get_or_create(code=kind.value.replace("_", "-"), defaults=defaults)


def active_programme(kind: str) -> Programme | None:
    """The first active programme of a kind by its priority. One query."""
    return Programme.objects.filter(kind=kind, is_active=True).order_by("priority", "pk").first()


def of_first_orders(shipment_ids: Collection[int]) -> set[int]:
    """Those of the deliveries that belong to the first order of their account, while that is asked about. Two queries
    at most."""
    if not shipment_ids or active_programme(Programme.Kind.FIRST_ORDER) is None:
        return set()
    before = Q(placed_at__lt=OuterRef("order__placed_at")) | Q(
        placed_at=OuterRef("order__placed_at"), pk__lt=OuterRef("order")
    )
    earlier = Order.objects.filter(before, account=OuterRef("account"))
    shipments = Shipment.objects.filter(~Exists(earlier.exclude(status__in=CALLED_OFF)), pk__in=shipment_ids)
    return set(shipments.values_list("pk", flat=True))
