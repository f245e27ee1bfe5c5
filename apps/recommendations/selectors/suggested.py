"""What to suggest to an account, each with its reason in facts: the words are the page's.

Nothing outside the account's assortment is suggested; to learn of it takes one query, where nobody has asked yet.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import DateField, DurationField, ExpressionWrapper, F, Q, Value
from django.db.models.functions import Greatest

from apps.accounts.models import Account, Contact
from apps.catalogue.models import CARD_FIELDS, Product, within
from apps.catalogue.rules import orderable_quantity
from apps.catalogue.selectors import assortment_of
from apps.core.models import Event
from apps.core.scoping import Actor
from apps.recommendations.models import (
    Block,
    Dismissal,
    NextLine,
    Pick,
    RegularSku,
    SegmentDemand,
    Training,
    Watch,
    is_unwanted,
)
from apps.recommendations.rules import GIVEN_UP_AFTER
from apps.recommendations.selectors.kept_out import DAY, just_ordered, unfit

AHEAD_DAYS = 7
Reason = NextLine.Kind
OF_CARDS = tuple(f"product__{field}" for field in (*CARD_FIELDS, "brand__name"))
_OF_DUE = ("usual_quantity", "gap_days", "times_bought", "last_on", "due_on")
_OF_LINES = ("quantity", "due_on", "expected_on", "confidence", "kind", "because")
_OF_PICKS = ("note", "picked_at", "rep__user__name", "rep__user__email")


@dataclass(frozen=True, slots=True)
class Due:
    """A regular SKU that is due again: bought every `gap_days`, last on `last_on`; `days_over` is negative before."""

    product: Product
    quantity: int
    gap_days: int
    times_bought: int
    last_on: date
    due_on: date
    days_over: int


@dataclass(frozen=True, slots=True)
class Suggested:
    """A product the next order is expected to have: `kind` is the reason, `because` its facts (`NextLine`).

    `quantity` can be ordered; `confidence` is how many of 100 suggestions with about that score were ordered when it
    was measured last, None where nothing was. `due_on` is the day by its own rhythm, `expected_on` the likeliest from
    today.
    """

    product: Product
    quantity: int
    kind: str
    because: Mapping
    confidence: int | None
    due_on: date | None
    expected_on: date | None


@dataclass(frozen=True, slots=True)
class Picked:
    """A product the rep chose, with the words why."""

    product: Product
    note: str
    rep_name: str
    picked_at: datetime


def due_to_reorder(actor: Actor, on: date, limit: int = 12) -> list[Due]:
    """The account's regular SKUs due by a week from `on`, the longest overdue (in its own rhythm) first; one query.

    What is off sale, dismissed, or overdue for so long that it was given up, is left out.
    """
    if actor.account_id is None:
        return []
    regulars = RegularSku.objects.filter(
        within(assortment_of(actor), "product__"),
        ~is_unwanted(on),
        account=actor.account_id,
        due_on__lte=on + timedelta(days=AHEAD_DAYS),
        due_on__gte=on - timedelta(days=1) * GIVEN_UP_AFTER * F("gap_days"),
        product__status=Product.Status.ACTIVE,
    )
    ahead = ExpressionWrapper(F("due_on") - Value(on, DateField()), DurationField())
    of_its_gap = ExpressionWrapper(ahead / Greatest("gap_days", 1), DurationField())
    chosen = regulars.order_by(of_its_gap, "due_on", "pk").select_related("product__brand").only(*_OF_DUE, *OF_CARDS)
    return [_due(regular, regular.product, on) for regular in chosen[:limit]]


def next_order(
    actor: Actor, on: date, limit: int = 60, *, due_within: int | None = None, below: Collection[int] | None = None
) -> list[Suggested]:
    """What the next order of the account is expected to have, the likeliest first; two queries.

    With `due_within` only what is due by so many days from `on`, with `below` only what stands in these categories.
    What is off sale, outside the assortment, or dismissed (also by what it replaces) is left out, and what `kept_out`
    says but for what lies in the cart.
    """
    if actor.account_id is None:
        return []
    seen = within(assortment_of(actor), "product__")
    lines = NextLine.objects.filter(seen, account=actor.account_id, product__status=Product.Status.ACTIVE)
    if due_within is not None:
        lines = lines.filter(due_on__lte=on + timedelta(days=due_within))
    if below is not None:
        lines = lines.filter(product__category__in=below)
    lines = lines.exclude(is_unwanted(on, replaces=True)).exclude(unfit(actor, on))
    not_yet = Q(due_on=None) | Q(due_on__gt=on + DAY)
    lines = lines.exclude(not_yet & just_ordered(actor, on))
    lines = lines.order_by("place").select_related("product__brand")
    return [_suggested(line, line.product) for line in lines.only(*_OF_LINES, *OF_CARDS)[:limit]]


def _suggested(line: NextLine, product: Product) -> Suggested:
    quantity = orderable_quantity(line.quantity, minimum=product.minimum_quantity, multiple=product.order_multiple)
    facts = (line.kind, line.because, line.confidence, line.due_on, line.expected_on)
    return Suggested(product, quantity, *facts)


def dismissals_of(actor: Actor, on: date, limit: int = 200) -> list[Dismissal]:
    """What the account does not want to have suggested, the latest first, with product and who said so; two queries."""
    if actor.account_id is None:
        return []
    seen = within(assortment_of(actor), "product__")
    held = Dismissal.objects.open(on).filter(seen, account=actor.account_id)
    return list(held.exclude(product__status=Product.Status.HIDDEN).select_related("product", "contact")[:limit])


def last_training() -> Training | None:
    """The latest reckoning of next orders: when it was, and what it told of held-out orders."""
    return Training.objects.first()


def regulars_of(actor: Actor, limit: int = 12) -> list[Due]:
    """What the account orders again and again, due or not, the most often ordered first; two queries.

    `days_over` is counted from the day it is due, so it is 0 here for all.
    """
    if actor.account_id is None:
        return []
    seen = within(assortment_of(actor), "product__")
    regulars = RegularSku.objects.filter(seen, account=actor.account_id, product__status=Product.Status.ACTIVE)
    chosen = list(regulars.order_by("-times_bought", "pk")[:limit])
    products = _cards([regular.product_id for regular in chosen])
    return [_due(regular, products[regular.product_id], regular.due_on) for regular in chosen]


def blocks_of(actor: Actor, limit: int = 60) -> list[Block]:
    """What the rep does not want suggested to the account, the latest first, with product and rep. One query."""
    if actor.account_id is None:
        return []
    held = Block.objects.filter(account=actor.account_id)
    return list(held.select_related("product", "rep__user")[:limit])


def _due(regular: RegularSku, product: Product, on: date) -> Due:
    return Due(
        product=product,
        quantity=regular.usual_quantity,
        gap_days=regular.gap_days,
        times_bought=regular.times_bought,
        last_on=regular.last_on,
        due_on=regular.due_on,
        days_over=(on - regular.due_on).days,
    )


def picks_of(actor: Actor, limit: int = 12, *, on: date | None = None) -> list[Picked]:
    """What the rep picked for the account, in the rep's order; what is off sale is left out, with a day also what the
    account dismissed until after it. One query."""
    if actor.account_id is None:
        return []
    seen = within(assortment_of(actor), "product__")
    picks = Pick.objects.filter(seen, account=actor.account_id, product__status=Product.Status.ACTIVE)
    picks = picks if on is None else picks.exclude(is_unwanted(on))
    chosen = picks.select_related("product__brand", "rep__user").only(*_OF_PICKS, *OF_CARDS)[:limit]
    return [Picked(pick.product, pick.note, str(pick.rep) if pick.rep else "", pick.picked_at) for pick in chosen]


def _cards(ids: Collection[int]) -> dict[int, Product]:
    return Product.objects.for_cards().in_bulk(set(ids)) if ids else {}


def demand_of_like(account: Account, product_ids: Iterable[int]) -> dict[int, int]:
    """How many accounts of the same segment bought each of these products in the last year on record, where several
    did. One query; nothing is known of an account without a segment."""
    if not account.segment:
        return {}
    demand = SegmentDemand.objects.filter(segment=account.segment, product__in=list(product_ids))
    return dict(demand.values_list("product_id", "accounts"))


def watches_on(actor: Actor, product_id: int) -> dict[str, Watch]:
    """The open watches of the contact who asks on a product, by kind. One query; none for who is no contact."""
    if actor.contact_id is None:
        return {}
    mine = Watch.objects.filter(contact=actor.contact_id, account=actor.account_id, product=product_id)
    return {watch.kind: watch for watch in mine.filter(state=Watch.State.OPEN)}


def watches_of(actor: Actor, limit: int = 100) -> list[Watch]:
    """The watches of the contact who asks with their products, open ones first, stopped ones left out. One query."""
    if actor.contact_id is None:
        return []
    mine = Watch.objects.filter(contact=actor.contact_id, account=actor.account_id).exclude(state=Watch.State.STOPPED)
    return list(mine.select_related("product").order_by(F("met_at").desc(nulls_first=True), "-begun_at")[:limit])


def met_notices(event: Event) -> list[dict]:
    """watch.met: to who waited."""
    watch = Watch.objects.select_related("product", "contact").get(pk=int(event.subject.partition(":")[2]))
    if not watch.contact.email or not watch.contact.is_active:
        return []
    context = {"watch": watch, "product": watch.product, "reader": watch.contact.name}
    return [_notice(f"watch-met:{watch.pk}", watch.contact, "watch_met", context)]


def shared_notices(event: Event) -> list[dict]:
    """product.shared: to the colleague, as long as both are still contacts of the same account."""
    facts = event.facts
    inside = Contact.objects.filter(account=event.account_ref, is_active=True)
    colleague = inside.exclude(email="").filter(pk=facts["to"]).first()
    sender = inside.filter(pk=int(event.subject.partition(":")[2])).first()
    product = Product.objects.known().filter(sku=facts["sku"]).first()
    if colleague is None or sender is None or product is None:
        return []
    context = {"product": product, "sender": sender, "reader": colleague.name, "note": facts["note"]}
    context["quantity"] = facts["quantity"]
    return [_notice(f"product-shared:{event.pk}", colleague, "product_shared", context)]


def _notice(key: str, contact: Contact, template: str, context: dict) -> dict:
    return {
        "key": key,
        "to": contact.email,
        "contact_id": contact.pk,
        "template": template,
        "context": context,
        "language": contact.language,
        "account_id": contact.account_id,
    }
