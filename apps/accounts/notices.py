"""THE table of what people are told: the template of a mail -> the kind of news it is -> where it may be told.

1. Whatever is mailed to a contact because something happened is also noted in their portal, in the words of the
   mail's subject. One source, so that the two never differ.
2. A kind of news has a group, the permission without which nobody gets it, and the channels that may be chosen.
3. Where nothing was chosen, the persona decides: who works at goods-in wants to know what comes, who pays what is owed.
4. What must reach somebody cannot be turned off; `fixed` says why in a sentence.
5. A kind that no template names is not offered. Offers and questions after a delivery are no news of this sort: whether
   they may be sent is a matter of consent.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.core.dates import zone_of

MAIL, DIGEST, PORTAL, OFF = "mail", "digest", "portal", "off"
CHANNELS: Mapping[str, Promise] = {
    MAIL: _("e-mail at once"),
    DIGEST: _("once a day"),
    PORTAL: _("portal only"),
    OFF: _("not at all"),
}
ALL = (MAIL, DIGEST, PORTAL, OFF)
MORNING = time(7)  # local, when the digest leaves

GROUPS: Mapping[str, Promise] = {
    "orders": _("Orders"),
    "deliveries": _("Deliveries"),
    "quotes": _("Quotes"),
    "money": _("Money"),
    "service": _("Service"),
    "products": _("Products"),
}


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of news: `usual` where it is told unless they chose, `by_persona` where that differs."""

    name: str
    group: str
    words: Promise
    permission: str = "order.read"
    usual: str = MAIL
    channels: tuple[str, ...] = ALL
    fixed: Promise | str = ""
    by_persona: Mapping[str, str] | None = None

    def usual_for(self, persona: str) -> str:
        return (self.by_persona or {}).get(persona, self.usual)


_ALWAYS_NOTED = (MAIL, DIGEST, PORTAL)
KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("order_confirmed", "orders", _("An order of yours is confirmed"), channels=_ALWAYS_NOTED,
             fixed=_("A confirmation is part of the contract: it is always kept here at least.")),
        Kind("order_decided", "orders", _("An order of yours is approved or declined")),
        Kind("approval_waits", "orders", _("An order waits for your yes"), "order.approve", channels=(MAIL,),
             fixed=_("Somebody waits for you, and the price may not.")),
        Kind("payment_wanted", "orders", _("An order waits for its payment"), channels=(MAIL,),
             fixed=_("The order ends when no money comes.")),
        Kind("standing_placed", "orders", _("A standing order was placed"), "cart.edit", channels=_ALWAYS_NOTED,
             fixed=_("A confirmation is part of the contract: it is always kept here at least.")),
        Kind("standing_held", "orders", _("A standing order was held"), "cart.edit", channels=_ALWAYS_NOTED,
             fixed=_("What you count on does not come unless you act.")),
        Kind("order_slipped", "deliveries", _("Something comes later than promised"), channels=_ALWAYS_NOTED,
             fixed=_("We do not change a promise without telling you.")),
        Kind("shipment_sent", "deliveries", _("A delivery is on its way"), by_persona={"decision_maker": DIGEST}),
        Kind("shipment_delivered", "deliveries", _("A delivery has arrived"), usual=PORTAL),
        Kind("quote_offered", "quotes", _("A quote is offered, or ended"), "price.read"),
        Kind("quote_expiring", "quotes", _("An offer runs out soon"), "price.read"),
        Kind("blanket", "quotes", _("A blanket order begins, or ends soon"), "price.read"),
        Kind("price_match", "quotes", _("We decided about a price you named"), "price.read"),
        Kind("price_agreed", "quotes", _("A better price is agreed for you"), "cart.edit",
             by_persona={"decision_maker": DIGEST}),
        Kind("price_list", "quotes", _("A price list is ready"), "price.read"),
        Kind("invoice_issued", "money", _("An invoice is issued"), "invoice.read", channels=_ALWAYS_NOTED,
             usual=PORTAL, by_persona={"gatekeeper": MAIL},
             fixed=_("An invoice counts as received: it is always kept here at least.")),
        Kind("invoice_due", "money", _("An invoice is due soon"), "invoice.read", usual=PORTAL,
             by_persona={"gatekeeper": DIGEST}),
        Kind("invoice_overdue", "money", _("An invoice is overdue"), "invoice.read", channels=(MAIL,),
             fixed=_("A reminder has consequences by law.")),
        Kind("case_answered", "service", _("A case of yours is opened or answered"), "case.read",
             channels=_ALWAYS_NOTED, fixed=_("You asked us: the answer is always kept here at least.")),
        Kind("return_decided", "service", _("A return of yours moves on"), "return.read"),
        Kind("message", "service", _("Your rep or our desk wrote to you"), "case.read", channels=(MAIL,),
             fixed=_("It is mailed only while you are away from the conversation.")),
        Kind("watch_met", "products", _("What you wait for is in stock, or costs less"), "catalogue.read"),
        Kind("product_shared", "products", _("A colleague shows you a product"), "catalogue.read"),
        Kind("question_answered", "products", _("Your question about a product is answered"), "catalogue.read"),
        Kind("review_decided", "products", _("Your review is checked"), "review.write"),
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """What the mail of a template tells: a kind of news about a thing, named by its noun and where its number stands in
    the context of the mail."""

    kind: str
    noun: str
    number: str = ""

    def about(self, context: Mapping) -> str:
        """`noun:number` of the thing."""
        first, *more = self.number.split(".")
        found = context[first] if first else ""
        for name in more:
            found = getattr(found, name)
        return f"{self.noun}:{found}"


TOLD_BY: Mapping[str, Told] = {
    "order_confirmation": Told("order_confirmed", "order", "order.number"),
    "order_decided": Told("order_decided", "order", "order.number"),
    "order_approval_needed": Told("approval_waits", "approval", "order.number"),
    "payment_wanted": Told("payment_wanted", "order", "order.number"),
    "payment_reminder": Told("payment_wanted", "order", "order.number"),
    "standing_order_placed": Told("standing_placed", "order", "order.number"),
    "standing_order_held": Told("standing_held", "standing", "standing.pk"),
    "order_slipped": Told("order_slipped", "order", "order.number"),
    "short_pick": Told("order_slipped", "order", "order.number"),
    "dispatch_notice": Told("shipment_sent", "order", "order.number"),
    "delivery_notice": Told("shipment_delivered", "order", "order.number"),
    "quote_offered": Told("quote_offered", "quote", "quote.number"),
    "quote_ended": Told("quote_offered", "quote", "quote.number"),
    "quote_expiring": Told("quote_expiring", "quote", "quote.number"),
    "blanket_agreed": Told("blanket", "blanket", "blanket.number"),
    "blanket_ending": Told("blanket", "blanket", "blanket.number"),
    "price_match_decided": Told("price_match", "product", "match.product.sku"),
    "price_agreed": Told("price_agreed", "product", "proposal.product.sku"),
    "price_list_ready": Told("price_list", "price_list", "paper.pk"),
    "invoice_issued": Told("invoice_issued", "invoice", "invoice.number"),
    "invoice_due": Told("invoice_due", "invoice", "invoice.number"),
    "dunning": Told("invoice_overdue", "dunning", "dunning.pk"),
    "case_opened": Told("case_answered", "case", "case.number"),
    "case_answered": Told("case_answered", "case", "case.number"),
    "case_resolved": Told("case_answered", "case", "case.number"),
    "case_files_refused": Told("case_answered", "case", "case.number"),
    "call_back_noted": Told("case_answered", "call_back", "asked.pk"),
    "new_rep": Told("message", "account", "account.number"),
    "return_news": Told("return_decided", "return", "shown.number"),
    "conversation_staff": Told("message", "conversation", "conversation.number"),
    "watch_met": Told("watch_met", "product", "product.sku"),
    "product_shared": Told("product_shared", "product", "product.sku"),
    "question_answered": Told("question_answered", "product", "question.product.sku"),
    "review_decided": Told("review_decided", "product", "product.sku"),
}


def channel_for(kind: Kind, persona: str, chosen: str = "") -> str:
    """Where news of a kind is told: as chosen where that may be, else as is usual for the persona."""
    return chosen if chosen in kind.channels else kind.usual_for(persona)


def digest_day(now: datetime, time_zone: str) -> date:
    """The local day in whose morning what happens now is told: today before the morning, else tomorrow."""
    there = now.astimezone(zone_of(time_zone))
    return there.date() if there.time() < MORNING else there.date() + timedelta(days=1)


def last_morning(now: datetime, time_zone: str) -> date:
    """The last local day whose morning has come: its digest, and those of days before, may leave."""
    return digest_day(now, time_zone) - timedelta(days=1)
