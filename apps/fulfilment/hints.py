"""What picker and driver have to know of a delivery, in sentences.

1. What was agreed stands on the order: the slot or branch, the receiving hours, gate, unloading, marking, what the
   delivery note must say, whether it goes blind and on one day. What the address says today changes none of it.
2. Whom to ask for, and the number to ring, are those of the address as it is today, while it is in use: a driver at a
   gate needs whoever is there now. The order's own stand in for an address that is gone.
"""

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.ordering.models.destinations import GoesSomewhere
from apps.ordering.selectors.terms import DeliveryTerms, delivery_terms_of

_ISOLATE, _END = "\u2068", "\u2069"  # first-strong isolate and its end (UAX #9)


def own_way(text: str) -> str:
    """A text of whatever direction within others."""
    return f"{_ISOLATE}{text}{_END}"


def hints_of(goes: GoesSomewhere) -> list[str]:
    """The sentences, what is soonest needed first; none where nobody has said. `goes` comes with its ship-to."""
    terms = delivery_terms_of(goes)
    said = [
        (terms.markings, _("Marking: %(text)s")),
        (terms.delivery_note, _("On the delivery note: %(text)s")),
        (terms.gate, _("Gate: %(text)s")),
        (terms.unloading, _("Unloading: %(text)s")),
        (_who(goes, terms), _("Contact: %(text)s")),
    ]
    return [
        *_when(terms),
        *((_("Blind shipment: no paper and no parcel with our name."),) if terms.is_blind else ()),
        *((_("Everything leaves on one day."),) if terms.is_complete else ()),
        *(words % {"text": own_way(text)} for text, words in said if text),
    ]


def _when(terms: DeliveryTerms) -> list[str]:
    if terms.branch:
        return [_("Picked up at %(name)s.") % {"name": own_way(terms.branch)}]
    found = []
    if terms.slot_from and terms.slot_to:
        found.append(
            _("Time slot: %(day)s, %(start)s–%(end)s.")
            % {
                "day": date_format(terms.slot_from, "D j M"),
                "start": f"{terms.slot_from:%H:%M}",
                "end": f"{terms.slot_to:%H:%M}",
            }
        )
    if terms.receiving_from and terms.receiving_to:
        hours = {"start": terms.receiving_from, "end": terms.receiving_to}
        found.append(_("Receives from %(start)s to %(end)s.") % hours)
    return found


def _who(goes: GoesSomewhere, terms: DeliveryTerms) -> str:
    is_in_use = goes.ship_to is not None and goes.ship_to.is_active
    person = goes.ship_to if is_in_use else terms
    return " ".join(filter(None, (person.contact_name, person.phone)))
