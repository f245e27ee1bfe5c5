"""What of digests is written: who chose which, and that each goes out once."""

import logging
from datetime import datetime
from smtplib import SMTPException
from zoneinfo import available_timezones

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.services import demand
from apps.core.errors import Invalid
from apps.core.mail import send_once
from apps.core.scoping import Actor
from apps.insights.models import DigestPreference
from apps.insights.selectors.digests import digests_due

log = logging.getLogger(__name__)


@transaction.atomic
def choose_digests(
    actor: Actor, user: User, *, daily: bool, weekly: bool, monthly: bool, time_zone: str, hour: int
) -> DigestPreference:
    """Keep which digests the user wants. Raises `Invalid` where there is no such time zone or hour."""
    demand(actor, "workspace.use")
    if time_zone not in available_timezones():
        raise Invalid(_("There is no such time zone: choose one of the list."))
    if not 0 <= hour <= 23:
        raise Invalid(_("There is no such hour: choose one from 0 to 23."))
    chosen, _created = DigestPreference.objects.update_or_create(
        user=user,
        defaults={"daily": daily, "weekly": weekly, "monthly": monthly, "time_zone": time_zone, "hour": hour},
    )
    return chosen


def send_digests(*, now: datetime) -> int:
    """Send what is due, each once; how many went out. One that its server refuses does not hold up the others: it is
    tried again with the next run."""
    sent = 0
    for message in digests_due(now):
        try:
            sent += send_once(**message, now=now)
        except (SMTPException, OSError) as error:
            log.warning("digest %s not sent: %s", message["key"], error)
    return sent
