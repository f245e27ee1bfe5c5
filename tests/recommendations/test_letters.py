"""The weekly letter: who gets it when, what stands in it, that it never comes twice, and one click into the cart."""

from datetime import UTC, date, datetime, timedelta
from smtplib import (
    SMTPAuthenticationError,
    SMTPDataError,
    SMTPException,
    SMTPRecipientsRefused,
    SMTPServerDisconnected,
)
from threading import Barrier, Thread
from zoneinfo import ZoneInfo

import pytest
from anymail.exceptions import AnymailAPIError, AnymailRecipientsRefused
from django.core import mail
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from requests import Response

from apps.accounts.models import CountryConsent
from apps.accounts.services import object_to
from apps.cases.models import Case
from apps.core.models import OutgoingMail
from apps.delivery.models import Holiday
from apps.ordering.models import CartLine
from apps.recommendations.letters import is_morning
from apps.recommendations.models import Dismissal, NextLine, NextOrderLetter, SuggestionDay, SuggestionTerms
from apps.recommendations.services import letters, note_bought, send_letters
from tests.portal.buying import add
from tests.recommendations.test_suggestions import order

pytestmark = pytest.mark.django_db
WEDNESDAY = datetime(2026, 3, 4, 8, tzinfo=UTC)
CLOSED = {date(2026, 3, 4)}


@pytest.mark.parametrize(
    ("local", "days", "closed", "goes"),
    [
        ((4, 7), "12345", (), True),
        ((4, 10), "12345", (), True),
        ((4, 6), "12345", (), False),
        ((4, 11), "12345", (), False),
        ((4, 8), "12345", CLOSED, False),
        ((7, 8), "12345", (), False),
        ((7, 8), "67123", (), True),
    ],
)
def test_a_morning_on_which_the_account_works(local, days, closed, goes):
    assert is_morning(datetime(2026, 3, *local), 7, days, closed) is goes


def due(account, product, *, at=WEDNESDAY, days=2, place=1, quantity=100):
    last = {"times": 4, "gap": 21, "last": str(at.date() - timedelta(days=20))}
    return NextLine.objects.create(
        account=account, product=product, place=place, quantity=quantity, kind="rhythm", because=last,
        due_on=at.date() + timedelta(days=days), confidence=70,
    )  # fmt: skip


@pytest.fixture(autouse=True)
def law(world):
    """Customers may be written to about offers until they say no."""
    CountryConsent.objects.update_or_create(country="GB", purpose="marketing", defaults={"basis": "soft_opt_in"})


@pytest.fixture
def week(world):
    """The bolt and the oil are due for Brightwater; the gloves only later."""
    due(world.brightwater, world.bolt)
    due(world.brightwater, world.oil, place=2, quantity=2)
    due(world.brightwater, world.gloves, days=8, place=3, quantity=1)


def readers() -> set[str]:
    return {to.partition("@")[0] for message in mail.outbox for to in message.to}


def told(to="anna") -> str:
    (message,) = [each for each in mail.outbox if each.to[0].startswith(to)]
    return message.body


def test_who_may_order_reads_what_is_due_with_price_day_and_reason(world, week):
    assert send_letters(now=WEDNESDAY) == 2
    assert readers() == {"anna", "boris"}
    words = " ".join(told().split())
    for said in (
        "100 x BLT-M8-40 Hex bolt M8 x 40 zinc plated", "£0.16", "2 x OIL-5L", "arrives",
        "You order it every 3 weeks, last on", "due in 2 days", "/next-order/letters/",
    ):  # fmt: skip
        assert said in words, said
    assert "GLV-NIT-L" not in words
    message = mail.outbox[0]
    assert message.subject == "Due this week: Hex bolt M8 x 40 zinc plated and more"
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message.extra_headers["List-Unsubscribe"].startswith("<http")
    assert message.extra_headers["Reply-To"] == world.rhea.user.email
    assert SuggestionDay.objects.get().shown == 4


def test_by_the_readers_clock_once_a_week_and_never_more_often_than_every_seventh_day(world, week):
    world.boris.time_zone = "Asia/Bangkok"
    world.boris.save()
    hours = [WEDNESDAY + timedelta(hours=n) for n in range(-8, 24 * 6)]
    sent = [(hour, send_letters(now=hour)) for hour in hours]
    assert [(f"{hour:%a %H}", n) for hour, n in sent if n] == [("Wed 00", 1), ("Wed 07", 1)]
    assert send_letters(now=WEDNESDAY + timedelta(days=7)) == 1


def test_where_the_day_begins_before_ours_it_comes_on_the_same_weekday(world, week):
    type(world.anna).objects.update(time_zone="Pacific/Auckland")
    type(world.anna).objects.exclude(pk=world.anna.pk).update(is_active=False)
    there = ZoneInfo("Pacific/Auckland")
    morning = datetime(2026, 3, 4, 7, tzinfo=there)
    sent = [morning + timedelta(hours=n) for n in range(8 * 24) if send_letters(now=morning + timedelta(hours=n))]
    assert [f"{at.astimezone(there):%a %H}" for at in sent] == ["Wed 07", "Wed 07"]


@pytest.mark.parametrize(
    "change",
    [
        lambda world: CountryConsent.objects.update(basis="opt_in"),
        lambda world: NextLine.objects.filter(due_on__lt=date(2026, 3, 12)).delete(),
        lambda world: Holiday.objects.create(country="GB", name="Wednesday off", day_on=date(2026, 3, 4)),
        lambda world: SuggestionTerms.objects.create(pk=1, writes_letters=False),
        lambda world: SuggestionTerms.objects.create(pk=1, letter_hour=9),
        lambda world: type(world.brightwater).objects.update(working_days="45671"),
        lambda world: type(world.brightwater).objects.update(is_test=True),
        lambda world: type(world.brightwater).objects.update(is_active=False),
        lambda world: type(world.anna).objects.update(email=""),
        lambda world: type(world.anna).objects.update(is_active=False),
        lambda world: type(world.anna).objects.update(role="finance"),
        lambda world: type(world.anna.user).objects.update(is_active=False),
        lambda world: [order(world.brightwater, date(2026, 3, 4), (each, 1)) for each in (world.bolt, world.oil)],
        lambda world: [
            Dismissal.objects.create(account=world.brightwater, product=each, kind="never", said_at=WEDNESDAY)
            for each in (world.bolt, world.oil)
        ],
        lambda world: type(world.bolt).objects.update(status="discontinued"),
    ],
    ids="no_consent nothing_due holiday letters_off later_hour no_working_day test_account account_closed no_address "
    "left may_not_order no_log_in just_ordered dismissed off_sale".split(),
)
def test_no_letter(world, week, change):
    change(world)
    assert (send_letters(now=WEDNESDAY), NextOrderLetter.objects.count()) == (0, 0)


def test_no_letter_to_who_objected_or_is_held_out(world, week, monkeypatch):
    object_to(world.boris, "marketing", source="mail", now=WEDNESDAY)
    send_letters(now=WEDNESDAY)
    assert readers() == {"anna"}
    NextOrderLetter.objects.all().delete()
    monkeypatch.setattr("apps.recommendations.letters.is_held_out", lambda *_args: True)
    assert send_letters(now=WEDNESDAY) == 0


def test_nothing_a_case_is_open_about_and_nothing_from_the_readers_cart(world, week, signed_in):
    old = order(world.brightwater, date(2026, 1, 12), (world.oil, 1))
    Case.objects.create(
        number="CA-7", account=world.brightwater, order=old, origin="portal", source_ref="x", title="It leaks",
        opened_at=WEDNESDAY, acknowledge_by=WEDNESDAY, answer_by=WEDNESDAY, resolve_by=WEDNESDAY,
    )  # fmt: skip
    add(signed_in(world.boris), world.bolt)
    assert send_letters(now=WEDNESDAY) == 1
    assert "BLT-M8-40" in told("anna")
    assert "OIL-5L" not in told("anna")


def test_in_the_readers_language_from_right_to_left(world, week):
    type(world.anna).objects.filter(pk=world.anna.pk).update(language="fa")
    send_letters(now=WEDNESDAY)
    (message,) = [each for each in mail.outbox if each.to[0].startswith("anna")]
    html = message.alternatives[0].content
    assert '<html lang="fa" dir="rtl"' in html
    assert "BLT-M8-40" in html


def test_the_same_number_of_queries_whatever_stands_in_it(world, week, django_assert_max_num_queries):
    type(world.anna).objects.filter(pk=world.boris.pk).update(is_active=False)
    for place, product in enumerate((world.bolt_long, world.drill), 4):
        due(world.brightwater, product, place=place)
    with django_assert_max_num_queries(34):
        assert send_letters(now=WEDNESDAY) == 1


def test_a_letter_that_was_begun_is_never_begun_again(world, week, monkeypatch):
    def crash(*_args, **_kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr("apps.recommendations.services.letters.send_once", crash)
    with pytest.raises(KeyboardInterrupt):
        send_letters(now=WEDNESDAY)
    monkeypatch.undo()
    assert send_letters(now=WEDNESDAY) == 1  # the other reader's
    assert send_letters(now=WEDNESDAY) == 0


def test_a_refused_letter_holds_up_no_other_and_where_no_server_is_none_is_begun(world, week, monkeypatch):
    def refuse(_self, _messages):
        raise SMTPException("no")

    backend = "django.core.mail.backends.locmem.EmailBackend"
    with monkeypatch.context() as patch:
        patch.setattr(f"{backend}.open", lambda _self: (_ for _ in ()).throw(ConnectionRefusedError()))
        assert (send_letters(now=WEDNESDAY), NextOrderLetter.objects.count()) == (0, 0)
    with monkeypatch.context() as patch:
        patch.setattr(f"{backend}.send_messages", refuse)
        assert (send_letters(now=WEDNESDAY), NextOrderLetter.objects.filter(sent_at=None).count()) == (0, 2)
    assert send_letters(now=WEDNESDAY) == 0


LOST, WAITS, AGAIN = (1, 2, 0), (0, 1, 1), (0, 0, 2)


def refused_by_provider(status: int) -> AnymailAPIError:
    response = Response()
    response.status_code, response.reason = status, "as told by the provider"
    return AnymailAPIError(status_code=status, response=response)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (SMTPRecipientsRefused({"anna": (550, b"unknown")}), LOST),
        (SMTPRecipientsRefused({"anna": (421, b"closing")}), WAITS),
        (SMTPDataError(554, b"no"), LOST),
        (SMTPDataError(451, b"later"), WAITS),
        (AnymailRecipientsRefused(), LOST),
        (refused_by_provider(422), LOST),
        (refused_by_provider(503), WAITS),
        (refused_by_provider(429), AGAIN),
        (SMTPServerDisconnected("gone"), WAITS),
        (TimeoutError(), WAITS),
        (ConnectionRefusedError(), AGAIN),
        (SMTPAuthenticationError(535, b"no"), AGAIN),
    ],
)
def test_a_server_lost_on_the_way_takes_the_week_from_none_but_the_one_it_may_have_taken(
    world, week, monkeypatch, error, expected
):
    """How many go out, how many are begun, how many the next sweep sends."""

    def fail_for_anna(key, *, to, **_message):
        if to == world.anna.email:
            raise error
        return True

    with monkeypatch.context() as patch:
        patch.setattr("apps.recommendations.services.letters.send_once", fail_for_anna)
        first = send_letters(now=WEDNESDAY), NextOrderLetter.objects.count()
    assert (*first, send_letters(now=WEDNESDAY + timedelta(hours=1))) == expected


@pytest.mark.parametrize("part", ["lines_due", "message_of"])
def test_a_letter_that_cannot_be_written_holds_up_no_other(world, week, monkeypatch, part):
    usual, calls = getattr(letters, part), []

    def fail_first(*args):
        calls.append(args)
        if len(calls) == 1:
            raise ValueError("of one reader")
        return usual(*args)

    monkeypatch.setattr(letters, part, fail_first)
    assert send_letters(now=WEDNESDAY) == 1
    assert readers() == {"boris"}


@pytest.mark.django_db(transaction=True)
def test_of_two_sweeps_at_once_one_writes(world, week):
    barrier = Barrier(2)

    def sweep():
        barrier.wait()
        send_letters(now=WEDNESDAY)
        connection.close()

    sweeps = [Thread(target=sweep) for _n in range(2)]
    for each in sweeps:
        each.start()
    for each in sweeps:
        each.join()
    assert sorted(message.to[0] for message in mail.outbox) == [world.anna.email, world.boris.email]
    assert OutgoingMail.objects.filter(key__startswith="next-order:").count() == 2


@pytest.fixture
def letter(world):
    now = timezone.now()
    for place, (product, quantity) in enumerate(((world.bolt, 100), (world.oil, 2)), 1):
        due(world.brightwater, product, at=now, place=place, quantity=quantity)
    SuggestionTerms.objects.create(pk=1, letter_hour=8)
    monday = (now - timedelta(days=now.weekday())).replace(hour=9)
    NextLine.objects.update(due_on=monday.date())
    send_letters(now=monday)
    return NextOrderLetter.objects.get(contact=world.anna)


def page_of(letter) -> str:
    return reverse("portal:next_order_letter", args=[letter.pk])


def test_one_click_puts_it_into_the_cart_once(world, letter, signed_in):
    anna, page = signed_in(world.anna), page_of(letter)
    shown = anna.get(page).content.decode()
    assert shown.count(" checked ") == 2
    assert 'data-suggestion-place="mail"' in shown
    assert not CartLine.objects.exists()
    lines = {"line": [world.bolt.pk, world.oil.pk], f"quantity-{world.bolt.pk}": "300", f"quantity-{world.oil.pk}": "2"}
    assert anna.post(page, lines).url == reverse("portal:cart")
    assert anna.post(page, lines).url == reverse("portal:cart")
    assert set(CartLine.objects.values_list("product__sku", "quantity")) == {("BLT-M8-40", 300), ("OIL-5L", 2)}
    assert "in your cart already" in anna.get(page).content.decode()
    mailed = SuggestionDay.objects.filter(place="mail")
    assert sum(mailed.values_list("added", flat=True)) == 2
    made = order(world.brightwater, timezone.localdate(), (world.oil, 2))
    assert note_bought(made.number) == 1


def test_a_bad_quantity_is_said_beside_its_line_and_the_letter_stays_open(world, letter, signed_in):
    anna, page = signed_in(world.anna), page_of(letter)
    refused = anna.post(page, {"line": [world.oil.pk], f"quantity-{world.oil.pk}": "many"})
    assert refused.status_code == 422
    assert f'id="error-{world.oil.pk}"' in refused.content.decode()
    assert NextOrderLetter.objects.get(pk=letter.pk).used_at is None
    assert anna.post(page, {}).url == page


def test_what_is_dismissed_ordered_or_off_sale_meanwhile_is_left_out(world, letter, signed_in):
    anna, page = signed_in(world.anna), page_of(letter)
    anna.post(reverse("portal:dismiss"), {"never": world.oil.sku})
    shown = anna.get(page).content.decode()
    assert ("BLT-M8-40" in shown, "OIL-5L" in shown) == (True, False)
    assert "1 product of the letter is left out" in shown
    order(world.brightwater, timezone.localdate(), (world.bolt, 100), status="placed")
    assert "Nothing of it is due any more" in anna.get(page).content.decode()


def test_who_is_logged_out_comes_back_to_it_and_no_one_else_sees_it(world, letter, client, signed_in):
    page = page_of(letter)
    assert client.get(page).url.endswith(f"?next={page}")
    assert signed_in(world.boris).get(page).status_code == 404
    assert signed_in(world.xaver).get(page).status_code == 404
    assert signed_in(world.fiona).get(page).status_code == 403


def test_the_page_takes_as_many_queries_for_many(world, letter, signed_in, django_assert_max_num_queries):
    anna = signed_in(world.anna)
    anna.get(page_of(letter))
    with django_assert_max_num_queries(20):
        anna.get(page_of(letter))
