"""The people of a company, as its own administrator looks after them.

1. Somebody is invited by name and address, and gets a letter with a link. Whether the address is known elsewhere is
   told to nobody: a log-in is made or joined only by whoever opens the link.
2. The link is signed, works for seven days, and once: it is dead as soon as it is used, sent anew, or access has ended.
3. Ended access ends at once: the contact counts no more with the next request. A log-in that opens nothing else is
   closed with its sessions, its keys and its password.
4. Of an account and those above it one administrator with a log-in always remains.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _
from knox.models import get_token_model

from apps.accounts.errors import AccountNotFound, InvitationOver, LastAdministrator, PersonRefused
from apps.accounts.models import Account, Contact, Rep, User
from apps.accounts.selectors import contact_for
from apps.accounts.services.permissions import demand
from apps.core.errors import NotAllowed
from apps.core.events import record
from apps.core.scoping import Actor
from apps.core.text import folded

INVITATION_DAYS, INVITATIONS_A_DAY = 7, 50
_SALT = "accounts.invitation"
_MOST = Decimal("999999999999.99")


@dataclass(frozen=True, slots=True)
class Duties:
    """What somebody does for an account, and how far their own word reaches; None is no limit. Net amounts."""

    role: str
    spend_limit: Decimal | None = None
    period_limit: Decimal | None = None
    limit_period: str = Contact.Period.MONTH


@transaction.atomic
def invite(actor: Actor, account: Account, *, name: str, email: str, duties: Duties, now: datetime) -> Contact:
    """A colleague who gets a letter with a link. Somebody whose access had ended is invited like anybody else.

    Raises `PersonRefused` for what cannot be, and where the address is one of the account's people already.
    """
    _demand(actor, account)
    account = _lock(account)
    name, email = folded(name), folded(email).lower()
    _refuse_person(account, name, email, duties, now)
    known = Contact.objects.filter(account=account, email__iexact=email).first()
    if known is not None and known.is_active:
        _refuse("email", _("%(email)s is one of your people already.") % {"email": email})
    contact = known or Contact(account=account, language=account.language, time_zone=account.time_zone)
    contact.name, contact.email, contact.user, contact.is_active = name, email, None, True
    _set(contact, duties)
    return _send(actor, contact, now)


@transaction.atomic
def invite_again(actor: Actor, contact: Contact, *, now: datetime) -> Contact:
    """A new letter to somebody who has not come in yet; the link of the last one is dead."""
    contact = _managed(actor, contact)
    if contact.user is not None:
        raise PersonRefused(_("%(name)s has come in already.") % {"name": contact.name})
    _refuse_many(contact.account, now)
    return _send(actor, contact, now)


@transaction.atomic
def change_duties(actor: Actor, contact: Contact, duties: Duties, *, now: datetime) -> Contact:
    """Another role, other limits; they hold from the person's next request on. Raises `LastAdministrator`."""
    contact = _managed(actor, contact)
    _refuse_duties(duties)
    before = _duties_of(contact)
    if contact.role == Contact.Role.ADMINISTRATOR and duties.role != contact.role:
        _keep_an_administrator(contact)
    _set(contact, duties)
    contact.save(update_fields=list(asdict(duties)))
    changed = {name: [before[name], value] for name, value in _duties_of(contact).items() if value != before[name]}
    if changed:
        _record("contact.changed", actor, contact, now, changed=changed)
    return contact


@transaction.atomic
def end_access(actor: Actor, contact: Contact, *, now: datetime) -> None:
    """Somebody works here no more: from now on nothing of theirs opens this account. Safe to repeat."""
    contact = _managed(actor, contact)
    if contact.role == Contact.Role.ADMINISTRATOR:
        _keep_an_administrator(contact)
    user, contact.is_active, contact.invited_at = contact.user, False, None
    contact.save(update_fields=["is_active", "invited_at"])
    closed = user is not None and _close_if_useless(user)
    _record("contact.access_ended", actor, contact, now, log_in_closed=closed)


def _close_if_useless(user: User) -> bool:
    """Close a log-in that opens nothing any more; whether it was."""
    if user.is_staff or Rep.objects.filter(user=user).exists() or user.contacts.filter(is_active=True).exists():
        return False
    user.set_unusable_password()  # sessions and links to a new password carry the old one's hash
    user.is_active = False
    user.save(update_fields=["password", "is_active"])
    get_token_model().objects.filter(user=user).delete()
    return True


# --- the letter's link ------------------------------------------------------------------------------------------------


def invitation_token(contact: Contact) -> str:
    """What the letter's link carries: it names the contact and when they were invited, signed."""
    return signing.dumps([contact.pk, contact.invited_at.isoformat()], salt=_SALT)


def invited(token: str, *, lock: bool = False) -> Contact:
    """Whom a link is for; `InvitationOver` where it was used, replaced, is too old, or never was."""
    try:
        pk, at = signing.loads(token, salt=_SALT, max_age=timedelta(days=INVITATION_DAYS))
    except (signing.BadSignature, ValueError, TypeError):
        raise InvitationOver() from None
    found = Contact.objects.select_related("account").filter(pk=pk, is_active=True, account__is_active=True, user=None)
    contact = (found.select_for_update(of=("self",)) if lock else found).first()
    if contact is None or contact.invited_at is None or contact.invited_at.isoformat() != at:
        raise InvitationOver()
    return contact


def log_in_of(contact: Contact) -> User | None:
    """The log-in that the invited address has and that can be used; None where one is made. `PersonRefused` for one
    that is no buyer's.
    """
    user = User.objects.filter(email=contact.email.lower()).first()
    if user is None:
        return None
    if user.is_machine or user.is_staff or user.is_superuser or Rep.objects.filter(user=user).exists():
        raise PersonRefused(_("This address cannot be used here: ask for an invitation to another one."))
    return user if user.is_active and user.has_usable_password() else None


@transaction.atomic
def join(token: str, *, user: User | None, password: str = "", now: datetime) -> Contact:
    """Take up an invitation: with one's log-in, or by choosing a password for a new one. Once."""
    contact = invited(token, lock=True)
    owner = log_in_of(contact)
    if owner is not None and (user is None or user.pk != owner.pk):
        raise NotAllowed(_("Log in as %(email)s to take up this invitation.") % {"email": contact.email})
    contact.user = owner or _with_password(contact, password)
    contact.invited_at = None
    contact.save(update_fields=["user", "invited_at"])
    joined = Actor(role=contact.role, user_id=contact.user_id, contact_id=contact.pk, name=contact.name)
    _record("contact.joined", joined, contact, now)
    return contact


def _with_password(contact: Contact, password: str) -> User:
    if not password:
        raise PersonRefused(_("Choose a password."))
    email = contact.email.lower()
    user = User.objects.filter(email=email).first() or User(email=email, name=contact.name, language=contact.language)
    user.is_active = True
    user.set_password(password)
    user.save()
    return user


# --- what holds for all -----------------------------------------------------------------------------------------------


def _demand(actor: Actor, account: Account) -> None:
    demand(actor, "contact.manage")
    if account.pk not in actor.account_ids:
        raise AccountNotFound()


def _managed(actor: Actor, contact: Contact) -> Contact:
    """The contact as it is now, with its tree of accounts locked: who is the last of them is then certain."""
    demand(actor, "contact.manage")
    contact = contact_for(actor, contact.pk)
    _lock(contact.account)
    return contact_for(actor, contact.pk)


def _lock(account: Account) -> Account:
    list(Account.objects.select_for_update(no_key=True).filter(pk=account.lineage[0]))
    return account


def _keep_an_administrator(contact: Contact) -> None:
    others = Contact.objects.filter(account__in=contact.account.lineage, role=Contact.Role.ADMINISTRATOR)
    if not others.filter(is_active=True, account__is_active=True, user__is_active=True).exclude(pk=contact.pk).exists():
        raise LastAdministrator()


def _set(contact: Contact, duties: Duties) -> None:
    for name, value in asdict(duties).items():
        setattr(contact, name, value)


def _duties_of(contact: Contact) -> Mapping[str, str | None]:
    values = {name: getattr(contact, name) for name in Duties.__slots__}
    return {name: None if value is None else str(value) for name, value in values.items()}


def _refuse_person(account: Account, name: str, email: str, duties: Duties, now: datetime) -> None:
    if not 1 <= len(name) <= 120:
        _refuse("name", _("Write the person's name, with at most 120 characters."))
    try:
        validate_email(email)
    except ValidationError:
        _refuse("email", _("Write an e-mail address, such as name@company.example."))
    _refuse_duties(duties)
    _refuse_many(account, now)


def _refuse_duties(duties: Duties) -> None:
    if duties.role not in Contact.Role.values:
        _refuse("role", _("Choose one of the roles."))
    if duties.limit_period not in Contact.Period.values:
        _refuse("limit_period", _("Choose a month, a quarter or a year."))
    for name in ("spend_limit", "period_limit"):
        amount = getattr(duties, name)
        if amount is not None and not (amount.is_finite() and 0 <= amount <= _MOST):
            _refuse(name, _("Write an amount of zero or more, or leave it empty for no limit."))


def _refuse_many(account: Account, now: datetime) -> None:
    since = now - timedelta(days=1)
    if Contact.objects.filter(account=account, invited_at__gt=since).count() >= INVITATIONS_A_DAY:
        raise PersonRefused(_("That is enough invitations for one day: go on tomorrow, or ask your rep."))


def _refuse(field: str, words: str) -> None:
    raise PersonRefused(words, fields={field: [words]})


def _send(actor: Actor, contact: Contact, now: datetime) -> Contact:
    contact.invited_at = now
    contact.save()
    _record("contact.invited", actor, contact, now, email=contact.email, role=contact.role, invited_at=now.isoformat())
    return contact


def _record(name: str, actor: Actor, contact: Contact, now: datetime, **facts) -> None:
    record(
        name,
        f"contact:{contact.pk}",
        at=now,
        account_id=contact.account_id,
        actor=actor,
        contact=contact.name,
        **facts,
    )
