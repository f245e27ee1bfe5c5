"""Targets and how they are met: a rep's from what was invoiced, for who held the account when it was ordered."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils import timezone

from apps.accounts.models import Account, Rep
from apps.accounts.selectors import accounts_visible
from apps.core.money import ZERO
from apps.core.scoping import Actor
from apps.insights.models import HandOver, RevenueTarget
from apps.insights.rules.targets import QUARTER, YEAR, Change, Pace, holder_on, pace_of, period_of
from apps.insights.selectors.territory import reps_to_choose
from apps.invoicing.selectors.revenue import Span, invoiced_by_order_day, invoiced_of


@dataclass(frozen=True, slots=True)
class Aimed:
    """A rep or an account with its pace in the quarter and the year; None where no target is set. `handed_on` is what
    of a rep's year is of accounts that are another's by now."""

    rep: Rep | None
    account: Account | None
    quarter: Pace | None
    year: Pace | None
    handed_on: Decimal = ZERO


def targets_of_reps(actor: Actor, *, on: date) -> list[Aimed]:
    """Of every rep for who sees everything, by name; of a rep their own. Six queries for any number."""
    reps = reps_to_choose(actor) if actor.sees_everything else list(Rep.objects.filter(pk=actor.rep_id))
    spans = (period_of(QUARTER, on), period_of(YEAR, on))
    done, handed = _done_by(actor, reps, spans)
    amounts = _amounts("rep", [rep.pk for rep in reps], on)
    return [
        Aimed(
            rep,
            None,
            *(
                _pace(amounts.get((rep.pk, kind)), done[rep.pk, place], spans[place], on)
                for place, kind in enumerate((QUARTER, YEAR))
            ),
            handed_on=handed[rep.pk],
        )
        for rep in reps
    ]


def _done_by(actor: Actor, reps: Sequence[Rep], spans: Sequence[Span]) -> tuple[Counter, Counter]:
    """(rep, place of the span) -> what was invoiced of what was ordered while they held the account; and rep -> what of
    the last span is of accounts that are another's by now."""
    changes, holders = _changes(actor)
    whose = accounts_visible(actor).filter(rep__in=reps).exclude(pk__in=changes).order_by()
    kept = dict(whose.values_list("pk", "rep"))
    done, handed = Counter(), Counter()
    invoiced = invoiced_of(kept, *spans)
    for account_id, rep_id in kept.items():
        for place in range(len(spans)):
            done[rep_id, place] += invoiced.of(account_id, place)
    for account_id, day, nets in invoiced_by_order_day(changes, *spans):
        holder = holder_on(day, changes[account_id], holders[account_id])
        for place, net in enumerate(nets):
            done[holder, place] += net
        if holder != holders[account_id]:
            handed[holder] += nets[-1]
    return done, handed


def _changes(actor: Actor) -> tuple[dict[int, list[Change]], dict[int, int | None]]:
    """Account -> how it changed hands, in order, for each that did; and who has it now. One query."""
    rows = HandOver.objects.visible_to(actor).filter(state=HandOver.State.DONE).order_by("done_at", "pk")
    changes: dict[int, list[Change]] = defaultdict(list)
    holders = {}
    for account_id, at, giver, taker, holder in rows.values_list(
        "account", "done_at", "giver", "taker", "account__rep"
    ):
        changes[account_id].append(Change(timezone.localdate(at), giver, taker))
        holders[account_id] = holder
    return dict(changes), holders


def targets_of_accounts(actor: Actor, rep: Rep | None, *, on: date) -> list[Aimed]:
    """Of a rep's accounts with a target in the quarter or the year, by name. Three queries for any number."""
    accounts = list(accounts_visible(actor).filter(rep=rep).order_by("name", "pk")) if rep else []
    amounts = _amounts("account", [account.pk for account in accounts], on)
    aimed = [account for account in accounts if (account.pk, QUARTER) in amounts or (account.pk, YEAR) in amounts]
    spans = (period_of(QUARTER, on), period_of(YEAR, on))
    invoiced = invoiced_of([account.pk for account in aimed], *spans)
    return [
        Aimed(
            None,
            account,
            *(
                _pace(amounts.get((account.pk, kind)), invoiced.of(account.pk, place), spans[place], on)
                for place, kind in enumerate((QUARTER, YEAR))
            ),
        )
        for account in aimed
    ]


def _amounts(whose: str, ids: Sequence[int], on: date) -> dict[tuple[int, str], object]:
    """(rep or account, period) -> the amount, of the periods that a day is in. One query."""
    found = {}
    starts = {kind: period_of(kind, on)[0] for kind in (QUARTER, YEAR)}
    rows = RevenueTarget.objects.filter(**{f"{whose}__in": ids}, starts_on__in=starts.values()).order_by()
    for pk, kind, starts_on, amount in rows.values_list(whose, "period", "starts_on", "amount"):
        if starts[kind] == starts_on:
            found[pk, kind] = amount
    return found


def _pace(amount, done, span: tuple[date, date], on: date) -> Pace | None:
    return pace_of(amount, done, *span, on) if amount else None
