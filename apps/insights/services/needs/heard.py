"""Where needs are heard: each reader brings what has not told of a need yet, so many at a time.

A reader answers with a list of `Heard`. What is lost in another currency than the house's is worth what it was at the
exchange rate of that day; without a rate it is left to the account's usual order line.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Concat
from django.utils import timezone

from apps.cases.models import ReturnLine, SourcingRequest
from apps.catalogue.models import MissedSearch
from apps.core.models import Event
from apps.core.money import ZERO
from apps.feedback.models import Answer, NextNeed
from apps.insights.models import NeedMention
from apps.insights.rules import key_of, key_of_product
from apps.ordering.models import Quote, QuoteLine
from apps.pricing.models import PriceMatch
from apps.pricing.selectors import base_prices, house_rate

Source = NeedMention.Source
HAPPY = 9  # who gives as much and writes of the range praises it


@dataclass(frozen=True, slots=True)
class Heard:
    """What told of a need: its key and name, who, when, and what it is worth (None: nothing tells)."""

    source: str
    source_ref: int
    account_id: int
    key: str
    name: str
    category_id: int | None
    told_on: date
    said: str = ""
    subject: str = ""
    value: Decimal | None = None
    basis: str = ""


def _unheard(rows: QuerySet, source: str, most: int) -> QuerySet:
    told = NeedMention.objects.filter(source=source, source_ref=OuterRef("pk"))
    return rows.filter(~Exists(told)).order_by("pk")[:most]


def searches(today: date, most: int) -> list[Heard]:
    """What was searched for and not found, once a day is over."""
    missed = _unheard(MissedSearch.objects.filter(day_on__lt=today), Source.SEARCH, most)
    return [
        Heard(Source.SEARCH, row.pk, row.account_id, key_of(row.text), row.text, row.category_id, row.day_on)
        for row in missed
    ]


def sourcing(today: date, most: int) -> list[Heard]:
    """What reps were asked to find; worth the list price of what it would replace."""
    rows = list(_unheard(SourcingRequest.objects.select_related("case", "product"), Source.SOURCING, most))
    prices = base_prices({row.product_id: row.quantity for row in rows if row.product_id and row.quantity}, today)
    return [
        Heard(
            Source.SOURCING, row.pk, row.case.account_id, key_of(row.text), row.text,
            row.product.category_id if row.product else None, _day(row.case.opened_at), row.text,
            f"case:{row.case.number}", *_worth(prices.get(row.product_id), row.quantity, "replaced"),
        )
        for row in rows
    ]  # fmt: skip


def lost_quotes(_today: date, most: int) -> list[Heard]:
    """The lines of offers that were turned down or ran out, and of requests the rep had no offer for."""
    ends = Event.objects.filter(subject=OuterRef("subject"), name__in=("quote.declined", "quote.withdrawn"))
    ended = ends.order_by("-occurred_at")
    lost = (
        QuoteLine.objects.annotate(subject=Concat(Value("quote:"), F("quote__number")))
        .filter(
            Q(quote__status__in=(Quote.Status.DECLINED, Quote.Status.EXPIRED))
            | Q(Exists(ends.filter(facts__side="rep")), quote__status=Quote.Status.WITHDRAWN)
        )
        .annotate(
            rate=house_rate(currency="quote__currency", at="quote__requested_at"),
            ended_at=Subquery(ended.values("occurred_at")[:1]),
            why=Subquery(ended.values("facts__reason")[:1]),
        )
        .select_related("quote", "product")
    )
    return [
        _of_product(
            Source.QUOTE, row.product, row.quantity, row, row.quote.account_id, row.why, row.subject,
            _day(row.ended_at or row.quote.offered_at or row.quote.requested_at),
            _in_house(row.offered_price or row.current_price, row.rate), "quoted",
        )
        for row in _unheard(lost, Source.QUOTE, most)
    ]  # fmt: skip


def lost_matches(_today: date, most: int) -> list[Heard]:
    """Prices seen elsewhere that were not matched; worth what it costs there."""
    declined = PriceMatch.objects.filter(state=PriceMatch.State.DECLINED).defer("file").select_related("product")
    rated = declined.annotate(rate=house_rate(at="asked_at"))
    return [
        _of_product(
            Source.PRICE_MATCH, row.product, row.quantity, row, row.account_id, row.answer, f"price_match:{row.pk}",
            _day(row.answered_at or row.asked_at), _in_house(row.competitor_price, row.rate), "elsewhere",
        )
        for row in _unheard(rated, Source.PRICE_MATCH, most)
    ]  # fmt: skip


def sent_back(_today: date, most: int) -> list[Heard]:
    """What came back because it did not do what it was bought for; worth what was paid for it."""
    unfit = (ReturnLine.Reason.FAULTY, ReturnLine.Reason.ORDERED_WRONG)
    lines = ReturnLine.objects.filter(reason__in=unfit, received_quantity__gt=0)
    rated = lines.annotate(rate=house_rate(currency="of__currency", at="of__requested_at"))
    return [
        _of_product(
            Source.RETURN, row.order_line.product, row.received_quantity, row, row.of.account_id, row.of.note,
            f"return:{row.of.number}", _day(row.of.requested_at), _in_house(row.order_line.unit_price, row.rate),
            "returned",
        )
        for row in _unheard(rated.select_related("of", "order_line__product"), Source.RETURN, most)
    ]  # fmt: skip


def wishes(_today: date, most: int) -> list[Heard]:
    """What contacts answered when they were asked what is missing."""
    return _of_answers(Source.WISH, Answer.objects.filter(kind=Answer.Kind.NEED), most)


def next_needs(_today: date, most: int) -> list[Heard]:
    """What promoters told that they need next."""
    return [
        Heard(
            Source.NEXT, row.pk, row.account_id, key_of(row.text), row.text, None, _day(row.said_at), row.text
        )
        for row in _unheard(NextNeed.objects.all(), Source.NEXT, most)
    ]  # fmt: skip


def comments(_today: date, most: int) -> list[Heard]:
    """What the less than happy wrote of our range."""
    return _of_answers(Source.COMMENT, Answer.objects.nps().filter(score__lt=HAPPY, themes__has_key="range"), most)


#: All of them; what is heard first gives a need its name.
READERS: tuple[Callable[[date, int], list[Heard]], ...] = (
    searches, sourcing, lost_quotes, lost_matches, sent_back, wishes, next_needs, comments,
)  # fmt: skip


def _of_answers(source: str, answers: QuerySet, most: int) -> list[Heard]:
    rows = _unheard(answers.exclude(comment=""), source, most)
    return [
        Heard(
            source, row.pk, row.account_id, key_of(row.comment), row.comment, None, _day(row.answered_at), row.comment
        )
        for row in rows
    ]  # fmt: skip


def _of_product(source, product, quantity, row, account_id, why, subject, told_on, price, basis) -> Heard:
    return Heard(
        source, row.pk, account_id, key_of_product(product.pk), product.name, product.category_id, told_on,
        why or "", subject, *_worth(price, quantity, basis),
    )  # fmt: skip


def _in_house(price: Decimal | None, rate: Decimal | None) -> Decimal | None:
    return None if price is None or rate is None else price * rate


def _worth(price: Decimal | None, quantity: int | None, basis: str) -> tuple[Decimal | None, str]:
    return (None, "") if not price or not quantity else (max(price * quantity, ZERO), basis)


def _day(at: datetime) -> date:
    return timezone.localdate(at)
