"""The story of an order in words: what was recorded about it, and what its carriers said."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the story: see components/_timeline.html."""

    at: datetime
    icon: str
    text: str
    note: str = ""
    tone: str = ""
    who: str = ""
    link: str = ""


# name of the event -> icon, tone, words
ORDER_WORDS = {
    "order.placed": ("shopping-cart", "", _("The order was placed")),
    "order.approval_needed": ("hourglass", "warn", _("The order waits for a yes")),
    "order.approved": ("user-round-check", "ok", _("The order was approved")),
    "order.declined": ("circle-x", "bad", _("The order was declined")),
    "order.confirmed": ("clipboard-check", "info", _("We confirmed the order")),
    "order.payment_reminded": ("bell", "warn", _("We reminded you of the payment")),
    "order.payment_extended": ("hourglass", "info", _("We hold the goods for longer")),
    "order.cancelled": ("ban", "bad", _("The order was cancelled")),
    "order.slipped": ("calendar-clock", "warn", _("Part of it comes later than we promised")),
    "order.slip_answered": ("list-checks", "info", _("What to do about it was chosen")),
    "order.slip_reopened": ("hourglass", "warn", _("What was to come instead does not come")),
    "order.freight_added": ("truck", "info", _("The delivery costs more, as was chosen")),
    "order.amended": ("pencil", "info", _("The order was made smaller")),
}
CHOICES = {
    "wait": _("%(sku)s: you wait for it, until %(day)s."),
    "split": _("%(sku)s: what is there is sent first."),
    "cancel": _("%(sku)s: what comes late is called off."),
    "substitute": _("%(sku)s: order %(substitute)s comes instead."),
}
RETURN_WORDS = {
    "return.requested": ("undo-2", "", _("The return was asked for")),
    "return.approved": ("circle-check", "ok", _("We agreed to the return")),
    "return.refused": ("circle-x", "bad", _("We could not agree to the return")),
    "return.cancelled": ("ban", "", _("The return was withdrawn")),
    "return.sent": ("truck", "info", _("The goods are on their way to us")),
    "return.expired": ("hourglass", "warn", _("Nothing was sent: the return ended")),
    "return.received": ("warehouse", "info", _("We received goods of it")),
    "return.credited": ("receipt", "ok", _("What came back was credited")),
    "return.closed": ("circle-check", "", _("The return was closed")),
}
PAYMENT_NOTES = {
    "pay_by": _("The money should be here by %(day)s."),
    "unpaid_by": _("No money had come by %(day)s."),
}
TRACKING_WORDS = {
    "picked_up": ("package-check", "", _("Shipment %(number)s was picked up")),
    "in_transit": ("truck", "", _("Shipment %(number)s is under way")),
    "out_for_delivery": ("truck", "info", _("Shipment %(number)s is out for delivery")),
    "delivered": ("circle-check", "ok", _("Shipment %(number)s was delivered")),
    "exception": ("triangle-alert", "warn", _("The carrier reports a difficulty with shipment %(number)s")),
}


def entries_of(page, shipments: Iterable) -> list[Entry]:
    """Everything that happened to an order and its shipments, the latest first."""
    entries = [*_recorded(page), *(entry for shipment in shipments for entry in _of_shipment(shipment))]
    return sorted(entries, key=lambda entry: entry.at, reverse=True)


def returns_story(events: Iterable) -> list[Entry]:
    """What was recorded about a return, the latest first."""
    told = [event for event in events if event.name in RETURN_WORDS]
    return [
        Entry(
            event.occurred_at,
            RETURN_WORDS[event.name][0],
            RETURN_WORDS[event.name][2],
            note=event.facts.get("reason") or "",
            tone=RETURN_WORDS[event.name][1],
            who=event.actor_name,
        )
        for event in reversed(told)
    ]


def _recorded(page) -> Iterator[Entry]:
    told = False
    for event in page.history:
        if event.name in ORDER_WORDS:
            icon, tone, words = ORDER_WORDS[event.name]
            note = _note(event)
            told = told or event.name in ("order.placed", "order.approval_needed")
            yield Entry(event.occurred_at, icon, words, note=note, tone=tone, who=event.actor_name)
    if not told:
        icon, tone, words = ORDER_WORDS["order.placed"]
        yield Entry(page.order.placed_at, icon, words, tone=tone, who=str(page.order.contact or ""))


def _note(event) -> str:
    """What is worth saying beside the words: a comment, a reason, the days and lines that are meant."""
    facts = event.facts
    if event.name == "order.slipped":
        return " ".join(
            _("%(sku)s: %(day)s instead of %(first)s.")
            % {"sku": line["sku"], "day": _day(line["comes_on"]), "first": _day(line["first"])}
            for line in facts["lines"]
        )
    if event.name == "order.slip_answered":
        values = {"sku": facts["sku"], "day": _day(facts["comes_on"]), "substitute": facts.get("substitute", "")}
        return str(CHOICES[facts["choice"]]) % values
    if event.name == "order.slip_reopened":
        return _("%(sku)s: you can choose again.") % {"sku": facts["sku"]}
    return facts.get("comment") or facts.get("reason") or _payment_note(facts)


def _day(iso: str) -> str:
    return date_format(date.fromisoformat(iso), "j M Y")


def _payment_note(facts: dict) -> str:
    """Until when the money of an order that is paid ahead is awaited, or was."""
    for name, words in PAYMENT_NOTES.items():
        if name in facts:
            return words % {"day": date_format(date.fromisoformat(facts[name]), "j F Y")}
    return ""


def _of_shipment(shipment) -> Iterator[Entry]:
    facts = {"number": shipment.number}
    said = [event for event in shipment.tracking.all() if event.applied]
    for event in said:
        icon, tone, words = TRACKING_WORDS[event.kind]
        yield Entry(
            event.happened_at, icon, words % facts, note=" · ".join(filter(None, (event.place, event.note))), tone=tone
        )
    kinds = {event.kind for event in said}
    if shipment.shipped_at and "picked_up" not in kinds:
        yield Entry(
            shipment.shipped_at, "truck", _("Shipment %(number)s left us") % facts, note=shipment.carrier, tone="info"
        )
    if shipment.delivered_at and "delivered" not in kinds:
        received = _("Received by %(name)s") % {"name": shipment.received_by} if shipment.received_by else ""
        words = TRACKING_WORDS["delivered"][2] % facts
        yield Entry(shipment.delivered_at, "circle-check", words, note=received, tone="ok")
