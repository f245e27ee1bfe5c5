"""Who must say yes to an order, and who may.

1. A net value (goods and freight) above the buyer's spend limit waits for an approver of the account.
2. Where no contact orders in person, the lowest spend limit among the account's buyers applies: a key is no way around
   it, and neither is a rep who orders on behalf of somebody whose own word would be enough. On behalf of a buyer with a
   limit, it is theirs.
3. Nobody decides about an order of their own, whichever of their contacts placed it. What a rep ordered for somebody
   without a limit is theirs to decide: their word is what it waits for.
4. A limit for a period counts everything ordered in it that was neither declined nor cancelled, what still waits as
   well. The order that passes it waits for an approver.
5. So does an order above what is left of its cost centre's budget where the budget says "ask". Where it says "block"
   the order is refused, where it says "warn" it is only told.
6. A policy fits an order by cost centre and ship-to, and where it names a category by what of the order belongs there.
   It asks whoever orders, approvers as well: each step whose amount is passed, the lower amounts first.
7. Limits and budgets come before policies; whoever has been asked already is not asked again by a later step.
8. An account's policies are its own and those above it, up to the first account that says its own replace them.
9. A step belongs to a person or to a role. A person's step is also decided by their deputy of the day. Where the person
   can decide no more, or ordered it themselves, it falls to an administrator; a deputy never decides their own order.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from apps.core.money import ZERO
from apps.ordering.rules.statuses import BUDGET, PERIOD_LIMIT, POLICY, SPEND_LIMIT

APPROVER, ADMINISTRATOR = "approver", "administrator"
WARN, BLOCK, ASK = "warn", "block", "ask"
#: Which roles satisfy a step that asks for one.
SATISFIED_BY = {APPROVER: frozenset({APPROVER, ADMINISTRATOR}), ADMINISTRATOR: frozenset({ADMINISTRATOR})}


@dataclass(frozen=True, slots=True)
class Step:
    """Above this net amount, this person is asked, or else anybody in this role."""

    above: Decimal
    role: str = APPROVER
    contact_id: int | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """Steps for the orders that fit; None fits every order."""

    name: str
    steps: tuple[Step, ...]
    category_id: int | None = None
    cost_centre_id: int | None = None
    ship_to_id: int | None = None


@dataclass(frozen=True, slots=True)
class Allowance:
    """An amount for a period, and what of it has been used before this order."""

    amount: Decimal
    used: Decimal
    period: str
    when_over: str = ASK

    @property
    def left(self) -> Decimal:
        return self.amount - self.used

    def covers(self, net: Decimal) -> bool:
        return net <= self.left

    def less(self, net: Decimal) -> "Allowance":
        """The same with less of it used."""
        return replace(self, used=self.used - net)


@dataclass(frozen=True, slots=True)
class Basket:
    """What is ordered, as policies look at it. `by_category` has the net under each category and those above it.

    It is looked at whole wherever it goes: a policy for one ship-to fits where anything goes there.
    """

    net: Decimal
    by_category: dict[int, Decimal]
    cost_centre_id: int | None = None
    ship_to_ids: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody whose yes an order needs, and why: a reason of `rules.statuses`, and the policy's name."""

    reason: str
    role: str = APPROVER
    contact_id: int | None = None
    policy: str = ""

    @property
    def whom(self) -> tuple[str, int | None]:
        return ("", self.contact_id) if self.contact_id else (self.role, None)


def asked_for(
    basket: Basket,
    *,
    spend_limit: Decimal | None = None,
    allowances: Iterable[Allowance] = (),
    budget: Allowance | None = None,
    policies: Iterable[Policy] = (),
) -> tuple[Asked, ...]:
    """Everybody who must say yes, in the order in which they are asked; nobody is an empty tuple."""
    asked = [Asked(SPEND_LIMIT)] if needs_approval(basket.net, spend_limit) else []
    if any(not allowance.covers(basket.net) for allowance in allowances):
        asked.append(Asked(PERIOD_LIMIT))
    if budget is not None and budget.when_over == ASK and not budget.covers(basket.net):
        asked.append(Asked(BUDGET))
    met = {each.whom for each in asked}
    for each in _steps_passed(basket, policies):
        if each.whom not in met:
            met.add(each.whom)
            asked.append(each)
    return tuple(asked)


def is_blocked(net: Decimal, budget: Allowance | None) -> bool:
    """Whether the budget refuses an order of this net value."""
    return budget is not None and budget.when_over == BLOCK and not budget.covers(net)


def _steps_passed(basket: Basket, policies: Iterable[Policy]) -> list[Asked]:
    passed = [
        (step.above, Asked(POLICY, ADMINISTRATOR if step.contact_id else step.role, step.contact_id, policy.name))
        for policy in policies
        for step in policy.steps
        if amount_under(policy, basket) > step.above
    ]
    return [asked for _above, asked in sorted(passed, key=lambda each: each[0])]


def amount_under(policy: Policy, basket: Basket) -> Decimal:
    """The net amount that a policy looks at; zero where the order does not fit it."""
    if policy.cost_centre_id not in (None, basket.cost_centre_id):
        return ZERO
    if policy.ship_to_id is not None and policy.ship_to_id not in basket.ship_to_ids:
        return ZERO
    return basket.net if policy.category_id is None else basket.by_category.get(policy.category_id, ZERO)


def inherited(lineage: Sequence[int], own_only: Collection[int]) -> tuple[int, ...]:
    """Of the accounts from the root down to an account: those whose policies hold for it. `own_only` are the accounts
    whose own policies replace those from above.
    """
    for at in range(len(lineage) - 1, 0, -1):
        if lineage[at] in own_only:
            return tuple(lineage[at:])
    return tuple(lineage)


@dataclass(frozen=True, slots=True)
class Decider:
    """Somebody who may have a say: their role, and the contacts they stand in for today."""

    role: str
    contact_id: int | None
    user_id: int | None
    stands_in_for: frozenset[int] = frozenset()


def may_decide(
    decider: Decider, *, role: str, contact_id: int | None, contact_user_id: int | None = None, is_able: bool = True
) -> bool:
    """Whether a step is theirs, their own orders apart. `is_able` says that the step's person can decide it."""
    if contact_id is None:
        return decider.role in SATISFIED_BY[role]
    is_them = decider.contact_id == contact_id or (contact_user_id is not None and decider.user_id == contact_user_id)
    stands_in = contact_id in decider.stands_in_for
    return (is_them and is_able) or stands_in or (not is_able and decider.role == ADMINISTRATOR)


def needs_approval(net: Decimal, spend_limit: Decimal | None) -> bool:
    """Whether `net` is above the limit; None is no limit."""
    return spend_limit is not None and net > spend_limit


def limit_without_contact(limits: Iterable[Decimal | None]) -> Decimal | None:
    """The limit for an order nobody signs: the lowest of the account's buyers, None where none has one."""
    return min((limit for limit in limits if limit is not None), default=None)


def needs_their_word(spend_limit: Decimal | None, may_approve: bool) -> bool:
    """Whether somebody could order in person what a rep cannot order for them without their word."""
    return may_approve or spend_limit is None


def is_own_order(
    *, ordered_by_contact: int | None, ordered_by_user: int | None, contact_id: int | None, user_id: int | None
) -> bool:
    """Whether the person deciding is the person who ordered."""
    same_contact = ordered_by_contact is not None and ordered_by_contact == contact_id
    same_user = ordered_by_user is not None and ordered_by_user == user_id
    return same_contact or same_user
