"""What came through the link of a letter, and when it is a person's vote."""

from datetime import datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection

from apps.cases.models import Case
from apps.core.models import Event
from apps.feedback.errors import AnswerLocked, QuestionClosed
from apps.feedback.models import Answer, AnswerRevision, Invitation, VoteAttempt
from apps.feedback.rules.votes import Attempt, contested, is_new, is_ripe, is_unsure
from apps.feedback.services import (
    Page,
    answer,
    close_the_loop,
    expire,
    plan_invitation,
    revise,
    settle_votes,
    vote,
)
from tests.feedback.deliveries import delivered

AT = datetime(2026, 3, 6, 12)


def sent(score, at, *, opened=None, again=False, **said) -> Attempt:
    """A score sent so many seconds after noon, from a page opened two seconds before where nothing else is said."""
    opened = at - 2 if opened is None else opened
    return Attempt(score, AT + timedelta(seconds=opened), AT + timedelta(seconds=at), again, **said)


MACHINE, HAND = {"touches": 0, "is_unsure": True}, {"touches": 2}


@pytest.mark.parametrize(
    "attempts, against",
    [
        ([sent(3, 0)], [False]),
        ([sent(3, 0), sent(3, 5)], [False, False]),
        ([sent(3, 0), sent(9, 15)], [True, True]),
        ([sent(3, 0), sent(9, 16)], [False, False]),
        ([sent(3, 0), sent(9, 8, opened=4, again=True)], [True, False]),  # asked again, having seen the 3
        ([sent(3, 6), sent(9, 8, opened=4, again=True)], [True, True]),
        ([sent(9, 8, again=True), sent(3, 20, again=True)], [True, True]),  # all that it was asked again
        ([sent(score, score) for score in range(11)], [True] * 11),
        ([sent(9, 0, **MACHINE), sent(3, 5, **HAND)], [True, False]),  # a gateway looks while somebody reads
        ([sent(9, 0), sent(3, 5, **HAND)], [True, True]),
        ([sent(9, 0, is_new=True), sent(3, 90, is_new=True)], [True, True]),
        ([sent(9, 0, is_new=True), sent(3, 90, is_new=True, **HAND)], [True, False]),
        ([sent(9, 0, is_new=True, **HAND), sent(3, 90, is_new=True, **HAND)], [True, True]),
        ([sent(9, 0, is_new=True, **HAND), sent(3, 90, **HAND)], [False, False]),
        ([sent(0, 0, is_new=True), sent(0, 90, is_new=True, is_unsure=True)], [True, False]),  # always the first one
        ([sent(9, 0, **HAND), sent(None, 14)], [True, True]),
        ([sent(9, 0, **HAND), sent(None, 16)], [False, False]),
        ([sent(None, 0), sent(9, 8, opened=4, again=True)], [True, False]),
    ],
)
def test_scores_that_contest_each_other(attempts, against):
    assert contested(attempts) == against


@pytest.mark.parametrize(
    "one, pressed, unsure",
    [
        (sent(9, 0), 9, False),
        (sent(9, 0), None, False),  # chosen on a page without scripts
        (sent(9, 0, touches=0), 9, True),
        (sent(9, 0, touches=0, again=True), None, True),
        (sent(9, 0, touches=1), 9, False),
        (sent(9, 0, touches=1, is_new=True), None, False),
        (sent(9, 0, is_new=True), 9, False),
        (sent(9, 0, is_new=True), 8, True),
        (sent(9, 0, is_new=True), None, True),
        (sent(9, 0, is_new=True, again=True), None, False),
    ],
)
def test_what_shows_no_person(one, pressed, unsure):
    assert is_unsure(one, pressed) == unsure


def test_ripe_when_nothing_can_come_any_more():
    assert not is_ripe(AT, AT + timedelta(seconds=15))
    assert is_ripe(AT, AT + timedelta(seconds=16))
    assert not is_ripe(AT, AT + timedelta(seconds=16), AT - timedelta(seconds=163))
    assert is_ripe(AT, AT + timedelta(seconds=17), AT - timedelta(seconds=163))


def test_a_letter_is_new_for_three_minutes():
    told = [is_new(AT, AT + timedelta(seconds=seconds)) for seconds in (-1, 0, 179, 180)]
    assert told == [False, True, True, False]
    assert not is_new(None, AT)


def asked(world) -> Invitation:
    return plan_invitation(delivered(world).pk, now=world.now)


def page(world, name="a", *, seconds=0, again=False) -> Page:
    return Page(name, world.now + timedelta(seconds=seconds - 5), again)


def cast(world, invitation, score, name="a", *, seconds=0, again=False, **said) -> VoteAttempt:
    """A score sent so many seconds after the world's morning from a page opened five seconds before."""
    at = world.now + timedelta(seconds=seconds)
    return vote(invitation, page(world, name, seconds=seconds, again=again), score=score, now=at, **said)


def settled(world, *, seconds: int) -> int:
    return settle_votes(now=world.now + timedelta(seconds=seconds))


def test_a_vote_becomes_the_answer_once_it_is_ripe_with_all_that_was_said(world):
    invitation = asked(world)
    assert cast(world, invitation, 3, comment=" Late. ", drivers=["delivery"]).state == "held"
    assert settled(world, seconds=15) == 0
    assert settled(world, seconds=16) == 1
    assert settled(world, seconds=17) == 0
    given = Answer.objects.get()
    assert (given.score, given.comment, given.drivers, given.channel, given.answered_at) == (
        3, "Late.", ["delivery"], "email", world.now,
    )  # fmt: skip
    assert Event.objects.get(name="survey.answered").occurred_at == world.now


def test_the_same_form_sent_twice_is_one_vote(world):
    invitation = asked(world)
    assert cast(world, invitation, 3) == cast(world, invitation, 3, seconds=2)
    settled(world, seconds=20)
    assert VoteAttempt.objects.get().state == "counted"


def test_none_of_several_counts_until_one_is_confirmed(world):
    invitation = asked(world)
    for score in range(11):
        cast(world, invitation, score, f"page {score}", seconds=score)
    assert settled(world, seconds=60) == 0
    assert set(VoteAttempt.objects.values_list("state", flat=True)) == {"contested"}
    assert cast(world, invitation, 8, "again", seconds=120, again=True).state == "held"
    assert settled(world, seconds=136) == 1
    assert Answer.objects.get().score == 8


def test_who_was_asked_again_at_once_and_chooses_is_believed(world):
    invitation = asked(world)
    cast(world, invitation, 3, "a", seconds=0)
    assert cast(world, invitation, 9, "b", seconds=4).state == "contested"
    assert cast(world, invitation, 9, "c", seconds=10, again=True).state == "held"
    settled(world, seconds=26)
    assert Answer.objects.get().score == 9


def test_a_vote_held_when_the_question_closes_is_not_lost(world):
    invitation = asked(world)
    last = invitation.expires_at - timedelta(seconds=3)
    vote(invitation, Page("a", last - timedelta(seconds=9)), score=9, now=last)
    expire(now=invitation.expires_at)
    assert settle_votes(now=invitation.expires_at + timedelta(minutes=1)) == 1
    with pytest.raises(QuestionClosed):
        vote(asked(world), Page("b", last), score=9, now=invitation.expires_at + timedelta(days=30))


def test_who_answers_in_the_portal_meanwhile_has_answered(world):
    invitation = asked(world)
    cast(world, invitation, 3)
    answer(invitation, score=9, channel="portal", now=world.now)
    assert cast(world, invitation, 4, "b", seconds=3).state == "late"
    settled(world, seconds=20)
    assert Answer.objects.get().score == 9
    assert set(VoteAttempt.objects.values_list("state", flat=True)) == {"late"}


def test_a_change_is_kept_beside_what_was_said_and_opens_the_case_it_calls_for(world):
    given = answer(asked(world), score=9, comment="Fine.", channel="portal", now=world.now)
    close_the_loop(given.pk, now=world.now)
    later = world.now + timedelta(hours=2)
    for _ in range(2):
        revise(given, score=2, drivers=["delivery"], comment="Broken.", channel="portal", now=later)
    close_the_loop(given.pk, now=later)
    given.refresh_from_db()
    assert (given.score, given.comment, given.answered_at) == (2, "Broken.", world.now)
    kept = AnswerRevision.objects.get()
    assert (kept.number, kept.old_score, kept.new_score, kept.old_comment, kept.revised_at) == (2, 9, 2, "Fine.", later)
    told = Event.objects.get(name="survey.revised").facts
    assert (told["answer_id"], told["revision"], told["old_score"], told["score"], told["band"]) == (
        given.pk, 2, 9, 2, "detractor",
    )  # fmt: skip
    assert Case.objects.count() == 1
    with pytest.raises(AnswerLocked):
        revise(given, score=5, channel="portal", now=world.now + timedelta(hours=24))


@pytest.mark.django_db(transaction=True)
def test_two_that_come_at_the_same_moment_are_one_answer_and_one_case(world):
    invitation, barrier, states = asked(world), Barrier(4), []

    def send():
        barrier.wait()
        try:
            states.append(cast(world, invitation, 2, comment="Wet.").state)
            settle_votes(now=world.now + timedelta(seconds=20))
            close_the_loop(Answer.objects.get().pk, now=world.now)
        finally:
            connection.close()

    threads = [Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(states) == 4
    assert (Answer.objects.count(), VoteAttempt.objects.count(), Case.objects.count()) == (1, 1, 1)
    assert Event.objects.filter(name="survey.answered").count() == 1


def test_operations_sees_what_came_and_what_was_changed(world, signed_in):
    invitation = asked(world)
    for score in (3, 9):
        cast(world, invitation, score, f"page {score}", comment=f"Words of {score}")
    given = answer(invitation, score=8, comment="First words", channel="portal", now=world.now)
    revise(given, score=7, channel="portal", now=world.now)
    otto = signed_in(world.otto)
    assert "Words of 9" in otto.get(f"/admin/feedback/invitation/{invitation.pk}/change/").text
    assert "First words" in otto.get(f"/admin/feedback/answer/{given.pk}/change/").text
