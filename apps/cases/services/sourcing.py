"""A buyer asks for what the catalogue does not have: it is the rep's to find, by a date, like every other case.

1. What is needed is said in words; a quantity, a wished day and one picture or PDF may come with it.
2. What the file is, and what is kept of it, is decided by `core.attachments`.
3. The same key (the form's) asks once, however often it is sent.
"""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.accounts.services import demand
from apps.cases.errors import EmptyMessage, SourcingRefused
from apps.cases.models import Case, SourcingRequest
from apps.cases.services.opening import open_case
from apps.catalogue.models import Product
from apps.catalogue.rules import MAX_QUANTITY
from apps.core.attachments import Attached, AttachmentRefused, attached
from apps.core.scoping import Actor
from apps.ordering.errors import NoAccountChosen


@transaction.atomic
def request_sourcing(
    actor: Actor,
    *,
    text: str,
    key: str,
    quantity: int | None = None,
    wished_on: date | None = None,
    file: bytes | None = None,
    product: Product | None = None,
    now: datetime,
) -> Case:
    """The case in which the account's rep finds what the actor needs; `product` is what it is to replace.

    Raises `EmptyMessage`, and `SourcingRefused` by field for a quantity, day or file that cannot be.
    """
    demand(actor, "case.open")
    if actor.account_id is None:
        raise NoAccountChosen()
    if not text.strip():
        raise EmptyMessage()
    _refuse_what_cannot_be(quantity, wished_on, timezone.localdate(now))
    kept = _attached(file) if file else None
    case = open_case(
        account_id=actor.account_id,
        title=_("To find: %(what)s") % {"what": " ".join(text.split())},
        cause=Case.Cause.RANGE,
        origin=Case.Origin.PORTAL,
        source_ref=f"sourcing:{actor.account_id}:{key}"[:80],
        contact_id=actor.contact_id,
        body=_said(text, quantity, wished_on, product),
        actor=actor,
        now=now,
    )
    details = {"text": text.strip(), "quantity": quantity, "wished_on": wished_on, "product": product}
    if kept:
        details |= {"file": kept.content, "file_kind": kept.kind}
    SourcingRequest.objects.get_or_create(case=case, defaults=details)
    return case


def _refuse_what_cannot_be(quantity: int | None, wished_on: date | None, today: date) -> None:
    wrong = {}
    if quantity is not None and not 1 <= quantity <= MAX_QUANTITY:
        wrong["quantity"] = [_("A quantity must be a whole number from 1 to %(most)s.") % {"most": MAX_QUANTITY}]
    if wished_on is not None and wished_on < today:
        wrong["wished_on"] = [_("That day has passed: choose one to come, or leave it empty.")]
    if wrong:
        raise SourcingRefused(fields=wrong)


def _said(text: str, quantity: int | None, wished_on: date | None, product: Product | None) -> str:
    """The request as the first message of its case."""
    lines = [text.strip()]
    if product is not None:
        lines.append(_("In place of: %(name)s (%(sku)s)") % {"name": product.name, "sku": product.sku})
    if quantity is not None:
        lines.append(_("Quantity: %(quantity)s") % {"quantity": quantity})
    if wished_on is not None:
        lines.append(_("Wished by: %(day)s") % {"day": date_format(wished_on, "j F Y")})
    return "\n".join(lines)


def _attached(content: bytes) -> Attached:
    try:
        return attached(content)
    except AttachmentRefused as refusal:
        raise SourcingRefused(fields=refusal.fields) from None
