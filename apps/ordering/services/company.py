"""How a company buys, as its own administrator says it: cost centres, approval policies, deputies.

What is changed holds for orders from then on; those that wait are decided by whom they asked.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.errors import AccountNotFound, ContactNotFound
from apps.accounts.models import Account, Contact, ShipTo
from apps.accounts.rules import may
from apps.accounts.selectors import contact_for
from apps.accounts.services import demand
from apps.catalogue.models import Category
from apps.core.events import record
from apps.core.scoping import Actor
from apps.core.text import folded
from apps.ordering.errors import CostCentreRefused, DeputyRefused, ParentDecides, PolicyRefused
from apps.ordering.models import ApprovalPolicy, BuyingRules, CostCentre, Deputy, PolicyStep
from apps.ordering.selectors.budgets import cost_centre_for
from apps.ordering.selectors.buying import policy_for, rules_of
from apps.ordering.selectors.deciding import APPROVING_ROLES, approvers_for

MOST_STEPS, LONGEST_DEPUTY_DAYS = 6, 366
_MOST = Decimal("999999999999.99")


@dataclass(frozen=True, slots=True)
class CostCentreWish:
    """A cost centre as its administrator wants it; `people` are contact ids, for where not everybody orders on it."""

    code: str
    name: str
    budget: Decimal | None = None
    period: str = Contact.Period.MONTH
    when_over: str = CostCentre.WhenOver.ASK
    for_everybody: bool = True
    people: tuple[int, ...] = ()
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class StepWish:
    """Above a net amount: a contact, or else anybody in the role."""

    above: Decimal
    role: str = PolicyStep.Role.APPROVER
    contact_id: int | None = None


@dataclass(frozen=True, slots=True)
class PolicyWish:
    """An approval policy as its administrator wants it."""

    name: str
    steps: tuple[StepWish, ...] = field(default=())
    category_id: int | None = None
    cost_centre_id: int | None = None
    ship_to_id: int | None = None


@transaction.atomic
def keep_rules(
    actor: Actor, account: Account, *, needs_cost_centre: bool, own_policies_only: bool, now: datetime
) -> BuyingRules:
    """What the account says about its own buying. That its policies replace those from above is for somebody of an
    account above it to say: `ParentDecides`.
    """
    _demand(actor, account)
    kept = rules_of(account)
    own_policies_only = own_policies_only and account.parent_id is not None
    if own_policies_only != kept.own_policies_only and actor.account_id not in account.lineage[:-1]:
        raise ParentDecides()
    kept.needs_cost_centre, kept.own_policies_only = needs_cost_centre, own_policies_only
    kept.save()
    said = {"needs_cost_centre": needs_cost_centre, "own_policies_only": own_policies_only}
    _record("buying_rules.changed", actor, account, now, **said)
    return kept


@transaction.atomic
def keep_cost_centre(
    actor: Actor, account: Account, wish: CostCentreWish, *, kept: CostCentre | None = None, now: datetime
) -> CostCentre:
    """Open a cost centre, or change one; `CostCentreRefused` with the field that is wrong.

    Its orders keep what it was called when they were placed; a budget holds from the next order on.
    """
    _demand(actor, account)
    kept = cost_centre_for(actor, kept.pk) if kept else CostCentre(account=account)
    wish_code, name = folded(wish.code), folded(wish.name)
    _refuse_cost_centre(account, kept, wish_code, name, wish)
    before = None if kept.budget is None else str(kept.budget)
    kept.code, kept.name, kept.budget, kept.period = wish_code, name, wish.budget, wish.period
    kept.when_over, kept.is_active, kept.for_everybody = wish.when_over, wish.is_active, wish.for_everybody
    is_new = kept.pk is None
    kept.save()
    people = Contact.objects.filter(account=kept.account_id, is_active=True, pk__in=wish.people)
    kept.people.set(people)
    said = {"code": kept.code, "budget": None if kept.budget is None else str(kept.budget), "when_over": kept.when_over}
    said |= {
        "people": None if kept.for_everybody else [person.name for person in people],
        "is_active": kept.is_active,
        "budget_before": before,
    }
    _record("cost_centre.opened" if is_new else "cost_centre.changed", actor, kept.account, now, **said)
    return kept


def _refuse_cost_centre(account: Account, kept: CostCentre, code: str, name: str, wish: CostCentreWish) -> None:
    wrong = {}
    same = CostCentre.objects.filter(account=kept.account_id, code__iexact=code).exclude(pk=kept.pk)
    if not 1 <= len(code) <= 20:
        wrong["code"] = _("Write a code of 1 to 20 characters.")
    elif same.exists():
        wrong["code"] = _("There is a cost centre with this code already.")
    if not 1 <= len(name) <= 80:
        wrong["name"] = _("Write a name of 1 to 80 characters.")
    if wish.budget is not None and not _is_amount(wish.budget):
        wrong["budget"] = _("Write an amount of zero or more, or leave it empty for no budget.")
    if wish.period not in Contact.Period.values:
        wrong["period"] = _("Choose a month, a quarter or a year.")
    if wish.when_over not in CostCentre.WhenOver.values:
        wrong["when_over"] = _("Choose what happens above the budget.")
    _raise(CostCentreRefused, wrong)


@transaction.atomic
def let_order_on(actor: Actor, contact: Contact, cost_centre_ids: Iterable[int], *, now: datetime) -> None:
    """On which of the account's cost centres somebody orders, besides those that are everybody's."""
    demand(actor, "contact.manage")
    contact = contact_for(actor, contact.pk)
    own = CostCentre.objects.filter(account=contact.account_id, is_active=True, for_everybody=False)
    chosen = list(own.filter(pk__in=cost_centre_ids))
    before = set(contact.cost_centres.values_list("pk", flat=True))
    if before == {each.pk for each in chosen}:
        return
    contact.cost_centres.set(chosen)
    codes = sorted(each.code for each in chosen)
    _record("contact.cost_centres_changed", actor, contact.account, now, contact=contact.name, codes=codes)


@transaction.atomic
def keep_policy(
    actor: Actor, account: Account, wish: PolicyWish, *, kept: ApprovalPolicy | None = None, now: datetime
) -> ApprovalPolicy:
    """Make an approval policy, or change one; `PolicyRefused` with what is wrong. It reaches the accounts below."""
    _demand(actor, account)
    kept = policy_for(actor, kept.pk) if kept else ApprovalPolicy(account=account)
    is_new = kept.pk is None
    _refuse_policy(kept.account, wish)
    kept.name, kept.category_id = folded(wish.name), wish.category_id
    kept.cost_centre_id, kept.ship_to_id = wish.cost_centre_id, wish.ship_to_id
    kept.save()
    kept.steps.all().delete()
    PolicyStep.objects.bulk_create(
        PolicyStep(
            policy=kept,
            above=step.above,
            role=PolicyStep.Role.ADMINISTRATOR if step.contact_id else step.role,
            contact_id=step.contact_id,
        )
        for step in wish.steps
    )
    said = [{"above": str(step.above), "role": step.role, "contact": step.contact_id} for step in wish.steps]
    name = "approval_policy.made" if is_new else "approval_policy.changed"
    _record(name, actor, kept.account, now, policy=kept.name, steps=said)
    return kept


@transaction.atomic
def withdraw_policy(actor: Actor, policy: ApprovalPolicy, *, now: datetime) -> None:
    """A policy asks no more from the next order on."""
    policy = policy_for(actor, policy.pk)
    _demand(actor, policy.account)
    _record("approval_policy.withdrawn", actor, policy.account, now, policy=policy.name)
    policy.delete()


def _refuse_policy(account: Account, wish: PolicyWish) -> None:
    wrong = {}
    if not 1 <= len(folded(wish.name)) <= 80:
        wrong["name"] = _("Write a name of 1 to 80 characters.")
    if wish.category_id is not None and not Category.objects.filter(pk=wish.category_id).exists():
        wrong["category"] = _("There is no such category.")
    if wish.cost_centre_id is not None and not account.cost_centres.filter(pk=wish.cost_centre_id).exists():
        wrong["cost_centre"] = _("That is not a cost centre of this account.")
    if wish.ship_to_id is not None and not ShipTo.objects.filter(pk=wish.ship_to_id, account=account).exists():
        wrong["ship_to"] = _("That is not an address of this account.")
    if words := _wrong_steps(account, wish.steps):
        wrong["steps"] = words
    _raise(PolicyRefused, wrong)


def _wrong_steps(account: Account, steps: tuple[StepWish, ...]) -> str:
    if not 1 <= len(steps) <= MOST_STEPS:
        return _("A policy has 1 to %(most)s steps.") % {"most": MOST_STEPS}
    if any(not _is_amount(step.above) or step.role not in PolicyStep.Role.values for step in steps):
        return _("Each step needs an amount of zero or more, and somebody who is asked.")
    if len({step.above for step in steps}) < len(steps):
        return _("Two steps begin above the same amount: let one of them begin higher.")
    named = {step.contact_id for step in steps if step.contact_id}
    if not named <= {person.pk for person in approvers_for(account)}:
        return _("Only people whose role approves orders, here or at an account above, can be asked.")
    return ""


@transaction.atomic
def name_deputy(
    actor: Actor, contact: Contact, *, deputy_id: int | None, from_on: date, until_on: date, now: datetime
) -> Deputy:
    """Let somebody decide in an approver's place from one day to another. Approvers name their own, administrators
    anybody's; `DeputyRefused` with what is wrong.
    """
    contact = _with_say_over(actor, contact)
    deputy = next((each for each in approvers_for(contact.account) if each.pk == deputy_id), None)
    wrong = {}
    if deputy is None or deputy.pk == contact.pk or deputy.user_id == contact.user_id:
        wrong["deputy"] = _("Choose somebody else whose role approves orders.")
    if until_on < from_on or until_on < timezone.localdate(now):
        wrong["until_on"] = _("Choose a last day that is still to come, and not before the first.")
    elif until_on - from_on > timedelta(days=LONGEST_DEPUTY_DAYS):
        wrong["until_on"] = _("A deputy stands in for a year at most.")
    _raise(DeputyRefused, wrong)
    named = Deputy.objects.create(contact=contact, deputy=deputy, from_on=from_on, until_on=until_on)
    days = {"from_on": from_on.isoformat(), "until_on": until_on.isoformat()}
    _record("deputy.named", actor, contact.account, now, contact=contact.name, deputy=deputy.name, **days)
    return named


@transaction.atomic
def withdraw_deputy(actor: Actor, deputy_row: Deputy, *, now: datetime) -> None:
    """Somebody stands in no more."""
    contact = _with_say_over(actor, deputy_row.contact)
    names = {"contact": contact.name, "deputy": deputy_row.deputy.name}
    _record("deputy.withdrawn", actor, contact.account, now, **names)
    deputy_row.delete()


def _with_say_over(actor: Actor, contact: Contact) -> Contact:
    """An approver the actor may name deputies for: themselves, or as an administrator."""
    if not may(actor.role, "contact.manage", acting_for=actor.acting_for):
        demand(actor, "order.approve")
        if contact.pk != actor.contact_id:
            raise ContactNotFound()
    contact = contact_for(actor, contact.pk)
    if contact.role not in APPROVING_ROLES:
        raise DeputyRefused(_("%(name)s approves no orders, and needs no deputy.") % {"name": contact.name})
    return contact


def _demand(actor: Actor, account: Account) -> None:
    demand(actor, "contact.manage")
    if account.pk not in actor.account_ids:
        raise AccountNotFound()


def _is_amount(amount: Decimal) -> bool:
    return amount.is_finite() and 0 <= amount <= _MOST


def _raise(refusal: type, wrong: Mapping[str, str]) -> None:
    if wrong:
        raise refusal(" ".join(wrong.values()), fields={name: [words] for name, words in wrong.items()})


def _record(name: str, actor: Actor, account: Account, now: datetime, **facts) -> None:
    record(name, f"account:{account.number}", at=now, account_id=account.pk, actor=actor, **facts)
