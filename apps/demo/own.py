"""What is the stage's people's own: news of the last weeks, what they are told how, favourites, looked at, views."""

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta

from django.db.models import F

from apps.accounts.models import Contact, Notice, NoticeChoice, SavedView
from apps.accounts.services.notices import note
from apps.cases.models import CaseMessage
from apps.cases.selectors import answer_notice, answered_notices, opening_notices
from apps.cases.selectors.conversations import unread_notices
from apps.cases.selectors.return_notices import return_news_notices
from apps.catalogue.models import SeenProduct
from apps.core.models import Event
from apps.demo.accounts import STAGE, Party
from apps.demo.clock import Clock
from apps.demo.trade import Trade
from apps.fulfilment.selectors import delivery_notices, dispatch_notices, slip_notices
from apps.invoicing.selectors.dunning import dunning_letters
from apps.invoicing.selectors.notices import issued_notices
from apps.ordering.models import BuyingList
from apps.ordering.selectors import messages
from apps.recommendations.models import Watch
from apps.recommendations.selectors import met_notices


def _answers(event: Event) -> list[dict]:
    """The history does not say which message answered a case: the last one of ours."""
    ours = CaseMessage.objects.filter(case__number=event.subject.partition(":")[2], from_staff=True, is_internal=False)
    said = ours.order_by("-pk").first()
    if said is None:
        return []
    event.facts = {**event.facts, "message_id": said.pk}
    return answer_notice(event)


#: What of the history is told, as the reactions tell it.
TELLS: Mapping[str, Callable[[Event], Iterable]] = {
    "order.placed": messages.order_confirmations,
    "order.approval_needed": messages.approval_requests,
    "order.slipped": slip_notices,
    "shipment.dispatched": dispatch_notices,
    "shipment.delivered": delivery_notices,
    "quote.offered": messages.quote_offers,
    "quote.expired": messages.quote_ends,
    "invoice.issued": issued_notices,
    "dunning.sent": dunning_letters,
    "case.opened": opening_notices,
    "case.answered": _answers,
    "conversation.unread": unread_notices,
    "question.answered": answered_notices,
    "return.approved": return_news_notices,
    "return.credited": return_news_notices,
}
DAYS, MOST = 35, 160
UNREAD_FOR = timedelta(days=4)
# name, page, query, role of the owner, shared, opens the page
VIEWS = (
    ("Waiting for delivery", "orders", "status=open", "buyer", True, False),
    ("Gloves in stock", "catalogue", "q=gloves&in_stock=1", "buyer", False, False),
    ("Overdue invoices", "invoices", "status=overdue", "finance", True, False),
    ("From last year's range", "catalogue", "brand=torvik-classic&in_stock=1", "buyer", False, False),
)
NOTES = ("The ones Rick asks for", "", "Check the size before ordering", "", "")


def save_own(parties: list[Party], trade: Trade, clock: Clock) -> None:
    """For the account of the demo's buyer alone."""
    party = parties[STAGE - 1]
    _save_choices(party, clock)
    _save_news(party, clock)
    _save_views(party, clock)
    _save_products(party, trade, clock)


def _save_choices(party: Party, clock: Clock) -> None:
    buyer, at = party.who("buyer").pk, clock.ago(days=40)
    for kind, channel in (("shipment_sent", "digest"), ("review_decided", "portal"), ("price_list", "off")):
        NoticeChoice.objects.create(contact_id=buyer, kind=kind, channel=channel, chosen_at=at)


def _save_news(party: Party, clock: Clock) -> None:
    past = Event.objects.exclude(dispatched_at=None)  # what starts its reactions yet is told by these
    told = past.filter(account_ref=party.pk, name__in=TELLS, occurred_at__gte=clock.ago(days=DAYS))
    for event in reversed(told.order_by("-occurred_at", "-pk")[:MOST]):
        for notice in TELLS[event.name](event):
            letter = dict(notice) if isinstance(notice, Mapping) else notice._asdict()
            when = f"{event.occurred_at:%y%m%d%H%M%S}"
            letter["key"] = f"{event.name} {event.subject} {when} {letter.get('contact_id')}"[:120]
            note(letter, now=event.occurred_at)
    for watch in Watch.objects.filter(account=party.pk, state=Watch.State.MET).order_by("pk"):
        for notice in met_notices(Event(name="watch.met", subject=f"watch:{watch.pk}")):
            note(notice, now=watch.met_at)
    Notice.objects.filter(digest_on__isnull=False).update(mailed_at=F("told_at"))
    Notice.objects.filter(told_at__lt=clock.now - UNREAD_FOR).update(read_at=F("told_at") + timedelta(hours=5))


def _save_views(party: Party, clock: Clock) -> None:
    people = Contact.objects.filter(account=party.pk).order_by("pk")
    for name, page, query, role, shared, opens in VIEWS:
        owner = people.filter(role=role).first() or people.get(pk=party.who("buyer").pk)
        SavedView.objects.create(
            account_id=party.pk, owner=owner, page=page, name=name, query=query, is_shared=shared,
            is_default=opens, made_at=clock.ago(days=20),
            place="winter-2024" if page == "catalogue" and "last year" in name else "",
        )  # fmt: skip


def _save_products(party: Party, trade: Trade, clock: Clock) -> None:
    regulars, buyer = trade.regulars_of(party), Contact.objects.get(pk=party.who("buyer").pk)
    products, quantities = regulars.products.tolist(), regulars.quantities.tolist()
    kept = BuyingList.objects.create(
        account_id=party.pk, owner=buyer, name="Favourites", is_favourites=True, created_at=clock.ago(days=60),
        updated_at=clock.ago(days=2),
    )  # fmt: skip
    for at in range(0, min(len(products), 10), 2):
        kept.lines.create(product_id=products[at], quantity=int(quantities[at]), note=NOTES[at // 2 % len(NOTES)])
    SeenProduct.objects.bulk_create(
        SeenProduct(contact=buyer, product_id=product, seen_at=clock.ago(hours=3 + 5 * at))
        for at, product in enumerate(products[:14])
    )
