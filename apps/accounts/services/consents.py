"""What people say about being written to, kept with the instant and the source; and what addresses object to.

1. What a contact says is added to what they said before, never written over it. The latest counts.
2. An objection is kept under a hash of the address: for the same address at every account, and after the contact is
   gone. Saying yes again, as the person themselves, lifts it.
3. The hashes are made with a key that is sealed with the house's own, and sealed anew when that changes.
"""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.errors import ConsentRefused, PermissionMissing
from apps.accounts.models import AddressKey, Consent, Contact, Objection, Purpose
from apps.accounts.rules import may
from apps.accounts.selectors.consents import Standing, hash_under, standings_of
from apps.accounts.services.permissions import demand
from apps.core.events import record
from apps.core.scoping import SYSTEM, Actor
from apps.core.sealing import new_secret, opened, seal
from apps.core.text import folded


@transaction.atomic
def give_consent(actor: Actor, contact: Contact, purpose: str, *, now: datetime) -> None:
    """The contact may be written to for `purpose`, as they say, or as operations notes that they said.

    An objection of their address is lifted. Nothing is kept where it stood so already. Records `consent.given`.
    """
    _say(actor, contact, purpose, True, now)


@transaction.atomic
def withdraw_consent(actor: Actor, contact: Contact, purpose: str, *, now: datetime) -> None:
    """The contact wants no more of it: their address objects as well. Records `consent.withdrawn`. Safe to repeat."""
    _say(actor, contact, purpose, False, now)


def _say(actor: Actor, contact: Contact, purpose: str, is_given: bool, now: datetime) -> None:
    source = _source(actor, contact)
    _refuse_unknown(purpose)
    contact = Contact.objects.select_for_update(of=("self",)).select_related("account").get(pk=contact.pk)
    standing = next(one for one in standings_of(contact) if one.purpose == purpose)
    if standing.said == is_given and (standing.objected_at is None) == is_given:
        return
    _add(contact, standing, is_given, source, actor.name if source == Consent.Source.STAFF else "", now)
    if is_given:
        _lift(contact.email, purpose)
    else:
        _object(contact.email, purpose, source, now)
    _record("consent.given" if is_given else "consent.withdrawn", contact, purpose, source, actor, now)


def _add(contact: Contact, standing: Standing, is_given: bool, source: str, by_name: str, now: datetime) -> None:
    Consent.objects.create(
        contact=contact,
        purpose=standing.purpose,
        is_given=is_given,
        basis=standing.basis,
        country=contact.account.country,
        source=source,
        by_name=by_name,
        said_at=now,
    )


@transaction.atomic
def object_to(contact: Contact, purpose: str, *, source: str, now: datetime) -> bool:
    """The contact objects to `purpose`, and so does their address; whether they did not before.

    `source` is a value of `Consent.Source`. Records `contact.objected`. Safe to repeat.
    """
    _refuse_unknown(purpose)
    contact = Contact.objects.select_for_update(of=("self",)).select_related("account").get(pk=contact.pk)
    standing = next(one for one in standings_of(contact) if one.purpose == purpose)
    if standing.said is False and (standing.objected_at is not None or not contact.email):
        return False
    _add(contact, standing, False, source, "", now)
    _object(contact.email, purpose, source, now)
    _record("contact.objected", contact, purpose, source, SYSTEM, now)
    return True


@transaction.atomic
def agree_to(contact: Contact, purpose: str, *, source: str, now: datetime) -> bool:
    """The contact says yes to `purpose` as the person themselves, and their address objects no longer; whether they
    had not before.

    `source` is a value of `Consent.Source`. Records `consent.given`. Safe to repeat.
    """
    _refuse_unknown(purpose)
    contact = Contact.objects.select_for_update(of=("self",)).select_related("account").get(pk=contact.pk)
    standing = next(one for one in standings_of(contact) if one.purpose == purpose)
    if standing.said and standing.objected_at is None:
        return False
    _add(contact, standing, True, source, "", now)
    _lift(contact.email, purpose)
    _record("consent.given", contact, purpose, source, SYSTEM, now)
    return True


@transaction.atomic
def object_address(actor: Actor, address: str, purpose: str, *, now: datetime) -> Objection:
    """Operations notes that an address, known here or not, objects to `purpose`: the one from before, or a new one.

    Raises `ConsentRefused` for what is no address. Records `address.objected`, without the address.
    """
    demand(actor, "privacy.manage")
    _refuse_unknown(purpose)
    address = address_of(address)
    if _object(address, purpose, Consent.Source.STAFF, now):
        record("address.objected", f"purpose:{purpose}", at=now, actor=actor, purpose=purpose)
    return Objection.objects.get(address_hash=address_hash(address), purpose=purpose)


def address_of(text: str) -> str:
    """An e-mail address as typed, folded; `ConsentRefused` for what is none."""
    address = folded(text)
    try:
        validate_email(address)
    except ValidationError:
        raise ConsentRefused(_("Write an e-mail address, such as name@company.example.")) from None
    return address


@transaction.atomic
def mark_undeliverable(address: str, *, now: datetime) -> None:
    """Its mail server said that there is no such address: nothing is sent there until operations says otherwise."""
    if address:
        defaults = {"source": Consent.Source.MAIL, "objected_at": now}
        Objection.objects.get_or_create(
            address_hash=address_hash(address), purpose=Objection.UNDELIVERABLE, defaults=defaults
        )


def _object(address: str, purpose: str, source: str, now: datetime) -> bool:
    if not address:
        return False
    defaults = {"source": source, "objected_at": now}
    _row, made = Objection.objects.get_or_create(
        address_hash=address_hash(address), purpose=purpose, defaults=defaults
    )  # fmt: skip
    _keep_columns(address, purpose, objected_at=now)
    return made


def _lift(address: str, purpose: str) -> None:
    if address:
        Objection.objects.filter(address_hash=address_hash(address), purpose=purpose).delete()
        _keep_columns(address, purpose, objected_at=None)


def _keep_columns(address: str, purpose: str, *, objected_at: datetime | None) -> None:
    """The columns that the release before reads, while both run side by side."""
    if purpose == Purpose.SURVEY:
        same = Contact.objects.filter(email__iexact=address)
        same.update(survey_objected_at=objected_at, **({} if objected_at else {"survey_consent": True}))


def address_hash(address: str) -> str:
    """How an address is kept where it must be known again and not be read."""
    return hash_under(_key(), address)


def _key() -> bytes:
    row = AddressKey.objects.first()
    if row is None:
        row, _made = AddressKey.objects.get_or_create(pk=1, defaults={"sealed": seal(new_secret())})
    return opened(row.sealed)[0]


@transaction.atomic
def follow_house_key() -> bool:
    """Seal the key of the hashes with the present key of the house where a former one opened it; whether it was."""
    row = AddressKey.objects.select_for_update().first()
    if row is None:
        return False
    secret, is_current = opened(row.sealed)
    if not is_current:
        row.sealed = seal(secret)
        row.save(update_fields=["sealed"])
    return not is_current


def _source(actor: Actor, contact: Contact) -> str:
    """The person themselves, or operations; nobody else, least of all who acts for them."""
    own = actor.contact_id == contact.pk or contact.pk in {one.pk for one in actor.contacts}
    if own and may(actor.role, "own_data.manage", acting_for=actor.acting_for):
        return Consent.Source.PORTAL
    if not may(actor.role, "privacy.manage", acting_for=actor.acting_for):
        raise PermissionMissing()
    return Consent.Source.STAFF


def _refuse_unknown(purpose: str) -> None:
    if purpose not in Purpose.values:
        raise ConsentRefused(_("Choose what it is about."))


def _record(name: str, contact: Contact, purpose: str, source: str, actor: Actor, now: datetime) -> None:
    record(
        name,
        f"contact:{contact.pk}",
        at=now,
        account_id=contact.account_id,
        actor=actor,
        contact=contact.name,
        purpose=purpose,
        source=source,
    )
