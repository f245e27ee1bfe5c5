"""Accounts go from one rep to another, with all that is open about them.

1. A hand-over is arranged for a day, with a summary for each account; on that day, or at once where it is today, the
   account has its new rep, and the giver's open tasks, cases and conversations with it are theirs. A stop on the
   giver's coming days of visits is taken off; its task goes along.
2. Until then it can be called off. It happens once, by compare-and-set.
3. Nothing is taken from the history: who looked after the account when is in the rows that stay.
4. Facts are gathered before anything is locked, for a few accounts at once, else on the day by who carries it out.
5. Whoever hands over locks the accounts in the order of their ids, then the hand-overs.
"""

import logging
from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.accounts.errors import AccountNotFound
from apps.accounts.models import Account, Rep
from apps.accounts.selectors import accounts_visible
from apps.accounts.services import demand
from apps.cases.services.handing import hand_over_open_work
from apps.core.events import record
from apps.core.scoping import SYSTEM, Actor
from apps.insights.errors import HandOverRefused, HandOverSettled
from apps.insights.models import HandOver, VisitStop
from apps.insights.selectors.hand_overs import as_text, due_hand_overs, facts_of, takers

log = logging.getLogger(__name__)
LONGEST_SUMMARY, MOST_AT_ONCE = 20_000, 500
A_FEW = 20  # of more, the facts are gathered by who carries it out
FURTHEST = timedelta(days=366)


@transaction.atomic
def arrange_hand_over(
    actor: Actor,
    accounts: Collection[Account],
    *,
    taker_id: int | None,
    effective_on: date | None,
    summaries: Mapping[int, str],
    tells_customer: bool = False,
    now: datetime,
) -> list[HandOver]:
    """Hand accounts the actor may see to a colleague from a day on; an account without a summary gets one of facts.

    Of more than `A_FEW` accounts, each gets its facts, and goes over where the day is today, by `carry_out_due`.
    Raises `HandOverRefused` by field. Records `hand_over.arranged` for each, and `account.handed_over` on the day.
    """
    demand(actor, "account.hand_over")
    today = timezone.localdate(now)
    seen = accounts_visible(actor).filter(pk__in=[account.pk for account in accounts]).order_by("pk")
    accounts = list(seen)
    taker = next((rep for rep in takers() if rep.pk == taker_id), None)
    _refuse(accounts, taker, effective_on, summaries, today)
    few = len(accounts) <= A_FEW
    known = {account.pk: facts_of(actor, account, now=now) if few else [] for account in accounts}
    locked = list(seen.select_for_update(of=("self",), no_key=True))
    if len(locked) != len(accounts):
        raise AccountNotFound()
    arranged = []
    for account in locked:
        facts = known[account.pk]
        row = _arranged(
            account, giver_id=account.rep_id, taker=taker, effective_on=effective_on, facts=facts,
            summary=summaries.get(account.pk, "").strip() or as_text(facts), tells_customer=tells_customer,
            by_name=actor.name[:120], arranged_at=now,
        )  # fmt: skip
        _record("hand_over.arranged", row, actor, now, day=str(effective_on))
        arranged.append(row)
        if few and effective_on <= today:
            _carry_out(row, actor, now)
    return arranged


def _arranged(account: Account, **said) -> HandOver:
    try:
        with transaction.atomic():
            return HandOver.objects.create(account=account, **said)
    except IntegrityError:
        words = _("%(account)s is about to be handed over already: call that off first.") % {"account": account.name}
        raise HandOverRefused(words) from None


def _refuse(accounts, taker: Rep | None, effective_on: date | None, summaries: Mapping[int, str], today: date) -> None:
    wrong = {}
    if not 1 <= len(accounts) <= MOST_AT_ONCE:
        wrong["accounts"] = [_("Choose at least one of your accounts, and at most %(n)s.") % {"n": MOST_AT_ONCE}]
    if effective_on is None or not today <= effective_on <= today + FURTHEST:
        wrong["effective_on"] = [_("Choose a day within a year, today or later.")]
    if taker is None:
        wrong["taker"] = [_("Choose a colleague who sells.")]
    elif all(account.rep_id == taker.pk for account in accounts):
        wrong["taker"] = [_("%(name)s looks after them already.") % {"name": taker.user.name}]
    elif effective_on is not None and taker.is_away(effective_on):
        wrong["taker"] = [_away(taker, effective_on)]
    if any(len(text) > LONGEST_SUMMARY for text in summaries.values()):
        wrong["summary"] = [_("Say it in at most %(n)s characters.") % {"n": LONGEST_SUMMARY}]
    if wrong:
        raise HandOverRefused(" ".join(word for words in wrong.values() for word in words), fields=wrong)


def _away(taker: Rep, on: date) -> str:
    names = {"name": taker.user.name, "deputy": taker.deputy.user.name if taker.deputy else ""}
    names["day"] = date_format(taker.away_until, "j M Y") if taker.away_until else _("nobody knows when")
    if taker.deputy and taker.deputy.is_there(on):
        words = _("%(name)s is away on that day, until %(day)s. Choose a later day, or %(deputy)s, who stands in.")
    else:
        words = _("%(name)s is away on that day, until %(day)s. Choose a later day or somebody else.")
    return words % names


@transaction.atomic
def call_off_hand_over(actor: Actor, row: HandOver, *, now: datetime) -> None:
    """Before its day, by who may arrange one. Raises `HandOverSettled`. Records `hand_over.called_off`."""
    demand(actor, "account.hand_over")
    planned = HandOver.objects.filter(pk=row.pk, state=HandOver.State.PLANNED)
    if not planned.update(state=HandOver.State.CANCELLED):
        raise HandOverSettled
    _record("hand_over.called_off", row, actor, now)


def carry_out_due(*, now: datetime, size: int = 100) -> int:
    """Hand over what is due to who still can take it; how many. Safe to run at any time, and twice at once.

    One that cannot be carried out is told of in the log and tried again by the next run.
    """
    due = due_hand_overs(timezone.localdate(now)).filter(taker__in=takers())
    done = 0
    for row in list(due[:size]):
        try:
            done += _carry_out_by_itself(row, now)
        except Exception:
            log.exception("hand-over %s could not be carried out", row.pk)
    return done


def _carry_out_by_itself(row: HandOver, now: datetime) -> bool:
    if not row.summary:
        with translation.override(row.taker.user.language):
            row.facts = facts_of(SYSTEM, row.account, now=now)
            row.summary = as_text(row.facts)
    with transaction.atomic():
        if not _carry_out(row, SYSTEM, now):
            return False
        HandOver.objects.filter(pk=row.pk).update(facts=row.facts, summary=row.summary)
        return True


def _carry_out(row: HandOver, actor: Actor, now: datetime) -> bool:
    # The account may have got another rep since it was arranged: what is open is theirs by then.
    locked = Account.objects.select_for_update(no_key=True)
    giver_id = locked.values_list("rep_id", flat=True).get(pk=row.account_id)
    planned = HandOver.objects.filter(pk=row.pk, state=HandOver.State.PLANNED)
    if not planned.update(state=HandOver.State.DONE, done_at=now):
        return False
    row.state, row.done_at = HandOver.State.DONE, now
    Account.objects.filter(pk=row.account_id).update(rep=row.taker_id)
    handed = hand_over_open_work(row.account_id, giver_id=giver_id, taker_id=row.taker_id)
    coming = VisitStop.objects.filter(account=row.account_id, of__rep=giver_id, of__day__gte=timezone.localdate(now))
    coming.delete()
    giver = row.giver.user.name if row.giver else ""
    _record(
        "account.handed_over", row, actor, now, giver=giver, tasks=handed.tasks, cases=handed.cases,
        conversations=handed.conversations, **({"because": "giver"} if giver else {}),
    )  # fmt: skip
    return True


@transaction.atomic
def read_hand_over(actor: Actor, row: HandOver, *, now: datetime) -> None:
    """The taker has read the summary; nobody else's reading counts."""
    mine = HandOver.objects.filter(pk=row.pk, taker=actor.rep_id, state=HandOver.State.DONE, read_at=None)
    mine.update(read_at=now)


def _record(name: str, row: HandOver, actor: Actor, now: datetime, **facts) -> None:
    record(
        name, f"account:{row.account.number}", at=now, account_id=row.account_id, actor=actor, hand_over=row.pk,
        to=row.taker.user.name, **facts,
    )  # fmt: skip
