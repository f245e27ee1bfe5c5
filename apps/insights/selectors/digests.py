"""What a digest tells: of some days, what customers said, what was delivered, what waits; for each reader their own."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q
from django.utils.translation import override

from apps.accounts.models import User
from apps.accounts.selectors import actor_for
from apps.cases.models import Case
from apps.core.models import OutgoingMail
from apps.core.scoping import Actor
from apps.feedback import rules as scores
from apps.feedback import selectors as feedback
from apps.feedback.models import Answer
from apps.fulfilment.selectors.kept import kept_in
from apps.insights import rules
from apps.insights.models import DigestPreference, FailureCost
from apps.insights.selectors.added_up import said_in
from apps.insights.selectors.effects import failure_costs
from apps.insights.selectors.journey import Touchpoint, journey_of
from apps.insights.selectors.today import Attention, today_for

_MOST_ANSWERS, _MOST_ACCOUNTS = 5, 5


@dataclass(frozen=True, slots=True)
class Digest:
    """`now`, `before` and `change` as in `Feedback`, to as many days before; the latest unhappy answers; deliveries
    as in `Manager`; cases opened in the days, open and overdue now; which accounts need the reader most; what is the
    dearest to leave unfixed, None where nothing is shown or it is not the reader's to know; the weakest touchpoint of
    the journey, None where none is weak."""

    now: scores.Nps
    before: scores.Nps
    change: float | None
    unhappy: list[Answer]
    deliveries: int
    perfect: float | None
    opened: int
    open: int
    overdue: int
    needy: list[Attention]
    fix: FailureCost | None
    weakest: Touchpoint | None

    def __bool__(self) -> bool:
        """Whether there is anything to tell."""
        return bool(self.now.n or self.deliveries or self.opened or self.overdue or self.needy)


def digest_of(actor: Actor, *, since: datetime, until: datetime) -> Digest:
    """Of what the actor may see, at a constant number of queries."""
    current, before = (
        said_in(actor, since=first, until=last).nps
        for first, last in ((since, until), (since - (until - since), since))
    )
    unhappy = [
        one for one in feedback.answers_of(actor, since=since, band="detractor", limit=50) if one.answered_at < until
    ]
    kept = kept_in(actor, since=since, until=until)
    costs = [cost for cost in failure_costs(actor) if cost.a_year is not None and cost.a_year.low > 0]
    return Digest(
        now=current,
        before=before,
        change=scores.change_shown(before, current),
        unhappy=unhappy[:_MOST_ANSWERS],
        deliveries=kept.deliveries,
        perfect=kept.perfect,
        **_cases(actor, since, until),
        needy=today_for(actor, now=until, limit=_MOST_ACCOUNTS),
        fix=costs[0] if costs else None,
        weakest=journey_of(actor, now=until).weakest,
    )


def preference_of(user: User) -> DigestPreference:
    """What the user chose, or what counts where they chose nothing."""
    return DigestPreference.objects.filter(user=user).first() or DigestPreference(user=user)


def digests_due(now: datetime) -> Iterator[dict]:
    """The digests that are due and have not gone out, as arguments of `core.mail.send_once`.

    To the active reps, service agents and managers with an address, and to whoever chose one. Two queries, and those of
    each digest that is made.
    """
    chosen = Q(digests__isnull=False) | Q(rep__isnull=False)
    readers = (
        User.objects.filter(chosen, is_active=True).exclude(email="").select_related("digests", "rep").order_by("pk")
    )
    waiting = [(user, each) for user in readers for each in _due(user, now)]
    keys = [_key(user, each) for user, each in waiting]
    gone = OutgoingMail.objects.filter(key__in=keys).exclude(state=OutgoingMail.State.FAILED)
    gone = set(gone.values_list("key", flat=True))
    for (user, each), key in zip(waiting, keys, strict=True):
        if key not in gone:
            with override(user.language):  # what needs somebody is told in words
                digest = digest_of(actor_for(user), since=each.since, until=each.until)
            if digest:
                yield _message(key, user, each, digest)


def _due(user: User, now: datetime) -> list[rules.Due]:
    wanted = getattr(user, "digests", None) or DigestPreference(user=user)
    kinds = [kind for kind in rules.KINDS if getattr(wanted, kind)]
    return rules.due(kinds, zone=wanted.time_zone, hour=wanted.hour, now=now)


def _key(user: User, each: rules.Due) -> str:
    return f"digest:{each.kind}:{user.pk}:{each.last_on}"


def _message(key: str, user: User, each: rules.Due, digest: Digest) -> dict:
    return {
        "key": key,
        "to": user.email,
        "template": "digest",
        "language": user.language,
        "context": {"digest": digest, "kind": each.kind, "first_on": each.first_on, "last_on": each.last_on},
    }


def _cases(actor: Actor, since: datetime, until: datetime) -> dict[str, int]:
    """Two queries."""
    cases = Case.objects.visible_to(actor)
    overdue = (
        Q(acknowledged_at=None, acknowledge_by__lt=until)
        | Q(answered_at=None, answer_by__lt=until)
        | Q(resolve_by__lt=until)
    )
    waiting = cases.unresolved().aggregate(open=Count("pk"), overdue=Count("pk", filter=overdue))
    return {"opened": cases.filter(opened_at__gte=since, opened_at__lt=until).count(), **waiting}
