"""The same request sent twice is answered once."""

from datetime import timedelta

import pytest

from apps.core.errors import Invalid
from apps.core.idempotency import KEPT_FOR, InFlight, KeyReused, answer_once, forget_answers
from apps.core.models import IdempotentRequest
from tests.world import NOW

pytestmark = pytest.mark.django_db


class Deed:
    """Counts how often it is done."""

    def __init__(self, refuse=False):
        self.times, self.refuse = 0, refuse

    def __call__(self):
        self.times += 1
        if self.refuse:
            raise Invalid()
        return 201, {"times": self.times}


def test_done_once_and_answered_alike():
    deed = Deed()
    for asked in ({"a": 1, "b": 2}, {"b": 2, "a": 1}):
        assert answer_once("me", "k", asked, deed, now=NOW) == (201, {"times": 1})
    assert deed.times == 1


def test_another_body_and_another_owner():
    answer_once("me", "k", {"a": 1}, Deed(), now=NOW)
    with pytest.raises(KeyReused):
        answer_once("me", "k", {"a": 2}, Deed(), now=NOW)
    assert answer_once("you", "k", {"a": 2}, Deed(), now=NOW)[0] == 201


def test_in_flight_is_refused_until_it_is_given_up():
    def asks_itself():
        with pytest.raises(InFlight):
            answer_once("me", "k", {}, Deed(), now=NOW)
        return 200, {}

    assert answer_once("me", "k", {}, asks_itself, now=NOW) == (200, {})
    IdempotentRequest.objects.update(status=None)
    assert answer_once("me", "k", {}, Deed(), now=NOW + timedelta(minutes=1))[0] == 201


def test_a_refusal_leaves_the_key_free():
    with pytest.raises(Invalid):
        answer_once("me", "k", {"a": 1}, Deed(refuse=True), now=NOW)
    assert answer_once("me", "k", {"a": 2}, Deed(), now=NOW)[0] == 201


def test_old_answers_are_forgotten():
    answer_once("me", "old", {}, Deed(), now=NOW - KEPT_FOR - timedelta(days=1))
    answer_once("me", "new", {}, Deed(), now=NOW)
    assert forget_answers(now=NOW) == 1
    assert IdempotentRequest.objects.get().key == "new"
