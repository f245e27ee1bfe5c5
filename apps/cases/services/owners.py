"""Who owns a case, and who takes it over from whom.

1. Who answers for the cause (`CauseOwner`), or their deputy.
2. Else, for goods, invoices and what nobody can name, the least busy of the service desk.
3. Else the rep of the account, or their deputy; then the service desk; then nobody, and the case waits for a manager.
"""

from collections.abc import Iterator
from datetime import date, datetime

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from apps.accounts.models import Account, Rep
from apps.cases import rules
from apps.cases.models import Case, CauseOwner
from apps.core.events import record
from apps.core.scoping import SYSTEM, Actor

_SERVICE_DESK = frozenset({Case.Cause.DELIVERY, Case.Cause.INVOICE, Case.Cause.OTHER})


def owner_for(account: Account, cause: str, *, now: datetime) -> rules.Choice:
    """Who owns a case of that cause, opened at `now`. Three queries at most, with the account's reps at hand."""
    return rules.chosen(_seats(account, cause, timezone.localdate(now)))


def _seats(account: Account, cause: str, today: date) -> Iterator[rules.Seat]:
    named = CauseOwner.objects.select_related("owner__user", "deputy__user").filter(cause=cause).first()
    if named is not None:
        yield _seat(named.owner, named.deputy, today)
    if cause in _SERVICE_DESK:
        yield from _desk(today)
    if account.rep is not None:
        yield _seat(account.rep, account.rep.deputy, today)
    if cause not in _SERVICE_DESK:
        yield from _desk(today)


def _desk(today: date) -> Iterator[rules.Seat]:
    agent = _least_busy(Rep.Desk.SERVICE, today)
    if agent is not None:
        yield rules.Seat(agent.pk, is_there=True)


def _seat(who: Rep, deputy: Rep | None, today: date) -> rules.Seat:
    stands_in = deputy is not None and deputy.is_there(today)
    return rules.Seat(who.pk, who.is_there(today), deputy.pk if deputy else None, stands_in)


def rep_of(account: Account, *, now: datetime) -> int | None:
    """The account's rep, or the deputy while they are away; the rep all the same where neither is there."""
    if account.rep is None:
        return None
    return rules.chosen([_seat(account.rep, account.rep.deputy, timezone.localdate(now))]).owner or account.rep_id


def least_busy_of(desk: str, *, now: datetime) -> Rep | None:
    """Of those of a desk who are there, who owns the fewest open cases. One query."""
    return _least_busy(desk, timezone.localdate(now))


def _least_busy(desk: str, today: date) -> Rep | None:
    open_cases = Count("cases", filter=~Q(cases__status__in=Case.CLOSED))
    return Rep.objects.there(today).filter(desk=desk).annotate(busy=open_cases).order_by("busy", "id").first()


def reassign_orphans(*, now: datetime, size: int = 200) -> int:
    """Find an owner for the open cases whose owner has left, that have none, or whose next step falls due before the
    owner is back; how many went over.

    Each in a transaction of its own, once under any number of workers. Records `case.assigned`, after which the new
    owner is told.
    """
    today, went, last = timezone.localdate(now), 0, 0
    left = Q(owner=None) | Q(owner__user__is_active=False)
    away = Q(owner__away_from__lte=today) & (Q(owner__away_until=None) | Q(owner__away_until__gte=today))
    orphans = Case.objects.unresolved().filter(left | away).order_by("pk").values_list("pk", flat=True)
    while page := list(orphans.filter(pk__gt=last)[:size]):
        went += sum(_reassign(pk, today, now) for pk in page)
        last = page[-1]
    return went


@transaction.atomic
def _reassign(pk: int, today: date, now: datetime) -> bool:
    cases = Case.objects.select_for_update(of=("self",), no_key=True).unresolved()
    case = cases.select_related("account__rep__user", "account__rep__deputy__user", "owner__user").filter(pk=pk).first()
    if case is None or not _is_orphan(case, today):
        return False
    choice = owner_for(case.account, case.cause, now=now)
    if choice.owner is None or choice.owner == case.owner_id:
        return False
    because = "nobody" if case.owner is None else "away" if case.owner.user.is_active else "left"
    stands_in_for = case.owner_id if because == "away" else choice.stands_in_for
    hand_over(case, choice.owner, stands_in_for, actor=SYSTEM, now=now, because=because)
    return True


def _is_orphan(case: Case, today: date) -> bool:
    if case.owner is None or not case.owner.user.is_active:
        return True
    back = case.owner.away_until
    return case.owner.is_away(today) and (back is None or timezone.localdate(case.next_deadline) <= back)


def hand_over(
    case: Case,
    owner_id: int,
    stands_in_for_id: int | None,
    *,
    actor: Actor,
    now: datetime,
    because: str,
    note: str = "",
) -> None:
    """Give a locked case to somebody else. Records `case.assigned`, with who had it and has it now."""
    before, case.owner_id, case.stands_in_for_id = str(case.owner or ""), owner_id, stands_in_for_id
    case.save(update_fields=["owner", "stands_in_for"])
    facts = {"title": case.title, "before": before, "to": str(case.owner), "because": because, "note": note}
    record("case.assigned", f"case:{case.number}", account_id=case.account_id, actor=actor, at=now, **facts)
