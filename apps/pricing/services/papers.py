"""Price lists of an account are asked for, made in the background, sent, and made again when they are due."""

from calendar import monthrange
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import typst
from django.core.files import File
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from apps.accounts.models import Account, Contact
from apps.accounts.rules import may
from apps.accounts.services import demand
from apps.core import events
from apps.core.scoping import SYSTEM, Actor
from apps.pricing import papers
from apps.pricing.errors import PaperRefused
from apps.pricing.models import Kind, PriceListFile, PriceListSchedule

KEPT_DAYS = 60
MOST_WAITING = 5
FARTHEST = timedelta(days=366)
_MONTHS = {"monthly": 1, "quarterly": 3}


@transaction.atomic
def ask_for_paper(
    actor: Actor,
    account: Account,
    *,
    kind: str,
    on: date,
    send: bool = False,
    to: Contact | None = None,
    language: str,
    now: datetime,
) -> PriceListFile:
    """Have the account's price list of a day made; with `send` the contact who asks, else the one in `to`, is mailed
    once it is ready.

    Raises `PaperRefused` for a kind or day that cannot be, and for too many at once. Records `price_list.requested`.
    """
    demand(actor, "price.read")
    if kind not in Kind.values:
        raise PaperRefused(fields={"kind": [_("Choose Excel, CSV or PDF.")]})
    if not date(2000, 1, 1) <= on <= timezone.localdate(now) + FARTHEST:
        raise PaperRefused(fields={"on_day": [_("Choose a day from 2000 on, at most a year ahead.")]})
    if to is not None:
        _refuse_reader(to, account.pk)
    if PriceListFile.objects.filter(account=account, state=PriceListFile.State.WAITING).count() >= MOST_WAITING:
        raise PaperRefused(_("%(most)s are being made already: wait for one of them.") % {"most": MOST_WAITING})
    paper = PriceListFile.objects.create(
        account=account,
        contact_id=actor.contact_id if send else to and to.pk,
        asked_by_name=actor.name[:120],
        kind=kind,
        on_day=on,
        language=language[:8],
        asked_at=now,
    )
    events.record("price_list.requested", f"price_list_file:{paper.pk}", account_id=account.pk, actor=actor, at=now)
    return paper


def _refuse_reader(contact: Contact, account_id: int) -> None:
    """Raises `PaperRefused` for somebody of another account, or who sees no prices."""
    if contact.account_id != account_id or not contact.is_active or not may(contact.role, "price.read"):
        words = _("Choose a contact of this account who may see its prices.")
        raise PaperRefused(words, fields={"contact": [words]})


def make_paper(paper_id: int, *, now: datetime) -> bool:
    """Write the file; whether it is there. Repeated, it is written anew until it is ready, and then left alone."""
    paper = PriceListFile.objects.select_related("account").get(pk=paper_id)
    if paper.state != PriceListFile.State.WAITING:
        return paper.state == PriceListFile.State.READY
    mine = PriceListFile.objects.filter(pk=paper.pk, state=PriceListFile.State.WAITING)
    with TemporaryDirectory(prefix="price-list-") as folder, translation.override(paper.language):
        path = Path(folder) / f"list.{paper.kind}"
        try:
            prices = papers.write(
                paper.kind,
                paper.account,
                paper.on_day,
                path,
                lambda done, total: mine.update(reached=done, total=total),
            )
        except (PaperRefused, typst.TypstError) as refusal:
            mine.update(state=PriceListFile.State.FAILED, refusal=str(refusal)[:300], made_at=now)
            return False
        with path.open("rb") as file:
            paper.file.save(path.name, File(file), save=False)
    _keep(paper, prices, now)
    return True


@transaction.atomic
def _keep(paper: PriceListFile, prices: int, now: datetime) -> None:
    mine = PriceListFile.objects.filter(pk=paper.pk, state=PriceListFile.State.WAITING)
    if mine.update(state=PriceListFile.State.READY, file=paper.file.name, prices=prices, made_at=now):
        events.record("price_list.made", f"price_list_file:{paper.pk}", account_id=paper.account_id, at=now)


@transaction.atomic
def schedule_paper(actor: Actor, contact: Contact, *, kind: str, rhythm: str, now: datetime) -> PriceListSchedule:
    """Send the contact the account's price list again and again, the first time one rhythm from today on."""
    demand(actor, "price.read")
    if kind not in Kind.values or rhythm not in PriceListSchedule.Rhythm.values:
        raise PaperRefused(_("Choose Excel, CSV or PDF, and how often."))
    _refuse_reader(contact, contact.account_id)
    due = next_day(timezone.localdate(now), rhythm)
    schedule, _made = PriceListSchedule.objects.get_or_create(
        account_id=contact.account_id, contact=contact, kind=kind, rhythm=rhythm, defaults={"next_on": due}
    )
    return schedule


@transaction.atomic
def stop_schedule(schedule: PriceListSchedule) -> None:
    """Send it no more; what was made stays on file."""
    schedule.delete()


def next_day(on: date, rhythm: str) -> date:
    """A week later, or the first of the month or quarter that comes: 31 January and monthly is 1 February."""
    if rhythm == PriceListSchedule.Rhythm.WEEKLY:
        return on + timedelta(days=7)
    day = on
    for _month in range(_MONTHS[rhythm]):
        day = day.replace(day=monthrange(day.year, day.month)[1]) + timedelta(days=1)
    return day


@transaction.atomic
def make_due_papers(*, now: datetime) -> int:
    """Ask for what is due, once for each day it is due, however often or late this runs; how many."""
    today = timezone.localdate(now)
    due = PriceListSchedule.objects.select_for_update(skip_locked=True, of=("self",)).filter(next_on__lte=today)
    schedules = list(due.select_related("contact", "account")[:500])
    for schedule in schedules:
        asked = schedule.contact.is_active and schedule.account.is_active
        if asked:
            _ask_by_schedule(schedule, now)
        schedule.next_on = next_day(today, schedule.rhythm)
        schedule.save(update_fields=["next_on"])
    return len(schedules)


def _ask_by_schedule(schedule: PriceListSchedule, now: datetime) -> None:
    contact = schedule.contact
    paper, is_new = PriceListFile.objects.get_or_create(
        schedule=schedule,
        on_day=schedule.next_on,
        defaults={
            "account": schedule.account,
            "contact": contact,
            "kind": schedule.kind,
            "language": contact.language,
            "asked_at": now,
        },
    )
    if is_new:
        about = f"price_list_file:{paper.pk}"
        events.record("price_list.requested", about, account_id=schedule.account_id, actor=SYSTEM, at=now)


def forget_old_papers(*, now: datetime) -> int:
    """Drop files that nobody has needed for `KEPT_DAYS`; they can be made anew as of any day."""
    old = PriceListFile.objects.filter(asked_at__lt=now - timedelta(days=KEPT_DAYS))
    dropped = 0
    for paper in old[:1_000]:
        if paper.file:
            paper.file.delete(save=False)
        dropped += paper.delete()[0]
    return dropped
