"""What became of suggestions in the last ten weeks, told from the orders of these weeks; and a letter about what is due
in the mailbox of the demo's buyer."""

from collections import Counter
from datetime import date, datetime, timedelta
from random import Random

from django.utils import timezone

from apps.accounts.models import Consent, Contact
from apps.catalogue.models import Category, Product
from apps.core.comparing import is_held_out
from apps.core.models import OutgoingMail
from apps.demo.accounts import STAGE, Party
from apps.demo.chance import dice
from apps.demo.clock import Clock
from apps.ordering.models import Order, OrderLine
from apps.recommendations.earning import DRAW
from apps.recommendations.letters import may_write_to
from apps.recommendations.models import CategoryService, NextOrderLetter, SuggestionDay, SuggestionSale, SuggestionTerms
from apps.recommendations.services import write_letter

DAYS, HELD_OUT = 70, 10
LED_TO = 0.16  # of the lines that were ordered
#: Kind and place: how many of the lines came from there, and how often it was shown for each.
SHARES = {
    ("next_order", "home"): (34, 9),
    ("next_order", "next_order"): (20, 4),
    ("next_order", "mail"): (10, 12),
    ("goes_with", "cart"): (12, 24),
    ("goes_with", "product"): (8, 40),
    ("pick", "home"): (6, 30),
    ("usually_added", "cart"): (10, 15),
}
#: Category and service: what buyers read of it.
OFFERED = {
    ("Fasteners", "SVC-LABEL"): "Each bag with your part number, ready for the bin",
    ("Storage & handling", "SVC-INST"): "Put up and anchored by our fitters",
}
Cell = tuple[date, str, str]


def save_suggested(parties: list[Party], clock: Clock) -> None:
    first = clock.day(-DAYS)
    SuggestionTerms.objects.create(pk=1, held_out_percent=HELD_OUT, held_out_since=first)
    sales = list(_sales(first, clock.today, dice("suggestions")))
    SuggestionSale.objects.bulk_create(sales, batch_size=1000)
    SuggestionDay.objects.bulk_create(_days(sales, dice("shown")), batch_size=1000)
    _offer_services()
    people = Contact.objects.select_related("user", "account__rep__user")
    _write(people.get(pk=parties[STAGE - 1].who("buyer").pk), clock)


def _offer_services() -> None:
    for (category, sku), note in OFFERED.items():
        CategoryService.objects.create(
            category=Category.objects.filter(name=category).earliest("depth", "pk"),
            service=Product.objects.get(sku=sku), note=note,
        )  # fmt: skip


def _sales(first: date, today: date, chance: Random):
    lines = OrderLine.objects.filter(order__placed_at__date__range=(first, today), quantity__gt=0)
    lines = lines.exclude(order__status__in=(Order.Status.CANCELLED, Order.Status.DECLINED))
    ways, weights = list(SHARES), [share for share, _shown in SHARES.values()]
    for line in lines.filter(order__channel="portal").select_related("order__account").order_by("pk"):
        order = line.order
        if chance.random() < LED_TO and not is_held_out(order.account.number, DRAW, HELD_OUT):
            ((kind, place),) = chance.choices(ways, weights)
            on = timezone.localdate(order.placed_at)
            about = {"account_id": order.account_id, "contact_id": order.contact_id}
            yield SuggestionSale(line=line, kind=kind, place=place, on=on, **about)


def _days(sales: list[SuggestionSale], chance: Random) -> list[SuggestionDay]:
    bought: dict[Cell, int] = Counter((sale.on, sale.kind, sale.place) for sale in sales)
    found = []
    for (on, kind, place), count in sorted(bought.items()):
        added = count + round(count * chance.uniform(0, 0.5))
        shown = round(added * SHARES[kind, place][1] * chance.uniform(0.8, 1.2))
        clicked = min(round(added * chance.uniform(0.5, 1.4)), shown)
        found.append(SuggestionDay(on=on, kind=kind, place=place, shown=shown, clicked=clicked, added=added))
    return found


def _write(buyer: Contact, clock: Clock) -> None:
    """The letter of the latest working morning, by the buyer's clock."""
    if not may_write_to([buyer.pk]):
        about = {"purpose": "marketing", "basis": "opt_in", "country": buyer.account.country, "source": "portal"}
        Consent.objects.create(contact=buyer, is_given=True, said_at=clock.ago(days=120), **about)
    at = _morning(buyer, clock)
    if write_letter(buyer, at.date(), now=at):
        letter = NextOrderLetter.objects.get(contact=buyer)
        OutgoingMail.objects.filter(key=f"next-order:{letter.pk}").update(sent_at=at)


def _morning(buyer: Contact, clock: Clock) -> datetime:
    at = clock.at(clock.today, 7, 40, buyer.time_zone)
    while at > clock.now or str(at.isoweekday()) not in buyer.account.working_days:
        at -= timedelta(days=1)
    return at
