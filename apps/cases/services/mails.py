"""Mails to the service address: onto the case they go on with, to a new case, or to the desk that finds out whose.

1. What answers a mail that went onto a case goes there too, where its sender is one of the account's; so does what
   names a case of theirs. `rules` says whether that opens it again.
2. The sender is a contact who may come in, by address; where that is one of several accounts, what the mail names says
   which. Who was put to an account by the desk before is known from then on.
3. Anybody else waits for the desk: nothing is answered to an address that nobody knows. So does what would open a
   case, or open one again, at an account that is closed.
"""

from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from apps.accounts.models import Account, Contact
from apps.accounts.services import demand
from apps.cases.errors import MailNotFound, MailNotPlaced, TooManyMails
from apps.cases.models import Case, CaseFile, WaitingMail
from apps.cases.rules import mails as verdicts
from apps.cases.selectors.mails import Named, named_in
from apps.cases.services import files as filing
from apps.cases.services.opening import LONGEST_MESSAGE, open_case
from apps.cases.services.working import continued, note_once, reply_to_case
from apps.core.events import record
from apps.core.incoming import Incoming
from apps.core.models import IncomingMail
from apps.core.scoping import Actor

MOST_WAITING = 50  # of one sender: what is more is not kept


def take_service_mail(mail: Incoming, *, now: datetime) -> str:
    """Put a mail to the service address where it belongs; the subject it went to, `case:CA-1` or `waiting:1`.

    Raises `TooManyMails` where its thread is full.
    """
    earlier = _thread_of(mail)
    contacts = _contacts_of(mail.sender)
    if earlier is not None:
        who = _one_of(contacts, earlier.account_id)
        if who is None and mail.sender.lower() != earlier.writer_email.lower():
            return keep_waiting(mail, WaitingMail.Why.UNKNOWN, case=earlier, now=now)
        return put_on_case(earlier, mail, who=who, now=now)
    named = named_in(f"{mail.subject}\n{mail.words}", [each.account_id for each in contacts])
    if named.case is not None:
        return put_on_case(named.case, mail, who=_one_of(contacts, named.case.account_id), now=now)
    who = _who(contacts, named)
    if who is not None:
        return _said(_open(mail, who.account, who, named, now))
    if not contacts and (account := _account_written_from(mail.sender)) is not None:
        return _said(_open(mail, account, None, named_in(f"{mail.subject}\n{mail.words}", [account.pk]), now))
    return keep_waiting(mail, WaitingMail.Why.SEVERAL if contacts else WaitingMail.Why.UNKNOWN, now=now)


def put_on_case(case: Case, mail: Incoming, *, who: Contact | None, now: datetime) -> str:
    """What somebody writes about a case: a message with its files, or a new case where the old one is long over."""
    case = continued(case)
    if not (case.is_open or case.account.is_active):
        return keep_waiting(mail, WaitingMail.Why.UNKNOWN, case=case, now=now)
    if not case.is_open and not verdicts.goes_on(case.resolved_at, now):
        named = Named(order_id=case.order_id, shipment_id=case.shipment_id)
        opened = _open(mail, case.account, who, named, now)
        note_once(opened, _("It goes on with %(number)s, which was resolved.") % {"number": case.number}, now=now)
        return _said(opened)
    refuse_crowd(f"case:{case.number}", now)
    kept, refused = filing.sort_out(mail.files)
    body = _body(mail, refused, who, case.reached_at)
    message = reply_to_case(_as(who, case, mail), case, body=body, now=now)
    _keep(message, mail, kept, now)
    if refused:
        _tell_not_taken(message.case, refused, now)
    return _said(message.case)


def refuse_crowd(subject: str, now: datetime) -> None:
    """Raises `TooManyMails` where as many mails went there as anybody could read."""
    for within, most in verdicts.MOST_OF_THREAD:
        if IncomingMail.objects.filter(subject=subject, received_at__gt=now - within).count() >= most:
            raise TooManyMails


def keep_waiting(mail: Incoming, why: str, *, case: Case | None = None, now: datetime) -> str:
    """Keep a mail for the desk to look at. Records `mail.waiting`. Raises `TooManyMails` beyond what a person sends."""
    if WaitingMail.objects.filter(sender__iexact=mail.sender).count() >= MOST_WAITING:
        raise TooManyMails
    kept, refused = filing.sort_out(mail.files)
    waiting = WaitingMail.objects.create(
        key=mail.key,
        why=why,
        sender=mail.sender,
        sender_name=mail.sender_name,
        subject=mail.subject,
        words="\n\n".join(part for part in (mail.words, filing.not_taken(refused)) if part),
        quoted=mail.quoted,
        mail_id=mail.message_id,
        case=case,
        received_at=now,
    )
    filing.keep_for_later(waiting, kept, now=now)
    record("mail.waiting", f"waiting:{waiting.pk}", at=now, why=why)
    return f"waiting:{waiting.pk}"


@transaction.atomic
def place_mail(actor: Actor, mail_id: int, *, place: str, contact_id: int | None = None, now: datetime) -> Case:
    """Say whose a waiting mail is: `place` is an account's number, or a case's. All that its sender wrote goes along.

    Raises `MailNotFound`, and `MailNotPlaced` where there is no such account, case or contact.
    """
    demand(actor, "mail.place")
    mails = _locked(mail_id)
    case, account = _place(place)
    who = Contact.objects.filter(pk=contact_id, account=account, is_active=True).first()
    who = who or _one_of(_contacts_of(mails[0].sender), account.pk)
    for each in mails:
        mail = _as_incoming(each)
        if case is None:
            case = _open(mail, account, who, named_in(f"{mail.subject}\n{mail.words}", [account.pk]), now)
            message = case.messages.filter(from_staff=False).first()
        else:
            case = continued(case)
            body = _body(mail, [], who, case.reached_at)
            message = reply_to_case(_as(who, case, mail), case, body=body, now=now)
            _keep(message, mail, [], now)
            case = message.case
        filing.move_files(each, case, message)
        IncomingMail.objects.filter(key=each.key).update(
            outcome=IncomingMail.Outcome.TAKEN, subject=f"case:{case.number}"
        )
        each.delete()
    facts = {"case": case.number, "count": len(mails)}
    record("mail.placed", f"case:{case.number}", at=now, account_id=case.account_id, actor=actor, **facts)
    return case


@transaction.atomic
def discard_mail(actor: Actor, mail_id: int, *, now: datetime) -> int:
    """Throw a waiting mail away with all others of its sender, files included; how many. Records `mail.discarded`."""
    demand(actor, "mail.place")
    mails = _locked(mail_id)
    throw_mails_away(mails)
    record("mail.discarded", f"waiting:{mail_id}", at=now, actor=actor, count=len(mails))
    return len(mails)


def throw_mails_away(mails: list[WaitingMail]) -> None:
    """Delete waiting mails with their files."""
    filing.throw_away(CaseFile.objects.filter(mail__in=mails))
    WaitingMail.objects.filter(pk__in=[each.pk for each in mails]).delete()


def _locked(mail_id: int) -> list[WaitingMail]:
    """The mail and the others of its sender, the first that came first."""
    chosen = WaitingMail.objects.filter(pk=mail_id).first()
    if chosen is None:
        raise MailNotFound
    mails = WaitingMail.objects.select_for_update().filter(sender__iexact=chosen.sender)
    found = list(mails.order_by("received_at", "pk"))
    if not any(each.pk == mail_id for each in found):
        raise MailNotFound
    return found


def _place(place: str) -> tuple[Case | None, Account]:
    place = place.strip()
    case = Case.objects.select_related("account", "contact", "merged_into").filter(number__iexact=place).first()
    if case is not None:
        return case, case.account
    account = Account.objects.filter(number__iexact=place).first()
    if account is None:
        alike = list(Account.objects.filter(name__iexact=place).order_by("pk")[:2])
        if len(alike) > 1:
            words = _("Several accounts are called “%(place)s”: type the number of one.") % {"place": place}
            raise MailNotPlaced(words, fields={"place": [words]})
        account = alike[0] if alike else None
    if account is not None and not account.is_active:
        words = _("%(place)s is closed: nothing is put there any more.") % {"place": place}
        raise MailNotPlaced(words, fields={"place": [words]})
    if account is None:
        words = _("There is no account or case “%(place)s”: type its number, such as AC-1000001.") % {"place": place}
        raise MailNotPlaced(words, fields={"place": [words]})
    return None, account


def _thread_of(mail: Incoming) -> Case | None:
    """The case onto which a mail went that this one answers; the latest such mail counts."""
    if not mail.thread:
        return None
    rows = IncomingMail.objects.filter(key__in=mail.thread, subject__startswith="case:").values_list("key", "subject")
    went = dict(rows)
    number = next((went[key].partition(":")[2] for key in mail.thread if key in went), None)
    return Case.objects.select_related("account", "contact", "merged_into").filter(number=number).first()


def _contacts_of(address: str) -> list[Contact]:
    """Those who may come in and have that address, at whatever accounts. One query."""
    if not address:
        return []
    found = Contact.objects.select_related("account").filter(
        email__iexact=address, is_active=True, account__is_active=True
    )
    return list(found.order_by("pk"))


def _one_of(contacts: list[Contact], account_id: int) -> Contact | None:
    return next((each for each in contacts if each.account_id == account_id), None)


def _who(contacts: list[Contact], named: Named) -> Contact | None:
    if named.account_id is not None:
        return _one_of(contacts, named.account_id)
    return contacts[0] if len(contacts) == 1 else None


def _account_written_from(address: str) -> Account | None:
    """The account to which the desk put that address last, if it is not closed."""
    cases = Case.objects.select_related("account").exclude(writer_email="").filter(writer_email__iexact=address)
    last = cases.order_by("-opened_at", "-id").first()
    return last.account if last and last.account.is_active else None


def _open(mail: Incoming, account: Account, who: Contact | None, named: Named, now: datetime) -> Case:
    kept, refused = filing.sort_out(mail.files)
    with translation.override(who.language if who else "en"):
        title = verdicts.title_of(mail.subject, mail.words) or _("A mail without a subject")
    opened = open_case(
        account_id=account.pk,
        title=title,
        cause=verdicts.cause_of(named.kinds),
        origin=Case.Origin.MAIL,
        source_ref=f"mail:{mail.key}",
        contact_id=who.pk if who else None,
        shipment_id=named.shipment_id,
        order_id=named.order_id,
        actor=_as(who, None, mail, account),
        now=now,
    )
    opened.mail_id = mail.message_id
    if who is None:
        opened.writer_email, opened.writer_name = mail.sender, mail.sender_name or mail.sender
    opened.save(update_fields=["mail_id", "writer_email", "writer_name"])
    body = _body(mail, refused, who, opened.writer_email) or title
    name = who.name if who else opened.writer_name
    message = opened.messages.create(author_name=name, body=body, quoted=mail.quoted, written_at=now)
    filing.attach(message, kept, now=now)
    return opened


def _keep(message, mail: Incoming, kept, now: datetime) -> None:
    if mail.quoted:
        message.quoted = mail.quoted
        message.save(update_fields=["quoted"])
    filing.attach(message, kept, now=now)


def _body(mail: Incoming, refused, who: Contact | None, writer: str) -> str:
    """The words, what was not taken, and from which address they came where that is not the one we know."""
    known = who.email if who else writer
    with translation.override(who.language if who else "en"):
        words = mail.words or (_("[A mail without words]") if mail.files else mail.subject)
        notes = [filing.not_taken(refused)]
        if known and mail.sender.lower() != known.lower():
            notes.append(_("[Sent from %(address)s]") % {"address": mail.sender})
    return "\n\n".join(part for part in (words, *notes) if part)[:LONGEST_MESSAGE]


def _tell_not_taken(case: Case, refused, now: datetime) -> None:
    files = [{"name": name, "why": why} for name, why in refused]
    record("case.files_refused", f"case:{case.number}", at=now, account_id=case.account_id, files=files)


def _as(who: Contact | None, case: Case | None, mail: Incoming, account: Account | None = None) -> Actor:
    """Who writes: the contact; else somebody of the account who may say something about a case and nothing more."""
    if who is not None:
        return speaks_as(who)
    account_id = account.pk if account else case.account_id
    name = mail.sender_name or (case.writer_name if case else "") or mail.sender
    return Actor(role="receiver", account_id=account_id, account_ids=(account_id,), name=name[:120])


def speaks_as(contact: Contact) -> Actor:
    """The contact: whoever has the address of a reply has the mail that it stood in."""
    return Actor(
        role=contact.role,
        user_id=contact.user_id,
        account_id=contact.account_id,
        account_ids=(contact.account_id,),
        contact_id=contact.pk,
        name=contact.name,
    )


def _as_incoming(mail: WaitingMail) -> Incoming:
    return Incoming(
        key=mail.key,
        sender=mail.sender,
        sender_name=mail.sender_name,
        recipients=(),
        words=mail.words,
        by_machine="",
        subject=mail.subject,
        quoted=mail.quoted,
        message_id=mail.mail_id,
    )


def _said(case: Case) -> str:
    return f"case:{case.number}"
