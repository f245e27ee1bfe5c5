"""Targets and how they are met: from what was invoiced to the accounts that are a rep's today."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from apps.accounts.models import Account, Rep
from apps.accounts.selectors import accounts_visible
from apps.core.scoping import Actor
from apps.insights.models import RevenueTarget
from apps.insights.rules.targets import QUARTER, YEAR, Pace, pace_of, period_of
from apps.insights.selectors.territory import reps_to_choose
from apps.invoicing.selectors.revenue import invoiced_of


@dataclass(frozen=True, slots=True)
class Aimed:
    """A rep or an account with its pace in the quarter and the year; None where no target is set."""

    rep: Rep | None
    account: Account | None
    quarter: Pace | None
    year: Pace | None


def targets_of_reps(actor: Actor, *, on: date) -> list[Aimed]:
    """Of every rep for who sees everything, by name; of a rep their own. Four queries for any number."""
    reps = reps_to_choose(actor) if actor.sees_everything else list(Rep.objects.filter(pk=actor.rep_id))
    whose = accounts_visible(actor).filter(rep__in=reps).order_by()
    accounts: dict[int, list[int]] = {}
    for account_id, rep_id in whose.values_list("pk", "rep"):
        accounts.setdefault(rep_id, []).append(account_id)
    spans = (period_of(QUARTER, on), period_of(YEAR, on))
    invoiced = invoiced_of([pk for ids in accounts.values() for pk in ids], *spans)
    amounts = _amounts("rep", [rep.pk for rep in reps], on)
    return [
        Aimed(
            rep,
            None,
            *(
                _pace(amounts.get((rep.pk, kind)), invoiced.total(accounts.get(rep.pk, ()), place), spans[place], on)
                for place, kind in enumerate((QUARTER, YEAR))
            ),
        )
        for rep in reps
    ]


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
