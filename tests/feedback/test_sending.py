from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from zoneinfo import ZoneInfo

import pytest
from aiosmtpd.controller import Controller
from django.core.mail import get_connection
from django.utils import translation
from django.utils.translation import trans_real

from apps.accounts.models import Account, Contact
from apps.accounts.services import object_to
from apps.cases.models import Case
from apps.cases.services import open_case
from apps.core.models import Event
from apps.feedback.letters import form_for
from apps.feedback.models import Invitation
from apps.feedback.models.programmes import ASKED_DETRACTOR, QUESTION
from apps.feedback.sending import send_due
from apps.feedback.services import (
    bring_forward,
    claim_due,
    expire,
    hash_of,
    object_to_surveys,
    plan_invitation,
    plan_invitations,
    reconcile,
)
from apps.feedback.services.handover import InHand, give_back, move_on, postpone_missed
from apps.insights.services import account_sums_differing, slide_account_sums
from apps.insights.tasks import count_accounts_asked
from config.launcher.valkey import free_port
from config.reactions import REACTIONS
from tests.feedback.deliveries import delivered
from tests.processes import MailSink

DUE = datetime(2026, 3, 6, 16, 45, tzinfo=UTC)  # a Friday, a quarter before the window ends


class Stubborn(MailSink):
    """A mail server that refuses addresses by what stands before the @, and hangs up where told to."""

    async def handle_RCPT(self, server, session, envelope, address, _options):
        if address.startswith("xaver"):
            return "550 no such user"
        if address.startswith("boris"):
            return "451 try again later"
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server, session, envelope):
        answer = await super().handle_DATA(server, session, envelope)
        if envelope.rcpt_tos[0].startswith("rick"):
            server.transport.close()
        return answer


@contextmanager
def _serving(sink):
    controller = Controller(sink, hostname="127.0.0.1", port=sink.port)
    controller.start()
    try:
        yield sink
    finally:
        controller.stop()


@pytest.fixture
def sink(settings):
    with _serving(Stubborn(free_port())) as sink:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        yield sink


def asked(world, contact=None) -> Invitation:
    return plan_invitation(delivered(world, contact).pk, now=world.now)


def send(at=DUE) -> int:
    return send_due(clock=lambda: at)


def test_a_letter_that_a_person_can_read_and_one_click_opens(world, sink):
    invitation = asked(world)
    assert send() == 1
    letter: EmailMessage = sink.messages[0]
    text, html = letter.get_body(("plain",)).get_content(), letter.get_body(("html",)).get_content()
    invitation.refresh_from_db()
    token = text.partition("/s/")[2].partition("/")[0]
    assert invitation.token_hash == hash_of(token)
    assert len(token) == 22  # 128 bits
    assert letter["To"] == "anna@brightwater.example"
    assert f"{invitation.shipment.number} (your PO-77)" in letter["Subject"]
    assert "Wednesday, 4 March 2026" in text
    assert "Friday, 20 March 2026" in text  # the last day
    assert letter["List-Unsubscribe"] == f"<http://testserver/s/{token}/stop/>"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert html.count(f"/s/{token}/?score=") == 11
    assert "@@" not in text + html + letter["Subject"]


def test_a_name_is_text_and_never_markup(world, sink):
    Contact.objects.filter(pk=world.anna.pk).update(name="<b>Anna</b> @@link@@")
    asked(world)
    send()
    html = sink.messages[0].get_body(("html",)).get_content()
    assert "&lt;b&gt;Anna&lt;/b&gt; @@link@@" in html


def test_any_language_survives_the_way(world, sink):
    Contact.objects.filter(pk=world.anna.pk).update(name="آنا فرهادی", language="fa")
    Account.objects.filter(pk=world.brightwater.pk).update(name="ไบรท์วอเตอร์ " + "x" * 90)
    asked(world)
    send()
    letter = sink.messages[0]
    text, html = letter.get_body(("plain",)).get_content(), letter.get_body(("html",)).get_content()
    assert "آنا فرهادی" in text
    assert "ไบรท์วอเตอร์" in html
    assert 'dir="rtl"' in html


@pytest.fixture
def persian(monkeypatch):
    """What a translator wrote for the usual words."""
    said = {QUESTION: "چقدر احتمال دارد ما را توصیه کنید؟", ASKED_DETRACTOR: "چه چیزی درست نبود؟"}
    catalogue = trans_real.translation("fa")._catalog._catalogs[0]
    for words, translated in said.items():
        monkeypatch.setitem(catalogue, words, translated)
    form_for.cache_clear()
    yield said
    form_for.cache_clear()


def test_the_usual_question_is_asked_in_the_reader_s_language(world, sink, client, persian):
    Contact.objects.filter(pk=world.anna.pk).update(language="fa")
    asked(world)
    send()
    letter = sink.messages[0]
    text, html = letter.get_body(("plain",)).get_content(), letter.get_body(("html",)).get_content()
    assert persian[QUESTION] in text and persian[QUESTION] in html
    with translation.override("fa"):
        assert world.programme.asks == persian[QUESTION]
        assert world.programme.follow_up(2) == persian[ASKED_DETRACTOR]
    with translation.override("en"):
        assert world.programme.asks == QUESTION


def test_words_of_operations_own_are_asked_as_they_were_written(world, sink, persian):
    Contact.objects.filter(pk=world.anna.pk).update(language="fa")
    world.programme.question = "Delivery"  # a word that the pages translate elsewhere
    world.programme.save()
    asked(world)
    send()
    assert "Delivery" in sink.messages[0].get_body(("plain",)).get_content().splitlines()


def test_sent_once_with_its_time_and_on_the_timeline(world, sink):
    invitation = asked(world)
    assert [send(), send(), send(DUE + timedelta(hours=1))] == [1, 0, 0]
    invitation.refresh_from_db()
    assert (invitation.state, invitation.sent_at) == ("sent", DUE)
    event = Event.objects.get(name="survey.sent")
    assert (event.subject, event.account_ref, event.facts) == (
        f"shipment:{invitation.shipment.number}",
        world.brightwater.pk,
        {"contact": "Anna"},
    )
    assert event.dispatched_at


def test_who_was_asked_is_counted_by_one_event_for_a_handful(world, sink):
    slide_account_sums(now=DUE)
    for contact in (world.anna, world.lena):
        asked(world, contact)
    assert send() == 2
    event = Event.objects.get(name="surveys.sent")
    assert event.dispatched_at is None and REACTIONS[event.name]
    assert set(event.facts["accounts"]) == {world.brightwater.pk, world.leeds.pk}
    assert account_sums_differing() == [world.brightwater.number, world.leeds.number]
    assert (count_accounts_asked(event.pk), account_sums_differing()) == (2, [])


def test_not_before_it_is_due_and_never_outside_the_window(world, sink):
    invitation = asked(world)
    assert send(invitation.due_at - timedelta(seconds=1)) == 0
    assert send(datetime(2026, 3, 6, 22, tzinfo=UTC)) == 0  # nothing ran all day
    invitation.refresh_from_db()
    assert invitation.due_at.date() == datetime(2026, 3, 9).date()  # Monday, again in the window
    assert 9 <= invitation.due_at.astimezone(ZoneInfo("Europe/London")).hour < 17
    assert send(invitation.due_at) == 1


def test_an_address_that_does_not_exist_is_not_tried_again(world, sink):
    invitation = asked(world, world.xaver)
    assert send() == 0
    invitation.refresh_from_db()
    assert (invitation.state, invitation.reason, invitation.rest) == ("suppressed", "bounced", None)


@pytest.mark.parametrize("address", ["x@y.example\nBcc: all@y.example", "ü@y..example"])
def test_what_is_no_address_harms_nobody_else(world, sink, address):
    Contact.objects.filter(pk=world.lena.pk).update(email=address)
    broken, fine = asked(world, world.lena), asked(world, world.anna)
    Invitation.objects.filter(pk=broken.pk).update(due_at=DUE - timedelta(minutes=2))
    Invitation.objects.filter(pk=fine.pk).update(due_at=DUE - timedelta(minutes=1))
    assert send() == 1
    assert Invitation.objects.get(pk=broken.pk).reason == "bounced"
    assert [letter["To"] for letter in sink.messages] == ["anna@brightwater.example"]


def test_a_server_that_asks_for_patience_gets_it(world, sink):
    invitation = asked(world, world.boris)
    Invitation.objects.update(due_at=DUE - timedelta(hours=4))
    assert send(DUE - timedelta(hours=4)) == 0
    invitation.refresh_from_db()
    assert (invitation.state, invitation.due_at) == ("planned", DUE - timedelta(hours=4) + timedelta(minutes=15))


def test_a_connection_lost_in_the_middle_leaves_it_unknown_and_the_rest_waits(world, sink):
    lost, waits = asked(world, world.rick), asked(world, world.anna)
    Invitation.objects.filter(pk=lost.pk).update(due_at=DUE - timedelta(minutes=2))
    Invitation.objects.filter(pk=waits.pk).update(due_at=DUE - timedelta(minutes=1))
    assert send() == 0
    assert [Invitation.objects.get(pk=one.pk).state for one in (lost, waits)] == ["unknown", "planned"]
    assert len(sink.messages) == 1


def test_a_dead_mail_server_loses_nothing(world, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    invitation = asked(world)
    assert send() == 0
    invitation.refresh_from_db()
    assert invitation.state == "planned"


def test_what_changed_since_it_was_planned_is_looked_at_again(world, sink):
    objects = asked(world, world.xaver)
    asked(world, world.anna)
    object_to_surveys(objects, now=world.now)
    open_case(
        account_id=world.brightwater.pk, title="Wrong invoice", cause="invoice", origin="staff", source_ref="x",
        now=world.now,
    )  # fmt: skip
    assert send() == 0
    states = Invitation.objects.order_by("pk").values_list("state", "reason", "rest")
    assert list(states) == [("cancelled", "objected", None), ("suppressed", "open_case", None)]


def off(world) -> None:
    world.programme.is_active = False
    world.programme.save()


def made_a_test(world) -> None:
    Account.objects.filter(pk=world.brightwater.pk).update(is_test=True)


def case_of(world) -> Case:
    return open_case(
        account_id=world.brightwater.pk, title="Wrong invoice", cause="invoice", origin="staff", source_ref="x",
        now=world.now,
    )  # fmt: skip


def no_consent(world) -> None:
    object_to(world.anna, "survey", source="portal", now=world.now)


@pytest.mark.parametrize("change, reason", [(off, "programme_off"), (made_a_test, "test_account")])
def test_what_was_switched_off_since_sends_nothing(world, sink, change, reason):
    asked(world)
    change(world)
    assert send() == 0
    assert Invitation.objects.values_list("state", "reason", "rest").get() == ("suppressed", reason, None)


@pytest.mark.parametrize("change", [off, made_a_test, case_of, no_consent])
def test_nobody_is_reminded_who_would_not_be_asked(world, sink, change):
    invitation = asked(world)
    send()
    change(world)
    invitation.refresh_from_db()
    assert send(invitation.reminder_due_at) == 0


def test_who_waited_for_a_case_is_reminded_once_it_is_resolved(world, sink):
    invitation = asked(world)
    send()
    case = case_of(world)
    invitation.refresh_from_db()
    assert send(invitation.reminder_due_at) == 0
    Case.objects.filter(pk=case.pk).update(status="resolved")
    assert send(invitation.reminder_due_at + timedelta(minutes=20)) == 1


def rest_of(invitation) -> tuple[datetime, datetime]:
    invitation.refresh_from_db()
    return invitation.rest.lower, invitation.rest.upper


def test_the_rest_counts_from_the_window_an_ask_was_moved_to(world, sink):
    invitation = asked(world)
    postpone_missed(now=datetime(2026, 3, 6, 22, tzinfo=UTC))
    lower, upper = rest_of(invitation)
    assert (lower, upper) == (invitation.due_at, invitation.due_at + timedelta(days=90))
    assert lower.date() == date(2026, 3, 9)


def test_the_rest_counts_from_a_second_try(world, sink):
    invitation = asked(world, world.boris)
    Invitation.objects.update(due_at=DUE - timedelta(hours=4))
    send(DUE - timedelta(hours=4))
    assert rest_of(invitation) == (invitation.due_at, invitation.due_at + timedelta(days=90))


def test_an_ask_that_would_now_come_too_close_to_the_next_gives_way(world, sink):
    world.programme.contact_rest_days = 2
    world.programme.save()
    late, following = asked(world), plan_invitation(delivered(world, days_ago=-3).pk, now=world.now)
    assert (late.contact, following.contact) == (world.anna, world.anna)
    assert postpone_missed(now=datetime(2026, 3, 6, 22, tzinfo=UTC)) == 1
    states = Invitation.objects.order_by("pk").values_list("state", "reason")
    assert list(states) == [("suppressed", "throttled"), ("planned", "")]


def test_an_objection_holds_for_the_same_address_at_another_account(world, mailoutbox):
    twin = Contact.objects.create(account=world.calder, name="Anna", email=world.anna.email.title())
    elsewhere = asked(world, twin)
    object_to_surveys(asked(world, world.anna), now=world.now)
    assert send() == 0
    elsewhere.refresh_from_db()
    assert (elsewhere.state, elsewhere.reason, elsewhere.rest) == ("suppressed", "objected", None)


def test_claims_are_disjoint_and_one_taken_away_sends_nothing(world):
    asked(world, world.anna), asked(world, world.xaver)
    mine, theirs = claim_due(now=DUE, size=1), claim_due(now=DUE, size=5)
    assert len(mine) == len(theirs) == 1
    assert mine[0]["id"] != theirs[0]["id"]
    give_back([mine[0]["id"]], now=DUE)
    in_hand = [InHand(mine[0], "one"), InHand(theirs[0], "two")]
    assert move_on([], in_hand[:1], now=DUE) == set()
    assert move_on([], in_hand[1:], now=DUE) == {theirs[0]["id"]}


def test_after_a_crash_a_claim_is_taken_up_and_a_hand_over_is_not(world, sink):
    asked(world, world.anna), asked(world, world.xaver)
    claimed, sending = claim_due(now=DUE)
    assert move_on([], [InHand(sending, "token")], now=DUE)
    assert reconcile(now=DUE + timedelta(minutes=9)) == (0, 0)
    assert reconcile(now=DUE + timedelta(minutes=11)) == (1, 1)
    states = dict(Invitation.objects.values_list("pk", "state"))
    assert (states[claimed["id"]], states[sending["id"]]) == ("planned", "unknown")


def test_one_reminder_in_the_window_with_a_link_of_its_own(world, sink):
    invitation = asked(world)
    send()
    remind_at = Invitation.objects.get(pk=invitation.pk).reminder_due_at
    assert [send(remind_at - timedelta(seconds=1)), send(remind_at), send(remind_at + timedelta(hours=1))] == [0, 1, 0]
    invitation.refresh_from_db()
    assert invitation.reminded_at == remind_at
    assert invitation.token_hash != invitation.reminder_token_hash
    assert "Still open" in sink.messages[1]["Subject"]


def test_a_reminder_whose_hour_went_by_waits_for_the_next_window(world, sink):
    invitation = asked(world)
    send()
    night = datetime(2026, 3, 12, 23, tzinfo=UTC)
    assert send(night) == 0
    invitation.refresh_from_db()
    assert invitation.reminder_due_at.date() == datetime(2026, 3, 13).date()


def test_questions_close_and_those_never_sent_say_why(world, sink):
    asked(world, world.anna)
    send()
    asked(world, world.xaver)
    assert expire(now=datetime(2026, 3, 20, 23, 59, tzinfo=UTC)) == 0
    assert expire(now=datetime(2026, 3, 21, tzinfo=UTC)) == 2
    states = list(Invitation.objects.order_by("pk").values_list("state", "reason"))
    assert states == [("expired", ""), ("suppressed", "too_late")]


def test_what_is_over_is_closed_by_the_sweep_and_never_sent(world, sink):
    asked(world)
    over = datetime(2026, 3, 23, 10, tzinfo=UTC)
    Invitation.objects.update(due_at=over, window_ends_at=over + timedelta(hours=1), expires_at=over)
    assert claim_due(now=over) == []
    assert send(over) == 0
    assert Invitation.objects.values_list("state", "reason").get() == ("suppressed", "too_late")


def test_what_is_over_is_not_moved_to_another_window(world):
    asked(world)
    over = datetime(2026, 3, 23, 10, tzinfo=UTC)
    Invitation.objects.update(window_ends_at=over - timedelta(hours=1), expires_at=over)
    assert postpone_missed(now=over) == 0


def test_a_demonstration_shortens_the_waiting_and_nothing_else(world, sink):
    asked(world)
    assert send(world.now) == 0
    assert bring_forward(now=world.now) == 1
    assert send(world.now) == 1


def test_twelve_time_zones_over_both_nights_are_asked_inside_their_window(world, sink):
    """Over both changes of the clocks: nobody before their hour, everybody at it, and it is by day where they are."""
    zones = (
        "Europe/London", "Europe/Athens", "America/New_York", "America/St_Johns", "America/Santiago", "Asia/Tehran",
        "Asia/Kolkata", "Asia/Kathmandu", "Asia/Bangkok", "Australia/Lord_Howe", "Pacific/Apia", "Africa/Cairo",
    )  # fmt: skip
    people = []
    for zone in zones:
        account = Account.objects.create(number=zone[:20], name=zone, time_zone=zone)
        email = f"{zone.replace('/', '.')}@zones.example"
        people.append(Contact.objects.create(account=account, name=zone, email=email, time_zone=zone))
    for night in (datetime(2026, 3, 27, 12, tzinfo=UTC), datetime(2026, 10, 23, 12, tzinfo=UTC)):
        plan_invitations([delivered(world, person, at=night).pk for person in people], now=night)
        planned = Invitation.objects.filter(state="planned").order_by("due_at").values_list("due_at", flat=True)
        for due_at in list(planned):
            assert send(due_at - timedelta(seconds=1)) == 0
            send(due_at)
    sent = Invitation.objects.filter(sent_at__isnull=False).values_list("contact__time_zone", "sent_at")
    assert len(sent) == 24
    for zone, at in sent:
        assert 9 <= at.astimezone(ZoneInfo(zone)).hour < 17, (zone, at)


def test_any_mail_backend_of_django_will_do(world, mailoutbox):
    asked(world)
    assert get_connection().__class__.__module__.endswith("locmem")
    assert send() == 1
    assert [mail.to for mail in mailoutbox] == [["anna@brightwater.example"]]
