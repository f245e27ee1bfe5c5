"""Requests to match a price: under the product, at the desk, and the mails about them."""

from django.db.models import QuerySet

from apps.core.models import Event
from apps.core.scoping import Actor
from apps.pricing.errors import MatchNotFound
from apps.pricing.models import PriceMatch

_State = PriceMatch.State


def _rows() -> QuerySet[PriceMatch]:
    return PriceMatch.objects.defer("file").select_related("product", "account__rep__user", "contact__user", "contract")


def matches_on(actor: Actor, product_id: int, *, limit: int = 3) -> list[PriceMatch]:
    """What the account asked about a product lately, the latest first. One query."""
    mine = PriceMatch.objects.defer("file").visible_to(actor).select_related("contract")
    return list(mine.filter(product=product_id)[:limit])


def matches_at_desk(actor: Actor, *, waiting: bool = True, limit: int = 100) -> list[PriceMatch]:
    """Requests of the actor's accounts: those that wait, the oldest first; those answered, the latest first."""
    rows = _rows().visible_to(actor)
    if waiting:
        return list(rows.filter(state=_State.WAITING).order_by("asked_at", "id")[:limit])
    return list(rows.exclude(state=_State.WAITING).order_by("-answered_at", "-id")[:limit])


def match_for(actor: Actor, match_id: int) -> PriceMatch:
    """One of the requests the actor may see; `MatchNotFound` for absent and not theirs. One query."""
    found = _rows().visible_to(actor).filter(pk=match_id).first()
    if found is None:
        raise MatchNotFound()
    return found


def file_of_match(actor: Actor, match_id: int) -> tuple[bytes, str]:
    """The file that came with a request, and its kind."""
    found = PriceMatch.objects.visible_to(actor).filter(pk=match_id, file__isnull=False).first()
    if found is None:
        raise MatchNotFound()
    return bytes(found.file), found.file_kind


def requested_notices(event: Event) -> list[dict]:
    """price_match.requested: to the account's rep."""
    match = _match_of(event)
    rep = match.account.rep
    if rep is None or not rep.user.is_active:
        return []
    return [_notice("price_match_requested", match, rep.user.email, rep.user.language)]


def decided_notices(event: Event) -> list[dict]:
    """price_match.granted, price_match.declined: to who asked."""
    match = _match_of(event)
    contact = match.contact
    if contact is None or not contact.email or not contact.is_active:
        return []
    return [{**_notice("price_match_decided", match, contact.email, contact.language), "contact_id": contact.pk}]


def _notice(template: str, match: PriceMatch, to: str, language: str) -> dict:
    return {
        "key": f"{template}:{match.pk}",
        "to": to,
        "template": template,
        "context": {"match": match},
        "language": language,
        "account_id": match.account_id,
    }


def _match_of(event: Event) -> PriceMatch:
    return _rows().get(pk=int(event.subject.partition(":")[2]))
