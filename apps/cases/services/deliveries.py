"""A failed delivery is noticed, apologised for and owned before the customer has to say a word."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.cases.models import Case, CaseMessage
from apps.cases.rules import zone_of
from apps.cases.services.opening import open_case
from apps.cases.services.working import continued, note_once
from apps.core import formatting
from apps.core.models import Event
from apps.fulfilment.models import Shipment
from apps.fulfilment.selectors.proofs import fault_report

_APOLOGY = "Tradewell"


@transaction.atomic
def open_case_for_delivery(shipment_id: int, *, now: datetime) -> Case | None:
    """The case about a delivery that came late, short or damaged, with an apology; None where it was fine.

    A case that its delay opened before is carried on, and noted, rather than a second one opened; so is one that is
    still open from before the delivery was taken back. Safe to repeat. Records `case.opened`, after which the apology
    is mailed.
    """
    shipment = _shipment(shipment_id)
    if not (shipment.is_late or shipment.is_short or shipment.is_damaged):
        return None
    earlier = Case.objects.filter(source_ref=f"overdue:{shipment.number}").first()
    earlier = earlier and continued(earlier)
    if earlier and (earlier.is_open or not (shipment.is_short or shipment.is_damaged)):
        note_once(earlier, _what_went_wrong(shipment), now=now)
        return earlier
    taken_back = Event.objects.filter(subject=f"shipment:{shipment.number}", name="shipment.voided").count()
    source_ref = f"delivery:{shipment.number}:{taken_back}" if taken_back else f"delivery:{shipment.number}"
    before = Case.objects.unresolved().filter(shipment=shipment, source_ref__startswith="delivery:")
    if taken_back and (known := before.exclude(source_ref=source_ref).first()):
        note_once(known, _what_went_wrong(shipment), now=now)
        return known
    return _open_with_apology(shipment, source_ref, _what_went_wrong(shipment), now)


@transaction.atomic
def open_case_for_overdue(shipment_id: int, *, now: datetime) -> Case | None:
    """The case about a delivery that has not come on the day promised, with an apology. Safe to repeat."""
    shipment = _shipment(shipment_id)
    if shipment.status not in (Shipment.Status.PLANNED, Shipment.Status.SHIPPED):
        return None
    with translation.override(_language(shipment)):
        wrong = _("delivery %(number)s is late") % {"number": shipment.number}
    return _open_with_apology(shipment, f"overdue:{shipment.number}", wrong, now)


@transaction.atomic
def follow_corrected_delivery(shipment_id: int, *, reason: str, now: datetime) -> None:
    """A delivery was another than was said: its cases say so to staff, and a failure that comes to light has a case.

    Safe to repeat, and in any order: what counts is how the delivery is now.
    """
    shipment = _shipment(shipment_id)
    if shipment.status != Shipment.Status.DELIVERED:
        return
    failed = shipment.is_late or shipment.is_short or shipment.is_damaged
    words = (
        _("Delivery %(number)s was corrected (%(reason)s): it failed all the same, look at what it was like.")
        if failed
        else _("Delivery %(number)s was corrected (%(reason)s): it came in time, complete and whole.")
    )
    _note_all(shipment, words % {"number": shipment.number, "reason": reason}, now)
    if failed:
        open_case_for_delivery(shipment.pk, now=now)


@transaction.atomic
def note_voided_delivery(shipment_id: int, *, reason: str, now: datetime) -> None:
    """A delivery was taken back as never received: the cases about it, or proven by it, say so to staff."""
    shipment = _shipment(shipment_id)
    words = _("Delivery %(number)s was taken back (%(reason)s): it had not been received.")
    _note_all(shipment, words % {"number": shipment.number, "reason": reason}, now)


def _note_all(shipment: Shipment, words: str, now: datetime) -> None:
    for case in Case.objects.filter(Q(shipment=shipment) | Q(proof_shipment=shipment)).order_by("pk"):
        note_once(case, words, now=now)


@transaction.atomic
def open_case_for_fault(report_id: int, *, now: datetime) -> Case:
    """The case about what a receiver found wrong, with what they wrote. Safe to repeat."""
    report = fault_report(report_id)
    shipment = report.shipment
    language = report.contact.language if report.contact else report.account.language
    with translation.override(language):
        title = _("Something is wrong with delivery %(number)s") % {"number": shipment.number}
        said = [
            _("%(quantity)s x %(sku)s %(name)s: %(kind)s")
            % {
                "quantity": each.quantity,
                "sku": each.line.order_line.sku,
                "name": each.line.order_line.name,
                "kind": each.get_kind_display(),
            }
            for each in report.lines.all()
        ]
    return open_case(
        account_id=report.account_id,
        title=title,
        cause=Case.Cause.DELIVERY,
        origin=Case.Origin.PORTAL,
        source_ref=f"fault:{report.pk}",
        contact_id=report.contact_id,
        shipment_id=shipment.pk,
        order_id=shipment.order_id,
        body="\n".join([*said, report.note]),
        now=now,
    )


def _shipment(shipment_id: int) -> Shipment:
    """Locked, so that a reaction started twice finds what the first one made."""
    shipments = Shipment.objects.select_related("account", "order__contact")
    return shipments.select_for_update(of=("self",), no_key=True).get(pk=shipment_id)


def _language(shipment: Shipment) -> str:
    contact = shipment.order.contact
    return contact.language if contact else shipment.account.language


def _zone(shipment: Shipment) -> str:
    contact = shipment.order.contact
    return contact.time_zone if contact else shipment.account.time_zone


def _what_went_wrong(shipment: Shipment) -> str:
    with translation.override(_language(shipment)):
        faults = [
            (shipment.is_late, _("late")),
            (shipment.is_short, _("incomplete")),
            (shipment.is_damaged, _("damaged")),
        ]
        how = formatting.listed([str(word) for is_so, word in faults if is_so], translation.get_language())
        return _("delivery %(number)s arrived %(how)s") % {"number": shipment.number, "how": how}


def _open_with_apology(shipment: Shipment, source_ref: str, wrong: str, now: datetime) -> Case:
    known = Case.objects.filter(source_ref=source_ref).first()
    if known is not None:
        return known
    case = open_case(
        account_id=shipment.account_id,
        title=wrong[:1].upper() + wrong[1:],
        cause=Case.Cause.DELIVERY,
        origin=Case.Origin.DELIVERY,
        source_ref=source_ref,
        contact_id=shipment.order.contact_id,
        shipment_id=shipment.pk,
        order_id=shipment.order_id,
        now=now,
    )
    CaseMessage.objects.create(
        case=case, author_name=_APOLOGY, from_staff=True, body=_apology(shipment, wrong, case), written_at=now
    )
    return case


def _apology(shipment: Shipment, wrong: str, case: Case) -> str:
    with translation.override(_language(shipment)):
        return _(
            "We are sorry: %(wrong)s (order %(order)s). You need not do anything. %(case)s is open, somebody of our "
            "team owns it and answers you by %(by)s with what we do about it."
        ) % {
            "wrong": wrong,
            "order": shipment.order.number,
            "case": case.number,
            "by": date_format(case.answer_by.astimezone(zone_of(_zone(shipment))).date(), "j F"),
        }
