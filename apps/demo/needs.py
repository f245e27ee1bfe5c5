"""What the accounts of the demo searched in vain, and what the house made of it."""

from collections.abc import Iterator

from apps.accounts.models import Rep
from apps.catalogue.models import MissedSearch, Product
from apps.core.scoping import Actor
from apps.demo.accounts import Party
from apps.demo.chance import dice
from apps.demo.clock import Clock
from apps.demo.load import copy_rows
from apps.demo.trade import Trade
from apps.insights.models import Need
from apps.insights.services import gather_needs, settle_need

#: Words, and in how many accounts of a hundred somebody searched them within a year.
SEARCHED = (
    ("biodegradable hydraulic oil", 14),
    ("left handed tin snips", 4),
    ("explosion proof torch", 9),
    ("titanium flange", 3),
    ("food grade silicone hose", 11),
    ("hose silicone, food grade", 4),
    ("cordless crimper", 8),
    ("compostable pallet wrap", 12),
    ("heated work jacket", 6),
)
HOUSE = Actor(role="operations", name="Tradewell")
MET, LOOKED_INTO, REFUSED = "compostable pallet wrap", "biodegradable hydraulic oil", "heated work jacket"


def save_needs(parties: list[Party], trade: Trade, clock: Clock) -> None:
    """Searches without a result of a year, the needs they and all the rest make, and three outcomes."""
    copy_rows(MissedSearch, ("account_id", "text", "day_on", "times"), list(_searches(parties, clock)))
    gather_needs(now=clock.now)
    owners = list(Rep.objects.filter(desk=Rep.Desk.SALES).order_by("pk")[:2])
    wraps = Product.objects.filter(name__icontains="wrap", status=Product.Status.ACTIVE).order_by("-popularity", "pk")
    sells = wraps.first() or Product.objects.get(pk=int(trade.pool[trade.shelf.popularity[trade.pool].argmax()]))
    outcomes = (
        (MET, owners[0], {"state": Need.State.IN_RANGE, "product": sells}, 45),
        (LOOKED_INTO, owners[-1], {"state": Need.State.LOOKED_INTO}, 12),
        (
            REFUSED,
            None,
            {"state": Need.State.NOT_FOR_US, "reason": "Clothing stays with our partner."},
            20,
        ),
    )
    for name, owner, outcome, days_ago in outcomes:
        need = Need.objects.filter(name=name).first()
        if need is not None:
            owner_id = owner.pk if owner else None
            settle_need(HOUSE, need, name=name, owner_id=owner_id, now=clock.ago(days=days_ago), **outcome)


def _searches(parties: list[Party], clock: Clock) -> Iterator[tuple]:
    for text, of_hundred in SEARCHED:
        chance = dice(f"searched in vain {text}")
        for at, party in enumerate(parties):
            if at < 2 or chance.random() * 100 < of_hundred:
                yield party.pk, text, clock.day(-chance.randint(2, 300)), chance.randint(1, 3)
