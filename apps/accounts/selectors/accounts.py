"""Accounts, contacts and ship-tos, each behind one door."""

from collections.abc import Collection, Iterable

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower

from apps.accounts.errors import AccountNotFound, ContactNotFound, ShipToUnknown
from apps.accounts.models import Account, AccountQuerySet, Acting, Contact, ShipTo
from apps.core.scoping import Actor


def accounts_visible(actor: Actor) -> AccountQuerySet:
    """The active accounts `actor` may see, by name."""
    return Account.objects.visible_to(actor).filter(is_active=True)


def account_for(actor: Actor, number: str) -> Account:
    """The account of that number, with its parent, group and rep; `AccountNotFound` for absent and not yours alike."""
    account = _with_rep().visible_to(actor).filter(number=number).first()
    if account is None:
        raise AccountNotFound()
    return account


def account_of(actor: Actor) -> Account:
    """The account `actor` stands in, with its rep; at most one query."""
    if actor.contacts:
        return actor.contacts[0].account
    account = _with_rep().filter(pk=actor.account_id).order_by("pk").first() if actor.account_id else None
    if account is None:
        raise AccountNotFound()
    return account


def _with_rep() -> AccountQuerySet:
    return Account.objects.select_related("rep__user", "parent__branding", "group", "branding")


def switchable_accounts(actor: Actor) -> list[Account]:
    """The accounts this log-in may stand in, by name: those where it is an active contact."""
    if actor.is_staff:
        return []
    return sorted({contact.account for contact in actor.contacts}, key=lambda account: account.name)


def contact_of(actor: Actor) -> Contact | None:
    """The contact `actor` is or acts for, with the account as `account_of` gives it; at most one query.

    None for a machine and for staff outside an account.
    """
    if actor.contacts:
        return actor.contacts[0]
    return around(Contact.objects.filter(pk=actor.contact_id)).order_by("pk").first() if actor.contact_id else None


def around(contacts: QuerySet) -> QuerySet:
    """Contacts with their account, its rep and branding: no more, as each request asks for it."""
    return contacts.select_related("account__rep__user", "account__branding", "account__parent__branding")


def contacts_of(actor: Actor, account: Account) -> list[Contact]:
    """The active contacts of an account that `actor` may see, by name, with their log-ins."""
    return list(Contact.objects.visible_to(actor).filter(account=account, is_active=True).select_related("user"))


def contact_for(actor: Actor, contact_id: int) -> Contact:
    """An active contact `actor` may see, with the account; `ContactNotFound` for absent and not yours alike."""
    seen = Contact.objects.visible_to(actor).filter(pk=contact_id, is_active=True, account__is_active=True)
    contact = seen.select_related("account").first()
    if contact is None:
        raise ContactNotFound()
    return contact


def ship_tos_of(actor: Actor) -> list[ShipTo]:
    """Where goods can go from the account `actor` stands in, the default first."""
    return list(ShipTo.objects.filter(account=actor.account_id, is_active=True)) if actor.account_id else []


def ship_tos_known_by(actor: Actor, numbers: Collection[str], codes: Collection[str]) -> list[ShipTo]:
    """The active ship-tos of accounts with these numbers, and those with these codes at any account, among those that
    `actor` may see, with their accounts. Case does not matter. One query."""
    named = Q(number_folded__in={number.lower() for number in numbers}) | Q(
        code_folded__in={code.lower() for code in codes}
    )
    rows = ShipTo.objects.visible_to(actor).filter(is_active=True).select_related("account")
    return list(rows.annotate(number_folded=Lower("account__number"), code_folded=Lower("code")).filter(named))


def ship_to_for(actor: Actor, ship_to_id: int | None) -> ShipTo:
    """One of the addresses of `ship_tos_of`; `ShipToUnknown` for any other."""
    inside = (
        ShipTo.objects.filter(account=actor.account_id, is_active=True) if actor.account_id else ShipTo.objects.none()
    )
    ship_to = inside.filter(pk=ship_to_id).order_by("pk").first()
    if ship_to is None:
        raise ShipToUnknown()
    return ship_to


def ship_tos_by_id(actor: Actor, ship_to_ids: Iterable[int | None]) -> dict[int, ShipTo]:
    """Several of the addresses of `ship_tos_of` at once; `ShipToUnknown` where one is none of them. One query."""
    wanted = set(ship_to_ids)
    found = ShipTo.objects.filter(account=actor.account_id, is_active=True, pk__in=wanted) if actor.account_id else ()
    by_id = {each.pk: each for each in found}
    if wanted - by_id.keys():
        raise ShipToUnknown()
    return by_id


def actings_of(actor: Actor, account: Account, limit: int = 10) -> list[Acting]:
    """Who of the distributor's people acted for somebody at the account, the latest first. One query."""
    acted = Acting.objects.visible_to(actor).filter(account=account).select_related("contact")
    return list(acted[:limit])
