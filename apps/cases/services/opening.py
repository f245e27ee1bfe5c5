from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import Account, Rep
from apps.accounts.services import demand
from apps.cases import rules
from apps.cases.errors import EmptyMessage, MessageTooLong
from apps.cases.models import Case, CaseMessage
from apps.cases.selectors.service_levels import service_of
from apps.cases.services.files import Sent, attach, judged
from apps.cases.services.owners import least_busy_of, owner_for
from apps.cases.services.repeats import earlier_failure
from apps.core.events import record
from apps.core.numbers import next_number
from apps.core.scoping import SYSTEM, Actor

LONGEST_MESSAGE = 5000


@transaction.atomic
def open_case(
    *,
    account_id: int,
    title: str,
    cause: str,
    origin: str,
    source_ref: str,
    contact_id: int | None = None,
    shipment_id: int | None = None,
    order_id: int | None = None,
    body: str = "",
    actor: Actor = SYSTEM,
    now: datetime,
) -> Case:
    """The case that `source_ref` caused: opened now, or the one that it opened before.

    The cause decides who owns it (`owners`). Deadlines are those agreed with the account, in its working time.
    `body` is what the customer said; it becomes the first message. Records `case.opened`;
    for a second failure (see `repeats`) management owns it, and `case.repeated` is recorded too.
    """
    known = Case.objects.filter(source_ref=source_ref).first()
    if known is not None:
        return known
    account = _locked_account(account_id)
    earlier = earlier_failure(account_id, cause=cause, origin=origin, shipment_id=shipment_id, now=now)
    manager = least_busy_of(Rep.Desk.MANAGER, now=now) if earlier else None
    owner = rules.Choice(manager.pk) if manager else owner_for(account, cause, now=now)
    due = service_of(account, now=now).deadlines(now)
    case, opened = Case.objects.get_or_create(
        source_ref=source_ref,
        defaults={
            "number": next_number("CA"),
            "account": account,
            "contact_id": contact_id,
            "shipment_id": shipment_id,
            "order_id": order_id,
            "owner_id": owner.owner,
            "stands_in_for_id": owner.stands_in_for,
            "cause": cause,
            "origin": origin,
            "title": title[:160],
            "is_repeated": earlier is not None,
            "opened_at": now,
            "acknowledge_by": due.acknowledge_by,
            "answer_by": due.answer_by,
            "resolve_by": due.resolve_by,
        },
    )
    if opened:
        if body.strip():
            _first_message(case, body.strip(), actor, now)
        record(
            "case.opened",
            f"case:{case.number}",
            account_id=account_id,
            actor=actor,
            at=now,
            title=case.title,
            cause=cause,
            origin=origin,
        )
        if earlier:
            facts = {"title": case.title, "earlier": earlier.number}
            record("case.repeated", f"case:{case.number}", account_id=account_id, actor=SYSTEM, at=now, **facts)
    return case


def _locked_account(account_id: int) -> Account:
    """Two failures at the same moment wait for one another, so that the second is seen to be one."""
    accounts = Account.objects.select_related("rep__user", "rep__deputy__user")
    return accounts.select_for_update(of=("self",), no_key=True).get(pk=account_id)


def _first_message(case: Case, body: str, actor: Actor, now: datetime) -> None:
    by_staff = actor.is_staff and actor is not SYSTEM
    name = actor.name if by_staff or case.contact is None else case.contact.name
    CaseMessage.objects.create(case=case, author_name=name, from_staff=by_staff, body=body, written_at=now)


@transaction.atomic
def report_problem(
    actor: Actor,
    *,
    title: str,
    body: str,
    cause: str = Case.Cause.OTHER,
    key: str,
    shipment_id: int | None = None,
    order_id: int | None = None,
    files: Sent = (),
    now: datetime,
) -> Case:
    """A customer says that something is wrong. The same `key` (the form's) opens one case, however often it is sent.

    `files` are (name, content); `AttachmentRefused` where one cannot be kept, and nothing is opened.
    """
    demand(actor, "case.open")
    refuse_message(body)
    kept = judged(files)
    opened = open_case(
        account_id=actor.account_id,
        title=title.strip() or body.strip()[:160],
        cause=cause if cause in Case.Cause.values else Case.Cause.OTHER,
        origin=Case.Origin.PORTAL,
        source_ref=f"portal:{actor.account_id}:{key}"[:80],
        contact_id=actor.contact_id,
        shipment_id=shipment_id,
        order_id=order_id,
        body=body,
        actor=actor,
        now=now,
    )
    if kept and not opened.files.exists():
        attach(opened.messages.order_by("pk").first(), kept, now=now)
    return opened


def refuse_message(body: str) -> None:
    """Raises `EmptyMessage`, or `MessageTooLong` where nobody could read it."""
    if not body.strip():
        raise EmptyMessage
    if len(body.strip()) > LONGEST_MESSAGE:
        said = _("Send at most %(most)s characters; this message has %(length)s.")
        raise MessageTooLong(said % {"most": LONGEST_MESSAGE, "length": len(body.strip())})
