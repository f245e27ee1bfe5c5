"""Who was named to us without being anybody's contact is forgotten where they ask."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from apps.accounts.services import demand
from apps.core.events import record
from apps.core.scoping import Actor
from apps.feedback.models import Referral
from apps.feedback.services import blank_referrals


@transaction.atomic
def forget_referred(actor: Actor, referrals: Iterable[Referral], *, now: datetime) -> int:
    """Forget whom these name; how many did. Safe to repeat. Records `referred.forgotten`, which names nobody."""
    demand(actor, "privacy.manage")
    ids = [one.pk for one in referrals]
    rows = Referral.objects.select_for_update(of=("self",)).select_related("account", "contact").filter(pk__in=ids)
    count = blank_referrals(rows.order_by("pk"), now=now)
    if count:
        record("referred.forgotten", "retention:referrals", at=now, actor=actor, count=count)
    return count
