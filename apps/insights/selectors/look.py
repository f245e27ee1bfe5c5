"""An account in one look: how it is and why, its companies, its share of what accounts like it buy, what its prices
leave, what is promised to it. All is reckoned when it is asked for, in queries that do not grow with the account.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from statistics import median

from django.db.models import Avg, Count, F, Q, Sum
from django.utils import timezone

from apps.accounts.models import Account
from apps.accounts.selectors import accounts_visible
from apps.availability.selectors import held_for
from apps.cases.models import Case
from apps.catalogue.models import Category
from apps.core.money import ZERO
from apps.core.scoping import Actor
from apps.feedback.models import Answer
from apps.fulfilment.rules.otif import Otif
from apps.fulfilment.selectors.otif import otif_of_account
from apps.insights.rules.health import Health, cases_share, growth_share, health_of
from apps.insights.selectors.stakes import Stake, stakes_of
from apps.invoicing.selectors import ageing_of
from apps.invoicing.selectors.ageing import ages
from apps.ordering.models import Order, OrderLine
from apps.ordering.selectors.revenue import revenue_of
from apps.pricing.models import PriceList
from apps.pricing.selectors import costs_of, list_prices
from apps.pricing.selectors.terms import rate_to_house

YEAR, HALF = timedelta(days=365), timedelta(days=182)
ALIKE, LEAST_ALIKE = 30, 5
MOST_OF_A_TREE, MOST_PROMISED = 60, 20
_NOT_BOUGHT = (Order.Status.CANCELLED, Order.Status.DECLINED)


@dataclass(frozen=True, slots=True)
class Facts:
    """What the parts of an account's health were reckoned from. `answered` is (mean, how many), `paid` (owed, overdue)
    in the account's currency, `breadth` (categories it buys of the usual ones, how many usual ones)."""

    stake: Stake | None
    this_year: Decimal
    year_before: Decimal
    otif: Otif
    answered: tuple[float, int] | None
    open_cases: int
    overdue_cases: int
    paid: tuple[Decimal, Decimal] | None
    breadth: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Share:
    """What the account ordered in a category within a year, and the middle of what accounts like it did."""

    category: Category
    own: Decimal
    usual: Decimal

    @property
    def share(self) -> float | None:
        """None where accounts like it buy nothing there."""
        return float(self.own / self.usual) if self.usual else None


@dataclass(frozen=True, slots=True)
class Wallet:
    """The categories in which an account or those like it buy, the largest difference first. `alike` is with how many
    it is compared: accounts of its segment, in its currency, nearest to it in what they ordered within a year. Without
    enough of them there are no shares."""

    shares: tuple[Share, ...]
    alike: int
    currency: str


@dataclass(frozen=True, slots=True)
class Company:
    """An account of the tree. Figures are those of a year, in the house's currency, and what is open, by currency; both
    empty where the account is not the actor's to see."""

    account: Account
    depth: int
    is_seen: bool
    a_year: Decimal | None
    owed: tuple[tuple[str, Decimal], ...]


@dataclass(frozen=True, slots=True)
class Realised:
    """Of what was ordered in a category in a year: its net, the net of that at the base list, both only of what has a
    list price; the same shares for the latest half-year and the one before; and the room above cost, where it is known.
    """

    category: Category
    net: Decimal
    at_list: Decimal
    lately: float | None
    before: float | None
    room: Decimal | None
    room_of: Decimal

    @property
    def share(self) -> float | None:
        return float(self.net / self.at_list) if self.at_list else None

    @property
    def room_share(self) -> float | None:
        return float(self.room / self.room_of) if self.room is not None and self.room_of else None


@dataclass(frozen=True, slots=True)
class Promised:
    """A line of an open order of which something is still to leave, and what is held for it: (pieces, from where as in
    `availability.rules`, ready on)."""

    line: OrderLine
    lots: tuple[tuple[int, str, date], ...]


@dataclass(frozen=True, slots=True)
class Look:
    health: Health
    facts: Facts
    wallet: Wallet
    tree: tuple[Company, ...]
    realised: tuple[Realised, ...]
    promised: tuple[Promised, ...]


def look_of(actor: Actor, account: Account, *, now: datetime, margins: bool) -> Look:
    """Of an account that the actor may see; at most 24 queries. `margins`: whether the room above cost is told."""
    on = timezone.localdate(now)
    alike = accounts_alike(account, now=now)
    bought = _by_category([account.pk, *alike], account.currency, now)
    roots = Category.objects.in_bulk({root for spent in bought.values() for root in spent})
    facts = _facts(actor, account, alike, bought, now=now)
    health = _health(facts)
    wallet = _wallet(account, alike, bought, roots)
    tree, realised = tree_of(actor, account, now=now, on=on), _realised(account, now, on, margins)
    return Look(health, facts, wallet, tree, realised, promised_to(account))


@dataclass(frozen=True, slots=True)
class Standing:
    """How an account is, and what it orders a year and would if it bought in each category what accounts like it do; in
    the house's currency, None where that is not known."""

    health: Health
    a_year: Decimal | None
    potential: Decimal | None


def standing_of(actor: Actor, account: Account, *, now: datetime) -> Standing:
    """Of an account that the actor may see; at most 13 queries."""
    alike = accounts_alike(account, now=now)
    bought = _by_category([account.pk, *alike], account.currency, now)
    facts = _facts(actor, account, alike, bought, now=now)
    a_year = facts.stake.a_year if facts.stake else None
    rate, others = rate_to_house(account.currency, timezone.localdate(now)), [bought.get(pk, {}) for pk in alike]
    if rate is None or len(others) < LEAST_ALIKE:
        return Standing(_health(facts), a_year, a_year)
    own, roots = bought.get(account.pk, {}), {root for spent in bought.values() for root in spent}
    potential = sum((max(own.get(root, ZERO), _middle(root, others)) for root in roots), ZERO) * rate
    return Standing(_health(facts), a_year, max(potential, a_year or ZERO))


def _health(facts: Facts) -> Health:
    return health_of(
        {
            "rhythm": None if facts.stake is None else 1 - facts.stake.chance,
            "service": float(facts.otif.share) if facts.otif.lines else None,
            "growth": growth_share(float(facts.this_year), float(facts.year_before)),
            "voice": None if facts.answered is None else facts.answered[0] / 10,
            "cases": cases_share(facts.open_cases, facts.overdue_cases) if facts.stake else None,
            "payment": None if facts.paid is None else float(1 - facts.paid[1] / facts.paid[0]),
            "breadth": None if facts.breadth is None else facts.breadth[0] / facts.breadth[1],
        }
    )


def accounts_alike(account: Account, *, now: datetime) -> list[int]:
    """The accounts of its segment, in its currency, that ordered most nearly as much as it within a year: at most
    `ALIKE`, none without a segment. One query."""
    if not account.segment:
        return []
    orders = Order.objects.filter(account__segment=account.segment, account__is_active=True, currency=account.currency)
    orders = orders.filter(placed_at__gt=now - YEAR, placed_at__lte=now).exclude(status__in=_NOT_BOUGHT).order_by()
    ordered = dict(orders.values_list("account").annotate(Sum("goods_net")))
    own = ordered.pop(account.pk, ZERO)
    return sorted(ordered, key=lambda pk: (abs(ordered[pk] - own), pk))[:ALIKE]


def _lines(account_ids: Collection[int], currency: str, now: datetime):
    lines = OrderLine.objects.filter(
        order__account__in=account_ids, order__currency=currency, order__placed_at__lte=now,
        order__placed_at__gt=now - YEAR,
    )  # fmt: skip
    return lines.exclude(order__status__in=_NOT_BOUGHT).order_by()


def _root(path: str) -> int:
    return int(path.split("/")[1])


def _by_category(account_ids: Sequence[int], currency: str, now: datetime) -> dict[int, dict[int, Decimal]]:
    """Account -> topmost category -> net of a year. One query."""
    found: dict[int, dict[int, Decimal]] = defaultdict(lambda: defaultdict(lambda: ZERO))
    rows = _lines(account_ids, currency, now).values_list("order__account", "product__category__path")
    for account_id, path, net in rows.annotate(Sum("net")):
        found[account_id][_root(path)] += net
    return found


def _facts(actor: Actor, account: Account, alike: Sequence[int], bought: Mapping, *, now: datetime) -> Facts:
    on, inside = timezone.localdate(now), actor.inside(account.pk)
    stakes = stakes_of(dict.fromkeys([account.pk, *alike], account.segment), now=now)
    orders = Order.objects.filter(account=account)
    this = revenue_of(orders.filter(placed_at__gt=now - YEAR, placed_at__lte=now))
    before = revenue_of(orders.filter(placed_at__gt=now - 2 * YEAR, placed_at__lte=now - YEAR))
    known = not (this.unknown or before.unknown)
    answers = Answer.objects.nps().filter(account=account, answered_at__gt=now - YEAR, answered_at__lte=now)
    said = answers.aggregate(mean=Avg("score"), n=Count("pk"))
    overdue = Q(answered_at=None, answer_by__lt=now) | Q(resolve_by__lt=now)
    cases = Case.objects.unresolved().filter(account=account).aggregate(n=Count("pk"), late=Count("pk", filter=overdue))
    owed = [(age.total, age.overdue) for age in ageing_of([account.pk], on) if age.currency == account.currency]
    return Facts(
        stake=stakes.get(account.pk),
        this_year=this.total if known else ZERO,
        year_before=before.total if known else ZERO,
        otif=otif_of_account(inside, account.pk, on),
        answered=(float(said["mean"]), said["n"]) if said["n"] else None,
        open_cases=cases["n"],
        overdue_cases=cases["late"],
        paid=next((sums for sums in owed if sums[0] > 0), None),
        breadth=_breadth(bought.get(account.pk, {}), [bought.get(pk, {}) for pk in alike]),
    )


def _breadth(own: Mapping[int, Decimal], others: Sequence[Mapping[int, Decimal]]) -> tuple[int, int] | None:
    """Of the categories that at least half of the accounts like it buy, in how many it buys too."""
    if len(others) < LEAST_ALIKE:
        return None
    usual = [root for root in {root for each in others for root in each} if _middle(root, others) > 0]
    return (sum(root in own for root in usual), len(usual)) if usual else None


def _middle(root: int, others: Sequence[Mapping[int, Decimal]]) -> Decimal:
    return median(each.get(root, ZERO) for each in others)


def _wallet(account: Account, alike: Sequence[int], bought: Mapping, roots: Mapping[int, Category]) -> Wallet:
    others = [bought.get(pk, {}) for pk in alike]
    if len(others) < LEAST_ALIKE:
        return Wallet((), len(others), account.currency)
    own = bought.get(account.pk, {})
    shares = (Share(category, own.get(root, ZERO), _middle(root, others)) for root, category in roots.items())
    found = sorted(
        (one for one in shares if one.own or one.usual), key=lambda one: (one.own - one.usual, one.category.pk)
    )
    return Wallet(tuple(found), len(others), account.currency)


def tree_of(actor: Actor, account: Account, *, now: datetime, on: date) -> tuple[Company, ...]:
    """The companies of the tree the account is in, top down; nothing where it stands alone. Four queries, or one."""
    tree = list(Account.objects.filter(path__startswith=f"/{account.lineage[0]}/").order_by("path")[:MOST_OF_A_TREE])
    if len(tree) < 2:
        return ()
    seen = set(accounts_visible(actor).filter(pk__in=[one.pk for one in tree]).values_list("pk", flat=True))
    ordered = revenue_of(Order.objects.filter(account__in=seen, placed_at__gt=now - YEAR, placed_at__lte=now))
    owed: dict[int, list[tuple[str, Decimal]]] = defaultdict(list)
    for account_id, age in ages(sorted(seen), on):
        owed[account_id].append((age.currency, age.total))
    return tuple(
        Company(
            one,
            len(one.lineage) - 1,
            one.pk in seen,
            None if one.pk not in seen or one.pk in ordered.unknown else ordered.by_account.get(one.pk, ZERO),
            tuple(owed[one.pk]),
        )
        for one in tree
    )


def _realised(account: Account, now: datetime, on: date, margins: bool) -> tuple[Realised, ...]:
    """By topmost category, the most ordered first. Against the list and the costs as they are on the day; four queries.

    A product counts at the list price of the mean quantity of its lines.
    """
    half = now - HALF
    lines = _lines([account.pk], account.currency, now).filter(quantity__gt=0)
    late = Q(order__placed_at__gt=half)
    rows = list(
        lines.values_list("product_id", "product__category__path").annotate(
            many=Count("pk"), pieces=Sum("quantity"), worth=Sum("net"),
            late_pieces=Sum("quantity", filter=late, default=0), late_worth=Sum("net", filter=late, default=ZERO),
        )
    )  # fmt: skip
    base = PriceList.objects.filter(is_base=True, currency=account.currency).order_by("-priority", "pk").first()
    if not rows or base is None:
        return ()
    ids = [row[0] for row in rows]
    listed, costs = list_prices(base.pk, ids, on), costs_of(ids, on) if margins else {}
    sums: dict[int, list[Decimal]] = defaultdict(lambda: [ZERO] * 8)
    for product_id, path, many, quantity, net, late_quantity, late_net in rows:
        of = sums[_root(path)]
        reached = [each for each in listed.get(product_id, ()) if each.min_quantity <= max(quantity // many, 1)]
        if reached:
            price = max(reached).unit_price
            more = (net, price * quantity, late_net, price * late_quantity, net - late_net)
            for place, amount in enumerate((*more, price * (quantity - late_quantity))):
                of[place] += amount
        cost = costs.get((product_id, account.currency))
        if cost is not None:
            of[6] += net - cost * quantity
            of[7] += net
    roots = Category.objects.in_bulk(list(sums))
    found = [
        Realised(roots[root], of[0], of[1], _ratio(of[2], of[3]), _ratio(of[4], of[5]), of[6] if of[7] else None, of[7])
        for root, of in sums.items()
    ]
    return tuple(sorted(found, key=lambda one: (-one.net, one.category.pk)))


def _ratio(net: Decimal, at_list: Decimal) -> float | None:
    return float(net / at_list) if at_list else None


def promised_to(account: Account) -> tuple[Promised, ...]:
    """The lines that wait, the earliest promise first, at most `MOST_PROMISED`. Two queries."""
    waiting = OrderLine.objects.filter(order__account=account).awaited().select_related("order")
    lines = list(waiting.order_by(F("promised_on").asc(nulls_last=True), "order_id", "position")[:MOST_PROMISED])
    held = held_for(OrderLine.ref_of(line.order.number, line.position) for line in lines)
    return tuple(
        Promised(
            line,
            tuple(
                (lot.quantity, lot.source, lot.ready_on)
                for lot in held.get(OrderLine.ref_of(line.order.number, line.position), ())
            ),
        )
        for line in lines
    )
