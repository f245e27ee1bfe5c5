"""Guessing a password: stopped for one log-in from one network, and for nobody else."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.conf import settings
from django.core import mail
from django.test import Client

LIMIT = settings.AXES_FAILURE_LIMIT
HERE, ELSEWHERE = "203.0.113.7", "198.51.100.9"


@pytest.fixture
def tries(client):
    """`tries(user, password, network)` sends the log-in form."""

    def send(who, password="not-the-right-word", network=HERE, path="/login/", **headers):
        email = getattr(who, "email", who)
        return client.post(path, {"username": email, "password": password}, REMOTE_ADDR=network, **headers)

    return send


def test_one_log_in_is_closed_to_guessing_and_says_for_how_long(world, tries):
    answers = [tries(world.anna.user, HTTP_USER_AGENT=f"guesser/{turn}") for turn in range(LIMIT)]

    assert [answer.status_code for answer in answers] == [200] * (LIMIT - 1) + [429]
    assert tries(world.anna.user, world.password).status_code == 429, "the right one is no way to find out either"
    assert answers[-1]["Retry-After"] == "900" and "15 minutes" in answers[-1].content.decode()


def test_colleagues_on_the_network_and_she_herself_elsewhere_are_let_in(world, tries):
    for _ in range(LIMIT):
        tries(world.anna.user)

    assert tries(world.boris.user).status_code == 200, "his first slip is a slip"
    assert tries(world.boris.user, world.password).status_code == 302
    assert tries(world.anna.user, world.password, network=ELSEWHERE).status_code == 302


def test_wrong_words_of_many_users_shut_nobody_out(world, tries):
    people = [world.anna, world.boris, world.fiona, world.rick, world.lena, world.xaver]

    assert {tries(person.user).status_code for person in people for _ in range(3)} == {200}


def test_whether_a_log_in_exists_cannot_be_told(world, tries):
    known, unknown = world.anna.user.email, "nobody@brightwater.example"
    answers = [(tries(known), tries(unknown)) for _ in range(LIMIT + 1)]

    assert all(one.status_code == other.status_code for one, other in answers)
    assert _words(answers[0][0]) == _words(answers[0][1]).replace(unknown, known)
    assert _words(answers[-1][0]) == _words(answers[-1][1])


def test_the_wait_ends_when_it_was_said_to(world, tries):
    for _ in range(LIMIT + 3):
        tries(world.anna.user)
    assert AccessAttempt.objects.get().failures_since_start == LIMIT, "tries during the wait do not lengthen it"
    AccessAttempt.objects.update(attempt_time=AccessAttempt.objects.get().attempt_time - timedelta(minutes=16))

    assert tries(world.anna.user, world.password).status_code == 302


def test_getting_in_forgets_the_slips(world, tries):
    for _ in range(LIMIT - 1):
        tries(world.anna.user)
    assert tries(world.anna.user, world.password).status_code == 302

    assert tries(world.anna.user).status_code == 200


@pytest.mark.parametrize("name", ["", "x" * 5000, "Anna@Brightwater.Example", "\x00"])
def test_whatever_is_typed_as_a_name_gets_an_answer(name, world, tries):
    assert {tries(name).status_code for _ in range(LIMIT + 1)} <= {200, 429}


def test_the_admins_own_log_in_is_closed_alike(world, tries):
    answers = [tries(world.otto, path="/admin/login/") for _ in range(LIMIT)]

    assert answers[-1].status_code == 429
    assert tries(world.otto, world.password).status_code == 429


def test_a_script_is_told_no_more_than_a_person(world, tries):
    for _ in range(LIMIT):
        tries(world.anna.user)
    answer = tries(world.anna.user, HTTP_X_REQUESTED_WITH="XMLHttpRequest")

    assert answer.status_code == 429 and "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize("host", ["testserver", "localhost"])
def test_a_new_password_is_chosen_at_the_portals_own_address(host, world, client, settings):
    settings.PORTAL_URL = "https://shop.example:8443"

    client.post("/password_reset/", {"email": world.anna.user.email}, HTTP_HOST=host)

    [letter] = mail.outbox
    assert "https://shop.example:8443/reset/" in letter.body and f"://{host}" not in letter.body


def test_a_new_password_for_nobody_is_answered_alike(world, client):
    answers = [
        client.post("/password_reset/", {"email": email})
        for email in (world.anna.user.email, "nobody@brightwater.example")
    ]

    assert [answer.url for answer in answers] == ["/password_reset/done/"] * 2 and len(mail.outbox) == 1


def _words(answer) -> str:
    page = answer.content.decode()
    return "\n".join(line for line in page.splitlines() if "csrf" not in line)


def test_a_browser_without_a_session_is_the_same_guesser(world, tries):
    for _ in range(LIMIT):
        form = {"username": world.anna.user.email, "password": "not-the-right-word"}
        answer = Client().post("/login/", form, REMOTE_ADDR=HERE)

    assert answer.status_code == 429
