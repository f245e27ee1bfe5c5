"""Whom we may write to for a purpose, as the law and they themselves have it."""

import hmac
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from apps.accounts import rules
from apps.accounts.models import AddressKey, Consent, Contact, CountryConsent, Objection, Purpose
from apps.core.sealing import opened


def may_mail(contact_ids: Collection[int], purpose: str) -> set[int]:
    """Those of the contacts who may be written to for `purpose` (a value of `Purpose`). Two queries for any number."""
    return {pk for pk, reason in _verdicts(contact_ids, purpose).items() if not reason}


def unmailable(contact_ids: Collection[int], purpose: str) -> dict[int, str]:
    """Those of the contacts who may not be, with the reason: no_address (nor active), objected, bounced,
    no_consent.

    Two queries for any number; one where no address ever objected.
    """
    return {pk: reason for pk, reason in _verdicts(contact_ids, purpose).items() if reason}


def refusing(contact_ids: Collection[int], purpose: str) -> set[int]:
    """Those of the contacts whose word or address is against `purpose`, whether they can be reached or not.

    Two queries for any number; one where no address ever objected.
    """
    return {pk for pk, reason in _verdicts(contact_ids, purpose, is_mailed=False).items() if reason}


def _verdicts(contact_ids: Collection[int], purpose: str, *, is_mailed: bool = True) -> dict[int, str]:
    people = _people(contact_ids, purpose)
    against = _against({person[1] for person in people if person[1]}, purpose, people[0][2] if people else None)
    return {
        pk: rules.against_mailing(
            basis,
            said,
            objected=(purpose, form := rules.address_form(email)) in against,
            bounced=is_mailed and (Objection.UNDELIVERABLE, form) in against,
            reachable=not is_mailed or bool(email and is_active),
        )
        for pk, email, _sealed, is_active, said, basis in people
    }


def _people(contact_ids: Collection[int], purpose: str) -> list[tuple]:
    found = Contact.objects.filter(pk__in=list(contact_ids)).order_by()
    key = Subquery(AddressKey.objects.values("sealed"))
    found = found.annotate(said=_said(purpose), basis=_basis(purpose), sealed=key)
    return list(found.values_list("pk", "email", "sealed", "is_active", "said", "basis"))


def _said(purpose: str) -> Subquery:
    latest = Consent.objects.filter(contact=OuterRef("pk"), purpose=purpose).order_by("-said_at", "-id")
    return Subquery(latest.values("is_given")[:1])


def _basis(purpose: str, country: str = "account__country") -> Coalesce:
    rows = CountryConsent.objects.filter(purpose=purpose)
    own, all_others = rows.filter(country=OuterRef(country)), rows.filter(country="")
    usual = Value(rules.USUAL_BASIS[purpose])
    return Coalesce(Subquery(own.values("basis")), Subquery(all_others.values("basis")), usual)


def _against(addresses: Collection[str], purpose: str, sealed: str | None) -> set[tuple[str, str]]:
    """(purpose or undeliverable, address in its one form) of those on record; no query where no key was ever made."""
    if sealed is None:
        return set()
    key = opened(sealed)[0]
    hashes = {hash_under(key, address): rules.address_form(address) for address in addresses}
    kept = Objection.objects.filter(purpose__in=[purpose, Objection.UNDELIVERABLE], address_hash__in=hashes)
    return {(why, hashes[one]) for why, one in kept.values_list("purpose", "address_hash")}


def undeliverable(addresses: Collection[str]) -> set[str]:
    """Those of the addresses that their mail server refuses. Two queries at most."""
    kept = AddressKey.objects.first() if addresses else None
    refused = {form for _why, form in _against(set(addresses), Objection.UNDELIVERABLE, kept and kept.sealed)}
    return {address for address in addresses if rules.address_form(address) in refused}


def hash_under(key: bytes, address: str) -> str:
    """HMAC-SHA256 of an address under the key of the house, 64 hexadecimal digits."""
    return hmac.new(key, rules.address_form(address).encode(), "sha256").hexdigest()


@dataclass(frozen=True, slots=True)
class Standing:
    """How it stands between a contact and a purpose. `against` as in `unmailable`, without no_address."""

    purpose: Purpose
    basis: str
    said: bool | None
    said_at: datetime | None
    objected_at: datetime | None

    @property
    def against(self) -> str:
        return rules.against_mailing(self.basis, self.said, objected=self.objected_at is not None)

    @property
    def allowed(self) -> bool:
        return not self.against


def standings_of(contact: Contact) -> list[Standing]:
    """How it stands with each purpose, in their order. Four queries at most."""
    basis = {purpose: _basis(purpose) for purpose in Purpose.values}
    one = Contact.objects.filter(pk=contact.pk).annotate(**{f"{name}_basis": each for name, each in basis.items()})
    row = one.values("email", *(f"{name}_basis" for name in basis)).get()
    said = {consent.purpose: consent for consent in Consent.objects.filter(contact=contact).order_by("said_at", "id")}
    objections = objections_of(row["email"])
    return [
        Standing(
            purpose=purpose,
            basis=row[f"{purpose}_basis"],
            said=said[purpose].is_given if purpose in said else None,
            said_at=said[purpose].said_at if purpose in said else None,
            objected_at=objections.get(purpose),
        )
        for purpose in Purpose
    ]


def objections_of(address: str) -> dict[str, datetime]:
    """When an address objected to which purpose. Two queries at most."""
    kept = AddressKey.objects.first() if address else None
    if kept is None:
        return {}
    mine = Objection.objects.filter(address_hash=hash_under(opened(kept.sealed)[0], address))
    return dict(mine.values_list("purpose", "objected_at"))
