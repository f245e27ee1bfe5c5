"""What carriers send, one by one or by the hundred: every message is kept, and moves a shipment where it is news.

1. A message is known by its carrier and its own number: sent again, it is the row of before. Another text under the
   same number is kept beside it, in quarantine.
2. One that cannot be read, names no shipment of the carrier or says what cannot be waits in quarantine with its reason;
   operations let it be tried again, or set it aside.
3. What is read becomes a tracking event. Whether it moves anything is decided there, by rank: see `services.tracking`.
4. A supplier that sends straight to the receiver speaks by the same doors, under its own name: its dispatch note says
   what left, by which carrier and under which tracking number. That carrier's own messages move it from there.
5. The secret of a key is derived from the house's own, so that no copy of the database can sign.
"""

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from apps.accounts.services import demand
from apps.core.errors import Refusal
from apps.core.events import record
from apps.core.scoping import Actor
from apps.core.text import plain
from apps.fulfilment.errors import NotTrusted
from apps.fulfilment.models import CarrierKey, CarrierMessage, Parcel, Shipment, TrackingEvent
from apps.fulfilment.rules.signatures import distrust
from apps.fulfilment.services.deliveries import confirm_delivery
from apps.fulfilment.services.tracking import record_tracking

State = CarrierMessage.State
DISPATCHED = "dispatched"  # the kind of a supplier's dispatch note
_SALT = "fulfilment.carrier_key"


class Unreadable(Exception):
    """A message that says nothing that can be used; the text says why."""


@transaction.atomic
def open_carrier_key(actor: Actor, carrier: str, *, now: datetime) -> CarrierKey:
    """A key for a carrier that sends us what it sees; `secret_of` is what it signs with."""
    demand(actor, "shipment.dispatch")
    key = CarrierKey.objects.create(key_id=secrets.token_hex(16), carrier=carrier.strip())
    record("carrier_key.opened", f"carrier_key:{key.key_id}", actor=actor, at=now, carrier=key.carrier)
    return key


def secret_of(key: CarrierKey) -> str:
    """The secret a carrier signs with, as long as the house keeps its own."""
    return _secrets(key)[0]


def _secrets(key: CarrierKey) -> list[str]:
    own = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return [salted_hmac(_SALT, key.key_id, secret=each, algorithm="sha256").hexdigest() for each in own]


def signed_by(key_id: str, signature: str, body: bytes, *, now: datetime) -> Actor:
    """The carrier that signed `body`; raises `NotTrusted`. An unknown key and a wrong signature sound alike."""
    key = CarrierKey.objects.filter(key_id=key_id, is_active=True).first()
    why = distrust(signature, body, _secrets(key), int(now.timestamp())) if key else "wrong"
    if why == "stale":
        raise NotTrusted(_("The message was signed more than five minutes ago. Sign it again when you send it."))
    if why:
        raise NotTrusted(_("Sign the body with the secret of your key."))
    return carrier_actor(key.carrier)


def carrier_actor(carrier: str) -> Actor:
    """A carrier: it sees and moves what goes by it."""
    return Actor(role="carrier", name=carrier, carrier=carrier)


def take_in(actor: Actor, rows: Iterable[object], *, channel: str, now: datetime) -> list[CarrierMessage]:
    """Keep each message of a carrier and let it do what it can; what became of each, in the order they came.

    Each is a transaction of its own: one that cannot be used keeps no other from being used.
    """
    demand(actor, "delivery.confirm")
    return [_take_in(actor, row, channel, now) for row in rows]


@transaction.atomic
def _take_in(actor: Actor, row: object, channel: str, now: datetime) -> CarrierMessage:
    body = json.loads(plain(json.dumps(row, default=str)).replace("\\u0000", ""))
    body = {} if body is None else body
    digest = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
    said = body.get("message_id") if isinstance(body, dict) else None
    number = str(said or "").strip()[:80]
    message, is_new = CarrierMessage.objects.get_or_create(
        carrier=actor.carrier[:80],
        message_id=number or f"sha256:{digest}"[:80],
        digest=digest,
        defaults={"channel": channel, "body": body, "state": State.QUARANTINED, "received_at": now},
    )
    if is_new:
        others = CarrierMessage.objects.filter(carrier=message.carrier, message_id=message.message_id)
        if not number:
            message.reason = _("It has no number of its own (message_id).")
        elif others.exclude(pk=message.pk).exists():
            message.reason = _("Under this number something else was said before.")
        else:
            _settle(actor, message, now)
        message.save(update_fields=["state", "reason", "event"])
    return message


@transaction.atomic
def try_again(actor: Actor, message: CarrierMessage, *, now: datetime) -> CarrierMessage:
    """A message in quarantine is tried once more: its shipment may be known by now."""
    demand(actor, "shipment.dispatch")
    message = CarrierMessage.objects.select_for_update(of=("self",)).get(pk=message.pk)
    if message.state == State.QUARANTINED:
        _settle(carrier_actor(message.carrier), message, now)
        message.save(update_fields=["state", "reason", "event"])
    return message


@transaction.atomic
def set_aside(actor: Actor, message: CarrierMessage, *, now: datetime) -> None:
    """A message that never will be of use leaves the quarantine; it is kept."""
    demand(actor, "shipment.dispatch")
    gone = CarrierMessage.objects.filter(pk=message.pk, state=State.QUARANTINED).update(state=State.SET_ASIDE)
    if gone:
        record("carrier_message.set_aside", f"carrier_message:{message.pk}", actor=actor, at=now)


def _settle(actor: Actor, message: CarrierMessage, now: datetime) -> None:
    try:
        with transaction.atomic():
            message.event = _apply(actor, message, now)
    except Unreadable as why:
        message.state, message.reason = State.QUARANTINED, str(why)[:200]
    except Refusal as refusal:
        message.state, message.reason = State.QUARANTINED, refusal.detail[:200]
    else:
        message.state = State.APPLIED if message.event.applied else State.KEPT
        message.reason = message.event.unapplied_because


def _apply(actor: Actor, message: CarrierMessage, now: datetime) -> TrackingEvent:
    body = message.body
    if not isinstance(body, dict):
        raise Unreadable(_("It is no message: names and values are wanted."))
    kind = str(body.get("kind", ""))
    if kind == DISPATCHED:
        return _note_dispatch(actor, message, body, now)
    if kind not in TrackingEvent.Kind.values:
        raise Unreadable(_("“%(kind)s” is nothing that happens to a shipment.") % {"kind": kind[:40]})
    happened_at = _moment(body.get("happened_at"))
    shipment, parcel = _what(actor, body)
    said = {"happened_at": happened_at, "source": message.carrier[:40], "message_id": message.message_id}
    text = {name: str(body.get(name) or "") for name in ("place", "note", "received_by")}
    if kind == TrackingEvent.Kind.DELIVERED and body.get("lines") and shipment.status != Shipment.Status.DELIVERED:
        confirm_delivery(
            actor,
            shipment,
            received_by=text["received_by"],
            delivered_at=happened_at,
            lines=_counted(shipment, body["lines"]),
            source=said["source"],
            message_id=said["message_id"],
            now=now,
        )
    return record_tracking(
        actor,
        shipment,
        kind=kind,
        place=text["place"],
        note=text["received_by"] or text["note"],
        parcel=parcel,
        **said,
        now=now,
    )


def _note_dispatch(actor: Actor, message: CarrierMessage, body: Mapping, now: datetime) -> TrackingEvent:
    """A supplier says that a shipment of its own has left, and how it is known on its way."""
    shipment = _own_shipment(actor, body)
    _refuse_other_goods(shipment, body.get("lines"))
    text = {name: str(body.get(name) or "") for name in ("place", "note", "carrier", "tracking_number")}
    return record_tracking(
        actor,
        shipment,
        kind=TrackingEvent.Kind.PICKED_UP,
        place=text["place"],
        note=text["note"],
        carrier=text["carrier"],
        tracking_code=text["tracking_number"],
        happened_at=_moment(body.get("happened_at")),
        source=message.carrier[:40],
        message_id=message.message_id,
        now=now,
    )


def _own_shipment(actor: Actor, body: Mapping) -> Shipment:
    """The shipment of the supplier that is meant by our number of it, or by that of the order where it is one alone."""
    number, order = (str(body.get(name) or "").strip()[:60] for name in ("shipment", "order"))
    if not (number or order):
        raise Unreadable(_("A dispatch note names the shipment, or the order (shipment or order)."))
    theirs = Shipment.objects.exclude(supplier="").filter(supplier__iexact=actor.carrier)
    theirs = theirs.exclude(status=Shipment.Status.CANCELLED).order_by("-id")
    found = list(theirs.filter(number=number)[:2] if number else theirs.filter(order__number=order)[:2])
    if not found:
        words = _("Nothing that this supplier sends straight to the receiver is known as %(code)s.")
        raise Unreadable(words % {"code": number or order})
    if len(found) > 1:
        words = _("More than one shipment of this supplier belongs to %(code)s: name the shipment.")
        raise Unreadable(words % {"code": order})
    return found[0]


def _refuse_other_goods(shipment: Shipment, said: object) -> None:
    """Raises `Unreadable` where the note counts other goods than the shipment has: somebody has to look at it."""
    if not said:
        return
    planned = dict(shipment.lines.values_list("order_line__position", "quantity"))
    try:
        counted = {int(line["position"]): int(line["quantity"]) for line in said}
    except (TypeError, KeyError, ValueError):
        raise Unreadable(_("Its lines cannot be read: position and quantity are wanted of each.")) from None
    if counted != planned:
        raise Unreadable(_("It counts other goods than the shipment has: settle it with the supplier."))


def _moment(text: object) -> datetime:
    try:
        moment = parse_datetime(str(text or ""))
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise Unreadable(_("It does not say when it happened, as a date and time with its zone (happened_at)."))
    return moment


def _what(actor: Actor, body: Mapping):
    """The shipment of the carrier that is spoken of, and the parcel where it is one of several."""
    code = str(body.get("tracking_number") or body.get("shipment") or "").strip()[:60]
    if not code:
        raise Unreadable(_("It names no shipment (tracking_number or shipment)."))
    found = list(Shipment.objects.visible_to(actor).filter(pk__in=_known_as(code)).order_by("-id")[:2])
    if not found:
        raise Unreadable(_("No shipment that goes by this carrier is known as %(code)s.") % {"code": code})
    if len(found) > 1 and found[0].number != code:
        raise Unreadable(_("More than one shipment is known as %(code)s.") % {"code": code})
    return found[0], found[0].parcels.filter(tracking_number=code).first()


def _known_as(code: str) -> list[int]:
    """Ids of shipments of that number or tracking number, and of those with such a parcel: each by its own index, where
    one condition with OR would read every shipment there ever was."""
    by_number = Shipment.objects.order_by().filter(number=code).values_list("pk")
    by_code = Shipment.objects.order_by().filter(tracking_code=code).values_list("pk")
    by_parcel = Parcel.objects.order_by().filter(tracking_number=code).values_list("shipment")
    return [pk for (pk,) in by_number.union(by_code, by_parcel)]


def _counted(shipment: Shipment, lines: object) -> dict[int, tuple[int, int]]:
    """Order line id -> (delivered, damaged) of lines by their position in the order."""
    ids = dict(shipment.lines.values_list("order_line__position", "order_line_id"))
    try:
        said = {int(line["position"]): (int(line["delivered"]), int(line.get("damaged", 0))) for line in lines}
    except (TypeError, KeyError, ValueError, AttributeError):
        raise Unreadable(_("Its lines cannot be read: position, delivered and damaged are wanted of each.")) from None
    return {ids.get(position, -position): counts for position, counts in said.items()}
