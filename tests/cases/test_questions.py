"""Questions about products: owed by a time, answered for all or for one account, never told who asked."""

from datetime import timedelta

import pytest

from apps.accounts.selectors import actor_for
from apps.cases import services
from apps.cases.errors import (
    QuestionDecided,
    QuestionIsPrivate,
    QuestionNotFound,
    QuestionRefused,
    TooManyQuestions,
)
from apps.cases.models import ProductQuestion
from apps.cases.selectors import question_for, questions_at_desk, questions_of
from apps.cases.services.questions import MOST_A_DAY
from apps.cases.tasks import send_question_answered, send_question_asked
from apps.core.errors import NotAllowed
from apps.core.models import Event

HOW = "Can it be tightened with an impact driver?"


@pytest.fixture
def anna(world):
    return actor_for(world.anna.user)


@pytest.fixture
def rhea(world):
    return actor_for(world.rhea.user)


def asked(actor, world, body=HOW, **how):
    return services.ask_question(actor, world.bolt, body=body, now=how.pop("now", world.now), **how)


@pytest.mark.parametrize(
    ("asked_of", "manager", "owner"),
    [("rep", "ruben", "rhea"), ("manager", "ruben", "ruben"), ("manager", None, "rhea"), ("nonsense", "ruben", "rhea")],
)
def test_who_is_to_answer(asked_of, manager, owner, world, anna):
    top = world.bolts.parent
    top.manager = manager and getattr(world, manager)
    top.save()
    question = asked(anna, world, asked_of=asked_of)
    assert question.owner == getattr(world, owner)
    assert question.answer_by == world.now + timedelta(days=2)


def test_asked_twice_is_asked_once(world, anna):
    assert asked(anna, world) == asked(anna, world)


@pytest.mark.parametrize("body", ["", "   short  ", "x" * 2001])
def test_what_is_no_question_is_refused(body, world, anna):
    with pytest.raises(QuestionRefused):
        asked(anna, world, body=body)
    assert not ProductQuestion.objects.exists()


def test_nobody_floods_the_desk(world, anna):
    for n in range(MOST_A_DAY):
        asked(anna, world, body=f"{HOW} Number {n}?")
    with pytest.raises(TooManyQuestions):
        asked(anna, world, body=f"{HOW} And then?")


def test_an_answer_for_all_is_read_by_strangers_who_do_not_learn_who_asked(world, anna, rhea):
    services.answer_question(rhea, asked(anna, world), body="Yes, at 20 Nm.", in_public=True, now=world.now)
    (theirs,) = questions_of(actor_for(world.xaver.user), world.bolt.pk)
    assert (theirs.body, theirs.answer, theirs.answered_by, theirs.is_own) == (HOW, "Yes, at 20 Nm.", "Rhea", False)
    assert not any(hasattr(theirs, name) for name in ("account", "contact"))


@pytest.mark.parametrize("is_private", [True, False])
def test_what_is_answered_for_one_account_stays_there(is_private, world, anna, rhea):
    question = asked(anna, world, is_private=is_private)
    stranger, colleague = actor_for(world.xaver.user), actor_for(world.boris.user)
    assert questions_of(stranger, world.bolt.pk) == []
    services.answer_question(rhea, question, body="For you, yes.", in_public=False, now=world.now)
    assert questions_of(stranger, world.bolt.pk) == []
    assert [each.is_own for each in questions_of(colleague, world.bolt.pk)] == [True]


def test_a_private_question_cannot_be_answered_in_public(world, anna, rhea):
    question = asked(anna, world, is_private=True)
    with pytest.raises(QuestionIsPrivate):
        services.answer_question(rhea, question, body="Yes.", in_public=True, now=world.now)


def test_answered_once_and_told_once(world, anna, rhea, mailoutbox):
    question = asked(anna, world)
    send_question_asked(Event.objects.get(name="question.asked").pk)
    services.answer_question(rhea, question, body="Yes, at 20 Nm.", in_public=False, now=world.now)
    event = Event.objects.get(name="question.answered")
    send_question_answered(event.pk)
    send_question_answered(event.pk)
    assert [m.to for m in mailoutbox] == [["rhea@harrow.example"], ["anna@brightwater.example"]]
    assert "Yes, at 20 Nm." in mailoutbox[1].body
    with pytest.raises(QuestionDecided):
        services.answer_question(rhea, question, body="No.", in_public=True, now=world.now)


def test_one_that_is_declined_is_read_by_its_account_alone(world, anna, rhea):
    services.decline_question(rhea, asked(anna, world), reason="Please call me about this.", now=world.now)
    assert [each.answer for each in questions_of(anna, world.bolt.pk)] == ["Please call me about this."]
    assert questions_of(actor_for(world.xaver.user), world.bolt.pk) == []


def test_a_desk_sees_its_accounts_and_what_it_is_to_answer(world, anna):
    question = asked(anna, world)
    ruben = actor_for(world.ruben.user)
    with pytest.raises(QuestionNotFound):
        question_for(ruben, question.pk)
    ProductQuestion.objects.update(owner=world.ruben)
    assert question_for(ruben, question.pk) == question
    assert questions_at_desk(actor_for(world.sam.user)) == [question]


def test_buyers_do_not_answer(world, anna):
    question = asked(anna, world)
    with pytest.raises(NotAllowed):
        services.answer_question(anna, question, body="Yes.", in_public=True, now=world.now)
