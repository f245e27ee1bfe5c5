"""Questions about more than a delivery: what was asked and answered, who is missing, what waits for the log-ins.

Whom to ask and when is decided by the feedback domain's own services, as of the days it would have been decided on;
invented is only what people do with a question.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from random import Random

from django.db.models import Q

from apps.accounts.models import Account, Contact
from apps.accounts.selectors import actor_for
from apps.cases.models import Case, FollowUp
from apps.cases.services import acknowledge, answer_case, report_problem, resolve_case, settle_follow_up
from apps.core.events import only_told
from apps.core.models import Event
from apps.demo.accounts import NEW, SILENT, STAGE, Party
from apps.demo.chance import dice
from apps.demo.clock import Clock
from apps.demo.history import voices
from apps.feedback.models import Answer, Invitation, Programme
from apps.feedback.rules import band_of
from apps.feedback.services import (
    close_the_loop,
    find_missing_roles,
    plan_effort,
    plan_first_order,
    plan_half_years,
    plan_silences,
)
from apps.feedback.services.answering import facts_of_case
from apps.feedback.services.efforts import effort_subject
from apps.feedback.services.half_years import subject_of_half_year
from apps.feedback.services.programmes import active_programme
from apps.feedback.services.subjects import decide
from apps.fulfilment.models import Shipment

ANSWERED = 0.55  # of those asked
EFFORTS, EFFORT_DAYS = 240, 200  # cases, the latest
HALF_YEAR_STEP, SILENCE_DAYS = 21, 6
WAITS_DAYS = 10  # for an answer of the people of the log-ins
CLOSED, CLOSED_DAYS = 150, 12  # answers that called for something, the latest
SETTLED_DAYS = 8
WITHOUT_ROLE = 3  # accounts of each of two reps
_State = Invitation.State


def save_questions(parties: list[Party], clock: Clock) -> None:
    stage = parties[STAGE - 1]
    with only_told():
        _lose_people(stage)
        _ask_after_cases(stage, clock)
        _report_and_put_right(stage, clock)
        plan_silences(now=clock.ago(days=SILENCE_DAYS))  # before who rests after another question is known
        _ask_how_we_do(stage, clock)
        for shipment in Shipment.objects.filter(account=NEW, status=Shipment.Status.DELIVERED):
            plan_first_order(shipment.pk, now=shipment.delivered_at + timedelta(hours=1))
        _close(_answer(stage, clock), clock)
        find_missing_roles(now=clock.ago(days=14))  # so that it is due these days


# --- who is asked ----------------------------------------------------------------------------------------------------


def _lose_people(stage: Party) -> None:
    """Some left, some do something else now: of a few accounts of two reps nobody knows who decides or watches over."""
    others = Account.objects.filter(is_active=True, is_test=False).exclude(path__startswith=f"{stage.parent}/")
    others = others.exclude(rep=None)
    reps = list(dict.fromkeys([stage.rep, *others.order_by("pk").values_list("rep", flat=True)]))[:2]
    for rep in reps:
        for at, account in enumerate(others.filter(rep=rep).order_by("-pk")[:WITHOUT_ROLE]):
            persona = ("gatekeeper", "decision_maker")[at % 2]
            known = Contact.objects.filter(account=account, persona=persona)
            if persona == "gatekeeper":
                known.update(is_active=False)
            else:
                known.update(persona=Contact.Persona.OPERATOR)


def _ask_after_cases(stage: Party, clock: Clock) -> None:
    """Month after month, so that each month's holidays are known."""
    programme = active_programme(Programme.Kind.CASE)
    other = Q(source_ref__startswith="sourcing:") | Q(source_ref__startswith="erasure:")
    own = Q(contact=stage.who("buyer").pk, resolved_at__gt=clock.ago(days=programme.contact_rest_days + WAITS_DAYS))
    cases = Case.objects.closed().filter(
        contact__isnull=False, resolved_at__gt=clock.ago(days=EFFORT_DAYS), resolved_at__lt=clock.ago(hours=2)
    )
    latest = cases.exclude(other | own).select_related("account", "contact").order_by("-resolved_at", "-pk")[:EFFORTS]
    months: dict[tuple[int, int], list[Case]] = {}
    for case in reversed(list(latest)):
        months.setdefault((case.resolved_at.year, case.resolved_at.month), []).append(case)
    for some in months.values():
        decide(programme, map(effort_subject, some), now=some[0].resolved_at, again=())


def _report_and_put_right(stage: Party, clock: Clock) -> None:
    """Something the buyer told us last week, and that is put right."""
    buyer = Contact.objects.select_related("user").get(pk=stage.who("buyer").pk)
    delivered = Shipment.objects.filter(account=stage.pk, status=Shipment.Status.DELIVERED)
    shipment = delivered.filter(delivered_at__lt=clock.ago(days=9)).order_by("-delivered_at").first()
    case = report_problem(
        actor_for(buyer.user, account_id=stage.pk), title=voices.TORN[0], body=voices.TORN[1], cause="delivery",
        key="torn", shipment_id=shipment and shipment.pk, order_id=shipment and shipment.order_id,
        now=clock.ago(days=8),
    )  # fmt: skip
    _put_right(case, clock.ago(days=8), voices.TORN[2])
    plan_effort(case.pk, now=clock.ago(days=WAITS_DAYS - 4))


def _put_right(case: Case, since: datetime, said: str = "") -> None:
    owner = actor_for(case.owner.user)
    acknowledge(owner, case, now=since + timedelta(hours=1))
    body = said or voices.ANSWERS[case.cause].format(city="Leeds")
    answer_case(owner, case, body=body, now=since + timedelta(hours=4))
    resolution = voices.RESOLUTIONS[case.cause]
    resolve_case(owner, case, resolution=resolution, cause=case.cause, now=since + timedelta(days=2))


def _ask_how_we_do(stage: Party, clock: Clock) -> None:
    """This half-year and the one before; who decides at the buyer's is asked these days."""
    programme = active_programme(Programme.Kind.RELATIONSHIP)
    lately = clock.ago(days=5)
    account = Account.objects.get(pk=stage.pk)
    decider = Contact.objects.get(pk=stage.who("approver").pk)
    decide(programme, [subject_of_half_year(account, decider.persona, [decider], lately)], now=lately)
    for days in range((clock.today - _half_before(clock.today)).days, 0, -HALF_YEAR_STEP):
        plan_half_years(now=clock.ago(days=days))


def _half_before(today: date) -> date:
    """The first day of the half-year before that of a day."""
    return date(today.year - (today.month <= 6), 7 if today.month <= 6 else 1, 1)


# --- what they did with it -------------------------------------------------------------------------------------------


def _answer(stage: Party, clock: Clock) -> list[Answer]:
    """What was planned has been sent, and answered or not; the answers."""
    asked = Invitation.objects.filter(state=_State.PLANNED, due_at__lte=clock.now)
    asked = asked.exclude(programme__kind=Programme.Kind.DELIVERY).order_by("pk")
    rows = list(asked.select_related("programme", "account__rep__user", "contact__user", "case"))
    waiting = _of_log_ins(stage)
    answers = [given for row in rows if (given := _become(row, row.contact_id in waiting, clock))]
    fields = ["state", "sent_at", "claimed_at", "reminded_at", "reminder_due_at", "decided_at"]
    Invitation.objects.bulk_update(rows, fields, batch_size=500)
    Answer.objects.bulk_create(answers, batch_size=500)
    Event.objects.bulk_create(map(_told, answers), batch_size=500)
    return answers


def _of_log_ins(stage: Party) -> set[int]:
    """The contacts of the people of the demo's account, wherever they work, and all of its silent sister: while a case
    of theirs is open, its question would wait."""
    users = [person.user for person in stage.people]
    return set(Contact.objects.filter(Q(user__in=users) | Q(account=SILENT)).values_list("pk", flat=True))


def _become(row: Invitation, waits: bool, clock: Clock) -> Answer | None:
    chance = dice(f"asked {row.subject_ref}")
    row.sent_at = row.claimed_at = row.due_at
    row.decided_at = min(row.decided_at, row.due_at)
    if row.case:
        row.decided_at = row.case.resolved_at + timedelta(minutes=1)
    answered = row.due_at + timedelta(minutes=4 + chance.expovariate(1 / 1_300))
    if chance.random() > ANSWERED or answered >= min(row.expires_at, clock.now):
        answered = None
    if waits and row.due_at > clock.ago(days=WAITS_DAYS):
        answered = None
    if row.reminder_due_at and row.reminder_due_at <= min(answered or clock.now, clock.now):
        row.reminded_at, row.reminder_due_at = row.reminder_due_at, None
    row.state = _State.ANSWERED if answered else _State.EXPIRED if row.expires_at <= clock.now else _State.SENT
    if row.state != _State.SENT:
        row.reminder_due_at = None
    return _given(row, answered, chance) if answered else None


def _given(row: Invitation, at: datetime, chance: Random) -> Answer:
    kind = row.programme.scale
    score = _score(row, chance)
    band = band_of(kind, score)
    said = voices.SAID[row.programme.kind][band]
    rep = row.account.rep.user.name if row.account.rep else "Tradewell"
    drivers = [chance.choice(tuple(voices.COMMENTS["passive"]))] if kind == "nps" else []
    return Answer(
        invitation=row, account=row.account, contact=row.contact, kind=kind, case=row.case, order_id=row.order_id,
        score=score, drivers=drivers, comment=chance.choice(said).format(rep=rep) if chance.random() < 0.7 else "",
        channel="portal" if chance.random() < 0.25 else "email", answered_at=at,
        facts=facts_of_case(row.case) if row.case else {},
    )  # fmt: skip


def _score(row: Invitation, chance: Random) -> int:
    """Of a case: the sooner it was put right, the easier it was; of a silence all over; else as of deliveries."""
    if row.case:
        days = (row.case.resolved_at - row.case.opened_at).total_seconds() / 86_400
        return min(max(round(6.4 - min(days / 2.5, 3) + chance.gauss(0, 1.1)), 1), 7)
    if row.programme.kind == Programme.Kind.LAPSED:
        return chance.choice((1, 3, 5, 7, 8, 9, 10))
    return min(max(round(8.6 + chance.gauss(0, 1.4)), 0), 10)


def _told(given: Answer) -> Event:
    facts = {
        "answer_id": given.pk, "kind": given.kind, "score": given.score, "about": given.invitation.programme.kind,
        "contact_id": given.contact_id, "contact": given.contact.name, "revision": 1, "comment": given.comment[:200],
    }  # fmt: skip
    if given.kind == Answer.Kind.NPS:
        facts["band"] = band_of(given.kind, given.score)
    at = given.answered_at
    return Event(
        name="survey.answered", subject=given.invitation.about, account_ref=given.account_id, facts=facts,
        occurred_at=at, recorded_at=at, dispatched_at=at,
    )  # fmt: skip


def _close(answers: Iterable[Answer], clock: Clock) -> None:
    """What an answer calls for was done; what it called for more than a week ago is settled by who had to do it."""
    lately = clock.ago(days=CLOSED_DAYS)
    due = [each for each in answers if _needs_somebody(each) or each.answered_at > lately]
    due = sorted(due, key=lambda each: each.answered_at)[-CLOSED:]
    for given in due:
        close_the_loop(given.pk, now=given.answered_at)
    old = [f"answer:{given.pk}" for given in due if given.answered_at < clock.ago(days=SETTLED_DAYS)]
    for case in Case.objects.filter(source_ref__in=old).select_related("owner__user").order_by("pk"):
        _put_right(case, case.opened_at)
    follow_ups = FollowUp.objects.filter(source_ref__in=old, owner__isnull=False).select_related("owner__user")
    for follow_up in follow_ups.order_by("pk"):
        made, chance = follow_up.created_at, dice(f"settled {follow_up.source_ref}")
        outcome = chance.choice(voices.CALLED if follow_up.kind == FollowUp.Kind.CALL else voices.OUTCOMES)
        settle_follow_up(
            actor_for(follow_up.owner.user), follow_up, done=chance.random() > 0.1, outcome=outcome,
            now=made + timedelta(days=chance.randint(1, 4)),
        )  # fmt: skip


def _needs_somebody(given: Answer) -> bool:
    return band_of(given.kind, given.score) == "detractor"
