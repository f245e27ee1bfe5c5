"""Mails that come back to ours: answers of people on their case or account, machines kept off, reports settled."""

import base64
import hmac
import io
import json
import sys
import time
from email import message_from_bytes, message_from_string, policy
from importlib import reload

import pytest
from django.conf import settings as house
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import clear_url_caches

from apps.accounts.selectors import actor_for, unmailable
from apps.cases.models import Case, CaseMessage, FollowUp
from apps.cases.services import open_case
from apps.core.incoming import MOST_BYTES, incoming
from apps.core.mail_text import without_quotes
from apps.core.models import Event, IncomingMail, OutgoingMail
from apps.core.replies import meant_by, reply_address
from apps.feedback.letters import letter
from apps.feedback.models import Invitation
from apps.feedback.sending import send_due
from apps.feedback.services import answer, claim_due, close_the_loop, hash_of, plan_invitation, reports, take_in
from apps.feedback.services.handover import lose_track
from apps.insights.selectors import timeline_of
from tests.feedback.deliveries import delivered
from tests.feedback.test_sending import DUE

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def mailbox(settings):
    settings.REPLY_TO = "Tradewell <reply@in.tradewell.example>"


@pytest.fixture
def case(world) -> Case:
    return open_case(
        account_id=world.brightwater.pk, contact_id=world.anna.pk, title="Wet boxes", cause="delivery",
        origin="portal", source_ref="x", body="Two boxes were wet.", now=world.now,
    )  # fmt: skip


@pytest.fixture
def invitation(world) -> Invitation:
    return plan_invitation(delivered(world).pk, now=world.now)


def mail(
    to, text="Thank you, that is fine.", sender="Anna <anna@brightwater.example>", name="<1@mail.example>", **headers
):
    """A mail as a mail server hands it over."""
    lines = {"From": sender, "To": to, "Subject": "Re: yours", "Message-ID": name, **headers}
    head = "\r\n".join(f"{key.replace('_', '-')}: {value}" for key, value in lines.items())
    return message_from_string(f"{head}\r\n\r\n{text}", policy=policy.default)


def take(world, *arguments, **headers) -> IncomingMail:
    return take_in(incoming(mail(*arguments, **headers)), now=world.now)


def test_an_address_is_proof_of_one_thing_whatever_its_case(settings):
    address = reply_address("case", 12)
    assert address.startswith("reply+case-12-")
    assert meant_by(address.upper()) == ("case", 12)
    assert meant_by(address.replace("case-12", "case-13")) is None
    assert meant_by("reply@in.tradewell.example") is None
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "the next key", [settings.SECRET_KEY]
    assert meant_by(address) == ("case", 12)
    settings.SECRET_KEY_FALLBACKS = []
    assert meant_by(address) is None
    settings.REPLY_TO = ""
    assert reply_address("case", 12) == ""


def test_a_letter_can_be_answered_and_its_vote_is_another_secret(world, invitation):
    row = claim_due(now=DUE)[0]
    written = message_from_bytes(letter(row, "a-token").message().as_bytes(), policy=policy.default)
    assert meant_by(written["Reply-To"]) == ("question", invitation.pk)
    assert hash_of("a-token")[:16] not in written["Reply-To"]


def test_an_answer_to_a_case_is_a_message_of_its_contact_once(world, case):
    for _ in range(2):
        kept = take(world, reply_address("case", case.pk), "It is fine now.\r\n\r\nOn Tuesday Sam wrote:\r\n> Is it?")
    assert (kept.outcome, kept.subject) == ("taken", f"case:{case.number}")
    said = CaseMessage.objects.order_by("pk").last()
    assert (said.body, said.author_name, said.from_staff) == ("It is fine now.", "Anna", False)
    assert CaseMessage.objects.count() == 2
    assert Event.objects.filter(name="case.replied").count() == 1
    assert IncomingMail.objects.count() == 1


def test_an_answer_from_another_address_says_so(world, case):
    take(world, reply_address("case", case.pk), "From home.", sender="a@home.example")
    assert CaseMessage.objects.order_by("pk").last().body == "From home.\n\n[Sent from a@home.example]"


def test_an_answer_to_a_question_stands_on_the_timeline_and_with_the_rep(world, invitation):
    kept = take(world, reply_address("question", invitation.pk), "Call me.")
    assert (kept.outcome, kept.subject) == ("taken", invitation.about)
    story = timeline_of(actor_for(world.rhea.user), world.brightwater)
    back = [entry for entry in story if entry.subject == invitation.about and "wrote back" in entry.text]
    assert [(entry.note, entry.who) for entry in back] == [("Call me.", "Anna")]
    to_do = FollowUp.objects.get()
    assert (to_do.owner, to_do.detail) == (world.rhea, "Call me.")


def test_an_answer_to_a_question_that_opened_a_case_goes_there(world, invitation):
    given = answer(invitation, score=2, channel="email", now=world.now)
    close_the_loop(given.pk, now=world.now)
    kept = take(world, reply_address("question", invitation.pk), "And the lid was broken.")
    assert kept.subject == f"case:{Case.objects.get().number}"


@pytest.mark.parametrize(
    "headers, why",
    [
        ({"Auto_Submitted": "auto-replied"}, "auto_submitted"),
        ({"Auto_Submitted": "auto-generated; owner-email=x"}, "auto_submitted"),
        ({"List_Id": "<news.example>"}, "list"),
        ({"List_Unsubscribe": "<mailto:x@y.example>"}, "list"),
        ({"Precedence": "bulk"}, "precedence"),
        ({"Return_Path": "<>"}, "bounce"),
        ({"sender": "MAILER-DAEMON@mx.example"}, "sender"),
        ({"name": f"<{'a' * 32}@tradewell.example>"}, "our_own"),
        ({"name": "<survey-7-0123456789abcdef@tradewell.example>"}, "our_own"),
    ],
)
def test_what_a_machine_wrote_is_kept_off(world, case, headers, why):
    kept = take(world, reply_address("case", case.pk), **headers)
    assert (kept.outcome, kept.reason) == ("machine", why)
    assert CaseMessage.objects.count() == 1


def test_no_auto_submitted_means_a_person(world, case):
    assert take(world, reply_address("case", case.pk), Auto_Submitted="no").outcome == "taken"


@pytest.mark.parametrize("to", ["reply@in.tradewell.example", "reply+case-1-00000000000000000000@in.tradewell.example"])
def test_a_mail_to_an_address_that_is_not_ours_does_nothing(world, case, to):
    assert take(world, to).outcome == "unknown"
    assert CaseMessage.objects.count() == 1


def test_long_mails_and_files_are_cut_with_words(world, case):
    long = mail(reply_address("case", case.pk), "a" * 9000, Content_Type="text/plain; charset=utf-8")
    long.add_attachment(b"MZ", maintype="application", subtype="octet-stream", filename="x.exe")
    take_in(incoming(long), now=world.now)
    body = CaseMessage.objects.order_by("pk").last().body
    assert len(body) < 5000
    assert "[The mail was longer: only the beginning was taken.]" in body
    assert "[Not taken: x.exe. Only a picture (JPEG, PNG, WebP) or a PDF can be sent.]" in body


def test_words_of_html_mails_are_read(world, case):
    html = "<style>p {color: red}</style><p>First<br>second</p><p>&amp; third</p>"
    take(world, reply_address("case", case.pk), html, Content_Type="text/html; charset=utf-8")
    assert "First\nsecond" in CaseMessage.objects.order_by("pk").last().body
    assert "red" not in CaseMessage.objects.order_by("pk").last().body


@pytest.mark.parametrize(
    "text, said",
    [
        ("Yes.\n\n> No?\nPlease.", "Yes.\n\nPlease."),
        ("Ja.\nAm 3. März 2026 schrieb Sam:\n> Gut?", "Ja."),
        ("Yes.\n-----Original Message-----\nFrom: Sam", "Yes."),
        ("> all quoted", ""),
    ],
)
def test_what_is_quoted_is_left_out(text, said):
    assert without_quotes(text) == said


def piped(monkeypatch, content: bytes) -> int:
    """The exit code of `take_mail` with this on standard input."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
    try:
        call_command("take_mail", stderr=io.StringIO())
    except SystemExit as end:
        return end.code
    return 0


def test_a_mail_server_hands_mails_over_by_a_pipe(world, case, monkeypatch):
    content = mail(reply_address("case", case.pk)).as_bytes()
    assert piped(monkeypatch, content) == piped(monkeypatch, content) == 0
    assert CaseMessage.objects.count() == 2
    assert piped(monkeypatch, mail("reply@in.tradewell.example", name="<2@x>").as_bytes()) == 65
    assert piped(monkeypatch, b"x" * (MOST_BYTES + 1)) == 65
    assert IncomingMail.objects.filter(outcome="too_large").count() == 1


# --- what the provider reports ----------------------------------------------------------------------------------------


def handed_over(world, state="unknown") -> str:
    """The key under which the provider knows Anna's letter, whose outcome we do not."""
    send_due(clock=lambda: DUE)
    invitation = Invitation.objects.get()
    if state == "unknown":
        Invitation.objects.update(state="sending")
        lose_track(invitation.pk)
    return f"survey-{invitation.pk}-{invitation.token_hash[:16]}"


def report(world, kind, key, address="anna@brightwater.example", **more) -> bool:
    return reports.take_report(kind, key=key, address=address, at=world.now, now=world.now, **more)


def test_an_unknown_outcome_is_settled_by_the_report_and_not_sent_again(world, invitation, mailoutbox):
    key = handed_over(world)
    for _ in range(2):
        assert report(world, reports.ARRIVED, key)
    assert Invitation.objects.get().state == "sent"
    assert send_due(clock=lambda: DUE) == 0
    assert len(mailoutbox) == 1
    assert not report(world, reports.ARRIVED, "survey-99-0123456789abcdef")
    assert not report(world, reports.ARRIVED, key[:-1] + ("0" if key[-1] != "0" else "1"))


def test_what_came_back_is_on_record_and_the_address_is_left_alone(world, invitation, mailoutbox):
    key = handed_over(world, "sent")
    report(world, reports.CAME_BACK, key)
    report(world, reports.ARRIVED, key)  # late, and about an earlier hop
    kept = Invitation.objects.get()
    assert (kept.state, kept.reason, kept.rest) == ("suppressed", "bounced", None)
    assert unmailable([world.anna.pk], "survey") == {world.anna.pk: "bounced"}
    assert Event.objects.filter(name="survey.bounced").count() == 1
    world.anna.email = "anna.new@brightwater.example"
    world.anna.save()
    assert unmailable([world.anna.pk], "survey") == {}


def test_a_mailbox_that_is_full_is_no_wrong_address(world, invitation, mailoutbox):
    report(world, reports.CAME_BACK, handed_over(world, "sent"), for_good=False)
    assert unmailable([world.anna.pk], "survey") == {}


def test_who_calls_it_spam_gets_neither_questions_nor_offers(world, invitation, mailoutbox):
    report(world, reports.COMPLAINED, handed_over(world, "sent"))
    for purpose in ("survey", "marketing"):
        assert unmailable([world.anna.pk], purpose) == {world.anna.pk: "objected"}


def test_other_mails_of_ours_are_settled_too(world):
    OutgoingMail.objects.create(key="k", to="a@b.example", subject="s", state="unknown", claimed_at=world.now)
    assert report(world, reports.ARRIVED, "k")
    assert OutgoingMail.objects.get().state == "sent"


@pytest.fixture
def provider(settings, client):
    """A client that calls the webhooks of a provider, whose addresses are there only with a secret."""
    from config import urls, webhooks

    settings.ANYMAIL = {"WEBHOOK_SECRET": "us:them"}
    for module in (webhooks, urls):
        reload(module)
    clear_url_caches()

    def call(path, body, secret="us:them"):
        basic = "Basic " + base64.b64encode(secret.encode()).decode()
        content = json.dumps(body)
        return client.post(path, content, content_type="application/json", headers={"Authorization": basic})

    yield call
    settings.ANYMAIL = {}
    for module in (webhooks, urls):
        reload(module)
    clear_url_caches()


def test_a_provider_s_webhooks_want_the_secret_and_may_repeat_themselves(world, case, mailoutbox, provider):
    plan_invitation(delivered(world, world.xaver).pk, now=world.now)
    key = handed_over(world)
    came = {
        "FromFull": {"Email": "anna@brightwater.example", "Name": "Anna"}, "MessageID": "p-1", "Attachments": [],
        "ToFull": [{"Email": reply_address("case", case.pk), "Name": ""}], "Subject": "Re", "TextBody": "By webhook.",
        "Headers": [{"Name": "Message-ID", "Value": "<w@mail.example>"}], "OriginalRecipient": "",
        "RecordType": "Inbound",
    }  # fmt: skip
    arrived = {
        "RecordType": "Delivery", "MessageID": "p-2", "Recipient": "anna@brightwater.example", "Metadata": {"key": key},
        "DeliveredAt": "2026-03-06T17:00:00Z", "Tag": "", "Details": "",
    }  # fmt: skip
    assert provider("/mail/postmark/inbound/", came, secret="us:others").status_code == 400
    assert CaseMessage.objects.count() == 1
    for _ in range(2):
        assert provider("/mail/postmark/inbound/", came).status_code == 200
        assert provider("/mail/postmark/tracking/", arrived).status_code == 200
    assert CaseMessage.objects.order_by("pk").last().body == "By webhook."
    assert CaseMessage.objects.count() == 2
    assert Invitation.objects.get().state == "sent"


def test_a_file_of_30_mb_is_left_out_and_its_mail_is_a_case(world, settings, provider, mailoutbox):
    settings.SERVICE_ADDRESS = "service@in.tradewell.example"
    sent = [("plan.pdf", b"%PDF" + b"x" * 30 * 1024**2), ("a.pdf", b"%PDF-" + b"x" * 6 * 1024**2)]
    came = {
        "FromFull": {"Email": "anna@brightwater.example", "Name": "Anna"}, "RecordType": "Inbound", "Subject": "Plan",
        "ToFull": [{"Email": settings.SERVICE_ADDRESS, "Name": ""}], "TextBody": "As \"agreed\".", "Headers": [],
        "Attachments": [
            {"Name": name, "ContentType": "application/pdf", "ContentID": "", "Content": base64.b64encode(raw).decode()}
            for name, raw in sent
        ],
    }  # fmt: skip
    assert provider("/mail/postmark/inbound/", came, secret="us:others").status_code == 400
    assert provider("/mail/postmark/inbound/", came).status_code == 200
    case = Case.objects.get()
    assert [file.name for file in case.files.all()] == ["a.pdf"]
    assert case.messages.get().body == (
        'As "agreed".\n\n[Not taken: plan.pdf. The file is larger than 10 MB: send a smaller one.]'
    )


def test_a_mail_that_a_form_brings_is_taken_in_or_noted_however_large(world, settings, provider, client, mailoutbox):
    settings.SERVICE_ADDRESS = "service@in.tradewell.example"
    settings.ANYMAIL = settings.ANYMAIL | {"MAILGUN_WEBHOOK_SIGNING_KEY": "key"}
    basic = "Basic " + base64.b64encode(b"us:them").decode()
    stamp = str(int(time.time()))
    signed = hmac.new(b"key", f"{stamp}once".encode(), "sha256").hexdigest()
    names = {"From": "Anna <anna@brightwater.example>", "Subject": "Plan", "To": settings.SERVICE_ADDRESS}
    letter = {
        "timestamp": stamp, "token": "once", "signature": signed,
        "message-headers": json.dumps([*names.items(), ["Message-Id", "<1@x.example>"]]), "body-plain": "As \0agreed.",
        "sender": "anna@brightwater.example", "recipient": settings.SERVICE_ADDRESS, "attachment-count": "1",
    }  # fmt: skip

    def post(by=basic, **more):
        file = SimpleUploadedFile("a.pdf", b"%PDF-" + b"x" * 8 * 1024**2, "application/pdf")
        sent = letter | {"attachment-1": file} | more
        return client.post("/mail/mailgun/inbound/", sent, headers={"Authorization": by})

    assert post().status_code == 200
    case = Case.objects.get()
    assert [file.name for file in case.files.all()] == ["a.pdf"]
    assert case.messages.get().body == "As agreed."
    large = {"body-html": "x" * 6 * 1024**2}
    assert post(by="Basic " + base64.b64encode(b"us:others").decode(), **large).status_code in (400, 413)
    assert not IncomingMail.objects.filter(outcome="too_large").exists()
    assert post(**large).status_code == 200
    assert IncomingMail.objects.filter(outcome="too_large").count() == 1
    assert Case.objects.count() == 1


def test_without_a_secret_there_is_no_webhook(client):
    assert not house.ANYMAIL.get("WEBHOOK_SECRET")
    assert client.post("/mail/postmark/inbound/", {}).status_code == 404
