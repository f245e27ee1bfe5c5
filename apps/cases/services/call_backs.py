"""A call that a customer asks for: noted for who is there in those hours, withdrawn, or noticed as missed."""

import re
from datetime import datetime

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from apps.accounts.errors import ContactNotFound
from apps.accounts.models import Contact, Rep
from apps.accounts.services import demand
from apps.cases.errors import CallBackRefused
from apps.cases.models import FollowUp
from apps.cases.selectors.call_backs import Offered, call_back_for, reach_of, windows_of, working_time
from apps.cases.services.owners import least_busy_of
from apps.core.events import record
from apps.core.scoping import SYSTEM, Actor
from apps.core.text import folded

LONGEST_PHONE, LONGEST_ABOUT = 40, 500
_PHONE = re.compile(r"\+?[0-9][0-9 ()/.-]{4,38}")


@transaction.atomic
def request_call_back(actor: Actor, *, window: str, phone: str, about: str = "", now: datetime) -> FollowUp:
    """Ask to be called in hours that `windows_of` offers, by the key of the window. Records `call_back.requested`.

    Raises `CallBackRefused`, with the fields, for hours that are over, for what is no phone number, and while another
    call-back waits.
    """
    demand(actor, "case.open")
    contact = Contact.objects.select_for_update(of=("self",)).select_related("account").filter(pk=actor.contact_id)
    contact = contact.first()
    if contact is None:
        raise ContactNotFound
    reach = reach_of(contact.account, contact.pk, now=now)
    if reach is not None and reach.call_back is not None:
        raise CallBackRefused(_("A call-back is noted already: take it back first to choose other hours."))
    chosen, phone = _checked(windows_of(reach, now=now) if reach else [], window, folded(phone))
    return _note(actor, contact, chosen, phone, about.strip()[:LONGEST_ABOUT], now)


def _checked(offered: list[Offered], window: str, phone: str) -> tuple[Offered, str]:
    chosen = next((each for each in offered if each.window.key == window), None)
    wrong = {}
    if chosen is None:
        wrong["window"] = [_("Choose one of the hours; those that have begun are offered no more.")]
    if len(phone) > LONGEST_PHONE or not _PHONE.fullmatch(phone):
        wrong["phone"] = [_("Write the number to call, such as +44 113 496 0101.")]
    if wrong:
        raise CallBackRefused(" ".join(word for words in wrong.values() for word in words), fields=wrong)
    return chosen, phone


def _note(actor: Actor, contact: Contact, chosen: Offered, phone: str, about: str, now: datetime) -> FollowUp:
    with translation.override(chosen.rep.user.language):
        title = _("Call %(name)s back") % {"name": contact.name}
    asked = FollowUp.objects.create(
        account_id=contact.account_id, contact=contact, owner=chosen.rep, kind=FollowUp.Kind.CALL_BACK,
        title=title[:160], detail=about, source_ref=f"call-back:{contact.pk}:{chosen.window.key}:{now:%Y%m%dT%H%M%S%f}",
        due_on=working_time(chosen.rep).local(chosen.window.from_at).date(),
        from_at=chosen.window.from_at, until_at=chosen.window.until_at, phone=phone, created_at=now,
    )  # fmt: skip
    _record("call_back.requested", asked, actor, now, owner=str(chosen.rep), reason=about)
    return asked


@transaction.atomic
def withdraw_call_back(actor: Actor, call_back_id: int, *, now: datetime) -> FollowUp:
    """Take a call-back of one's own back before it was made. Records `call_back.withdrawn`."""
    demand(actor, "case.open")
    asked = call_back_for(actor, call_back_id)
    open_ones = FollowUp.objects.filter(pk=asked.pk, state=FollowUp.State.OPEN)
    outcome = _("Taken back by the customer")
    if open_ones.update(state=FollowUp.State.DROPPED, settled_at=now, outcome=outcome):
        asked.refresh_from_db()
        _record("call_back.withdrawn", asked, actor, now)
    return asked


def notice_missed(*, now: datetime, size: int = 200) -> int:
    """Give calls that nobody made in their hours to the deputy, else to a manager; how many went over.

    Each in a transaction of its own, once. Records `call_back.missed`, after which the new owner is told.
    """
    waiting = FollowUp.objects.filter(
        kind=FollowUp.Kind.CALL_BACK, state=FollowUp.State.OPEN, missed_at=None, until_at__lt=now
    )
    return sum(_miss(pk, now) for pk in waiting.order_by("until_at").values_list("pk", flat=True)[:size])


@transaction.atomic
def _miss(pk: int, now: datetime) -> bool:
    waiting = FollowUp.objects.select_for_update(of=("self",), skip_locked=True, no_key=True)
    waiting = waiting.filter(pk=pk, state=FollowUp.State.OPEN, missed_at=None)
    asked = waiting.select_related("contact", "owner__user", "owner__deputy__user").first()
    if asked is None:
        return False
    before, asked.missed_at = str(asked.owner or ""), now
    asked.owner = _instead_of(asked.owner, now) or asked.owner
    asked.save(update_fields=["missed_at", "owner"])
    _record("call_back.missed", asked, SYSTEM, now, before=before, owner=str(asked.owner or ""))
    return True


def _instead_of(owner: Rep | None, now: datetime) -> Rep | None:
    deputy = owner.deputy if owner else None
    if deputy is not None and deputy.is_there(timezone.localdate(now)):
        return deputy
    manager = least_busy_of(Rep.Desk.MANAGER, now=now)
    return manager if manager is not None and manager != owner else None


def _record(name: str, asked: FollowUp, actor: Actor, now: datetime, **facts) -> None:
    contact = asked.contact.name if asked.contact else ""
    record(
        name, f"follow_up:{asked.pk}", account_id=asked.account_id, actor=actor, at=now, title=asked.title,
        contact=contact, from_at=asked.from_at.isoformat(), until_at=asked.until_at.isoformat(), **facts,
    )  # fmt: skip
