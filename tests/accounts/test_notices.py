"""One source of news: what is mailed is noted, and told where the reader chose."""

from datetime import UTC, date, datetime, timedelta
from smtplib import SMTPServerDisconnected

import pytest
from django.core import mail as outbox
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.db import connection
from django.template.loader import get_template
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts import notices as table
from apps.accounts.errors import ChoiceRefused, ContactNotFound
from apps.accounts.models import Notice, NoticeChoice
from apps.accounts.notices import TOLD_BY
from apps.accounts.selectors import actor_for, channels_of, notices_page, unread_count
from apps.accounts.services import choose_channels, mark_undeliverable, read_notices, send_digests, tell
from apps.core.models import OutgoingMail
from apps.portal.things import url_of

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 3, 5, 7, 0, tzinfo=UTC)


def watch(world, number=1, who="anna", **more):
    """News of the kind `watch_met`."""
    contact = getattr(world, who)
    context = {"watch": _Watch(), "product": world.gloves, "reader": contact.name}
    return {
        "key": f"watch-met:{number}", "to": contact.email, "template": "watch_met", "context": context,
        "language": contact.language, "account_id": contact.account_id, "contact_id": contact.pk, **more,
    }  # fmt: skip


class _Watch:
    kind, quantity = "stock", 4


def choose(world, channel, kind="watch_met", who="anna"):
    contact = getattr(world, who)
    choose_channels(actor_for(contact.user), contact, {kind: channel}, now=world.now)


def test_the_table_names_templates_that_are_there_and_kinds_that_are_told():
    for template, told in table.TOLD_BY.items():
        get_template(f"email/{template}_subject.txt")
        assert told.number
        assert told.kind in table.KINDS
    assert {told.kind for told in table.TOLD_BY.values()} == set(table.KINDS)
    for kind in table.KINDS.values():
        assert kind.group in table.GROUPS
        assert kind.channels == table.ALL or kind.fixed
        assert {kind.usual, *(kind.by_persona or {}).values()} <= set(kind.channels)


@pytest.mark.parametrize(
    ("now", "zone", "day"),
    [
        (datetime(2026, 3, 4, 6, 59, tzinfo=UTC), "Europe/London", date(2026, 3, 4)),
        (datetime(2026, 3, 4, 7, 0, tzinfo=UTC), "Europe/London", date(2026, 3, 5)),
        (datetime(2026, 3, 4, 23, 0, tzinfo=UTC), "Asia/Tokyo", date(2026, 3, 6)),
        (datetime(2026, 3, 4, 11, 0, tzinfo=UTC), "America/New_York", date(2026, 3, 4)),
    ],
)
def test_the_day_of_a_digest_is_that_of_the_next_local_morning(now, zone, day):
    assert table.digest_day(now, zone) == day
    assert table.last_morning(now, zone) == day - timedelta(days=1)
    assert table.last_morning(now + timedelta(days=1), zone) == day


@pytest.mark.parametrize(
    ("channel", "mails", "noted"), [("mail", 1, 1), ("digest", 0, 1), ("portal", 0, 1), ("off", 0, 0)]
)
def test_each_channel_tells_once(channel, mails, noted, world):
    choose(world, channel)
    for _again in range(2):
        tell([watch(world)], now=world.now)
    assert (len(outbox.outbox), Notice.objects.count()) == (mails, noted)


def test_a_notice_says_what_the_mail_says_and_of_what(world):
    tell([watch(world)], now=world.now)
    notice, mail = Notice.objects.get(), outbox.outbox[0]
    assert notice.title == mail.subject == "Back in stock: Nitrile gloves large, box of 100"
    assert (notice.about, notice.contact, notice.channel) == ("product:GLV-NIT-L", world.anna, "mail")
    assert "/account/news/#watch_met" in mail.body
    assert "/account/news/#watch_met" in mail.alternatives[0].content


def test_a_letter_to_our_own_people_is_mailed_and_no_news(world):
    letter = {name: value for name, value in watch(world).items() if name != "contact_id"}
    assert tell([letter], now=world.now) == 1
    assert not Notice.objects.exists()
    assert "/account/news/" not in outbox.outbox[0].body


def test_what_was_told_first_holds_when_a_reaction_is_repeated(world, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(EmailMultiAlternatives, "send", lambda *_: (_ for _ in ()).throw(SMTPServerDisconnected()))
        with pytest.raises(SMTPServerDisconnected):
            tell([watch(world)], now=world.now)
    choose(world, "portal")
    assert tell([watch(world)], now=world.now) == 1


def test_the_digest_takes_what_is_unread_once_in_the_morning(world):
    choose(world, "digest")
    tell([watch(world, number) for number in range(3)], now=world.now)
    Notice.objects.filter(key="watch-met:0").update(read_at=world.now)
    assert send_digests(now=MORNING - timedelta(minutes=1)) == 0
    assert [send_digests(now=MORNING), send_digests(now=MORNING + timedelta(minutes=10))] == [1, 0]
    assert outbox.outbox[0].body.count("Back in stock") == 2
    assert outbox.outbox[0].subject.endswith("2 things for you")
    assert not Notice.objects.filter(mailed_at=None).exists()


def test_no_digest_where_all_was_read_or_nobody_is_there(world):
    choose(world, "digest")
    choose(world, "digest", who="boris")
    tell([watch(world), watch(world, 2, "boris")], now=world.now)
    read_notices(actor_for(world.anna.user), now=world.now)
    world.boris.is_active = False
    world.boris.save()
    assert send_digests(now=MORNING) == 0
    assert not OutgoingMail.objects.exists()


def test_a_digest_that_crashed_after_sending_is_not_sent_again_and_one_refused_is(world, monkeypatch):
    choose(world, "digest")
    tell([watch(world)], now=world.now)
    with monkeypatch.context() as broken:
        broken.setattr(EmailMultiAlternatives, "send", lambda *_: (_ for _ in ()).throw(SMTPServerDisconnected()))
        assert send_digests(now=MORNING) == 0
    assert send_digests(now=MORNING) == 1
    Notice.objects.update(mailed_at=None)  # as a crash between the mail and the mark leaves it
    assert send_digests(now=MORNING + timedelta(days=1)) == 0
    assert len(outbox.outbox) == 1


def test_the_morning_is_that_of_the_reader(world):
    world.boris.time_zone = "Asia/Tokyo"
    world.boris.save()
    for who in ("anna", "boris"):
        choose(world, "digest", who=who)
        tell([watch(world, who, who)], now=world.now)
    assert send_digests(now=datetime(2026, 3, 4, 22, 0, tzinfo=UTC)) == 1
    assert [letter.to for letter in outbox.outbox] == [[world.boris.email]]


def test_digests_of_many_cost_one_reading(world, django_assert_max_num_queries):
    for who in ("anna", "boris"):
        choose(world, "digest", who=who)
        tell([watch(world, f"{who}{number}", who) for number in range(9)], now=world.now)
    with django_assert_max_num_queries(2):
        send_digests(now=world.now)


def test_usual_ways_follow_the_persona_and_choices_stand_alone(world):
    anna, fiona = channels_of(world.anna), channels_of(world.fiona)
    assert (anna["invoice_issued"], fiona["invoice_issued"], fiona["invoice_due"]) == ("portal", "mail", "digest")
    assert "approval_waits" not in anna
    assert "invoice_issued" not in channels_of(world.rick)
    choose(world, "off")
    choose(world, "mail")
    assert not NoticeChoice.objects.exists()


@pytest.mark.parametrize(
    ("kind", "channel"),
    [
        ("order_confirmed", "off"),
        ("standing_placed", "off"),
        ("message", "digest"),
        ("approval_waits", "mail"),
        ("x", "mail"),
    ],
)
def test_what_must_arrive_cannot_be_turned_off(kind, channel, world):
    with pytest.raises(ChoiceRefused):
        choose(world, channel, kind)


def test_news_are_read_by_nobody_else(world):
    tell([watch(world)], now=world.now)
    acting = actor_for(world.rhea.user, acting_contact_id=world.anna.pk)
    assert (unread_count(acting), len(notices_page(acting))) == (0, 0)
    assert read_notices(actor_for(world.boris.user), now=world.now) == 0
    with pytest.raises(ContactNotFound):
        read_notices(actor_for(world.rhea.user), now=world.now)
    assert unread_count(actor_for(world.anna.user)) == 1


def digests_of_both(world):
    for who in ("anna", "boris"):
        choose(world, "digest", who=who)
        tell([watch(world, who, who)], now=world.now)


def test_a_zone_that_nobody_knows_holds_up_no_digest_and_is_not_taken(world):
    world.anna.time_zone = "Mars/Olympus"
    with pytest.raises(ValidationError):
        world.anna.full_clean()
    world.anna.save()
    digests_of_both(world)
    assert send_digests(now=MORNING) == 2


def test_one_digest_that_breaks_holds_up_no_other_and_is_given_up_after_a_day(world, monkeypatch):
    digests_of_both(world)
    send = EmailMultiAlternatives.send

    def broken(message, *args):
        if message.to == [world.anna.email]:
            raise ValueError("no such header")
        return send(message, *args)

    monkeypatch.setattr(EmailMultiAlternatives, "send", broken)
    assert [send_digests(now=MORNING), send_digests(now=MORNING + timedelta(hours=23))] == [1, 0]
    waiting = Notice.objects.get(contact=world.anna)
    assert (waiting.digest_on, waiting.mailed_at) == (date(2026, 3, 5), None)
    send_digests(now=MORNING + timedelta(days=1))
    waiting.refresh_from_db()
    assert (waiting.digest_on, waiting.mailed_at, waiting.read_at) == (None, None, None)


def test_no_digest_goes_where_nothing_arrives(world):
    mark_undeliverable(world.anna.email, now=world.now)
    digests_of_both(world)
    assert send_digests(now=MORNING) == 1
    assert [letter.to for letter in outbox.outbox] == [[world.boris.email]]
    assert Notice.objects.get(contact=world.anna).digest_on is None


def test_everybody_has_their_turn_however_many_wait(world, monkeypatch):
    monkeypatch.setattr("apps.accounts.selectors.notices._AT_ONCE", 1)
    digests_of_both(world)
    tell([watch(world, number) for number in range(3)], now=world.now)
    assert send_digests(now=MORNING) == 2
    assert not Notice.objects.filter(mailed_at=None).exists()


def test_what_came_too_late_for_the_digest_of_its_day_is_told_the_next(world):
    choose(world, "digest")
    tell([watch(world)], now=world.now)
    send_digests(now=MORNING)
    tell([watch(world, 2)], now=world.now)  # committed after the digest was read
    assert send_digests(now=MORNING + timedelta(minutes=10)) == 0
    late = Notice.objects.get(mailed_at=None)
    assert (late.key, late.digest_on) == ("watch-met:2", date(2026, 3, 6))
    assert send_digests(now=MORNING + timedelta(days=1)) == 1
    assert outbox.outbox[1].subject.endswith("one thing for you") and not Notice.objects.filter(mailed_at=None).exists()


def test_news_that_is_not_for_a_role_is_told_to_nobody_of_it(world):
    with_prices = watch(world, who="rick") | {"template": "price_match_decided"}
    assert tell([with_prices], now=world.now) == 0
    assert not Notice.objects.exists() and not outbox.outbox


def test_operations_see_who_was_told_what_how_and_whether_it_was_read(world, client, django_assert_num_queries):
    choose(world, "digest", who="boris")
    tell([watch(world), watch(world, 2, who="boris")], now=world.now)
    read_notices(actor_for(world.anna.user), now=world.now)
    client.force_login(world.otto)
    of_anna = client.get(reverse("admin:accounts_contact_change", args=[world.anna.pk])).content.decode()
    assert f"/accounts/notice/?contact__id__exact={world.anna.pk}" in of_anna and "1 piece of news" in of_anna
    page = reverse("admin:accounts_notice_changelist")
    everything = client.get(page).content.decode()
    assert "e-mail at once: sent" in everything and "once a day: waits" in everything

    def found(**narrowed):
        return [row.contact.name for row in client.get(page, narrowed).context["cl"].result_list]

    assert found() == ["Boris", "Anna"]
    assert found(read="no") == ["Boris"] and found(read="yes") == ["Anna"]
    assert found(group="products", channel="mail") == ["Anna"] and found(group="money") == []
    assert found(contact__id__exact=world.boris.pk) == ["Boris"] and found(q=world.anna.email) == ["Anna"]
    with CaptureQueriesContext(connection) as few:
        client.get(page)
    tell([watch(world, number) for number in range(3, 9)], now=world.now)
    with django_assert_num_queries(len(few)):
        client.get(page)
    one = reverse("admin:accounts_notice_change", args=[Notice.objects.first().pk])
    assert client.get(one).status_code == 200 and client.post(one, {"title": "x"}).status_code == 403


def test_all_that_news_is_about_has_a_page():
    assert [told.noun for told in TOLD_BY.values() if not url_of(f"{told.noun}:1")] == []
