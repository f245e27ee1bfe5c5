"""One story for each account: everything that was recorded about it, in words."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Account, Purpose
from apps.core import formatting
from apps.core.models import Event
from apps.core.scoping import Actor
from apps.core.selectors import timeline


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the story; `subject` (noun:number) is what it is about, `who` did it."""

    at: datetime
    icon: str
    text: str
    note: str = ""
    tone: str = ""
    who: str = ""
    subject: str = ""


# Name of the event, or name:because or name:about (of its facts) -> icon, tone, words. The words may use
# `number` (of the subject) and the facts of the event.
WORDS = {
    "order.placed": ("shopping-cart", "", _("Order %(number)s over %(amount)s was placed")),
    "order.approval_needed": ("hourglass", "warn", _("Order %(number)s over %(amount)s waits for a yes")),
    "order.approved": ("user-round-check", "ok", _("Order %(number)s was approved")),
    "order.declined": ("circle-x", "bad", _("Order %(number)s was declined")),
    "order.confirmed": ("clipboard-check", "", _("Order %(number)s was confirmed")),
    "order.payment_reminded": ("bell", "warn", _("A reminder of the payment for order %(number)s went out")),
    "order.payment_extended": ("hourglass", "info", _("Order %(number)s waits longer for its money")),
    "order.cancelled": ("ban", "bad", _("Order %(number)s was cancelled")),
    "order.slipped": ("calendar-clock", "warn", _("Part of order %(number)s comes later than was promised")),
    "order.slip_answered": ("list-checks", "info", _("What to do about a late line of order %(number)s was chosen")),
    "order.slip_reopened": ("hourglass", "warn", _("A late line of order %(number)s is open for another choice")),
    "order.freight_added": ("truck", "info", _("The delivery of order %(number)s costs more: now %(amount)s")),
    "order.amended": ("pencil", "info", _("Order %(number)s was made smaller: now %(amount)s")),
    "shipment.slipped": ("calendar-clock", "warn", _("Delivery %(number)s comes later than was promised")),
    "quote.requested": ("file-text", "info", _("A quote was asked for: %(number)s")),
    "quote.offered": ("file-text", "info", _("Prices were offered on %(number)s")),
    "quote.accepted": ("handshake", "ok", _("Our offer %(number)s became order %(order)s")),
    "quote.declined": ("file-text", "bad", _("Our offer %(number)s was turned down")),
    "quote.countered": ("file-text", "info", _("A counter-offer came for %(number)s")),
    "quote.withdrawn": ("file-text", "", _("Quote %(number)s was withdrawn")),
    "blanket.agreed": ("calendar-range", "ok", _("Blanket order %(number)s was agreed: %(title)s")),
    "blanket.called_off": ("calendar-range", "info", _("Called off from %(number)s: order %(order)s")),
    "blanket.lapsed": ("calendar-range", "", _("Blanket order %(number)s ended: %(title)s")),
    "quote.expired": ("file-text", "", _("Our offer %(number)s ran out")),
    "quote.expiring": ("file-text", "", _("It was told that our offer %(number)s runs out soon")),
    "shipment.dispatched": ("truck", "", _("Delivery %(number)s left with %(carrier)s")),
    "shipment.overdue": ("triangle-alert", "warn", _("Delivery %(number)s did not come on the day promised")),
    "shipment.delivered": ("package-check", "", _("Delivery %(number)s was received")),
    "shipment.corrected": ("pencil", "info", _("What was said about delivery %(number)s was corrected")),
    "shipment.voided": ("rotate-ccw", "warn", _("Delivery %(number)s was taken back: it had not been received")),
    "invoice.issued": ("receipt", "", _("Invoice %(number)s over %(amount)s was issued")),
    "invoice.due_soon": ("bell", "", _("It was told that invoice %(number)s is due soon: %(amount)s")),
    "credit_note.issued": ("receipt", "info", _("Credit note %(number)s over %(amount)s was issued")),
    "payment.received": ("banknote", "ok", _("A payment of %(amount)s came in on %(number)s")),
    "dunning.sent": ("bell-ring", "warn", _("A reminder of %(amount)s overdue went out: %(title)s")),
    # surveys
    "survey.sent": ("message-circle-question-mark", "", _("%(contact)s was asked about delivery %(number)s")),
    "survey.reminded": ("message-circle-question-mark", "", _("%(contact)s was reminded about delivery %(number)s")),
    "survey.answered": ("message-square-quote", "", _("%(contact)s gave %(score)s of 10 for delivery %(number)s")),
    "survey.sent:case": (
        "message-circle-question-mark",
        "",
        _("%(contact)s was asked how easy it was to have case %(number)s put right"),
    ),
    "survey.sent:relationship": ("message-circle-question-mark", "", _("%(contact)s was asked how we do as a whole")),
    "survey.sent:first_order": (
        "message-circle-question-mark",
        "",
        _("%(contact)s was asked about the first order %(number)s"),
    ),
    "survey.sent:lapsed": (
        "message-circle-question-mark",
        "",
        _("%(contact)s was asked whether they would order again"),
    ),
    "survey.reminded:case": (
        "message-circle-question-mark",
        "",
        _("%(contact)s was reminded of the question about case %(number)s"),
    ),
    "survey.reminded:relationship": (
        "message-circle-question-mark",
        "",
        _("%(contact)s was reminded of the question how we do as a whole"),
    ),
    "survey.reminded:first_order": (
        "message-circle-question-mark",
        "",
        _("%(contact)s was reminded about the first order %(number)s"),
    ),
    "survey.reminded:lapsed": (
        "message-circle-question-mark",
        "",
        _("%(contact)s was reminded of the question whether they would order again"),
    ),
    "survey.answered:case": (
        "message-square-quote",
        "",
        _("%(contact)s gave %(score)s of 7 for how easy it was to have case %(number)s put right"),
    ),
    "survey.answered:relationship": (
        "message-square-quote",
        "",
        _("%(contact)s gave %(score)s of 10 for working with us as a whole"),
    ),
    "survey.answered:first_order": (
        "message-square-quote",
        "",
        _("%(contact)s gave %(score)s of 10 for the first order %(number)s"),
    ),
    "survey.answered:lapsed": (
        "message-square-quote",
        "",
        _("%(contact)s gave %(score)s of 10 for ordering again"),
    ),
    "survey.revised:case": (
        "message-square-quote",
        "",
        _("%(contact)s changed their answer about case %(number)s to %(score)s of 7"),
    ),
    "survey.revised:relationship": (
        "message-square-quote",
        "",
        _("%(contact)s changed their answer about us as a whole to %(score)s of 10"),
    ),
    "survey.revised:first_order": (
        "message-square-quote",
        "",
        _("%(contact)s changed their answer about the first order %(number)s to %(score)s of 10"),
    ),
    "survey.revised:lapsed": (
        "message-square-quote",
        "",
        _("%(contact)s changed their answer about ordering again to %(score)s of 10"),
    ),
    "survey.bounced": ("mail-x", "warn", _("The question to %(contact)s about %(number)s came back")),
    "mail.received": ("reply", "info", _("%(contact)s wrote back about %(number)s")),
    "survey.revised": (
        "message-square-quote",
        "",
        _("%(contact)s changed their answer about delivery %(number)s to %(score)s of 10"),
    ),
    "offer.approved": ("handshake", "ok", _("They were offered: %(title)s")),
    "offer.declined": ("handshake", "", _("An offer was considered and not made")),
    "offer.used": ("gift", "ok", _("They used what they were offered: %(title)s")),
    "offer.expired": ("hourglass", "", _("An offer to them ran out")),
    "referral.given": ("user-plus", "ok", _("%(contact)s named somebody who should know us: %(title)s")),
    "reference.agreed": ("handshake", "ok", _("%(contact)s may be named as a reference")),
    "reference.withdrawn": ("bell-off", "warn", _("%(contact)s is no longer to be named as a reference")),
    "next_need.told": ("message-square-quote", "info", _("%(contact)s told what they need next")),
    "survey.objected": ("bell-off", "warn", _("%(contact)s wants no more questions from us")),
    "contact.objected": ("bell-off", "warn", _("%(contact)s wants no more e-mails of this kind")),
    "consent.given": ("mail-check", "", _("%(contact)s agreed to e-mails of this kind")),
    "consent.withdrawn": ("bell-off", "warn", _("%(contact)s agrees to e-mails of this kind no more")),
    "person.exported": ("file-down", "", _("%(contact)s got a copy of what we keep about them")),
    "person.erased": ("user-round-x", "", _("A person was erased and is now called %(contact)s")),
    # service cases
    "conversation.begun": ("messages-square", "", _("A conversation was begun: %(title)s")),
    "conversation.said:customer": ("message-square", "", _("The customer wrote in %(number)s")),
    "conversation.said:staff": ("reply", "info", _("We wrote in %(number)s")),
    "conversation.handed_over": ("arrow-right-left", "", _("Conversation %(number)s was handed to %(to)s")),
    "conversation.closed": ("check", "", _("Conversation %(number)s was closed")),
    "case.opened": ("life-buoy", "warn", _("Case %(number)s was opened: %(title)s")),
    "case.acknowledged": ("life-buoy", "", _("Somebody is at case %(number)s")),
    "case.answered": ("reply", "info", _("The customer was answered on %(number)s")),
    "case.replied": ("message-square", "warn", _("The customer wrote again on %(number)s")),
    "case.reopened": ("rotate-ccw", "warn", _("The customer wrote again, and case %(number)s is open once more")),
    "case.repeated": ("repeat", "bad", _("Case %(number)s is the second failure in 90 days, after %(earlier)s")),
    "case.reopened:delivery": (
        "rotate-ccw",
        "bad",
        _("Delivery %(shipment)s failed again, and case %(number)s is open once more"),
    ),
    "case.reopened:no_order": (
        "rotate-ccw",
        "bad",
        _("No order came in the usual time, and case %(number)s is open once more"),
    ),
    "case.verified": ("badge-check", "ok", _("Case %(number)s is proven by delivery %(shipment)s")),
    "case.verified:ordered": (
        "badge-check",
        "ok",
        _("Case %(number)s is proven by delivery %(shipment)s and order %(order)s"),
    ),
    "quick_order.upload_failed": ("file-text", "warn", _("The file %(file)s could not be read as an order")),
    "case.assigned": ("user-round-check", "", _("Case %(number)s went over to %(to)s")),
    "case.assigned:away": ("user-round-check", "", _("%(to)s stands in for %(before)s on case %(number)s")),
    "case.assigned:left": (
        "user-round-check",
        "",
        _("%(before)s has left: case %(number)s went over to %(to)s"),
    ),
    "case.merged": ("merge", "", _("Case %(case)s was merged into %(into)s")),
    "case.noted": ("notebook-pen", "", _("A note was made on %(number)s")),
    "case.escalated": ("alarm-clock", "warn", _("Case %(number)s has used %(step)s%% of its time")),
    "case.rated:right": ("thumbs-up", "ok", _("The customer says that %(number)s was put right")),
    "case.rated:wrong": ("thumbs-down", "bad", _("The customer says that %(number)s was not put right")),
    "case.files_refused": ("paperclip", "", _("A file sent to %(number)s could not be taken in")),
    "mail.placed": ("mail-check", "", _("A mail was put on case %(number)s")),
    "case.resolved": ("circle-check", "ok", _("Case %(number)s was resolved")),
    "return.requested": ("undo-2", "warn", _("A return was asked for: %(number)s of order %(order)s")),
    "return.approved": ("undo-2", "info", _("Return %(number)s was agreed to")),
    "return.refused": ("undo-2", "bad", _("Return %(number)s was not agreed to")),
    "return.cancelled": ("undo-2", "", _("Return %(number)s was withdrawn")),
    "return.sent": ("truck", "", _("The goods of return %(number)s are on their way to us")),
    "return.expired": ("hourglass", "", _("Return %(number)s ended: nothing was sent")),
    "return.received": ("warehouse", "info", _("Goods of return %(number)s came in")),
    "return.credited": ("receipt", "ok", _("Return %(number)s was credited: %(amount)s")),
    "return.closed": ("circle-check", "", _("Return %(number)s was closed")),
    "follow_up.proposed": ("list-todo", "", _("To do: %(title)s")),
    "follow_up.settled": ("list-checks", "ok", _("Settled: %(title)s")),
    "call_back.requested": ("phone-incoming", "info", _("%(contact)s asked to be called; %(owner)s calls")),
    "call_back.withdrawn": ("phone-off", "", _("%(contact)s no longer needs the call")),
    "call_back.missed": ("phone-missed", "bad", _("%(contact)s was not called in time; it is with %(owner)s now")),
    "rep.acting_started": ("user-round-cog", "info", _("We began to act for %(contact)s")),
    "rep.acting_ran_out": ("user-round-cog", "", _("Our time of acting for %(contact)s ran out")),
    "rep.acting_stopped": ("user-round-cog", "", _("We stopped acting for %(contact)s")),
    "rep.preview_started": ("eye", "", _("We looked at the portal as %(contact)s sees it")),
    "rep.preview_stopped": ("eye-off", "", _("We stopped looking as %(contact)s")),
    "call_report.written": ("phone", "info", _("We spoke to them")),
    "call_report.written:visit": ("map-pin", "info", _("We visited them")),
    "call_report.written:call": ("phone", "info", _("We called them")),
    "call_report.written:video": ("video", "info", _("We had a video call with them")),
    "note.written": ("notebook-pen", "", _("A note was made among colleagues")),
    "hand_over.arranged": ("arrow-right-left", "", _("They are to be handed to %(to)s from %(day)s on")),
    "hand_over.called_off": ("arrow-right-left", "", _("The hand-over to %(to)s was called off")),
    "account.handed_over": ("arrow-right-left", "info", _("%(to)s looks after them from now on")),
    "account.handed_over:giver": ("arrow-right-left", "info", _("%(giver)s handed them over to %(to)s")),
    "target.set": ("target", "", _("A target was set for them")),
    "price_proposal.agreed": ("badge-percent", "ok", _("A price of their own was agreed for %(sku)s")),
    "price_proposal.made": ("badge-percent", "", _("A price for %(sku)s was proposed and waits for a manager")),
    "price_proposal.declined": ("badge-percent", "warn", _("A proposed price for %(sku)s was declined")),
    "price_proposal.withdrawn": ("badge-percent", "", _("A proposed price for %(sku)s was withdrawn")),
    "visit_day.planned": ("route", "", _("A visit is planned for %(day)s")),
    "suggestion.dismissed": ("bell-off", "", _("%(product)s is not to be suggested to them")),
    "suggestion.taken_back": ("bell", "", _("%(product)s may be suggested to them again")),
    "suggestion.blocked": ("ban", "", _("%(product)s is not to be suggested to them, says their rep")),
    "suggestion.unblocked": ("undo-2", "", _("%(product)s may be suggested to them again, says their rep")),
    "pick.added": ("star", "", _("%(product)s was picked for them")),
    "pick.removed": ("star-off", "", _("%(product)s is no longer picked for them")),
    "branding.set": ("palette", "", _("The portal shows them in their own look")),
    "branding.removed": ("palette", "", _("Their own look was taken away")),
    "welcome.written": ("hand", "", _("Their welcome was written anew")),
    "ship_to.opened": ("map-pin-plus", "", _("A delivery address was added")),
    "ship_to.changed": ("map-pin", "", _("A delivery address was changed")),
    "ship_to.placed": ("map-pin", "", _("A delivery address was put on the map")),
    "ship_to.retired": ("map-pin-off", "", _("A delivery address was given up")),
    "part_number.set": ("tag", "", _("An own part number was set")),
}
_BANDS = {"promoter": "ok", "passive": "", "detractor": "bad"}
_CHOICES = {
    "wait": _("%(sku)s: wait for it"),
    "split": _("%(sku)s: send what is there"),
    "cancel": _("%(sku)s: call it off"),
    "substitute": _("%(sku)s: something else instead"),
}
_NOTES = ("comment", "reason", "resolution", "outcome")
_FAULTS = (("late", _("late")), ("short", _("incomplete")), ("damaged", _("damaged")))


def timeline_of(actor: Actor, account: Account, *, limit: int = 30, before: datetime | None = None) -> list[Entry]:
    """The story of an account the actor may see, newest first; what no words are known for is left out. One query.

    `before` continues where the last entry of an earlier page stood.
    """
    return [entry for event in timeline([account.pk], limit=limit, before=before) if (entry := entry_of(event))]


def entry_of(event: Event) -> Entry | None:
    """An event in words."""
    facts = event.facts
    variants = (f"{event.name}:{facts[why]}" for why in ("because", "about") if facts.get(why))
    told = next((WORDS[name] for name in variants if name in WORDS), WORDS.get(event.name))
    if told is None:
        return None
    icon, tone, words = told
    values = defaultdict(str, {name: value for name, value in facts.items() if isinstance(value, str | int)})
    values |= {"number": event.subject.partition(":")[2], "amount": _amount(facts)}
    return Entry(
        at=event.occurred_at,
        icon=icon,
        text=str(words) % values,
        note=_note(event),
        tone=_tone(event) or tone,
        who=event.actor_name,
        subject=event.subject,
    )


def _amount(facts: dict) -> str:
    amount = facts.get("amount") or facts.get("gross")
    if not amount:
        return "–"
    return formatting.money(Decimal(amount), facts.get("currency") or "GBP")


def _note(event: Event) -> str:
    if event.name == "shipment.delivered":
        return ", ".join(str(word) for fault, word in _FAULTS if event.facts.get(fault))
    if event.name == "order.slipped":
        return ", ".join(line["sku"] for line in event.facts["lines"])
    if event.name in ("order.slip_answered", "order.slip_reopened"):
        return str(_CHOICES.get(event.facts.get("choice"), "%(sku)s")) % {"sku": event.facts["sku"]}
    if event.facts.get("purpose") in Purpose.values:
        return str(Purpose(event.facts["purpose"]).label)
    return next((str(event.facts[name]) for name in _NOTES if event.facts.get(name)), "")


def _tone(event: Event) -> str:
    if event.name in ("survey.answered", "survey.revised"):
        return _BANDS.get(event.facts.get("band"), "")
    if event.name == "shipment.delivered":
        return "warn" if _note(event) else "ok"
    return ""
