"""What those who pick, pack and drive hear of their work: praise and blame alike, in the words of who received it.

1. A week is today and the six days before, as days begin at the house.
2. It tells of deliveries by a warehouse or a carrier, never of one of our people, and names no contact.
3. Praise is 9 or 10. All else with words says what to do better: 7 or 8 was asked what would have made it a 9.
4. Under ten answers there are counts and no score.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, Func, Q, TextField
from django.utils import timezone

from apps.availability.models import Warehouse
from apps.core.scoping import Actor
from apps.feedback import rules
from apps.feedback.models import Answer
from apps.feedback.models.answers import AnswerQuerySet
from apps.feedback.selectors import nps_of_accounts
from apps.feedback.selectors.answers import COUNTS
from apps.fulfilment.selectors.kept import Kept, kept_in
from apps.insights.errors import NothingComesBy

DAYS = 7
WAYS = ("warehouse", "carrier")
_PRAISE = Q(score__gte=9)


@dataclass(frozen=True, slots=True)
class Choice:
    """A warehouse or carrier whose deliveries something was said about; `key` is its code or name."""

    way: str
    key: str
    name: str
    n: int


@dataclass(frozen=True, slots=True)
class FrontLine:
    """A week of deliveries: what was praised and what is to be better, the latest first, beside how they went.

    `name` is that of the warehouse or carrier, empty for all of them; `today` when today began.
    """

    name: str
    today: datetime
    since: datetime
    choices: tuple[Choice, ...]
    nps: rules.Nps
    kept: Kept
    praise: list[Answer]
    better: list[Answer]


def front_line(actor: Actor, way: str, key: str, *, now: datetime, limit: int = 20) -> FrontLine:
    """Of the deliveries the actor may see, by a warehouse (its code) or a carrier; with no `way` by all of them.

    Six queries. Raises `NothingComesBy` for a warehouse there is not, and for a carrier that brought nothing and about
    which nothing was said.
    """
    today = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    since = today - timedelta(days=DAYS - 1)
    said = Answer.objects.nps().visible_to(actor).filter(
        answered_at__gte=since, answered_at__lt=now, shipment__isnull=False
    )  # fmt: skip
    named = dict(Warehouse.objects.values_list("code", "name"))
    choices = _choices(said, named)
    here = said.filter(counted__parts__contains=[f"{way}:{key}"]) if way else said
    kept = kept_in(actor, since=since, until=now, **({way: key} if way else {}))
    if way == "warehouse" and key not in named:
        raise NothingComesBy
    if way == "carrier" and not kept.deliveries and not any((one.way, one.key) == (way, key) for one in choices):
        raise NothingComesBy
    by_account = here.order_by().values_list("account_id").annotate(**COUNTS)
    return FrontLine(
        name=named[key] if way == "warehouse" else key,
        today=today,
        since=since,
        choices=choices,
        nps=nps_of_accounts([counts for _account, *counts in by_account]),
        kept=kept,
        praise=_words(here.filter(_PRAISE), limit),
        better=_words(here.exclude(_PRAISE), limit),
    )


def _choices(said: AnswerQuerySet, named: dict[str, str]) -> tuple[Choice, ...]:
    counted = said.order_by().values_list(_Part(F("counted__parts"))).annotate(Count("pk"))
    parts = [(*part.split(":", 1), n) for part, n in counted]
    found = [Choice(way, key, named.get(key, key), n) for way, key, n in parts if way in WAYS and key]
    return tuple(sorted(found, key=lambda one: (WAYS.index(one.way), one.name)))


def _words(answers: AnswerQuerySet, limit: int) -> list[Answer]:
    written = answers.exclude(comment="").select_related("account", "shipment").order_by("-answered_at", "-pk")
    return list(written[:limit])


class _Part(Func):
    """Each part that the delivery of an answer went by."""

    function, output_field, set_returning = "unnest", TextField(), True
