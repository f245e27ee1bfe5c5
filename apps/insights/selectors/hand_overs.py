"""What the next rep must know of an account, from facts alone; and the hand-overs there were and will be."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.accounts.models import Account, Rep, User
from apps.accounts.selectors import contacts_of
from apps.cases.models import Case, Conversation
from apps.cases.selectors import follow_ups_of
from apps.core.formatting import about_money, money
from apps.core.models import Event
from apps.core.scoping import Actor
from apps.insights.errors import HandOverNotFound
from apps.insights.models import AccountNote, CallReport, HandOver
from apps.insights.selectors.look import promised_to
from apps.insights.selectors.territory import A_MONTH, latest_health, spans_of
from apps.insights.selectors.told import told_of_news
from apps.invoicing.selectors import ageing_of
from apps.invoicing.selectors.revenue import invoiced_of
from apps.ordering.models import Quote
from apps.pricing.models import Contract
from apps.recommendations.models import Pick

ENDS_WITHIN = timedelta(days=120)
LATELY = 5
Section = tuple[str, list[str]]  # a heading and its lines
_WITH = ("account", "giver__user", "taker__user")


def facts_of(actor: Actor, account: Account, *, now: datetime) -> list[Section]:
    """What is known, in the words of who asks; nothing is said of what there is not. Fifteen queries at most."""
    on, inside = timezone.localdate(now), actor.inside(account.pk)
    sections = (
        (_("Revenue"), _revenue(account, on)),
        (_("Health"), _health(account, on)),
        (_("People, and who decides"), _people(actor, account)),
        (_("Contracts that end"), _contracts(account, on)),
        (_("Open quotes"), _quotes(account)),
        (_("Open cases"), _cases(account)),
        (_("To do"), _tasks(inside, account)),
        (_("Promised"), _promised(account)),
        (_("Money open"), _money(account, on)),
        (_("Last talks"), _talks(account)),
        (_("Notes"), _notes(account)),
        (_("Picked for them"), _picks(account)),
    )
    return [(heading, found) for heading, lines in sections if (found := list(lines))]


def as_text(sections: list[Section]) -> str:
    """The facts as a text that can be edited."""
    return "\n\n".join("\n".join((heading, *(f"- {line}" for line in lines))) for heading, lines in sections)


def _revenue(account: Account, on: date) -> Iterator[str]:
    invoiced = invoiced_of([account.pk], *spans_of(on))
    this, last = (about_money(invoiced.of(account.pk, span), settings.HOME_CURRENCY) for span in (0, 1))
    yield _("%(this)s since New Year, %(last)s in the same days of last year") % {"this": this, "last": last}


def _health(account: Account, on: date) -> Iterator[str]:
    score = latest_health([account.pk], on).get(account.pk)
    if score is None or score.score is None:
        return
    before = latest_health([account.pk], on - A_MONTH).get(account.pk)
    if before is not None and before.score is not None:
        yield _("%(now)s of 100, was %(before)s a month ago") % {"now": score.score, "before": before.score}
    else:
        yield _("%(now)s of 100") % {"now": score.score}
    labels = {
        "rhythm": _("orders on"), "service": _("our service"), "growth": _("growth"), "voice": _("what they say"),
        "cases": _("cases"), "payment": _("payment"), "breadth": _("breadth"),
    }  # fmt: skip
    known = [f"{labels[name]} {points}" for name, points in score.parts.items() if points is not None]
    if known:
        yield ", ".join(known)


def _people(actor: Actor, account: Account) -> Iterator[str]:
    decides = ("decision_maker", "gatekeeper")
    people = contacts_of(actor, account)
    for contact in sorted(people, key=lambda one: (one.persona not in decides, one.persona != decides[0], one.name)):
        what = ", ".join(filter(None, (contact.job_title, contact.get_persona_display(), contact.phone)))
        yield f"{contact.name}: {what}"


def _contracts(account: Account, on: date) -> Iterator[str]:
    ending = Contract.objects.in_force(on).filter(account=account, valid_until__lte=on + ENDS_WITHIN)
    for contract in ending.order_by("valid_until", "pk"):
        yield _("%(number)s %(name)s until %(day)s") % {
            "number": contract.number, "name": contract.name, "day": _day(contract.valid_until),
        }  # fmt: skip


def _quotes(account: Account) -> Iterator[str]:
    waiting = Quote.objects.filter(Q(status__in=Quote.WITH_THE_REP) | Q(status=Quote.Status.OFFERED), account=account)
    for quote in waiting.order_by("requested_at", "id"):
        yield _("%(number)s: %(status)s") % {"number": quote.number, "status": quote.get_status_display()}


def _cases(account: Account) -> Iterator[str]:
    for case in Case.objects.unresolved().filter(account=account).order_by("opened_at", "id"):
        yield f"{case.number}: {case.title}"


def _tasks(inside: Actor, account: Account) -> Iterator[str]:
    for task in follow_ups_of(inside, account_id=account.pk, limit=20):
        yield _("%(title)s, by %(day)s") % {"title": task.title, "day": _day(task.due_on)}


def _promised(account: Account) -> Iterator[str]:
    for promised in promised_to(account):
        line = promised.line
        day = _day(line.promised_on) if line.promised_on else _("no day yet")
        yield f"{line.order.number}: {line.name}, {day}"


def _money(account: Account, on: date) -> Iterator[str]:
    for age in ageing_of([account.pk], on):
        if age.total:
            amounts = {"owed": money(age.total, age.currency), "overdue": money(age.overdue, age.currency)}
            yield _("%(owed)s, of which %(overdue)s overdue") % amounts


def _talks(account: Account) -> Iterator[str]:
    for report in CallReport.objects.filter(account=account).select_related("contact")[:LATELY]:
        whom = f" ({report.contact.name})" if report.contact else ""
        step = " " + _("Next: %(step)s") % {"step": report.next_step} if report.next_step else ""
        yield f"{_day(report.held_on)}, {report.get_kind_display()}{whom}: {report.note}{step}"
    for talk in Conversation.objects.filter(account=account).order_by("-last_said_at", "-id")[:LATELY]:
        yield f"{_day(timezone.localdate(talk.last_said_at))}, {talk.number}: {talk.title}"


def _notes(account: Account) -> Iterator[str]:
    for note in AccountNote.objects.filter(account=account)[:LATELY]:
        yield f"{_day(timezone.localdate(note.written_at))}, {note.by_name}: {note.body}"


def _picks(account: Account) -> Iterator[str]:
    for pick in Pick.objects.filter(account=account).select_related("product").order_by("position", "pk")[:LATELY]:
        yield pick.product.name


def _day(day: date) -> str:
    return date_format(day, "j M Y")


def hand_over_for(actor: Actor, hand_over_id: int) -> HandOver:
    """One the actor may see; `HandOverNotFound` for absent and not theirs alike. One query."""
    found = HandOver.objects.visible_to(actor).select_related(*_WITH).filter(pk=hand_over_id).first()
    if found is None:
        raise HandOverNotFound
    return found


def hand_overs_of(actor: Actor, *, account: Account | None = None, limit: int = 100) -> list[HandOver]:
    """Those the actor may see, of all or of one account, the latest first. One query."""
    rows = HandOver.objects.visible_to(actor).select_related(*_WITH)
    return list((rows.filter(account=account) if account else rows)[:limit])


def unread_hand_overs(actor: Actor) -> list[HandOver]:
    """What a rep took over and has not read yet. One query; none for who is no rep."""
    if actor.rep_id is None:
        return []
    done = HandOver.objects.filter(taker=actor.rep_id, state=HandOver.State.DONE, read_at=None)
    return list(done.select_related("account", "giver__user")[:20])


def takers() -> list[Rep]:
    """Whom an account can be handed to: who sells and has a log-in, by name, with their deputies. One query."""
    sellers = Rep.objects.filter(desk__in=(Rep.Desk.SALES, Rep.Desk.MANAGER), user__is_active=True)
    return list(sellers.select_related("user", "deputy__user").order_by("user__name", "pk"))


def due_hand_overs(on: date) -> QuerySet[HandOver]:
    """Those planned whose day has come, the earliest first."""
    due = HandOver.objects.filter(state=HandOver.State.PLANNED, effective_on__lte=on)
    return due.select_related(*_WITH).order_by("effective_on", "pk")


def held_up_notices(*, now: datetime) -> list[dict]:
    """Of what is due to somebody who sells no more or has left: to who arranged it. Two queries, one where there is
    none."""
    held_up = {row.pk: row for row in due_hand_overs(timezone.localdate(now)).exclude(taker__in=takers())}
    if not held_up:
        return []
    told = Event.objects.filter(
        name="hand_over.arranged", account_ref__in={row.account_id for row in held_up.values()},
        facts__hand_over__in=list(held_up),
    )  # fmt: skip
    by = {event.facts["hand_over"]: event.actor_user_ref for event in told}
    users = User.objects.filter(is_active=True).in_bulk([user_id for user_id in by.values() if user_id])
    return [
        {
            "key": f"hand-over-held-up:{row.pk}",
            "to": user.email,
            "template": "hand_over_held_up",
            "context": {"hand_over": row, "account": row.account, "user": user},
            "language": user.language,
            "account_id": row.account_id,
        }
        for row in held_up.values()
        if (user := users.get(by.get(row.pk))) is not None
    ]


def hand_over_notices(event: Event) -> list[dict]:
    """account.handed_over: to who takes over, with the summary; and to the account's people, if they are told."""
    row = HandOver.objects.select_related(*_WITH, "taker__user").get(pk=event.facts["hand_over"])
    context = {"hand_over": row, "account": row.account, "rep": row.taker}
    notices = [
        {
            "key": f"hand-over:{row.pk}",
            "to": row.taker.user.email,
            "template": "account_handed_over",
            "context": context,
            "language": row.taker.user.language,
            "account_id": row.account_id,
        }
    ]
    return notices + (_to_customers(row, context) if row.tells_customer else [])


def _to_customers(row: HandOver, context: dict) -> list[dict]:
    return [
        {
            "key": f"new-rep:{row.pk}:{contact.pk}",
            "to": contact.email,
            "template": "new_rep",
            "context": context | {"contact": contact},
            "language": contact.language,
            "account_id": row.account_id,
            "contact_id": contact.pk,
            "headers": {"Reply-To": row.taker.user.email},
        }
        for contact in told_of_news(row.account)
    ]
