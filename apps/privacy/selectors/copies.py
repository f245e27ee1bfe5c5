"""All that is kept about a person, table by table: whatever points to their contact is found by itself.

1. A person is a contact with all others that share its log-in; for operations also those with the same e-mail address.
2. Each table of the house that points to a contact gives the rows that point to theirs. What hangs below such a row
   and was said by them or to them is named in `BELOW`; what tells of it by its number alone, in `TOLD_BY`.
3. Hashes, keys and files are left out: they say nothing. A reference to something is given by its number or name.
4. What the house reckons for itself is not theirs to know: `OURS`. Nor is that their account is one of those that get
   no offer, to compare with.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.apps import apps
from django.conf import settings
from django.contrib.postgres.fields import RangeField
from django.db import models
from django.db.models import Q

from apps.accounts.models import Contact, Objection, User
from apps.accounts.selectors.consents import objections_of
from apps.cases.models import WaitingMail
from apps.core.models import Event, OutgoingMail
from apps.insights.models import NeedMention

BELOW = {
    "cases.CaseFile": ("case__contact", {"is_internal": False}),
    "cases.CaseMessage": ("case__contact", {"is_internal": False}),
    "cases.SourcingRequest": ("case__contact", {}),
    "cases.Utterance": ("conversation__contact", {"is_internal": False}),
    "feedback.AnswerRevision": ("answer__contact", {}),
    "feedback.VoteAttempt": ("invitation__contact", {}),
    "feedback.ReviewVersion": ("review__contact", {}),
}
#: What somebody told of a need: told by -> (what it was told in, the way to the contact). Searches name no contact.
TOLD_BY = {
    "sourcing": ("cases.SourcingRequest", "case__contact"),
    "quote": ("ordering.QuoteLine", "quote__contact"),
    "price_match": ("pricing.PriceMatch", "contact"),
    "return": ("cases.ReturnLine", "of__contact"),
    "wish": ("feedback.Answer", "contact"),
    "next": ("feedback.NextNeed", "contact"),
    "comment": ("feedback.Answer", "contact"),
}
#: Columns that are the house's own business.
OURS = {"feedback.Offer": ("cost", "most_percent", "usual_order", "reason", "decided_by_name", "decide_by")}
NOT_TOLD = {"feedback.Offer": {"state": "held_out"}}
_SAYS_NOTHING = ("_hash", "token", "sealed", "password", "_ref")
_NAMED_BY = ("number", "sku", "code", "name")


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of one kind: `columns` is name -> words, `rows` are name -> value."""

    name: str
    words: str
    columns: dict[str, str]
    rows: list[dict]


def same_log_in(contact: Contact) -> list[Contact]:
    """The contact and all others that its log-in opens, by id. One query."""
    same = Q(pk=contact.pk) | (Q(user=contact.user_id) if contact.user_id else Q(pk__in=()))
    return list(Contact.objects.filter(same).select_related("account").order_by("pk"))


def same_person(contact: Contact) -> list[Contact]:
    """Those of `same_log_in`, and all with the same e-mail address, by id. One query."""
    same = Q(pk=contact.pk)
    if contact.user_id:
        same |= Q(user=contact.user_id)
    if contact.email:
        same |= Q(email__iexact=contact.email)
    return list(Contact.objects.filter(same).select_related("account").order_by("pk"))


def told_by(ids: Collection[int]) -> Q:
    """The mentions of needs that these contacts told, as a condition on `NeedMention`."""
    told = Q(pk__in=())
    for source, (label, path) in TOLD_BY.items():
        rows = apps.get_model(label).objects.filter(**{f"{path}__in": ids}).order_by()
        told |= Q(source=source, source_ref__in=rows.values("pk"))
    return told


def copy_of(contacts: Collection[Contact]) -> list[Table]:
    """What is kept about the person who is all these contacts, without empty tables. One query for each table."""
    ids = [contact.pk for contact in contacts]
    tables = [_table(Contact, Contact.objects.filter(pk__in=ids)), *_log_in(contacts), *_pointing(ids)]
    tables += [*_mail(contacts), *_waiting(contacts), *_events(contacts), *_objections(contacts)]
    return [table for table in tables if table.rows]


def pointing_to_contacts() -> Iterator[tuple[type[models.Model], list[str]]]:
    """Each table of the house that points to contacts, with the names of the references."""
    for label in settings.DOMAINS:
        for model in apps.get_app_config(label.rpartition(".")[2]).get_models():
            names = [field.name for field in model._meta.concrete_fields if field.related_model is Contact]
            if names and not model._meta.proxy:
                yield model, names


def _pointing(ids: list[int]) -> Iterator[Table]:
    for model, names in pointing_to_contacts():
        mine = Q()
        for name in names:
            mine |= Q(**{f"{name}__in": ids})
        rows = model.objects.filter(mine).exclude(**NOT_TOLD.get(model._meta.label, {"pk__in": ()}))
        yield _table(model, rows.order_by("pk"), left_out=OURS.get(model._meta.label, ()))
    yield _table(NeedMention, NeedMention.objects.filter(told_by(ids)).order_by("pk"), left_out=("value", "basis"))
    for label, (path, condition) in BELOW.items():
        model = apps.get_model(label)
        yield _table(model, model.objects.filter(**{f"{path}__in": ids}, **condition).order_by("pk"))


def _log_in(contacts: Collection[Contact]) -> Iterator[Table]:
    users = {contact.user_id for contact in contacts if contact.user_id}
    if users:
        yield _table(User, User.objects.filter(pk__in=users))


def _mail(contacts: Collection[Contact]) -> Iterator[Table]:
    to = Q()
    for address in {contact.email for contact in contacts if contact.email}:
        to |= Q(to__iexact=address)
    if to:
        yield _table(OutgoingMail, OutgoingMail.objects.filter(to).order_by("pk"), left_out=("key", "error"))


def _waiting(contacts: Collection[Contact]) -> Iterator[Table]:
    """What they wrote to the service desk and nobody has read."""
    from_them = Q()
    for address in {contact.email for contact in contacts if contact.email}:
        from_them |= Q(sender__iexact=address)
    if from_them:
        yield _table(WaitingMail, WaitingMail.objects.filter(from_them), left_out=("key", "why", "mail_id"))


def _events(contacts: Collection[Contact]) -> Iterator[Table]:
    """What they did, and what was done to them by name."""
    mine = Q(subject__in=[f"contact:{contact.pk}" for contact in contacts])
    users = [contact.user_id for contact in contacts if contact.user_id]
    mine |= Q(actor_user_ref__in=users, acting_for_ref=None)
    for contact in contacts:
        mine |= Q(facts__contact_id=contact.pk)
    events = Event.objects.filter(mine, account_ref__in={contact.account_id for contact in contacts})
    yield _table(Event, events.order_by("pk"), left_out=("recorded_at", "dispatched_at", "attempts"))


def _objections(contacts: Collection[Contact]) -> Iterator[Table]:
    addresses = sorted({contact.email for contact in contacts if contact.email})
    rows = [
        {"address": address, "purpose": purpose, "objected_at": at}
        for address in addresses
        for purpose, at in objections_of(address).items()
    ]
    words = {name: str(Objection._meta.get_field(name).verbose_name) for name in ("purpose", "objected_at")}
    yield Table("accounts.Objection", str(Objection._meta.verbose_name_plural), words, rows)


def _table(model: type[models.Model], rows: models.QuerySet, left_out: Collection[str] = ()) -> Table:
    fields = [field for field in model._meta.concrete_fields if field.name not in left_out and _is_told(field)]
    paths = {field.name: _path(field) for field in fields}
    found = [
        {field.name: _value(field, row[paths[field.name]]) for field in fields} for row in rows.values(*paths.values())
    ]
    words = {field.name: str(field.verbose_name) for field in fields}
    return Table(model._meta.label, str(model._meta.verbose_name_plural), words, found)


def _is_told(field: models.Field) -> bool:
    if isinstance(field, models.BinaryField | models.FileField | RangeField):
        return False
    if field.related_model is not None:
        return field.related_model is not Contact and _named_by(field.related_model) is not None
    return not any(part in field.name for part in _SAYS_NOTHING)


def _path(field: models.Field) -> str:
    return f"{field.name}__{_named_by(field.related_model)}" if field.related_model else field.name


def _named_by(model: type[models.Model]) -> str | None:
    names = {field.name for field in model._meta.concrete_fields if isinstance(field, models.CharField)}
    return next((name for name in _NAMED_BY if name in names), None)


def _value(field: models.Field, value: object) -> object:
    words = dict(getattr(field, "flatchoices", None) or ())
    return str(words.get(value, value)) if words and isinstance(value, str) else value
