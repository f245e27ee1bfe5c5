"""A detractor is answered by a case, owned by whom the cause concerns."""

from datetime import datetime

from django.utils.translation import gettext as _

from apps.cases.models import Case
from apps.cases.services import open_case
from apps.feedback.models import Answer
from apps.feedback.services.closing.people import who_answered

_CAUSES = {
    "delivery": Case.Cause.DELIVERY,
    "range": Case.Cause.RANGE,
    "price": Case.Cause.PRICE,
    "rep": Case.Cause.PEOPLE,
    "invoice": Case.Cause.INVOICE,
}


def cause_of(answer: Answer) -> str:
    """The cause a detractor named first; a delivery known to have failed is the cause where none was named."""
    named = next((_CAUSES[driver] for driver in answer.drivers if driver in _CAUSES), None)
    failed = any(answer.facts.get(fault) for fault in ("late", "short", "damaged"))
    return named or (Case.Cause.DELIVERY if failed else Case.Cause.OTHER)


def open_case_of(answer: Answer, now: datetime) -> None:
    """The case an answer calls for, one at most."""
    open_case(
        account_id=answer.account_id,
        title=_title(answer),
        cause=cause_of(answer),
        origin=Case.Origin.SURVEY,
        source_ref=f"answer:{answer.pk}",
        contact_id=answer.contact_id,
        shipment_id=answer.shipment_id,
        order_id=answer.order_id,
        body=answer.comment,
        now=now,
    )


def _title(answer: Answer) -> str:
    said = {"who": who_answered(answer), "score": answer.score}
    if answer.shipment is None:
        return _("%(who)s gave %(score)s out of 10") % said
    return _("%(who)s gave %(score)s out of 10 for delivery %(number)s") % {**said, "number": answer.shipment.number}
