"""How accounts are is kept each night, so that tomorrow one can say how they were.

1. A run takes a lot of the accounts that have no score of the day yet, so that none takes long and each may break off.
2. The last two months are kept day by day, what is older by its Mondays, and nothing longer than `KEPT`.
"""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from apps.accounts.models import Account
from apps.core.scoping import SYSTEM
from apps.insights.models import HealthScore
from apps.insights.selectors.look import standing_of

log = logging.getLogger(__name__)
A_LOT = 300
DAILY, KEPT = timedelta(days=62), timedelta(days=800)


def keep_health(*, now: datetime, size: int = A_LOT) -> int:
    """Score up to `size` accounts that have no score of the day; how many were. Safe to run at any time.

    One that cannot be scored is told of in the log, tried again by the next run, and keeps nobody from theirs.
    """
    on = timezone.localdate(now)
    scored = HealthScore.objects.filter(account=OuterRef("pk"), on=on)
    waiting = Account.objects.filter(~Exists(scored), is_active=True).order_by("pk")[:size]
    kept = 0
    for account in list(waiting):
        try:
            keep_health_of(account, now=now)
        except Exception:
            log.exception("the health of account %s could not be kept", account.number)
        else:
            kept += 1
    return kept


@transaction.atomic
def keep_health_of(account: Account, *, now: datetime) -> HealthScore:
    """The score of an account and the day, made or made anew."""
    standing = standing_of(SYSTEM, account, now=now)
    parts = {part.name: part.score for part in standing.health.parts}
    said = {"score": standing.health.score, "parts": parts}
    said |= {"a_year": standing.a_year, "potential": standing.potential}
    score, _is_new = HealthScore.objects.update_or_create(account=account, on=timezone.localdate(now), defaults=said)
    return score


def thin_out_health(*, now: datetime) -> int:
    """Let go of what is no longer needed to see a trend; how many scores."""
    on = timezone.localdate(now)
    weekday = Q(on__lt=on - DAILY) & ~Q(on__iso_week_day=1)
    return HealthScore.objects.filter(weekday | Q(on__lt=on - KEPT)).delete()[0]
