"""Whom we would ask about an account as a whole, but do not know: the rep is asked to find them.

1. An account that ordered within a year, and is neither a test nor closed, should have somebody in each role that an
   active half-year programme asks. Somebody without an address, or whose mail comes back, cannot be asked: that role is
   missing too. Who objected or never agreed is known, and is not looked for again.
2. A rep has at most ten such things to do at a time, the accounts that order most first.
3. What is found is settled by itself. What was dropped comes back in the next half-year, after 180 days.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from apps.accounts.models import Account, Contact, Purpose
from apps.accounts.selectors import unmailable
from apps.cases.models import FollowUp
from apps.cases.rules import WorkingTime
from apps.cases.services import propose_follow_up, settle_by_itself
from apps.feedback.models import Programme
from apps.ordering.models import Order

FIND_WITHIN_DAYS = 10  # working days of the account
AT_A_TIME = 10  # things to find for each rep
COMES_BACK_AFTER = timedelta(days=180)
_ORDERED_WITHIN = timedelta(days=365)
_UNREACHABLE = ("no_address", "bounced")


@dataclass(frozen=True, slots=True)
class _Missing:
    account: Account
    persona: str


@transaction.atomic
def find_missing_roles(*, now: datetime) -> int:
    """Let reps find who is missing; how many things to do were made. Once however many run at the same time.

    Nothing while no half-year programme is active. Seven queries for any number of accounts, besides what is written.
    """
    personas = personas_asked()
    if not personas:
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('feedback missing roles', 0))")
    accounts = _accounts(now)
    there = _there([account.pk for account in accounts], personas)
    tasks = _tasks()
    found = [task for key, task in tasks.items() if task.state == FollowUp.State.OPEN and key in there]
    settle_by_itself(found, outcome=_("Found: somebody in this role can be asked now."), now=now)
    busy = Counter(task.owner_id for task in tasks.values() if task.state == FollowUp.State.OPEN)
    missing = [_Missing(account, persona) for account in accounts for persona in personas]
    made = 0
    for one in missing:
        key, owner_id = (one.account.pk, one.persona), _owner(one.account)
        if key in there or _rests(tasks.get(key), now) or busy[owner_id] >= AT_A_TIME:
            continue
        busy[owner_id] += 1
        made += 1
        _propose(one, owner_id, now)
    return made


def personas_asked() -> list[str]:
    """The roles that active half-year programmes ask for, in their usual order. One query."""
    active = Programme.objects.filter(kind=Programme.Kind.RELATIONSHIP, is_active=True)
    asked = {persona for personas in active.values_list("personas", flat=True) for persona in personas}
    return [persona for persona in Contact.Persona.values if persona in asked]


def _accounts(now: datetime) -> list[Account]:
    recent = Q(orders__placed_at__gt=now - _ORDERED_WITHIN, orders__placed_at__lte=now)
    gone = Q(orders__status__in=[Order.Status.CANCELLED, Order.Status.DECLINED])
    accounts = Account.objects.filter(is_active=True, is_test=False)
    accounts = accounts.annotate(ordered=Count("orders", filter=recent & ~gone)).filter(ordered__gt=0)
    return list(accounts.select_related("rep__user", "rep__deputy__user").order_by("-ordered", "pk"))


def _there(account_ids: Iterable[int], personas: Iterable[str]) -> set[tuple[int, str]]:
    """(account, persona) where somebody can be written to, or said that they do not want to be."""
    people = Contact.objects.filter(account_id__in=account_ids, persona__in=personas, is_active=True).order_by()
    known = {pk: (account_id, persona) for pk, account_id, persona in people.values_list("pk", "account_id", "persona")}
    against = unmailable(known, Purpose.SURVEY)
    return {who for pk, who in known.items() if against.get(pk) not in _UNREACHABLE}


def _tasks() -> dict[tuple[int, str], FollowUp]:
    """The latest thing to do of each kind: (account, persona) -> it."""
    latest: dict[tuple[int, str], FollowUp] = {}
    for task in FollowUp.objects.filter(kind=FollowUp.Kind.MISSING_ROLE).order_by("created_at", "pk"):
        latest[task.account_id, task.source_ref.split(":")[2]] = task
    return latest


def _rests(task: FollowUp | None, now: datetime) -> bool:
    if task is None:
        return False
    return task.state == FollowUp.State.OPEN or now - task.settled_at < COMES_BACK_AFTER


def _owner(account: Account) -> int | None:
    people = (account.rep, account.rep.deputy) if account.rep else ()
    return next((rep.pk for rep in people if rep and rep.user.is_active), None)


def _propose(missing: _Missing, owner_id: int | None, now: datetime) -> None:
    account = missing.account
    working = WorkingTime(zone=account.time_zone, weekdays=account.working_days)
    day = working.local(now).date()
    role = Contact.Persona(missing.persona).label
    half = f"{day.year}H{1 if day.month <= 6 else 2}"
    propose_follow_up(
        account_id=account.pk,
        kind=FollowUp.Kind.MISSING_ROLE,
        title=_("Find out who is the %(role)s at %(account)s") % {"role": role, "account": account.name},
        detail=_("We ask them twice a year how we do, and know nobody there whom we can write to."),
        source_ref=f"missing_role:{account.pk}:{missing.persona}:{half}",
        owner_id=owner_id,
        due_on=working.next_day(day, FIND_WITHIN_DAYS),
        now=now,
    )
