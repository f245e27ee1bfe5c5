"""What buyers of the demo say and ask about the better known products, and what the stage's buyer waits for."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import F

from apps.accounts.models import Contact
from apps.cases.models import ProductQuestion
from apps.cases.rules import WorkingTime, deadlines
from apps.catalogue.models import Category, Product
from apps.demo.accounts import STAGE, Party
from apps.demo.catalogue.talk import PRIVATE, QUESTIONS, REVIEWS, WAITING
from apps.demo.chance import dice
from apps.demo.clock import Clock
from apps.demo.house import House
from apps.demo.load import copy_rows
from apps.demo.trade import Trade
from apps.feedback.models import ProductReview, ReviewVersion
from apps.ordering.models import OrderLine
from apps.pricing.selectors import prices_for_account
from apps.recommendations.models import Watch

TALKED_ABOUT = 2_000  # products; the others have no review yet, as in life
MOST_REVIEWS = 7
REVIEW_COLUMNS = (
    "id", "product_id", "account_id", "contact_id", "order_ref", "stars", "title", "body", "shown_at", "written_at",
)  # fmt: skip
VERSION_COLUMNS = (
    "review_id", "stars", "title", "body", "state", "reason", "written_at", "decided_at", "decided_by_name",
)  # fmt: skip
QUESTION_COLUMNS = (
    "product_id", "account_id", "contact_id", "asked_of", "owner_id", "body", "is_private", "state", "asked_at",
    "answer_by", "answer", "is_public", "answered_at", "answered_by_name",
)  # fmt: skip


def save_talk(parties: list[Party], trade: Trade, house: House, clock: Clock) -> None:
    departments = _departments(trade)
    _name_managers(house)
    reviews, versions = [], []
    for review, of_it in _reviews(departments, clock):
        reviews.append(review)
        versions += of_it
    copy_rows(ProductReview, REVIEW_COLUMNS, reviews)
    copy_rows(ReviewVersion, VERSION_COLUMNS, versions)
    questions = list(_questions(departments, parties, trade, house, clock))  # it asks the database itself
    copy_rows(ProductQuestion, QUESTION_COLUMNS, questions)
    _save_watches(parties[STAGE - 1], trade, clock)


def _departments(trade: Trade) -> dict[int, str]:
    """The best known goods on sale and the department of each, the best known first."""
    shelf = trade.shelf
    known = trade.pool[(-shelf.popularity[trade.pool]).argsort(kind="stable")][:TALKED_ABOUT].tolist()
    of = {pk: found.family.path[0] for found in shelf.ranges for pk in range(found.start, found.start + found.count)}
    return {pk: of[pk] for pk in known}


def _name_managers(house: House) -> None:
    """Each department has a product manager among the reps."""
    for at, category in enumerate(Category.objects.filter(depth=0).order_by("pk")):
        Category.objects.filter(pk=category.pk).update(manager=house.rep_ids[at % len(house.rep_ids)])


def _reviews(departments: dict[int, str], clock: Clock) -> Iterator[tuple[tuple, list[tuple]]]:
    """Reviews with their versions, by contacts to whose account the product was delivered."""
    lines = OrderLine.objects.filter(
        product__in=departments, delivered_quantity__gt=0, order__contact__isnull=False, order__status="delivered"
    )
    bought = lines.order_by("product", "order__contact", "order__placed_at").distinct("product", "order__contact")
    by_product = defaultdict(list)
    rows = bought.values_list("product", "order__account", "order__contact", "order__number", "order__placed_at")
    for product, *who in rows.filter(order__contact__account=F("order__account")):
        by_product[product].append(who)
    pk = 0
    for product, department in departments.items():
        chance = dice(f"reviews {product}")
        buyers = by_product[product]
        chosen = chance.sample(buyers, min(len(buyers), chance.randint(2, MOST_REVIEWS)))
        texts = chance.sample(REVIEWS[department], min(len(REVIEWS[department]), len(chosen)))
        for (account, contact, order, placed), text in zip(chosen, texts, strict=False):
            written = placed + timedelta(days=chance.randint(9, 70), minutes=chance.randint(0, 600))
            if written < clock.now - timedelta(days=1):
                pk += 1
                yield _review(pk, (product, account, contact, order), text, written, chance)


def _review(pk: int, whose: tuple, text: tuple, written: datetime, chance) -> tuple[tuple, list[tuple]]:
    stars, title, body = text
    decided = written + timedelta(hours=chance.randint(2, 40))
    version = (pk, stars, title, body, "shown", "", written, decided, "Otto Brandt")
    if chance.random() < 0.03:
        waiting = (pk, stars, title, body, "waiting", "", written, None, "")
        return (pk, *whose, None, "", "", None, written), [waiting]
    if chance.random() < 0.06:
        named = f"{body} Ask for Dave in goods-in, he knows."
        first = (pk, stars, title, named, "declined", "personal", written - timedelta(days=2), written, "Otto Brandt")
        return (pk, *whose, stars, title, body, decided, written), [first, version]
    return (pk, *whose, stars, title, body, decided, written), [version]


def _questions(
    departments: dict[int, str], parties: list[Party], trade: Trade, house: House, clock: Clock
) -> Iterator[tuple]:
    managers = dict(Category.objects.filter(depth=0).values_list("name", "manager"))
    for product, department in departments.items():
        chance = dice(f"questions {product}")
        for asked, answer in QUESTIONS[department]:
            party = chance.choice(parties)
            at = clock.ago(days=chance.randint(12, 300), hours=chance.randint(0, 9))
            owner = managers[department] if chance.random() < 0.5 else party.rep
            yield _question(product, party, owner, house, asked, at, answer=answer, public=True, chance=chance)
    stage = parties[STAGE - 1]
    regulars = trade.regulars_of(stage).products.tolist()
    for at, product in enumerate(regulars[:6:2]):
        chance = dice(f"own questions {product}")
        asked = clock.ago(days=20 + at)
        yield _question(product, stage, stage.rep, house, PRIVATE[at % 2], asked, answer=PRIVATE[2], chance=chance)
        if at < len(WAITING):
            yield _question(product, stage, stage.rep, house, WAITING[at], clock.ago(hours=5 + 60 * at), chance=chance)


def _question(
    product: int, party: Party, owner: int, house: House, asked: str, at: datetime, *, answer="", public=False, chance
) -> tuple:
    due = deadlines(at, WorkingTime(party.zone, "12345")).answer_by
    answered = min(at + timedelta(hours=chance.randint(3, 30)), due) if answer else None
    asked_of = "rep" if owner == party.rep else "manager"
    is_private = bool(answer) and not public
    return (
        product, party.pk, party.who("buyer").pk, asked_of, owner, asked, is_private,
        "answered" if answer else "waiting", at, due, answer, public, answered,
        house.names[owner] if answer else "",
    )  # fmt: skip


def _save_watches(party: Party, trade: Trade, clock: Clock) -> None:
    """The stage's buyer waits for a lower price of some regulars, and was told of one."""
    buyer = Contact.objects.get(pk=party.who("buyer").pk)
    regulars = trade.regulars_of(party)
    for at in range(0, min(len(regulars.products), 12), 4):
        product = Product.objects.get(pk=int(regulars.products[at]))
        ask = (product.pk, int(regulars.quantities[at]))
        price = prices_for_account(party.pk, [ask], clock.today)[ask]
        if price.unit_price is None:
            continue
        met = at == 8
        Watch.objects.create(
            account_id=party.pk, contact=buyer, product=product, kind="price", quantity=ask[1],
            below=price.unit_price + Decimal("0.05") if met else price.unit_price, currency=price.currency,
            begun_at=clock.ago(days=30 - at), state="met" if met else "open",
            met_at=clock.ago(days=3) if met else None, met_price=price.unit_price if met else None,
        )  # fmt: skip
