"""A person is erased: what was done stays, who did it is no longer known.

1. Orders, invoices and answers stay, as the law and the figures need them; they point to a contact without a name,
   address or log-in. Scores and the facts of deliveries stay as they are.
2. The name, address and phone number are taken out of every text of the accounts, the events included. What the person
   wrote themselves loses the parts of their name as well.
3. What served the person alone is deleted: mails that wait, cart, searches, news, saved views, watches, lists of their
   own, deputies, log-ins tried.
4. Questions that wait are cancelled, and the links in mails that went out are dead. Nobody is named any more.
5. Objections stay, under the hash of the address: who comes back by an import is still not written to.
"""

import json
from collections.abc import Collection
from datetime import datetime

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.db import models, transaction
from django.db.models import Q, TextField
from django.db.models.functions import Cast
from django.utils import translation
from django.utils.translation import gettext as _
from knox.models import get_token_model

from apps.accounts.models import Contact, Notice, NoticeChoice, Rep, SavedView, User
from apps.accounts.services import demand
from apps.cases.models import Case, CaseMessage, FollowUp, WaitingMail
from apps.cases.services.mails import throw_mails_away
from apps.catalogue.models import PastSearch, SeenProduct
from apps.core.events import record
from apps.core.models import Event, OutgoingMail
from apps.core.scoping import Actor
from apps.feedback.models import Invitation, Reference
from apps.insights.models import GreetingPutAway, Need, NeedKey, NeedMention
from apps.insights.rules import key_of
from apps.ordering.models import BuyingList, Cart, Deputy, QuickOrder
from apps.pricing.models import PriceListSchedule
from apps.privacy.errors import AlreadyErased
from apps.privacy.rules import facts_without, name_parts, without
from apps.privacy.selectors import same_person, told_by
from apps.recommendations.models import NextOrderLetter, SuggestionSale, SuggestionTrace, Watch

# Texts in which somebody may be named: table -> (fields, the way to the account).
TEXTS = {
    "accounts.Notice": (("title",), "account"),
    "accounts.SavedView": (("name", "query"), "account"),
    "accounts.ShipTo": (("contact_name", "phone", "gate", "unloading", "delivery_note"), "account"),
    "cases.Case": (("title", "resolution", "writer_name", "writer_email"), "account"),
    "cases.CaseFile": (("name",), "case__account"),
    "cases.CaseMessage": (("author_name", "body", "quoted"), "case__account"),
    "cases.Conversation": (("title",), "account"),
    "cases.FollowUp": (("title", "detail", "outcome", "phone"), "account"),
    "cases.ProductQuestion": (("body", "answer"), "account"),
    "cases.Return": (("note", "answer"), "account"),
    "cases.ReturnReceipt": (("note",), "of__account"),
    "cases.SourcingRequest": (("text",), "case__account"),
    "cases.Utterance": (("author_name", "body"), "conversation__account"),
    "catalogue.MissedSearch": (("text",), "account"),
    "feedback.Answer": (("comment",), "account"),
    "feedback.AnswerRevision": (("old_comment",), "answer__account"),
    "feedback.NextNeed": (("text",), "account"),
    "feedback.Offer": (("why", "words", "reason"), "account"),
    "feedback.ProductReview": (("title", "body"), "account"),
    "feedback.Referral": (("name", "company", "reach", "note"), "account"),
    "feedback.ReviewVersion": (("title", "body"), "review__account"),
    "feedback.VoteAttempt": (("comment",), "invitation__account"),
    "fulfilment.FaultReport": (("note",), "shipment__account"),
    "fulfilment.Proof": (("received_by", "note"), "shipment__account"),
    "fulfilment.Shipment": (("received_by",), "account"),
    "fulfilment.Slip": (("chosen_by_name",), "account"),
    "insights.AccountNote": (("body",), "account"),
    "insights.CallReport": (("note", "next_step"), "account"),
    "insights.HandOver": (("summary",), "account"),
    "insights.NeedMention": (("said",), "account"),
    "insights.VisitStop": (("about",), "account"),
    "ordering.Approval": (("decided_by_name", "comment"), "order__account"),
    "ordering.BlanketOrder": (("made_by_name",), "account"),
    "ordering.BuyingList": (("name", "note"), "account"),
    "ordering.CartLine": (("note",), "cart__account"),
    "ordering.Order": (("placed_by_name", "ship_to_text", "notes"), "account"),
    "ordering.OrderLine": (("note",), "order__account"),
    "ordering.Quote": (("message", "answer"), "account"),
    "ordering.QuoteFile": (("by_name", "name"), "quote__account"),
    "ordering.QuoteLine": (("note",), "quote__account"),
    "ordering.QuoteVersion": (("by_name", "words"), "quote__account"),
    "ordering.StandingOrder": (("name", "review"), "account"),
    "pricing.PriceListFile": (("asked_by_name",), "account"),
    "pricing.PriceMatch": (("note", "answer"), "account"),
    "pricing.PriceProposal": (("why", "reason"), "account"),
}
# What the person wrote themselves: table -> (fields, the way to the contact).
OWN_TEXTS = {
    "cases.Conversation": (("title",), "contact"),
    "cases.FollowUp": (("detail",), "contact"),
    "cases.ProductQuestion": (("body",), "contact"),
    "cases.Return": (("note",), "contact"),
    "cases.Utterance": (("body",), "conversation__contact"),
    "feedback.Answer": (("comment",), "contact"),
    "feedback.AnswerRevision": (("old_comment",), "answer__contact"),
    "feedback.NextNeed": (("text",), "contact"),
    "feedback.Offer": (("why",), "contact"),
    "feedback.ProductReview": (("title", "body"), "contact"),
    "feedback.Referral": (("note",), "contact"),
    "feedback.ReviewVersion": (("title", "body"), "review__contact"),
    "feedback.VoteAttempt": (("comment",), "invitation__contact"),
    "fulfilment.FaultReport": (("note",), "contact"),
}
# Facts that were frozen with a name among them: table -> (field, the way to the account).
FACTS = {"feedback.Answer": ("facts", "account"), "insights.HandOver": ("facts", "account")}
_OWN_ALONE = ((Cart, "contact"), (QuickOrder, "contact"), (PastSearch, "contact"), (Watch, "contact"))
_ALSO = ((GreetingPutAway, "contact"), (PriceListSchedule, "contact"), (Deputy, "contact"), (Deputy, "deputy"))
_FOR_THEM = ((Notice, "contact"), (NoticeChoice, "contact"), (SavedView, "owner"), (SeenProduct, "contact"))
_SUGGESTED = ((SuggestionTrace, "contact"), (NextOrderLetter, "contact"))
_LOT = 500


@transaction.atomic
def erase_person(actor: Actor, contact: Contact, *, now: datetime) -> int:
    """Erase who this contact is, at every account they are known at; how many contacts they were.

    Records `person.erased`, which names nobody. Raises `AlreadyErased`. It cannot be undone.
    """
    demand(actor, "privacy.manage")
    contacts = _locked(contact)
    _stop_asking(contacts)
    Reference.objects.filter(contact__in=contacts, withdrawn_at=None).update(withdrawn_at=now)
    for one in contacts:
        _erase_contact(one)
    _delete_own(contacts)
    for user in User.objects.filter(pk__in={one.user_id for one in contacts if one.user_id}):
        _erase_log_in(user)
    for one in contacts:
        _let_go(one)
        record(
            "person.erased", f"contact:{one.pk}", at=now, account_id=one.account_id, actor=actor, contact_id=one.pk,
            contact=called(one),
        )  # fmt: skip
    return len(contacts)


def called(contact: Contact) -> str:
    """What an erased contact is called from then on, in the language of their account."""
    with translation.override(contact.account.language):
        return _("Erased contact %(number)s") % {"number": contact.pk}


def _locked(contact: Contact) -> list[Contact]:
    ids = [one.pk for one in same_person(contact)]
    rows = Contact.objects.select_for_update(of=("self",)).filter(pk__in=ids).select_related("account", "user")
    contacts = list(rows.order_by("pk"))
    if all(one.name == called(one) and not one.email for one in contacts):
        raise AlreadyErased()
    return contacts


def _stop_asking(contacts: Collection[Contact]) -> None:
    mine = Invitation.objects.filter(contact__in=contacts)
    waiting = mine.filter(state__in=[Invitation.State.PLANNED, Invitation.State.CLAIMED])
    waiting.update(state=Invitation.State.CANCELLED, reason=Invitation.Reason.NO_ADDRESS, rest=None)
    mine.update(token_hash="", reminder_token_hash="", reminder_due_at=None)


def _erase_contact(contact: Contact) -> None:
    """Take their name, address and phone number out of the texts of the account."""
    by, words = called(contact), [contact.name, contact.email, contact.phone]
    parts = name_parts(contact.name)
    if contact.email:  # written before they were a contact: nothing is answered there any more
        written = Case.objects.filter(writer_email__iexact=contact.email)
        written.update(writer_email="", writer_name=by, mail_id="")
    for label, (fields, path) in TEXTS.items():
        rewrite(apps.get_model(label).objects.filter(**{path: contact.account_id}), fields, words, by)
    for label, (fields, path) in OWN_TEXTS.items():
        rewrite(apps.get_model(label).objects.filter(**{path: contact.pk}), fields, [*words, *parts], by)
    _rewrite_needs(contact, words, by)
    for label, (field, path) in FACTS.items():
        rewrite_facts(apps.get_model(label).objects.filter(**{path: contact.account_id}), field, words, by)
    _rewrite_messages(contact, by)
    _rewrite_events(contact, words, by)
    mails = OutgoingMail.objects.filter(to__iexact=contact.email) if contact.email else OutgoingMail.objects.none()
    for mail in mails:
        mail.subject = without(mail.subject, [*words, *parts], by)[:255]
        mail.to, mail.error = f"erased-{contact.pk}@example.invalid", ""
        mail.save(update_fields=["subject", "to", "error"])
    for entry in LogEntry.objects.filter(content_type__model__in=["contact", "person"], object_id=str(contact.pk)):
        entry.object_repr = by
        entry.save(update_fields=["object_repr"])


def rewrite(rows: models.QuerySet, fields: Collection[str], words: Collection[str], by: str) -> None:
    """Put `by` where one of the words stands in the fields of the rows."""
    found = list(_naming(rows, fields, words).only(*fields))
    for row in found:
        for field in fields:
            longest = rows.model._meta.get_field(field).max_length
            setattr(row, field, without(getattr(row, field), words, by)[:longest])
    rows.model._default_manager.bulk_update(found, fields, batch_size=_LOT)


def _naming(rows: models.QuerySet, fields: Collection[str], words: Collection[str]) -> models.QuerySet:
    """Those of the rows in whose fields one of the words stands, maybe within another word."""
    named = Q(pk__in=())
    for field in fields:
        for word in words:
            if word:
                named |= Q(**{f"{field}__icontains": word})
    return rows.filter(named)


def _rewrite_needs(contact: Contact, words: Collection[str], by: str) -> None:
    """What they told of a need, and the need that is named and known by words of theirs.

    The words it is known by go where they name the person: who says the like from then on tells of a new need.
    """
    own = NeedMention.objects.filter(told_by([contact.pk]))
    parts = [*words, *name_parts(contact.name)]
    rewrite(own, ["said"], parts, by)
    for mentions, wanted in ((own, parts), (NeedMention.objects.filter(account=contact.account_id), words)):
        needs = Need.objects.filter(pk__in=mentions.values("need"))
        rewrite(needs, ["name", "reason"], wanted, by)
        keys = NeedKey.objects.filter(need__in=needs)
        named = [set(key_of(word).split()) for word in wanted if key_of(word)]
        gone = [key.pk for key in keys if any(name <= set(key.key.split()) for name in named)]
        NeedKey.objects.filter(pk__in=gone).delete()


def _rewrite_messages(contact: Contact, by: str) -> None:
    """What they wrote in cases stands under their name, in a case of theirs or of a colleague."""
    mine = CaseMessage.objects.filter(case__account=contact.account_id, from_staff=False, author_name=by)
    words = [contact.name, contact.email, contact.phone, *name_parts(contact.name)]
    rewrite(mine, ["body", "quoted"], words, by)


def rewrite_facts(rows: models.QuerySet, field: str, words: Collection[str], by: str) -> None:
    """The same in a document of facts."""
    named = Q()
    for word in words:
        if word:
            named |= Q(text__icontains=json.dumps(word, ensure_ascii=False)[1:-1])
    found = list(rows.annotate(text=Cast(field, TextField())).filter(named)) if named else []
    for row in found:
        setattr(row, field, facts_without(getattr(row, field), words, by))
    rows.model._default_manager.bulk_update(found, [field], batch_size=_LOT)


def _rewrite_events(contact: Contact, words: Collection[str], by: str) -> None:
    rewrite_facts(Event.objects.filter(account_ref=contact.account_id), "facts", words, by)
    acted = Event.objects.filter(account_ref=contact.account_id, actor_name=contact.name)
    acted.filter(Q(actor_user_ref=contact.user_id) | Q(actor_user_ref=None)).update(actor_name=by)
    mine = list(Event.objects.filter(account_ref=contact.account_id, facts__contact_id=contact.pk))
    for event in mine:
        said = facts_without(event.facts.get("comment", ""), name_parts(contact.name), by)
        event.facts = {**event.facts, **({"comment": said} if said else {})}
    Event.objects.bulk_update(mine, ["facts"], batch_size=_LOT)


def _delete_own(contacts: Collection[Contact]) -> None:
    for model, name in (*_OWN_ALONE, *_ALSO, *_FOR_THEM, *_SUGGESTED):
        model.objects.filter(**{f"{name}__in": contacts}).delete()
    FollowUp.objects.filter(contact__in=contacts).exclude(phone="").update(phone="")
    BuyingList.objects.filter(owner__in=contacts, is_shared=False).delete()
    for address in {one.email for one in contacts if one.email}:
        throw_mails_away(list(WaitingMail.objects.filter(sender__iexact=address)))
    SuggestionSale.objects.filter(contact__in=contacts).update(contact=None)
    for table in (AccessAttempt, AccessFailureLog, AccessLog):
        table.objects.filter(username__in={one.email.lower() for one in contacts if one.email}).delete()


def _erase_log_in(user: User) -> None:
    """Close a log-in and take its name and address away; one of our own people keeps theirs."""
    if user.is_staff or user.is_machine or Rep.objects.filter(user=user).exists():
        return
    user.email, user.name, user.is_active = f"erased-{user.pk}@example.invalid", "", False
    user.set_unusable_password()
    user.save(update_fields=["email", "name", "is_active", "password"])
    get_token_model().objects.filter(user=user).delete()


def _let_go(contact: Contact) -> None:
    contact.name, contact.email, contact.phone, contact.job_title = called(contact), "", "", ""
    contact.user, contact.is_active, contact.invited_at = None, False, None
    contact.save()
