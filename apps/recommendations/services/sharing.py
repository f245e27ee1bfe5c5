"""A product recommended to a colleague: only to a contact of the same account, with a word, so often and no oftener."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import Contact
from apps.accounts.services import demand
from apps.catalogue.models import Product
from apps.core.events import record
from apps.core.models import Event
from apps.core.scoping import Actor
from apps.recommendations.errors import ColleagueUnknown, ShareRefused, TooMuchShared

DAY = timedelta(days=1)
MOST_A_DAY = 20
LONGEST_NOTE = 500
SHARED = "product.shared"


@transaction.atomic
def share_product(
    actor: Actor, product: Product, *, colleague_id: int | None, note: str, quantity: int, now: datetime
) -> Contact:
    """Send a product to a colleague with a note; the mail follows from `product.shared`, which this records.

    Nobody outside the actor's account is reached, whatever is sent: `ColleagueUnknown`. Raises `TooMuchShared`.
    """
    demand(actor, "catalogue.read")
    note = note.strip()
    if len(note) > LONGEST_NOTE:
        words = _("Keep the note within %(most)d characters.") % {"most": LONGEST_NOTE}
        raise ShareRefused(words, fields={"note": [words]})
    sender = Contact.objects.select_for_update().filter(pk=actor.contact_id, account=actor.account_id).first()
    inside = Contact.objects.filter(account=actor.account_id, is_active=True).exclude(pk=actor.contact_id)
    colleague = inside.exclude(email="").filter(pk=colleague_id).first()
    if sender is None or colleague is None:
        raise ColleagueUnknown
    subject = f"contact:{sender.pk}"
    if Event.objects.filter(subject=subject, name=SHARED, occurred_at__gt=now - DAY).count() >= MOST_A_DAY:
        raise TooMuchShared
    facts = {"to": colleague.pk, "colleague": colleague.name, "note": note, "quantity": quantity}
    facts |= {"sku": product.sku, "product": product.name}
    record(SHARED, subject, account_id=actor.account_id, actor=actor, at=now, **facts)
    return colleague
