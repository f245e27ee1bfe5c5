"""What decides whether somebody must say yes to an order: limits, cost centre and policies, as they stand now."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from django.db.models import QuerySet

from apps.accounts.models import Account, Contact
from apps.accounts.rules import ids_on_path, may
from apps.catalogue.models import Category
from apps.core.money import ZERO
from apps.core.scoping import Actor
from apps.ordering.errors import PolicyNotFound
from apps.ordering.models import ApprovalPolicy, BuyingRules, CostCentre
from apps.ordering.rules import approvals as rules
from apps.ordering.rules.approvals import Allowance, Asked, Basket, Policy
from apps.ordering.selectors.budgets import BudgetView, budgets_of, ordered_in_period


@dataclass(frozen=True, slots=True)
class Limits:
    """What may be ordered without an approver: in one order, and in each period (period -> net)."""

    per_order: Decimal | None
    per_period: dict[str, Decimal]


@dataclass(frozen=True, slots=True)
class Buying:
    """Everything that decides, but for the order itself."""

    limits: Limits
    allowances: tuple[Allowance, ...]
    budget: BudgetView | None
    policies: tuple[Policy, ...]
    under: dict[int, tuple[int, ...]]
    ship_to_ids: frozenset[int]

    def asked(self, net: Decimal, lines: Iterable[tuple[int | None, Decimal]]) -> tuple[Asked, ...]:
        """Whose yes an order of this net value needs; `lines` are (category id, net) of what is ordered."""
        return rules.asked_for(
            self._basket(net, lines),
            spend_limit=self.limits.per_order,
            allowances=self.allowances,
            budget=self.budget.allowance if self.budget else None,
            policies=self.policies,
        )

    def beside(self, net: Decimal) -> "Buying":
        """The same for an order that is looked at as one with `net` ordered before: that is not counted twice."""
        budget = self.budget and self.budget.less(net)
        return replace(self, allowances=tuple(each.less(net) for each in self.allowances), budget=budget)

    def is_over_budget(self, net: Decimal) -> bool:
        """Whether the budget of the cost centre does not cover it."""
        return self.budget is not None and self.budget.left is not None and net > self.budget.left

    def is_blocked(self, net: Decimal) -> bool:
        """Whether the budget of the cost centre refuses it."""
        return rules.is_blocked(net, self.budget.allowance if self.budget else None)

    def _basket(self, net: Decimal, lines: Iterable[tuple[int | None, Decimal]]) -> Basket:
        by_category: dict[int, Decimal] = {}
        for category_id, line_net in lines:
            for above in self.under.get(category_id, ()):
                by_category[above] = by_category.get(above, ZERO) + line_net
        return Basket(net, by_category, self.budget.cost_centre.pk if self.budget else None, self.ship_to_ids)


def limits_of(account: Account, contact: Contact | None, *, on_behalf: bool = False) -> Limits:
    """The contact's limits; for nobody in person the account's lowest. At most one query.

    `on_behalf` says that a rep orders for the contact.
    """
    if contact is not None and not (
        on_behalf and rules.needs_their_word(contact.spend_limit, may(contact.role, "order.approve"))
    ):
        return _lowest([(contact.spend_limit, contact.period_limit, contact.limit_period)])
    buyers = Contact.objects.filter(account=account, is_active=True)
    return _lowest(buyers.values_list("spend_limit", "period_limit", "limit_period"))


def _lowest(limits: Iterable[tuple[Decimal | None, Decimal | None, str]]) -> Limits:
    limits, periods = list(limits), {}
    for _per_order, amount, period in limits:
        if amount is not None:
            periods[period] = min(amount, periods.get(period, amount))
    return Limits(rules.limit_without_contact(per_order for per_order, *_period in limits), periods)


def buying_of(
    account: Account,
    contact: Contact | None,
    limits: Limits,
    *,
    cost_centre: CostCentre | None,
    ship_to_ids: Iterable[int],
    category_ids: Iterable[int | None],
    now: datetime,
) -> Buying:
    """What decides about an order of these categories. Two queries, and one each for what there is of the rest."""
    policies = policies_for(account)
    by_category = any(policy.category_id for policy in policies)
    return Buying(
        limits=limits,
        allowances=tuple(
            Allowance(amount, ordered_in_period(account, contact, period, now), period)
            for period, amount in limits.per_period.items()
        ),
        budget=budgets_of([cost_centre], now)[cost_centre.pk] if cost_centre else None,
        policies=policies,
        under=_lineages(category_ids) if by_category else {},
        ship_to_ids=frozenset(ship_to_ids),
    )


def _lineages(category_ids: Iterable[int | None]) -> dict[int, tuple[int, ...]]:
    found = Category.objects.filter(pk__in={each for each in category_ids if each})
    return {pk: ids_on_path(path) for pk, path in found.values_list("pk", "path")}


def rules_of(account: Account) -> BuyingRules:
    """What an account says about its own buying, said or not."""
    return BuyingRules.objects.filter(account=account).first() or BuyingRules(account=account)


def policies_for(account: Account) -> tuple[Policy, ...]:
    """The policies that hold for an account, its own and those it inherits. Three queries, one where there is none."""
    return tuple(
        Policy(
            policy.name,
            tuple(rules.Step(step.above, step.role, step.contact_id) for step in policy.steps.all()),
            policy.category_id,
            policy.cost_centre_id,
            policy.ship_to_id,
        )
        for policy in _holding(account, ApprovalPolicy.objects.prefetch_related("steps"))
    )


def policies_of(account: Account) -> list[ApprovalPolicy]:
    """The same as rows, with their account, what they fit, their steps and the people these name."""
    found = ApprovalPolicy.objects.select_related("account", "category", "cost_centre", "ship_to")
    return _holding(account, found.prefetch_related("steps__contact"))


def _holding(account: Account, policies: QuerySet) -> list[ApprovalPolicy]:
    """Those of `policies` that hold for an account; most accounts have none, and then nothing more is asked."""
    found = list(policies.filter(account__in=account.lineage))
    if not found:
        return found
    said = BuyingRules.objects.filter(account__in=account.lineage, own_policies_only=True)
    holding = rules.inherited(account.lineage, set(said.values_list("account_id", flat=True)))
    return [policy for policy in found if policy.account_id in holding]


def policy_for(actor: Actor, policy_id: int) -> ApprovalPolicy:
    """A policy of the actor's accounts; `PolicyNotFound` for absent and not theirs alike."""
    found = ApprovalPolicy.objects.visible_to(actor).select_related("account").filter(pk=policy_id).first()
    if found is None:
        raise PolicyNotFound()
    return found
