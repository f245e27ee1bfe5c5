"""What the demo's buyers negotiate and call off: rounds of quotes, and blanket orders at several paces."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import connection
from django.db.models import Count, Sum

from apps.accounts.models import Account
from apps.core import numbers
from apps.demo.accounts import STAGE
from apps.demo.clock import Clock
from apps.demo.history.ledger import number
from apps.ordering.models import (
    BlanketLine,
    BlanketOrder,
    CallOff,
    OrderLine,
    Quote,
    QuoteFile,
    QuoteLine,
    QuoteVersion,
    QuoteVersionLine,
)

# The offers of the past are the first round of their quotes.
_FIRST_ROUNDS = """
INSERT INTO ordering_quoteversion (quote_id, round, side, by_name, words, valid_until, made_at)
SELECT q.id, 1, 'rep', coalesce(u.name, ''), q.answer, q.valid_until, q.offered_at
FROM ordering_quote q JOIN accounts_account a ON a.id = q.account_id
LEFT JOIN accounts_rep r ON r.id = a.rep_id LEFT JOIN accounts_user u ON u.id = r.user_id
WHERE q.offered_at IS NOT NULL AND q.round = 0 ORDER BY q.id;
INSERT INTO ordering_quoteversionline (version_id, line_id, unit_price, note)
SELECT v.id, l.id, l.offered_price, ''
FROM ordering_quoteversion v JOIN ordering_quoteline l ON l.quote_id = v.quote_id
JOIN ordering_quote q ON q.id = v.quote_id WHERE l.offered_price > 0 AND q.round = 0 ORDER BY l.id;
UPDATE ordering_quote SET round = 1 WHERE offered_at IS NOT NULL;
"""
# who, words, share of the price when asked, how many days ago
_ROUNDS = (
    ("rep", "For the whole lot, delivered in one drop.", "0.95", 6),
    ("buyer", "We have 9 % off on the table elsewhere. Meet us and the order is yours.", "0.91", 4),
    ("rep", "I can go to 7.5 % if you take it before the date below.", "0.925", 2),
    ("buyer", "Nearly. At 8 % off I need no further signature.", "0.92", 0.2),
)
_NOTES = ("Individually bagged, please", "", "No other brand: the gauge is calibrated to it")
_DRAWING = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 420 297]/Contents 4 0 R>>endobj
4 0 obj<</Length 44>>stream
60 60 300 180 re S 100 100 m 320 200 l S
endstream endobj
trailer<</Root 1 0 R>>
%%EOF
"""


@dataclass(frozen=True, slots=True)
class Scene:
    """A blanket order of the stage: its term in days from today, and how often what was called off is agreed."""

    name: str
    begins: int
    ends: int
    times: str


_SCENES = (
    Scene("Consumables, workshop", -170, 195, "2.1"),
    Scene("Shutdown spares", -150, 24, "3"),
    Scene("Site opening", -190, -12, "1.2"),
)


def save_agreements(clock: Clock) -> None:
    """Rounds for every offer; for the stage a counter-offer, an offer that stands, and three blanket orders."""
    with connection.cursor() as cursor:
        cursor.execute(_FIRST_ROUNDS)
    account = Account.objects.select_related("rep__user").get(pk=STAGE)
    _negotiate(account, clock, len(_ROUNDS), "A year of consumables for the new hall. Please price each line.")
    _negotiate(account, clock, len(_ROUNDS) - 1, "Same list for the Leeds site, smaller quantities.")
    for scene, products in zip(_SCENES, _repeated(account, clock), strict=False):
        _agree(account, clock, scene, products)


def _negotiate(account: Account, clock: Clock, rounds: int, message: str) -> None:
    """A quote that has gone to and fro so many times; the last word decides whose turn it is."""
    contact = account.contacts.filter(role="buyer", is_active=True).order_by("pk").first()
    quote = Quote.objects.create(
        number="QU-", account=account, contact=contact, currency=account.currency, message=message,
        requested_at=clock.ago(days=7 + rounds), waiting_since=clock.ago(days=_ROUNDS[rounds - 1][3]),
    )  # fmt: skip
    _number(quote, "QU")
    some = OrderLine.objects.filter(order__account=account, product__status="active", product__kind="goods")
    some = some.order_by("-order__placed_at", "product_id").select_related("product")[: 12 * rounds]
    chosen = list({line.product_id: line for line in list(some)[::rounds]}.values())[:3]
    lines = [
        QuoteLine.objects.create(
            quote=quote, product=line.product, quantity=line.quantity * 12, current_price=line.unit_price, note=note
        )
        for line, note in zip(chosen, _NOTES, strict=False)
    ]
    for at, (side, words, share, ago) in enumerate(_ROUNDS[:rounds], 1):
        name = account.rep.user.name if side == "rep" else contact.name
        until = clock.day(21) if side == "rep" else None
        version = QuoteVersion.objects.create(
            quote=quote, round=at, side=side, by_name=name, words=words, valid_until=until, made_at=clock.ago(days=ago)
        )
        prices = [_share(line.current_price, share if place != 1 else "0.95") for place, line in enumerate(lines)]
        QuoteVersionLine.objects.bulk_create(
            QuoteVersionLine(version=version, line=line, unit_price=price)
            for line, price in zip(lines, prices, strict=True)
        )
        quote.round, quote.status = at, "offered" if side == "rep" else "countered"
        if side == "rep":
            quote.answer, quote.valid_until, quote.offered_at = words, until, version.made_at
            for line, price in zip(lines, prices, strict=True):
                line.offered_price = price
    QuoteLine.objects.bulk_update(lines, ["offered_price"])
    quote.save()
    QuoteFile.objects.create(
        quote=quote, name="hall-layout.pdf", kind="pdf", size=len(_DRAWING), content=_DRAWING, side="buyer",
        by_name=contact.name, sent_at=quote.requested_at,
    )  # fmt: skip


def _number(made: Quote | BlanketOrder, prefix: str) -> None:
    """The number that belongs to its id: the same day seeds the same numbers."""
    made.number = number(prefix, made.pk)
    made.save(update_fields=["number"])
    numbers.advance(prefix, numbers.FIRST + made.pk)


def _share(price: Decimal, share: str) -> Decimal:
    return max(round(price * Decimal(share), 4), Decimal("0.0001"))


def _repeated(account: Account, clock: Clock) -> Iterator[list[dict]]:
    """Two products and prices at a time that the account has ordered again and again."""
    lines = OrderLine.objects.filter(
        order__account=account,
        order__placed_at__gt=clock.ago(days=140),
        order__status__in=["shipped", "delivered"],
        product__kind="goods",
    )
    often = lines.values("product", "unit_price").annotate(times=Count("id"), quantity=Sum("quantity"))
    found = list(often.order_by("-times", "product")[:12])
    rows = list({row["product"]: row for row in found}.values())
    for at in range(0, len(rows) - 1, 2):
        yield rows[at : at + 2]


def _agree(account: Account, clock: Clock, scene: Scene, products: list[dict]) -> None:
    contact = account.contacts.filter(role="buyer", is_active=True).order_by("pk").first()
    is_over = scene.ends < 0
    blanket = BlanketOrder.objects.create(
        number="BO-", account=account, contact=contact, name=scene.name, currency=account.currency,
        starts_on=clock.day(scene.begins), ends_on=clock.day(scene.ends), state="lapsed" if is_over else "active",
        made_by_name=account.rep.user.name, made_at=clock.ago(days=4 - scene.begins),
        warned_at=clock.ago(days=5) if scene.ends < 30 else None,
    )  # fmt: skip
    _number(blanket, "BO")
    for product in products:
        called = OrderLine.objects.filter(
            order__account=account,
            product=product["product"],
            unit_price=product["unit_price"],
            order__placed_at__gt=clock.ago(days=140),
            order__placed_at__lt=_end(clock, scene),
            order__status__in=["shipped", "delivered"],
        )
        calls = list(called.select_related("order", "product"))
        calls = list({call.order_id: call for call in calls}.values())
        total = sum(call.quantity for call in calls)
        multiple = calls[0].product.order_multiple if calls else 1
        agreed = max(-(-int(total * Decimal(scene.times)) // multiple) * multiple, multiple)
        line = BlanketLine.objects.create(
            blanket=blanket, product_id=product["product"], unit_price=product["unit_price"], agreed=agreed,
            called=total,
        )  # fmt: skip
        CallOff.objects.bulk_create(
            CallOff(line=line, order=call.order, quantity=call.quantity, called_at=call.order.placed_at)
            for call in calls
        )
        OrderLine.objects.filter(pk__in=[call.pk for call in calls]).update(
            price_source="blanket", price_source_ref=blanket.number
        )


def _end(clock: Clock, scene: Scene) -> datetime:
    return clock.now + timedelta(days=min(scene.ends, 0))
