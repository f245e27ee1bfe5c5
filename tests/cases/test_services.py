from datetime import date, timedelta

import pytest

from apps.accounts.models import Account, Contact, Rep, User
from apps.accounts.selectors import actor_for
from apps.cases import services
from apps.cases.errors import (
    CaseNotFound,
    CaseResolved,
    EmptyMessage,
    MessageTooLong,
    NotAnsweredYet,
    ResolutionIncomplete,
)
from apps.cases.models import Case, CaseMessage, FollowUp
from apps.cases.selectors import (
    case_for,
    follow_up_for,
    follow_ups_of,
    messages_of,
    open_cases,
    service_of,
    title_for,
)
from apps.cases.tasks import (
    open_case_for_failed_delivery,
    send_case_answer,
    send_case_escalated,
    send_case_opened,
    send_case_reply,
)
from apps.core.errors import NotAllowed, NotFound
from apps.core.events import record
from apps.core.models import Event
from apps.fulfilment.models import Shipment
from apps.ordering.models import StandingOrder
from tests.feedback.deliveries import delivered


@pytest.fixture
def case(world):
    return services.report_problem(
        actor_for(world.anna.user), title="Wrong bolts", body="M10 came instead of M8.", cause="delivery", key="k",
        now=world.now,
    )  # fmt: skip


def test_a_customer_reports_a_problem_once(world, case):
    again = services.report_problem(
        actor_for(world.anna.user), title="Wrong bolts", body="M10 came instead of M8.", key="k", now=world.now
    )
    assert again == case
    assert (case.owner, case.status, case.acknowledge_by) == (world.sam, "open", world.now + timedelta(hours=4))
    assert [(m.author_name, m.from_staff, m.body) for m in case.messages.all()] == [
        ("Anna", False, "M10 came instead of M8.")
    ]
    assert Event.objects.filter(name="case.opened", subject=f"case:{case.number}").count() == 1


@pytest.mark.parametrize("say", ["answer_case", "add_note", "reply_to_case"])
def test_a_message_has_an_end(world, case, say):
    who = actor_for((world.anna if say == "reply_to_case" else world.sam).user)
    with pytest.raises(MessageTooLong, match="at most 5000"):
        getattr(services, say)(who, case, body="x" * 5001, now=world.now)
    assert case.messages.count() == 1
    getattr(services, say)(who, case, body="x" * 2499 + "\r\n" + "x" * 2500, now=world.now)
    assert case.messages.count() == 2


def test_a_problem_is_told_in_as_many_words(world):
    with pytest.raises(MessageTooLong):
        services.report_problem(actor_for(world.anna.user), title="", body="x" * 5001, key="k", now=world.now)
    assert not Case.objects.exists()


def test_the_least_busy_of_the_service_desk_owns_it(world, case):
    second = Rep.objects.create(user=User.objects.create_user("sue@harrow.example"), desk="service")
    other = services.open_case(
        account_id=world.calder.pk, title="Late", cause="delivery", origin="staff", source_ref="o", now=world.now
    )
    assert (case.owner, other.owner) == (world.sam, second)


@pytest.mark.parametrize(
    ("left", "owner"),
    [([], "rhea"), (["rhea"], "ruben"), (["rhea", "ruben"], "sam"), (["rhea", "ruben", "sam"], None)],
)
def test_for_a_rep_who_has_left_the_deputy_stands_in(world, left, owner):
    Rep.objects.filter(pk=world.rhea.pk).update(deputy=world.ruben)
    User.objects.filter(rep__in=[getattr(world, name) for name in left]).update(is_active=False)
    case = services.open_case(
        account_id=world.brightwater.pk, title="Dear", cause="price", origin="staff", source_ref="p", now=world.now
    )
    assert case.owner == (getattr(world, owner) if owner else None)


def test_from_open_to_resolved(world, case):
    sam, later = actor_for(world.sam.user), world.now + timedelta(hours=1)
    services.acknowledge(sam, case, now=later)
    services.acknowledge(sam, case, now=later + timedelta(hours=1))
    services.add_note(sam, case, body="Picked from the wrong bin.", now=later)
    with pytest.raises(NotAnsweredYet):
        services.resolve_case(sam, case, resolution="Sent the right ones", cause="delivery", now=later)
    services.answer_case(sam, case, body="The right ones are on the van.", now=later)
    for resolution, cause in (("", "delivery"), ("Sent the right ones", ""), ("Sent the right ones", "weather")):
        with pytest.raises(ResolutionIncomplete):
            services.resolve_case(sam, case, resolution=resolution, cause=cause, now=later)
    services.resolve_case(sam, case, resolution="Sent the right ones", cause="delivery", now=later)
    case.refresh_from_db()
    assert (case.status, case.acknowledged_at, case.answered_at, case.resolved_at) == ("resolved", *[later] * 3)
    with pytest.raises(CaseResolved):
        services.answer_case(sam, case, body="And?", now=later)


def test_what_the_customer_sees_and_says(world, case):
    sam, anna = actor_for(world.sam.user), actor_for(world.anna.user)
    services.add_note(sam, case, body="Their third this month.", now=world.now)
    services.answer_case(sam, case, body="On the van.", now=world.now)
    services.reply_to_case(anna, case, body="Not here yet.", now=world.now)
    case.refresh_from_db()
    assert case.status == "acknowledged"  # waits for us again
    assert [m.body for m in messages_of(anna, case)] == ["M10 came instead of M8.", "On the van.", "Not here yet."]
    assert len(messages_of(sam, case)) == 4
    with pytest.raises(EmptyMessage):
        services.reply_to_case(anna, case, body="  ", now=world.now)


@pytest.mark.parametrize(
    "who, sees", [("anna", True), ("rhea", True), ("sam", True), ("xaver", False), ("ruben", False)]
)
def test_one_door(world, case, who, sees):
    actor = actor_for(getattr(world, who).user)
    if sees:
        assert case_for(actor, case.number) == case
    else:
        with pytest.raises(CaseNotFound):
            case_for(actor, case.number)


@pytest.mark.parametrize("who, reads", [("anna", True), ("boris", False), ("lena", False), ("sam", True)])
def test_what_was_answered_to_a_question_is_not_for_colleagues(world, who, reads):
    shipment = delivered(world)
    case = services.open_case(
        account_id=world.brightwater.pk, title="Anna gave 2 out of 10", cause="other", origin="survey", source_ref="a",
        contact_id=world.anna.pk, shipment_id=shipment.pk, body="My boss orders too late.", now=world.now,
    )  # fmt: skip
    services.answer_case(actor_for(world.sam.user), case, body="Thank you.", now=world.now)
    services.reply_to_case(actor_for(world.boris.user), case, body="What is this?", now=world.now + timedelta(hours=1))
    actor = actor_for(getattr(world, who).user)
    assert title_for(actor, case) == ("Anna gave 2 out of 10" if reads else f"About delivery {shipment.number}")
    comment = ["My boss orders too late."] if reads else []
    assert [m.body for m in messages_of(actor, case)] == [*comment, "Thank you.", "What is this?"]


def test_customers_do_not_work_cases(world, case):
    anna = actor_for(world.anna.user)
    for work in (
        lambda: services.acknowledge(anna, case, now=world.now),
        lambda: services.answer_case(anna, case, body="Done.", now=world.now),
        lambda: services.add_note(anna, case, body="Hm.", now=world.now),
        lambda: services.resolve_case(anna, case, resolution="Fine", cause="other", now=world.now),
    ):
        with pytest.raises(NotAllowed):
            work()


def test_escalation_tells_each_step_once(world, case):
    def told_at(**after):
        return services.escalate(now=world.now + timedelta(**after))

    assert [told_at(hours=1), told_at(hours=2), told_at(hours=2.5), told_at(hours=5), told_at(hours=6)] == [
        0,
        1,
        0,
        1,
        0,
    ]
    steps = Event.objects.filter(name="case.escalated").order_by("id").values_list("facts__step", flat=True)
    assert list(steps) == [50, 100]
    services.acknowledge(actor_for(world.sam.user), case, now=world.now + timedelta(hours=6))
    assert told_at(days=1, hours=1) == 1  # half of the time to the answer


def test_escalation_reaches_every_open_case(world):
    for number in range(5):
        services.open_case(
            account_id=world.calder.pk, title="Late", cause="delivery", origin="staff", source_ref=f"late:{number}",
            now=world.now,
        )  # fmt: skip
    assert services.escalate(now=world.now + timedelta(hours=2), size=2) == 5


def test_escalation_tells_the_owner_then_the_deputy_then_a_manager(world, case, mailoutbox):
    world.sam.deputy = world.rhea
    world.sam.save()
    told = []
    for hours in (2, 3.5, 5):
        mailoutbox.clear()
        services.escalate(now=world.now + timedelta(hours=hours))
        event = Event.objects.filter(name="case.escalated").latest("id")
        for _ in range(2):
            send_case_escalated(event.pk)
        told.append([mail.to[0].partition("@")[0] for mail in mailoutbox])
    assert told == [["sam"], ["sam", "rhea"], ["sam", "rhea", "mona"]]
    assert "has used 100% of its time" in mailoutbox[0].subject


def test_a_customer_who_writes_again_is_owed_an_answer_anew_and_the_owner_is_told(world, case, mailoutbox):
    sam, later = actor_for(world.sam.user), world.now + timedelta(days=5)
    services.answer_case(sam, case, body="On the van.", now=world.now)
    services.reply_to_case(actor_for(world.anna.user), case, body="Not here yet.", now=later)
    case.refresh_from_db()
    assert (case.answered_at, case.answer_by > later, case.next_deadline) == (None, True, case.answer_by)
    assert services.escalate(now=later + timedelta(hours=1)) == 0  # the time counts from the reply
    event = Event.objects.get(name="case.replied")
    for _ in range(2):
        send_case_reply(event.pk)
    assert [mail.to for mail in mailoutbox] == [["sam@harrow.example"]]
    assert "Not here yet." in mailoutbox[0].body
    with pytest.raises(NotAnsweredYet):
        services.resolve_case(sam, case, resolution="Sent", cause="delivery", now=later)


def resolved(world, case, at) -> None:
    sam = actor_for(world.sam.user)
    services.answer_case(sam, case, body="On the van.", now=at)
    services.resolve_case(sam, case, resolution="Sent the right ones", cause="delivery", now=at)


def test_a_customer_who_writes_to_a_resolved_case_opens_it_again_and_the_owner_is_told(world, case, mailoutbox):
    anna, later = actor_for(world.anna.user), world.now + timedelta(days=26)
    resolved(world, case, world.now)
    services.escalate(now=later)
    said = services.reply_to_case(anna, case, body="They are M10 again.", now=later)
    case.refresh_from_db()
    assert (case.status, case.reopened_at, case.resolution) == ("open", later, "Sent the right ones")
    assert (case.acknowledged_at, case.answered_at, case.resolved_at) == (None, None, None)
    due = service_of(case.account, now=later).deadlines(later)
    assert (case.acknowledge_by, case.answer_by, case.resolve_by) == (
        due.acknowledge_by, due.answer_by, due.resolve_by,
    )  # fmt: skip
    assert not Event.objects.filter(name="case.replied").exists()
    event = Event.objects.get(name="case.reopened")
    assert event.facts["message_id"] == said.pk
    for _ in range(2):
        send_case_reply(event.pk)
    assert [mail.to for mail in mailoutbox] == [["sam@harrow.example"]]
    assert "They are M10 again." in mailoutbox[0].body
    assert "is open again" in mailoutbox[0].body


def test_the_clock_of_a_case_opened_again_runs_from_then(world, case):
    later = world.now + timedelta(days=26)
    resolved(world, case, world.now)
    services.reply_to_case(actor_for(world.anna.user), case, body="They are M10 again.", now=later)
    assert services.escalate(now=later + timedelta(hours=1)) == 0
    assert services.escalate(now=later + timedelta(hours=2)) == 1
    resolved(world, case, later + timedelta(hours=3))
    assert Event.objects.filter(name="case.resolved").count() == 2


def test_a_case_written_to_twice_at_once_is_opened_again_once(world, case):
    anna, later = actor_for(world.anna.user), world.now + timedelta(days=2)
    resolved(world, case, world.now)
    for body in ("They are M10 again.", "They are M10 again.\r\n", "All of them."):
        services.reply_to_case(anna, case, body=body, now=later)
    assert [each.body for each in case.messages.all()][-2:] == ["They are M10 again.", "All of them."]
    assert Event.objects.filter(name="case.reopened").count() == Event.objects.filter(name="case.replied").count() == 1


def delivery_event(shipment, world) -> Event:
    return record("shipment.delivered", f"shipment:{shipment.number}", account_id=shipment.account_id, at=world.now)


@pytest.mark.parametrize("fault, word", [("is_late", "late"), ("is_short", "incomplete"), ("is_damaged", "damaged")])
def test_a_failed_delivery_opens_a_case_with_an_apology_before_anybody_complains(world, fault, word, mailoutbox):
    shipment = delivered(world, **{fault: True})
    event = delivery_event(shipment, world)
    for _ in range(2):
        open_case_for_failed_delivery(event.pk)
    case = Case.objects.get()
    assert (case.origin, case.cause, case.contact, case.order) == ("delivery", "delivery", world.anna, shipment.order)
    assert [(m.from_staff, word in m.body) for m in case.messages.all()] == [(True, True)]
    opened = Event.objects.get(name="case.opened")
    for _ in range(2):
        send_case_opened(opened.pk)
    assert [mail.to for mail in mailoutbox] == [["anna@brightwater.example"], ["sam@harrow.example"]]
    assert "We are sorry" in mailoutbox[0].body


def test_the_day_promised_is_the_customer_s_own(world, mailoutbox):
    """In Auckland it is Monday while it is still Sunday in UTC."""
    Account.objects.filter(pk=world.brightwater.pk).update(time_zone="Pacific/Auckland")
    Contact.objects.filter(pk=world.anna.pk).update(time_zone="Pacific/Auckland")
    shipment = delivered(world, is_late=True)
    apologised = services.open_case_for_delivery(shipment.pk, now=world.now)
    assert apologised.answer_by.date() == date(2026, 3, 8)
    assert "by 9 March" in apologised.messages.get().body
    services.report_problem(actor_for(world.anna.user), title="", body="Wrong bolts", key="k", now=world.now)
    send_case_opened(Event.objects.filter(name="case.opened").latest("pk").pk)
    assert "Monday, 9 March 2026" in mailoutbox[0].body


def test_a_perfect_delivery_opens_nothing(world):
    assert services.open_case_for_delivery(delivered(world).pk, now=world.now) is None


def test_a_delay_noticed_before_is_carried_on(world):
    shipment = delivered(world)
    Shipment.objects.filter(pk=shipment.pk).update(status="shipped")
    noticed = services.open_case_for_overdue(shipment.pk, now=world.now)
    Shipment.objects.filter(pk=shipment.pk).update(status="delivered", is_late=True)
    for _ in range(2):
        assert services.open_case_for_delivery(shipment.pk, now=world.now) == noticed
    assert CaseMessage.objects.filter(case=noticed, is_internal=True).count() == 1
    assert services.open_case_for_overdue(shipment.pk, now=world.now) is None  # it has come


def test_an_answer_is_mailed_in_the_customer_s_mailbox(world, case, mailoutbox):
    services.answer_case(actor_for(world.sam.user), case, body="On <the> van.", now=world.now)
    event = Event.objects.get(name="case.answered")
    for _ in range(2):
        send_case_answer(event.pk)
    assert len(mailoutbox) == 1
    assert "On <the> van." in mailoutbox[0].body
    assert "On &lt;the&gt; van." in mailoutbox[0].alternatives[0].content


def test_what_is_owed_first_comes_first(world, case):
    later = services.open_case(
        account_id=world.leeds.pk, title="Invoice", cause="invoice", origin="staff", source_ref="i",
        now=world.now + timedelta(hours=1),
    )  # fmt: skip
    rhea = actor_for(world.rhea.user)
    assert open_cases(rhea) == [case, later]
    services.acknowledge(actor_for(world.sam.user), case, now=world.now)
    assert open_cases(rhea) == [later, case]
    assert open_cases(actor_for(world.ruben.user)) == []


def test_follow_ups_are_proposed_once_and_settled_once(world):
    def propose():
        return services.propose_follow_up(
            account_id=world.brightwater.pk, kind="call", title="Ring Boris", source_ref="s", due_on=world.today,
            owner_id=world.rhea.pk, now=world.now,
        )  # fmt: skip

    rhea, follow_up = actor_for(world.rhea.user), propose()
    assert propose() == follow_up
    assert follow_ups_of(rhea) == [follow_up]
    services.settle_follow_up(rhea, follow_up, done=True, outcome="They need gloves.", now=world.now)
    services.settle_follow_up(rhea, follow_up, done=False, outcome="No.", now=world.now)
    follow_up.refresh_from_db()
    assert (follow_up.state, follow_up.outcome) == ("done", "They need gloves.")
    assert follow_ups_of(rhea) == []
    with pytest.raises(NotFound):
        follow_up_for(actor_for(world.ruben.user), follow_up.pk)


def test_a_held_standing_order_is_called_about_once_a_date(world):
    standing = StandingOrder.objects.create(
        account=world.brightwater, contact=world.anna, name="Monday", ship_to=world.dock, every=1, unit="week",
        first_on=world.today, next_on=world.today, state="review",
        created_at=world.now,
    )  # fmt: skip
    Rep.objects.filter(pk=world.rhea.pk).update(deputy=world.ruben, away_from=world.today)
    event = record(
        "standing_order.held", f"standing_order:{standing.pk}", account_id=standing.account_id, at=world.now,
        due_on="2026-03-05", why="BLT-M8-40 costs more than it did.",
    )  # fmt: skip
    for _ in range(2):
        services.follow_held_standing_order(event, now=world.now)
    call = FollowUp.objects.get()
    assert (call.kind, call.owner, call.contact, call.due_on) == ("call", world.ruben, world.anna, date(2026, 3, 5))
    assert (call.title, call.detail) == ("The standing order “Monday” was not placed", event.facts["why"])
    assert follow_ups_of(actor_for(world.ruben.user)) == [call]
