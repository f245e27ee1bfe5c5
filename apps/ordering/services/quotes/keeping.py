"""How a quote is taken in hand and what is kept of what is said: each verb on a quote begins and ends here."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.events import record
from apps.core.scoping import Actor
from apps.core.text import folded, plain
from apps.ordering.errors import QuoteChanged, QuoteExpired, QuoteNotFound, WrongStatus
from apps.ordering.models import Quote, QuoteVersion

LONGEST_NOTE, LONGEST_WORDS = 200, 4000
Status, BUYER, REP = Quote.Status, QuoteVersion.Side.BUYER, QuoteVersion.Side.REP


def locked(actor: Actor, quote: Quote, *statuses: str, seen: int | None = None) -> Quote:
    """The quote, for this transaction alone, at one of these statuses and at the round that was `seen`.

    Raises `QuoteNotFound`, `WrongStatus`, `QuoteChanged`.
    """
    found = Quote.objects.visible_to(actor).select_for_update(of=("self",)).filter(pk=quote.pk).first()
    if found is None:
        raise QuoteNotFound()
    if found.status not in statuses:
        raise WrongStatus(status=found.status)
    if seen is not None and seen != found.round:
        raise QuoteChanged()
    return found


def refuse_expired(quote: Quote, now: datetime) -> None:
    if quote.status == Status.EXPIRED or quote.valid_until < timezone.localdate(now):
        raise QuoteExpired(_("Its validity has passed. Ask your rep for a new offer."))


def words_of(text: str) -> str:
    return plain(text).strip()[:LONGEST_WORDS]


def note_of(text: str) -> str:
    return folded(plain(text))[:LONGEST_NOTE]


def tell(name: str, actor: Actor, quote: Quote, now: datetime, **facts) -> None:
    record(name, f"quote:{quote.number}", account_id=quote.account_id, actor=actor, at=now, **facts)
