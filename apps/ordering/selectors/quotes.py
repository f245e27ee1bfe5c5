"""Quotes, each behind one door, and the exchange about them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models.functions import Coalesce

from apps.core.keyset import Page, latest_first
from apps.core.money import line_net
from apps.core.scoping import Actor
from apps.core.selectors import history_of
from apps.ordering.errors import QuoteNotFound
from apps.ordering.models import Quote, QuoteFile, QuoteLine, QuoteVersion
from apps.ordering.rules.quotes import moved

_IN_SHORT = ("number", "status", "requested_at", "valid_until", "message")
_UNREAD = ("content",)


@dataclass(frozen=True, slots=True)
class NamedPrice:
    """The price of a line in a round, what it was before, and where it went (`rules.quotes.moved`)."""

    line: QuoteLine
    unit_price: Decimal
    before: Decimal | None
    moved: str
    note: str


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of the exchange, the request included: who said what, and the prices they named.

    `kind` is requested, offered or countered, or how it ended: accepted, declined, withdrawn, expired.
    """

    kind: str
    side: str
    by_name: str
    at: datetime
    words: str
    round: int = 0
    valid_until: date | None = None
    prices: tuple[NamedPrice, ...] = ()
    net: Decimal | None = None

    @property
    def changed(self) -> tuple[NamedPrice, ...]:
        """The prices that are others than before, and those with a word."""
        return tuple(each for each in self.prices if each.moved != "same" or each.note)


def quote_for(actor: Actor, number: str) -> Quote:
    """The quote of that number with its lines and products; `QuoteNotFound` for absent and not yours. Two queries."""
    quotes = Quote.objects.visible_to(actor).select_related("account__rep__user", "contact", "order")
    quote = quotes.prefetch_related("lines__product").filter(number=number).first()
    if quote is None:
        raise QuoteNotFound()
    return quote


def exchange_of(quote: Quote) -> list[Turn]:
    """Everything that was said about a quote, the request first. Three queries."""
    lines = {line.pk: line for line in quote.lines.all()}
    before: dict[int, Decimal | None] = {pk: line.current_price for pk, line in lines.items()}
    asked_by = quote.contact.name if quote.contact else ""
    turns = [Turn("requested", QuoteVersion.Side.BUYER, asked_by, quote.requested_at, quote.message)]
    for version in quote.versions.prefetch_related("lines").order_by("round"):
        turns.append(_turn(quote, version, lines, before))
        before |= {each.line_id: each.unit_price for each in version.lines.all()}
    return turns + _end_of(quote)


def _turn(quote: Quote, version: QuoteVersion, lines: dict, before: dict) -> Turn:
    prices = tuple(
        NamedPrice(
            lines[each.line_id], each.unit_price, before[each.line_id], moved(before[each.line_id], each.unit_price),
            each.note,
        )
        for each in version.lines.all()
    )  # fmt: skip
    return Turn(
        kind="offered" if version.side == QuoteVersion.Side.REP else "countered",
        side=version.side,
        by_name=version.by_name or _rep_of(quote),
        at=version.made_at,
        words=version.words,
        round=version.round,
        valid_until=version.valid_until,
        prices=prices,
        net=sum(line_net(each.line.quantity, each.unit_price, quote.currency) for each in prices),
    )


def _rep_of(quote: Quote) -> str:
    return quote.account.rep.user.name if quote.account.rep else ""


def _end_of(quote: Quote) -> list[Turn]:
    """How it ended, from what was recorded then; nothing while it is open."""
    if quote.is_open:
        return []
    ended = [event for event in history_of(f"quote:{quote.number}") if event.name == f"quote.{quote.status}"]
    return [
        Turn(
            quote.status, event.facts.get("side", QuoteVersion.Side.BUYER), event.actor_name, event.occurred_at,
            event.facts.get("reason", ""), quote.round,
        )
        for event in ended[:1]
    ]  # fmt: skip


def files_of_quote(quote: Quote) -> Sequence[QuoteFile]:
    """The files that go with a quote, without what is in them. One query."""
    return list(quote.files.defer(*_UNREAD))


def file_of_quote(actor: Actor, number: str, file_id: int) -> QuoteFile:
    """One file with its content, behind the door of its quote."""
    found = QuoteFile.objects.filter(quote__in=Quote.objects.visible_to(actor).filter(number=number), pk=file_id)
    file = found.first()
    if file is None:
        raise QuoteNotFound()
    return file


def quotes_of(
    actor: Actor, *, status: str | None = None, after: str | None = None, before: str | None = None, size: int = 25
) -> Page[Quote]:
    """A page of the quotes the actor may see, the latest first. One query."""
    quotes = Quote.objects.visible_to(actor).select_related("account", "contact", "order")
    if status == Quote.Status.REQUESTED:
        quotes = quotes.filter(status__in=Quote.WITH_THE_REP)
    elif status == Quote.Status.DECLINED:
        quotes = quotes.filter(status__in=[Quote.Status.DECLINED, Quote.Status.WITHDRAWN])
    elif status:
        quotes = quotes.filter(status=status)
    return latest_first(quotes, "requested_at", after=after, before=before, size=size)


def latest_quotes(actor: Actor, *, status: str, limit: int) -> list[Quote]:
    """The latest quotes of a status with what a short list shows. One query."""
    statuses = Quote.WITH_THE_REP if status == Quote.Status.REQUESTED else [status]
    quotes = Quote.objects.visible_to(actor).filter(status__in=statuses).only(*_IN_SHORT)
    return list(quotes.order_by("-requested_at", "-id")[:limit])


def quotes_waiting(actor: Actor, limit: int = 20) -> list[Quote]:
    """Requests and counter-offers that wait for the rep, the longest waiting first. One query."""
    waiting = Quote.objects.visible_to(actor).filter(status__in=Quote.WITH_THE_REP)
    waiting = waiting.annotate(since=Coalesce("waiting_since", "requested_at")).order_by("since", "id")
    return list(waiting.select_related("account", "contact")[:limit])
