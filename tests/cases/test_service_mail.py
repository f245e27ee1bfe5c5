"""Mails to the service address: whose they are, what they name, what came along, and what keeps machines apart."""

import base64
import io
import json
import sys
from datetime import timedelta
from email import message_from_bytes, message_from_string, policy
from time import monotonic

import pytest
from django.core.management import call_command
from PIL import Image

from apps.accounts.models import Account, Contact
from apps.accounts.selectors import actor_for
from apps.cases import services
from apps.cases.errors import MailNotFound, MailNotPlaced
from apps.cases.models import Article, Case, CaseFile, CaseMessage, WaitingMail
from apps.cases.rules.mails import MOST_OF_SENDER, MOST_OF_THREAD, cause_of, goes_on, numbers_in, title_of
from apps.cases.selectors import answer_notice, opening_notices, refused_files_notice, waiting_mails
from apps.core import slimming
from apps.core.attachments import AttachmentRefused, attached
from apps.core.incoming import incoming
from apps.core.mail_text import unquoted
from apps.core.models import Event, IncomingMail
from apps.core.replies import reply_address
from apps.feedback.selectors import held_back_notices
from apps.feedback.services import take_in
from tests.feedback.deliveries import delivered
from tests.world import NOW

SERVICE = "service@in.tradewell.example"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def mailbox(settings):
    settings.REPLY_TO = "Tradewell <reply@in.tradewell.example>"
    settings.SERVICE_ADDRESS = f"Tradewell service <{SERVICE}>"


def mail(text="The drum leaks.", *, to=SERVICE, sender="Anna <anna@brightwater.example>", name="1", **headers):
    """A mail as a mail server hands it over."""
    lines = {"From": sender, "To": to, "Subject": "Drum", "Message-ID": f"<{name}@mail.example>"}
    lines |= {key.replace("_", "-"): value for key, value in headers.items()}
    head = "\r\n".join(f"{key}: {value}" for key, value in lines.items())
    return message_from_string(f"{head}\r\n\r\n{text}", policy=policy.default)


def take(*arguments, now=NOW, **headers) -> IncomingMail:
    return take_in(incoming(mail(*arguments, **headers)), now=now)


def picture(side=40) -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", (side, side), "red").save(kept, "PNG")
    return kept.getvalue()


def with_files(message, *files):
    message.add_header("Content-Type", "text/plain")
    for name, content in files:
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return message


# --- rules ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text, found",
    [
        ("About SO-1000001 and so 1000002", {"SO": ["SO-1000001", "SO-1000002"]}),
        ("invoice IN1000003, case CA-7", {"IN": ["IN-1000003"], "CA": ["CA-7"]}),
        ("BASIN-100 and MAIN 100", {}),
        ("", {}),
    ],
)
def test_numbers_are_found_as_people_write_them(text, found):
    assert numbers_in(text) == found


@pytest.mark.parametrize(
    "kinds, cause", [({"SO"}, "delivery"), ({"SH", "IN"}, "invoice"), ({"CN"}, "invoice"), (set(), "other")]
)
def test_what_a_mail_names_is_its_cause(kinds, cause):
    assert cause_of(kinds) == cause


@pytest.mark.parametrize("piece", ["<style>", "<a", "<!--", "</", "<blockquote", "<b>", "<title></style>", "&#"])
def test_no_mail_takes_long_to_be_read(piece):
    raw = b"Content-Type: text/html\r\n\r\n" + (piece * 10**7)[: 5 * 10**6].encode()
    started = monotonic()
    incoming(message_from_bytes(raw, policy=policy.default))
    assert monotonic() - started < 5


def test_a_case_long_over_is_not_opened_again():
    assert goes_on(None, NOW)
    assert goes_on(NOW - timedelta(days=30), NOW)
    assert not goes_on(NOW - timedelta(days=31), NOW)


def test_a_title_is_the_subject_or_how_it_begins():
    assert title_of("Leak", "x") == "Leak"
    assert title_of("", "\n Hello,\nworld") == "Hello,"
    assert title_of(" ", "") == ""


@pytest.mark.parametrize(
    "text, said, quoted",
    [
        ("Yes.\n-- \nAnna\nPurchasing", "Yes.", "-- \nAnna\nPurchasing"),
        ("Ja.\nOp 3 mrt schreef Sam:\n> Goed?", "Ja.", "Op 3 mrt schreef Sam:\n> Goed?"),
        ("> No?\nStill.", "Still.", "> No?"),
    ],
)
def test_quotes_and_signatures_are_kept_apart(text, said, quoted):
    assert tuple(part.replace("-- ", "--") for part in unquoted(text)) == (said, quoted.replace("-- ", "--"))


# --- what a mail says -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "raw, words",
    [
        (b"Content-Type: text/plain; charset=x-unknown\r\n\r\nGr\xc3\xbc\xc3\x9fe", "Grüße"),
        (b"Content-Type: text/plain; charset=us-ascii\r\n\r\nGr\xfc\xdfe", "Grüße"),
        (b"Content-Type: text/plain; charset=utf-8\r\n\r\nnul \x00 here", "nul  here"),
        (b"Content-Type: text/html\r\n\r\n<script>x()</script><p>Fish &amp; chips<br>two</p>", "Fish & chips\ntwo"),
        (b"Content-Type: text/html\r\n\r\n<p>New</p><blockquote>old<p>older</p></blockquote>", "New"),
        (b"Content-Type: text/html\r\n\r\n<img src=x onerror=alert(1)>&lt;b&gt;", "<b>"),
        (
            b"Content-Type: text/html\r\n\r\n<!-- <p>no</p> --><TITLE>no</TITLE>1 < 2<P>A</P >b<br/>c<style>",
            "1 < 2A\nb\nc",
        ),
        (b"Content-Type: multipart/mixed; boundary=gone\r\n\r\nno parts", ""),
        (b"\r\n", ""),
    ],
)
def test_words_are_read_whatever_the_mail_is_like(raw, words):
    assert incoming(message_from_bytes(b"From: a@b.example\r\n" + raw, policy=policy.default)).words == words


def test_a_logo_in_the_text_is_no_file_and_a_photograph_in_it_is():
    for size, count in ((100, 0), (60_000, 1)):
        message = mail()
        message.add_header("Content-Type", "text/plain")
        message.make_mixed()
        message.add_attachment(b"x" * size, maintype="image", subtype="png", cid="<logo>", disposition="inline")
        assert len(incoming(message).files) == count


# --- whose it is ------------------------------------------------------------------------------------------------------


def test_a_mail_of_a_contact_is_a_case_once_and_acknowledged_once(world):
    for _ in range(2):
        kept = take("It leaks.\n\n-- \nAnna")
    case = Case.objects.get()
    assert (kept.outcome, kept.subject) == ("taken", f"case:{case.number}")
    assert (case.title, case.origin, case.cause, case.contact, case.account) == (
        "Drum", "mail", "other", world.anna, world.brightwater,
    )  # fmt: skip
    assert case.owner == world.sam
    message = case.messages.get()
    assert (message.body, message.author_name, message.quoted) == ("It leaks.", "Anna", "--\nAnna")
    to_customer, to_owner = opening_notices(Event.objects.get(name="case.opened"))
    assert (to_customer["to"], to_owner["to"]) == ("anna@brightwater.example", world.sam.user.email)
    assert to_customer["headers"]["Auto-Submitted"] == "auto-replied"
    assert to_customer["headers"]["In-Reply-To"] == "<1@mail.example>"
    assert to_customer["headers"]["Reply-To"] == reply_address("case", case.pk)


def test_what_a_mail_names_is_linked_where_it_is_theirs(world):
    shipment = delivered(world)
    take(f"Where is {shipment.order.number}?")
    take(f"About {shipment.number}", sender="xaver@calder.example", name="2")
    own, other = Case.objects.order_by("pk")
    assert (own.order, own.shipment, own.cause) == (shipment.order, None, "delivery")
    assert (other.order, other.shipment, other.cause) == (None, None, "other")
    assert not own.is_repeated


def test_of_several_accounts_what_it_names_decides(world):
    Contact.objects.create(account=world.leeds, name="Anna L", email="anna@brightwater.example", role="buyer")
    order = delivered(world).order
    assert take("Which?").outcome == "waiting"
    assert WaitingMail.objects.get().why == "several"
    take(f"Order {order.number}", name="2")
    assert Case.objects.get().contact == world.anna


def test_who_may_not_come_in_any_more_is_not_known(world):
    Contact.objects.filter(pk=world.anna.pk).update(is_active=False)
    assert take().outcome == "waiting"
    assert not Case.objects.exists()


def test_what_would_open_a_case_at_a_closed_account_waits(world):
    writer = {"sender": "x@y.example", "References": "<1@mail.example>"}
    assert take(sender="x@y.example").outcome == "waiting"
    case = services.place_mail(
        actor_for(world.sam.user), WaitingMail.objects.get().pk, place=world.brightwater.number, now=NOW
    )
    Account.objects.filter(pk=world.brightwater.pk).update(is_active=False)
    assert take("Still.", name="2", **writer).outcome == "taken"  # it is open, and somebody is at it
    Case.objects.filter(pk=case.pk).update(status="resolved", resolved_at=NOW)
    assert take("Again.", name="3", **writer).outcome == "waiting"
    assert take("Something new.", name="4", sender="x@y.example").outcome == "waiting"
    assert list(Case.objects.values_list("status", flat=True)) == ["resolved"]


@pytest.mark.parametrize("headers", [{"References": "<1@mail.example>"}, {"In_Reply_To": "<1@mail.example>"}])
def test_a_mail_of_the_same_thread_goes_onto_the_case(world, headers):
    take()
    kept = take("And another one.", name="2", sender="Boris <boris@brightwater.example>", **headers)
    case = Case.objects.get()
    assert kept.subject == f"case:{case.number}"
    assert [each.author_name for each in case.messages.all()] == ["Anna", "Boris"]


def test_a_stranger_who_answers_in_the_thread_waits_beside_the_case(world):
    take()
    assert take("Me too.", name="2", sender="x@y.example", References="<1@mail.example>").outcome == "waiting"
    case = Case.objects.get()
    assert (case.messages.count(), WaitingMail.objects.get().case) == (1, case)


def test_the_number_of_a_case_in_the_subject_is_enough_for_its_account_alone(world):
    take()
    case = Case.objects.get()
    take("More.", name="2", Subject=f"Re: {case.number}: Drum")
    take("Mine?", name="3", sender="xaver@calder.example", Subject=f"Re: {case.number}")
    assert case.messages.count() == 2
    assert Case.objects.exclude(pk=case.pk).get().account == world.calder


def test_a_resolved_case_is_opened_again_within_a_month_and_not_after(world):
    take()
    case, sam = Case.objects.get(), actor_for(world.sam.user)
    services.answer_case(sam, case, body="Sent a new one.", now=NOW)
    services.resolve_case(sam, case, resolution="New drum", cause="other", now=NOW)
    take("Not here.", to=reply_address("case", case.pk), name="2", now=NOW + timedelta(days=3))
    case.refresh_from_db()
    assert case.status == "open"
    services.answer_case(sam, case, body="Now?", now=NOW)
    services.resolve_case(sam, case, resolution="New drum", cause="other", now=NOW)
    kept = take("Again!", to=reply_address("case", case.pk), name="3", now=NOW + timedelta(days=40))
    later = Case.objects.exclude(pk=case.pk).get()
    assert kept.subject == f"case:{later.number}"
    assert f"It goes on with {case.number}" in later.messages.get(is_internal=True).body


# --- what waits for the desk ------------------------------------------------------------------------------------------


def test_who_is_not_known_waits_and_is_known_once_the_desk_has_said_so(world, mailoutbox):
    someone = "Sid <sid@brightwater.example>"
    take("Hello?", sender=someone)
    take("Hello??", sender=someone, name="2")
    assert not Event.objects.filter(name="case.opened").exists()
    waiting = waiting_mails()
    assert [(each.more, world.brightwater in each.accounts) for each in waiting] == [(1, True)]
    case = services.place_mail(actor_for(world.sam.user), waiting[0].mail.pk, place="AC-1", now=NOW)
    assert not WaitingMail.objects.exists()
    assert (case.contact, case.writer_email, case.writer_name) == (None, "sid@brightwater.example", "Sid")
    assert [each.body for each in case.messages.all()] == ["Hello?", "Hello??"]
    assert opening_notices(Event.objects.get(name="case.opened"))[0]["to"] == "sid@brightwater.example"
    services.answer_case(actor_for(world.sam.user), case, body="Here.", now=NOW)
    assert answer_notice(Event.objects.get(name="case.answered"))[0]["to"] == "sid@brightwater.example"
    take("Thanks.", sender=someone, to=reply_address("case", case.pk), name="3")
    assert case.messages.last().author_name == "Sid"
    take("Something else.", sender=someone, name="4")
    assert Case.objects.exclude(pk=case.pk).get().account == world.brightwater


def test_the_desk_puts_a_mail_onto_a_case_or_throws_it_away(world):
    take()
    case, sam = Case.objects.get(), actor_for(world.sam.user)
    take_in(incoming(with_files(mail("See.", sender="x@y.example", name="2"), ("a.png", picture()))), now=NOW)
    waiting = WaitingMail.objects.get()
    with pytest.raises(MailNotPlaced):
        services.place_mail(sam, waiting.pk, place="AC-999", now=NOW)
    services.place_mail(sam, waiting.pk, place=case.number.lower(), now=NOW)
    file = CaseFile.objects.get()
    assert (file.case, file.message, file.mail) == (case, case.messages.last(), None)
    with pytest.raises(MailNotFound):
        services.discard_mail(sam, waiting.pk, now=NOW)
    take("Buy pills", sender="p@q.example", name="3")
    assert services.discard_mail(sam, WaitingMail.objects.get().pk, now=NOW) == 1
    assert not WaitingMail.objects.exists()


def test_what_a_stranger_writes_on_a_case_stands_under_their_own_name(world):
    take()
    case, sam = Case.objects.get(), actor_for(world.sam.user)
    take("The code is 1.", sender="Xeno <x@y.example>", name="2")
    services.place_mail(sam, WaitingMail.objects.get().pk, place=case.number, now=NOW)
    said = case.messages.last()
    assert (said.author_name, said.body) == ("Xeno", "The code is 1.\n\n[Sent from x@y.example]")


@pytest.mark.parametrize(("change", "word"), [({"name": "Calder"}, "Several"), ({"is_active": False}, "closed")])
def test_a_mail_is_put_to_no_account_that_it_may_not_be_for(world, change, word):
    type(world.calder).objects.filter(pk=world.calder.pk).update(name="Calder")
    type(world.leeds).objects.filter(pk=world.leeds.pk).update(**change)
    take("?", sender="x@y.example")
    place = "Calder" if "name" in change else world.leeds.number
    with pytest.raises(MailNotPlaced) as refused:
        services.place_mail(actor_for(world.sam.user), WaitingMail.objects.get().pk, place=place, now=NOW)
    assert word in str(refused.value.detail)
    assert WaitingMail.objects.exists()


def test_the_desk_s_page_costs_the_same_for_many(client, world, django_assert_num_queries):
    for at in range(3):
        take("?", sender=f"s{at}@nobody.example", name=f"n{at}")
    client.force_login(world.sam.user)
    page = client.get("/workspace/mails/").content.decode()
    assert page.count("nobody.example") == 3
    with django_assert_num_queries(3):
        waiting_mails()
    client.force_login(world.rhea.user)
    assert client.get("/workspace/mails/").status_code == 403


# --- machines ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Precedence": "auto_reply"},
        {"sender": SERVICE},
        {"sender": "reply@in.tradewell.example"},
        {"sender": "no-reply@shop.example"},
        {"X_Autoreply": "yes"},
    ],
)
def test_machines_open_nothing_and_hear_nothing(world, headers):
    assert take(**headers).outcome == "machine"
    assert not Case.objects.exists()
    assert not WaitingMail.objects.exists()


def test_who_sends_too_many_is_held_back_and_operations_hears_once(world):
    most = MOST_OF_SENDER[0][1]
    outcomes = [take(name=f"n{at}").outcome for at in range(most + 3)]
    assert outcomes == ["taken"] * most + ["held"] * 3
    assert WaitingMail.objects.filter(why="too_many").count() == 3
    told = Event.objects.get(name="mail.held_back")
    assert [each["to"] for each in held_back_notices(told)] == [world.otto.email]
    assert take(name="later", now=NOW + timedelta(hours=2)).outcome == "taken"


def test_a_thread_that_two_machines_fill_is_held_back(world):
    take()
    case, most = Case.objects.get(), MOST_OF_THREAD[0][1]
    IncomingMail.objects.bulk_create(
        IncomingMail(key=f"k{at}", outcome="taken", subject=f"case:{case.number}", received_at=NOW)
        for at in range(most)
    )
    kept = take("Out of office", to=reply_address("case", case.pk), name="2")
    assert (kept.outcome, kept.reason) == ("held", "thread")
    assert case.messages.count() == 1
    assert WaitingMail.objects.get().case == case


# --- files ------------------------------------------------------------------------------------------------------------


def test_files_of_a_mail_are_judged_by_their_content_and_the_sender_hears_of_the_others(world):
    take()
    case = Case.objects.get()
    sent = [("../a.pdf.png", picture()), ("b.pdf", b"%PDF-1.7"), ("c.pdf", b"MZ\x90"), ("d.png", b"")]
    message = with_files(mail("See.", to=reply_address("case", case.pk), name="2"), *sent)
    take_in(incoming(message), now=NOW)
    said = case.messages.last()
    assert [(file.name, file.kind, file.is_internal) for file in said.files.all()] == [
        ("a.pdf.png", "jpg", False), ("b.pdf", "pdf", False),
    ]  # fmt: skip
    assert "[Not taken: c.pdf. Only a picture" in said.body
    notice = refused_files_notice(Event.objects.get(name="case.files_refused"))[0]
    assert (notice["to"], [file["name"] for file in notice["context"]["files"]]) == (
        "anna@brightwater.example", ["c.pdf", "d.png"],
    )  # fmt: skip
    assert notice["headers"]["Auto-Submitted"] == "auto-replied"
    again = with_files(mail("And.", to=reply_address("case", case.pk), name="3"), ("e.pdf", b"MZ"))
    take_in(incoming(again), now=NOW)
    assert refused_files_notice(Event.objects.filter(name="case.files_refused").last())[0]["key"] == notice["key"]


def test_a_file_that_is_too_large_is_left_out_and_the_mail_is_kept(world, settings):
    settings.CASE_FILE_MOST_BYTES, settings.MAIL_MOST_BYTES = 2 * 1024**2, 3 * 1024**2
    large, half = b"%PDF-" + b"x" * (3 * 1024**2), b"%PDF-" + b"x" * (1900 * 1024)
    take_in(incoming(with_files(mail(), ("large.pdf", large), ("a.pdf", half), ("b.pdf", half))), now=NOW)
    case = Case.objects.get()
    assert [file.name for file in case.files.all()] == ["a.pdf"]
    body = case.messages.get().body
    assert "[Not taken: large.pdf. The file is larger than 2 MB: send a smaller one.]" in body
    assert "[Not taken: b.pdf." in body


def test_a_picture_is_judged_by_its_size_before_it_is_decoded_and_kept_upright():
    kept = io.BytesIO()
    Image.new("1", (5001, 5000)).save(kept, "PNG")
    with pytest.raises(AttachmentRefused, match="pixels"):
        attached(kept.getvalue())
    kept, exif = io.BytesIO(), Image.Exif()
    exif[0x0112] = 6  # lies on its side
    Image.new("CMYK", (3000, 1500)).save(kept, "JPEG", exif=exif)
    with Image.open(io.BytesIO(attached(kept.getvalue()).content)) as picture:
        assert (picture.size, picture.mode) == ((1000, 2000), "RGB")


def test_a_mail_of_files_alone_is_a_case(world):
    take_in(incoming(with_files(mail("", Subject=""), ("a.png", picture()))), now=NOW)
    case = Case.objects.get()
    assert (case.title, case.files.count()) == ("A mail without a subject", 1)
    assert take("", Subject="", name="2").outcome == "empty"


def test_a_file_has_one_door(client, world):
    take_in(incoming(with_files(mail(), ("a.png", picture()))), now=NOW)
    case, file = Case.objects.get(), CaseFile.objects.get()
    url = f"/service/{case.number}/files/{file.pk}/"
    for who, status in ((world.anna, 200), (world.xaver, 404)):
        client.force_login(who.user)
        answer = client.get(url)
        assert answer.status_code == status
    client.force_login(world.anna.user)
    answer = client.get(url)
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"].startswith("attachment")
    assert "a.png" in client.get(f"/service/{case.number}/").content.decode()
    CaseFile.objects.update(is_internal=True)
    assert client.get(url).status_code == 404
    assert "a.png" not in client.get(f"/service/{case.number}/").content.decode()
    client.force_login(world.sam.user)
    assert client.get(url).status_code == 200


def test_files_are_sent_along_in_the_portal_and_from_the_desk(client, world):
    take()
    case = Case.objects.get()
    client.force_login(world.anna.user)
    sent = {"body": "See.", "files": [io.BytesIO(picture()), io.BytesIO(b"%PDF-1")]}
    assert client.post(f"/service/{case.number}/", sent).status_code == 302
    refused = client.post(f"/service/{case.number}/", {"body": "See.", "files": io.BytesIO(b"MZ")})
    assert refused.status_code == 422
    client.force_login(world.sam.user)
    client.post(f"/workspace/cases/{case.number}/answer/", {"body": "Look.", "files": io.BytesIO(picture())})
    client.post(f"/workspace/cases/{case.number}/note/", {"body": "Ours.", "files": io.BytesIO(picture())})
    assert [(file.message.body, file.is_internal) for file in CaseFile.objects.all()] == [
        ("See.", False), ("See.", False), ("Look.", False), ("Ours.", True),
    ]  # fmt: skip
    assert CaseMessage.objects.count() == 4


# --- a provider's webhook ---------------------------------------------------------------------------------------------


def test_a_document_is_read_without_its_large_files():
    kept, large = base64.b64encode(b"k" * 9_000).decode(), base64.b64encode(b"x" * 90_000).decode()
    said = {
        "Text": 'He said "no\\" \\\\" ' + "y" * 6_000,
        "Attachments": [{"Name": "a", "Content": large}, {"Name": "b", "Content": kept}, {"Content": kept}],
    }
    stream = io.BytesIO(json.dumps(said).encode())
    found = json.loads(slimming.slimmed(stream, largest=20_000, together=12_000, most=60_000))
    omitted = base64.b64encode(slimming.OMITTED).decode()
    assert [each["Content"] for each in found["Attachments"]] == [omitted, kept, omitted]
    assert found["Text"] == said["Text"]
    with pytest.raises(slimming.TooLarge):
        slimming.slimmed(io.BytesIO(json.dumps(said).encode()), largest=20_000, together=99_999, most=9_000)


def test_the_pipe_of_a_mail_server_opens_a_case(world, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(mail(to="x@y.example").as_bytes())))
    call_command("take_mail", to=[SERVICE])
    assert Case.objects.get().title == "Drum"


def test_what_is_written_down_stands_beside_the_form_of_a_case(client, world):
    for language, title in (("en", "Broken goods"), ("th", "สินค้าเสียหาย")):
        Article.objects.create(slug="broken", language=language, title=title, body="x", topic="shipment")
    Article.objects.create(slug="pay", title="Pay by transfer", body="x", topic="invoice")
    client.force_login(world.anna.user)
    assert "Broken goods" in client.get("/service/new/").content.decode()
    page = client.get("/service/new/?cause=delivery&title=transfer").content.decode()
    assert "Pay by transfer" in page
    assert "Broken goods" not in page
    client.cookies.load({"django_language": "th"})
    assert "สินค้าเสียหาย" in client.get("/service/new/").content.decode()
