from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from apps.core import events
from apps.core.scoping import SYSTEM, Actor
from apps.pricing.models import ExchangeRate


@transaction.atomic
def keep_rate(rate: ExchangeRate, *, now: datetime, actor: Actor = SYSTEM) -> None:
    """Save what a currency is worth from a day on. Records `rate.changed`."""
    rate.save()
    _record(rate, str(rate.rate), now, actor)


@transaction.atomic
def drop_rates(rates: Iterable[ExchangeRate], *, now: datetime, actor: Actor = SYSTEM) -> None:
    """Delete these; what was before each of them holds again. Records `rate.changed`."""
    for rate in list(rates):
        _record(rate, None, now, actor)
        rate.delete()


def _record(rate: ExchangeRate, worth: str | None, now: datetime, actor: Actor) -> None:
    since = str(rate.valid_from)
    events.record("rate.changed", f"rate:{rate.currency}", at=now, actor=actor, rate=worth, valid_from=since)
