"""Who wants to be forgotten says so; a person of the house looks after it, as orders and invoices must be kept."""

from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from apps.accounts.selectors import contact_of
from apps.accounts.services import demand
from apps.cases.models import Case
from apps.cases.services import open_case
from apps.core.errors import NotAllowed
from apps.core.scoping import Actor


@transaction.atomic
def ask_for_erasure(actor: Actor, *, now: datetime) -> Case:
    """The case by which who asks is forgotten: the one opened now, or before. Nobody asks in somebody's place."""
    demand(actor, "own_data.manage")
    contact = contact_of(actor)
    if contact is None:
        raise NotAllowed(_("This log-in is no person at an account."))
    with translation.override(contact.language):
        title = _("Erase what is kept about %(name)s") % {"name": contact.name}
        body = _("I ask you to erase my personal data.")
    return open_case(
        account_id=contact.account_id,
        contact_id=contact.pk,
        title=title,
        cause=Case.Cause.OTHER,
        origin=Case.Origin.PORTAL,
        source_ref=f"erasure:{contact.pk}",
        body=body,
        actor=actor,
        now=now,
    )
