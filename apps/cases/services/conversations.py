"""What a contact and the house say to one another: begun, said, read, handed over, closed, made a case."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from apps.accounts.models import Account, Rep
from apps.accounts.services import demand
from apps.cases.errors import ConversationNotFound, HandOverRefused
from apps.cases.models import Case, Conversation, Utterance
from apps.cases.selectors.conversations import colleagues
from apps.cases.services.opening import open_case, refuse_message
from apps.cases.services.owners import least_busy_of, rep_of
from apps.core.events import record
from apps.core.numbers import next_number
from apps.core.scoping import Actor

HERE_FOR = timedelta(seconds=30)  # somebody counts as being there after their page last asked
NOTED_EVERY = timedelta(seconds=15)  # how often it is written down that they are
AWAY_AFTER = timedelta(seconds=60)  # what nobody has read by then is mailed
_CAUSE_OF = {"product": Case.Cause.RANGE, "order": Case.Cause.DELIVERY, "shipment": Case.Cause.DELIVERY}
_CAUSE_OF |= {"invoice": Case.Cause.INVOICE, "quote": Case.Cause.PRICE}


@transaction.atomic
def begin(actor: Actor, *, about: str, title: str, desk: str, body: str, now: datetime) -> Conversation:
    """Begin to talk about something, or go on where the contact talks about it already. `about` must be theirs to see.

    The account's rep owns it, or their deputy while they are away; or the least busy of the service desk. Where the one
    is not there, the other. Records `conversation.begun`.
    """
    demand(actor, "case.open")
    if actor.contact_id is None:
        raise ConversationNotFound
    refuse_message(body)
    open_one = Conversation.objects.filter(contact=actor.contact_id, about=about, closed_at=None)
    known = open_one.first()
    if known is None:
        try:
            with transaction.atomic():
                known = _new(actor, about=about, title=title, desk=desk, now=now)
        except IntegrityError:  # begun at the same moment in another window
            known = open_one.get()
    say(actor, known, body=body, now=now)
    return known


def _new(actor: Actor, *, about: str, title: str, desk: str, now: datetime) -> Conversation:
    account = Account.objects.select_related("rep__user", "rep__deputy__user").get(pk=actor.account_id)
    desk = desk if desk in Conversation.Desk.values else Conversation.Desk.SALES
    conversation = Conversation.objects.create(
        number=next_number("CV"),
        account=account,
        contact_id=actor.contact_id,
        about=about,
        title=title[:160],
        desk=desk,
        owner_id=_owner_of(account, desk, now),
        begun_at=now,
        last_said_at=now,
    )
    _record("conversation.begun", conversation, actor, now)
    return conversation


def _owner_of(account: Account, desk: str, now: datetime) -> int | None:
    agent = least_busy_of(Rep.Desk.SERVICE, now=now)
    rep_id, agent_id = rep_of(account, now=now), agent.pk if agent else None
    return (agent_id or rep_id) if desk == Conversation.Desk.SERVICE else (rep_id or agent_id)


@transaction.atomic
def say(actor: Actor, conversation: Conversation, *, body: str, now: datetime) -> Utterance:
    """Say something; what was closed is open again. Sent twice within a minute in the same words, it is said once.

    Records `conversation.said`.
    """
    from_staff = actor.is_staff and actor.contact_id is None
    demand(actor, "case.work" if from_staff else "case.open")
    body = "\n".join(body.splitlines()).strip()  # a browser ends each line with two characters, and counts one
    refuse_message(body)
    conversation = _locked(conversation)
    last = conversation.lines.filter(is_internal=False).last()
    if last and (last.body, last.from_staff) == (body, from_staff) and now - last.said_at < AWAY_AFTER:
        return last
    line = conversation.lines.create(author_name=actor.name, from_staff=from_staff, body=body, said_at=now)
    conversation.last_said_at = now
    conversation.waits_since = None if from_staff else conversation.waits_since or now
    if not conversation.is_open:
        _open_again(conversation)
    if from_staff and conversation.owner_id is None:
        conversation.owner_id = actor.rep_id
    conversation.save(update_fields=["last_said_at", "waits_since", "closed_at", "owner"])
    by = "staff" if from_staff else "customer"
    facts = {"because": by, "comment": body[:200], "contact_id": conversation.contact_id}
    _record("conversation.said", conversation, actor, now, **facts)
    return line


def _open_again(conversation: Conversation) -> None:
    """Unless the contact has begun anew about the same thing meanwhile: then what is said here stays a last word."""
    others = Conversation.objects.filter(contact=conversation.contact_id, about=conversation.about, closed_at=None)
    if conversation.contact_id is None or not others.exists():
        conversation.closed_at = None


def see(actor: Actor, conversation: Conversation, *, now: datetime) -> None:
    """Note that the actor has it before them: one write in fifteen seconds, unless there was something new to read."""
    if actor.acting_for or (actor.is_staff and not _answers(actor, conversation)):
        return  # who looks in for somebody else has not read it for them
    side = "staff" if actor.is_staff else "customer"
    here, read = f"{side}_here_at", f"{side}_read_at"
    stale = Q(**{f"{here}__isnull": True}) | Q(**{f"{here}__lt": now - NOTED_EVERY})
    unread = Q(**{f"{read}__isnull": True}) | Q(**{f"{read}__lt": conversation.last_said_at})
    Conversation.objects.filter(stale | unread, pk=conversation.pk).update(**{here: now, read: now})


def _answers(actor: Actor, conversation: Conversation) -> bool:
    owner = conversation.owner
    return owner is None or actor.rep_id in (owner.pk, owner.deputy_id)


@transaction.atomic
def hand_over(actor: Actor, conversation: Conversation, *, to: int | None, note: str, now: datetime) -> Conversation:
    """Hand a conversation to a colleague, with a note that stays with staff; nothing has to be told again.

    Raises `HandOverRefused` for nobody, or for who owns it. Records `conversation.handed_over`, which tells them.
    """
    demand(actor, "case.work")
    conversation = _locked(conversation)
    rep = colleagues(now=now).filter(pk=to).first()
    if rep is None or rep.pk == conversation.owner_id:
        raise HandOverRefused
    conversation.owner = rep
    conversation.desk = Conversation.Desk.SERVICE if rep.desk == Rep.Desk.SERVICE else Conversation.Desk.SALES
    conversation.save(update_fields=["owner", "desk"])
    if note.strip():
        refuse_message(note)
        conversation.lines.create(
            author_name=actor.name, from_staff=True, is_internal=True, body=note.strip(), said_at=now
        )
    _record("conversation.handed_over", conversation, actor, now, to=rep.user.name)
    return conversation


@transaction.atomic
def close(actor: Actor, conversation: Conversation, *, now: datetime) -> None:
    """End it from either side; a second time changes nothing. Records `conversation.closed`."""
    demand(actor, "case.open" if actor.contact_id else "case.work")
    conversation = _locked(conversation)
    if conversation.is_open:
        conversation.closed_at, conversation.waits_since = now, None
        conversation.save(update_fields=["closed_at", "waits_since"])
        _record("conversation.closed", conversation, actor, now)


@transaction.atomic
def make_case(actor: Actor, conversation: Conversation, *, now: datetime) -> Case:
    """The case for what cannot be settled by talking: opened with the customer's words, once."""
    demand(actor, "case.work")
    conversation = _locked(conversation)
    noun, _colon, _number = conversation.about.partition(":")
    said = conversation.lines.filter(from_staff=False).values_list("body", flat=True)
    case = open_case(
        account_id=conversation.account_id,
        title=conversation.title,
        cause=_CAUSE_OF.get(noun, Case.Cause.OTHER),
        origin=Case.Origin.STAFF,
        source_ref=f"conversation:{conversation.number}",
        contact_id=conversation.contact_id,
        actor=actor,
        now=now,
    )
    if conversation.case_id is None:
        if said:
            name = conversation.contact.name if conversation.contact else _("The customer")
            case.messages.create(author_name=name, body="\n\n".join(said)[:5000], written_at=now)
        conversation.case = case
        conversation.save(update_fields=["case"])
    return case


@transaction.atomic
def tell_what_waits(*, now: datetime, size: int = 200) -> int:
    """Ask for a mail about what was said more than a minute ago and nobody on the other side has read; how many.

    Records `conversation.unread`, with the first line that is told and the side, for each of them.
    """
    due = Utterance.objects.filter(told_at=None, is_internal=False, said_at__lte=now - AWAY_AFTER)
    ids = due.order_by("said_at").values_list("conversation_id", flat=True)[:size]
    rows = Conversation.objects.select_for_update(skip_locked=True).filter(pk__in=list(ids)).order_by("pk")
    asked = 0
    for conversation in rows:
        lines = list(conversation.lines.filter(told_at=None, is_internal=False))
        told: list[int] = []
        for from_staff, read_at in ((True, conversation.customer_read_at), (False, conversation.staff_read_at)):
            said = [each for each in lines if each.from_staff is from_staff]
            unread = [each for each in said if read_at is None or each.said_at > read_at]
            told += [each.pk for each in said if each not in unread]
            if unread and unread[0].said_at <= now - AWAY_AFTER:
                told += [each.pk for each in unread]
                asked += 1
                facts = {"first": unread[0].pk, "last": unread[-1].pk, "from_staff": from_staff}
                record(
                    "conversation.unread", f"conversation:{conversation.number}", at=now,
                    account_id=conversation.account_id, **facts,
                )  # fmt: skip
        conversation.lines.filter(pk__in=told).update(told_at=now)
    return asked


def _locked(conversation: Conversation) -> Conversation:
    rows = Conversation.objects.select_for_update(of=("self",)).select_related("contact", "account", "owner__user")
    return rows.get(pk=conversation.pk)


def _record(name: str, conversation: Conversation, actor: Actor, now: datetime, **facts) -> None:
    subject = f"conversation:{conversation.number}"
    record(name, subject, account_id=conversation.account_id, actor=actor, at=now, title=conversation.title, **facts)
