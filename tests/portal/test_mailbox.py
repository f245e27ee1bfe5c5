"""The development mailbox, and files where no web server stands in front."""

import pytest
from django.core.exceptions import SuspiciousFileOperation
from django.core.mail import EmailMultiAlternatives, get_connection
from django.http import Http404
from django.urls import reverse

from apps.core import mailbox
from config.media import media


@pytest.fixture
def kept(settings, tmp_path) -> mailbox.Message:
    """A message in the mailbox."""
    settings.MAILBOX_DIR = str(tmp_path)
    connection = get_connection("apps.core.mailbox.MailboxBackend")
    message = EmailMultiAlternatives("Order SO-1", "Thank you", to=["anna@y.example"], connection=connection)
    message.attach_alternative("<p>Thank you</p><script>alert(1)</script>", "text/html")
    message.send()
    return mailbox.messages()[0]


def test_messages_are_listed_and_found_by_address(kept, client, db):
    inbox = reverse("portal:mailbox")

    assert "Order SO-1" in client.get(inbox, {"to": "anna@"}).content.decode()
    assert "Order SO-1" not in client.get(inbox, {"to": "boris@"}).content.decode()


def test_html_is_shown_in_a_frame_that_runs_nothing(kept, client, db):
    page = client.get(reverse("portal:mail", args=[kept.id])).content.decode()
    framed = client.get(reverse("portal:mail_html", args=[kept.id]))

    assert "css/portal.css" in page, "the frame has its height and the text its line breaks from there"
    assert "sandbox=" in page and "<script>alert" not in page
    assert "default-src 'none'" in framed["Content-Security-Policy"] and "sandbox" in framed["Content-Security-Policy"]
    assert framed["X-Frame-Options"] == "SAMEORIGIN"
    assert "Thank you" in client.get(reverse("portal:mail", args=[kept.id]), {"as": "text"}).content.decode()


@pytest.mark.parametrize("wrong", ["nothing", "..%2f..%2fetc%2fpasswd", "20260101T000000000000-00000000"])
def test_what_is_not_a_message_is_not_found(wrong, kept, client, db):
    assert client.get(f"/dev/mailbox/{wrong}/").status_code == 404


def test_without_a_mailbox_there_is_no_page(settings, client, db):
    settings.MAILBOX_DIR = None

    assert client.get(reverse("portal:mailbox")).status_code == 404


def test_files_come_from_their_folder_and_from_nowhere_else(settings, tmp_path, rf):
    settings.MEDIA_ROOT = str(tmp_path / "media")
    (tmp_path / "media" / "products").mkdir(parents=True)
    (tmp_path / "media" / "products" / "bolt.svg").write_text("<svg/>")
    (tmp_path / "secret").write_text("no")

    found = media(rf.get("/"), "products/bolt.svg")

    assert b"".join(found.streaming_content) == b"<svg/>" and "max-age" in found["Cache-Control"]
    for wrong in ("../secret", "products/../../secret", "products", "absent.svg"):
        with pytest.raises((Http404, SuspiciousFileOperation)):
            media(rf.get("/"), wrong)
