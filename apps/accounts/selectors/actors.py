"""From a log-in to an actor.

1. Somebody without an active log-in is nobody.
2. A machine is what its key was issued for: one account's own system, or the distributor's ERP or one carrier.
3. A log-in that may enter the admin and has no desk is operations, and so is a superuser at any desk.
4. Somebody with contacts is one of them: the one in the account asked for, else the first by the account's name.
5. A rep has the role of their desk. Who acts for a contact stands in that contact's account, still in their own role.
6. Staff who look at the portal as a contact sees it are that contact and nobody else, but read only.
7. Roles that look after the whole company (`rules.SEES_SUBSIDIARIES`) also see the accounts below theirs.
"""

from django.db.models import Q

from apps.accounts import rules
from apps.accounts.models import Account, Contact, Rep, ServiceKeyAccount, User
from apps.accounts.selectors.accounts import around
from apps.core.scoping import NOBODY, Actor


def actor_for(
    user, *, account_id: int | None = None, acting_contact_id: int | None = None, seen_contact_id: int | None = None
) -> Actor:
    """The actor a log-in is, in at most two queries; `NOBODY` where it opens no door.

    `account_id` is the account chosen among the user's own; `acting_contact_id` the contact a rep acts for;
    `seen_contact_id` the one whose view of the portal they look at, for a query or two more. All are wishes: what the
    log-in does not reach is ignored.
    """
    if not (user.is_authenticated and user.is_active):
        return NOBODY
    if user.is_machine:
        return _machine(user)
    if seen_contact_id is not None:
        return _looking(_staff(user, None), seen_contact_id) or actor_for(user, account_id=account_id)
    if user.is_staff or user.is_superuser or acting_contact_id is not None:
        return _staff(user, acting_contact_id) or _contact(user, account_id) or NOBODY
    return _contact(user, account_id) or _staff(user, None) or NOBODY


def _machine(user: User) -> Actor:
    key = ServiceKeyAccount.objects.select_related("account").filter(user=user).first()
    if key is None or (key.account and not key.account.is_active):
        return NOBODY
    inside = {"account_id": key.account_id, "account_ids": (key.account_id,)} if key.account_id else {}
    return Actor(role=key.role, user_id=user.pk, name=key.purpose, carrier=key.carrier, **inside)


def _staff(user: User, acting_contact_id: int | None) -> Actor | None:
    rep = Rep.objects.filter(user=user).only("id", "desk").first()
    if rep is None and not (user.is_staff or user.is_superuser):
        return None
    role = rep.desk if rep and not user.is_superuser else "operations"
    actor = Actor(role=role, user_id=user.pk, rep_id=rep.pk if rep else None, name=str(user))
    if acting_contact_id is None or not rules.may(role, "account.act_for"):
        return actor
    contact = around(Contact.objects.visible_to(actor)).filter(pk=acting_contact_id, is_active=True).first()
    return acting_for(actor, contact) if contact else actor


def looking_as(actor: Actor, contact: Contact) -> Actor:
    """What `contact` is and sees, in the hands of staff: read only. Of subsidiaries those alone that are `actor`'s to
    see: a look through somebody else's eyes opens no account that is not theirs. One query."""
    seen = Account.objects.visible_to(actor).filter(pk__in=_seen_from(contact)).order_by("path")
    return Actor(
        role=contact.role,
        user_id=actor.user_id,
        account_id=contact.account_id,
        account_ids=tuple(seen.values_list("pk", flat=True)),
        contact_id=contact.pk,
        is_read_only=True,
        name=contact.name,
        contacts=(contact,),
    )


def _looking(staff: Actor | None, contact_id: int) -> Actor | None:
    if staff is None or not rules.may(staff.role, "account.act_for"):
        return None
    contact = around(Contact.objects.visible_to(staff)).filter(pk=contact_id, is_active=True).first()
    return looking_as(staff, contact) if contact else None


def acting_for(actor: Actor, contact: Contact) -> Actor:
    """Staff standing in the account of `contact`, with their own role and name."""
    return Actor(
        role=actor.role,
        user_id=actor.user_id,
        account_id=contact.account_id,
        account_ids=(contact.account_id,),
        contact_id=contact.pk,
        rep_id=actor.rep_id,
        acting_for=contact.pk,
        name=actor.name,
        contacts=(contact,),
    )


def _contact(user: User, account_id: int | None) -> Actor | None:
    contacts = list(
        around(Contact.objects.filter(user=user, is_active=True, account__is_active=True)).order_by(
            "account__name", "pk"
        )
    )
    if not contacts:
        return None
    contact = next((contact for contact in contacts if contact.account_id == account_id), contacts[0])
    return Actor(
        role=contact.role,
        user_id=user.pk,
        account_id=contact.account_id,
        account_ids=_seen_from(contact),
        contact_id=contact.pk,
        name=contact.name,
        contacts=(contact, *(other for other in contacts if other is not contact)),
    )


def _seen_from(contact: Contact) -> tuple[int, ...]:
    if contact.role not in rules.SEES_SUBSIDIARIES:
        return (contact.account_id,)
    below = Account.objects.filter(path__startswith=contact.account.path).order_by("path")
    return tuple(below.values_list("pk", flat=True))


def operations() -> list[User]:
    """Those who run the shop: whom `actor_for` makes operations, machines left out. One query."""
    people = User.objects.filter(is_active=True, is_machine=False).exclude(email="")
    return list(people.filter(Q(is_superuser=True) | Q(is_staff=True, rep=None)).order_by("pk"))
