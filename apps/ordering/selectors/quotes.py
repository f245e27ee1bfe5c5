"""Quotes, each behind one door."""

from apps.core.keyset import Page, latest_first
from apps.core.scoping import Actor
from apps.ordering.errors import QuoteNotFound
from apps.ordering.models import Quote

_IN_SHORT = ("number", "status", "requested_at", "valid_until", "message")


def quote_for(actor: Actor, number: str) -> Quote:
    """The quote of that number with its lines and products; `QuoteNotFound` for absent and not yours. Two queries."""
    quotes = Quote.objects.visible_to(actor).select_related("account__rep__user", "contact", "order")
    quote = quotes.prefetch_related("lines__product").filter(number=number).first()
    if quote is None:
        raise QuoteNotFound()
    return quote


def quotes_of(
    actor: Actor, *, status: str | None = None, after: str | None = None, before: str | None = None, size: int = 25
) -> Page[Quote]:
    """A page of the quotes the actor may see, the latest first. One query."""
    quotes = Quote.objects.visible_to(actor).select_related("account", "contact", "order")
    if status:
        quotes = quotes.filter(status=status)
    return latest_first(quotes, "requested_at", after=after, before=before, size=size)


def latest_quotes(actor: Actor, *, status: str, limit: int) -> list[Quote]:
    """The latest quotes of a status with what a short list shows. One query."""
    quotes = Quote.objects.visible_to(actor).filter(status=status).only(*_IN_SHORT)
    return list(quotes.order_by("-requested_at", "-id")[:limit])


def quotes_waiting(actor: Actor, limit: int = 20) -> list[Quote]:
    """Quotes that wait for the rep's offer, the longest waiting first. One query."""
    waiting = Quote.objects.visible_to(actor).filter(status=Quote.Status.REQUESTED).select_related("account", "contact")
    return list(waiting.order_by("requested_at")[:limit])
