"""Reviews: by who was delivered, every version checked alike, shown with their spread."""

from datetime import timedelta
from decimal import Decimal

import pytest

from apps.accounts.selectors import actor_for
from apps.core.models import Event
from apps.core.scoping import SYSTEM
from apps.feedback.errors import ReviewDecided, ReviewRefused, ReviewUnverified, TooManyReviews
from apps.feedback.models import ProductReview, ReviewVersion
from apps.feedback.rules import reviews as rules
from apps.feedback.selectors import own_review, rating_of, reviews_of
from apps.feedback.services import decline_review, show_review, write_review
from apps.feedback.tasks import send_review_decided
from tests.feedback.deliveries import delivered

BODY = "Two hundred fitted and not one of them stripped."


@pytest.mark.parametrize(
    ("stars", "title", "body", "wrong"),
    [
        (5, "", BODY, {}),
        (1, "", BODY, {}),
        (0, "", BODY, {"stars": "missing"}),
        (6, "", BODY, {"stars": "missing"}),
        (None, "", BODY, {"stars": "missing"}),
        (3, "", "Short", {"body": "too_short"}),
        (3, "", "x" * 3001, {"body": "too_long"}),
        (3, "x" * 121, BODY, {"title": "too_long"}),
    ],
)
def test_what_a_review_must_be(stars, title, body, wrong):
    assert rules.review_problems(stars, title, body) == wrong


@pytest.mark.parametrize(
    ("counts", "count", "average"),
    [({}, 0, None), ({5: 1}, 1, "5.0"), ({5: 2, 2: 1}, 3, "4.0"), ({4: 1, 5: 1}, 2, "4.5"), ({1: 1, 2: 3}, 4, "1.8")],
)
def test_the_figures_of_the_shown_reviews(counts, count, average):
    found = rules.rating(counts)
    assert (found.count, found.average) == (count, average and Decimal(average))
    assert sum(bar.count for bar in found.bars) == count and [bar.stars for bar in found.bars] == [5, 4, 3, 2, 1]


def test_no_reason_for_not_showing_one_is_its_score():
    assert set(rules.REASONS) == set(ReviewVersion.Reason.values)
    assert not any("star" in reason or "negative" in reason for reason in rules.REASONS)


@pytest.fixture
def anna(world):
    delivered(world, world.anna, days_ago=20)
    return actor_for(world.anna.user)


@pytest.fixture
def operations(world):
    return actor_for(world.otto)


def written(actor, world, stars=5, body=BODY, **how):
    return write_review(actor, world.bolt, stars=stars, title="Good", body=body, now=how.pop("now", world.now))


def test_only_who_was_delivered_writes(world, anna):
    with pytest.raises(ReviewUnverified):
        written(actor_for(world.xaver.user), world)
    with pytest.raises(ReviewUnverified):
        write_review(anna, world.oil, stars=5, title="", body=BODY, now=world.now)
    assert written(anna, world).review.order_ref


@pytest.mark.parametrize("stars", [1, 2, 3, 4, 5])
def test_every_score_waits_for_the_same_check_and_is_then_shown(stars, world, anna, operations):
    version = written(anna, world, stars)
    assert (version.state, reviews_of(anna, world.bolt.pk), rating_of(world.bolt.pk).count) == ("waiting", [], 0)
    show_review(operations, version, now=world.now)
    shown = reviews_of(actor_for(world.xaver.user), world.bolt.pk)
    assert [(each.stars, each.body, each.segment, each.is_own) for each in shown] == [
        (stars, BODY, "facilities", False)
    ]


def test_a_new_version_waits_while_the_old_one_is_shown_and_all_are_kept(world, anna, operations):
    show_review(operations, written(anna, world, 5), now=world.now)
    later = world.now + timedelta(days=30)
    second = written(anna, world, 2, "After a month the coating has gone on half of them.", now=later)
    assert rating_of(world.bolt.pk).average == 5
    show_review(operations, second, now=later)
    assert rating_of(world.bolt.pk).average == 2
    mine = own_review(anna, world.bolt.pk)
    assert [(each.stars, each.state) for each in mine.review.versions.all()] == [(2, "shown"), (5, "replaced")]
    assert ProductReview.objects.count() == 1


def test_the_same_words_twice_are_one_version(world, anna):
    assert written(anna, world) == written(anna, world)
    assert ReviewVersion.objects.count() == 1


def test_one_is_declined_for_a_reason_and_its_writer_is_told(world, anna, operations, mailoutbox):
    version = written(anna, world, 1)
    with pytest.raises(ReviewRefused):
        decline_review(operations, version, reason="too few stars", now=world.now)
    decline_review(operations, version, reason="personal", now=world.now)
    event = Event.objects.get(name="review.declined")
    send_review_decided(event.pk)
    send_review_decided(event.pk)
    assert [(m.to, "it names a person" in m.body) for m in mailoutbox] == [(["anna@brightwater.example"], True)]
    with pytest.raises(ReviewDecided):
        show_review(operations, version, now=world.now)


def test_what_is_shown_can_be_taken_down(world, anna, operations):
    version = show_review(operations, written(anna, world), now=world.now)
    decline_review(operations, version, reason="confidential", now=world.now)
    assert (reviews_of(anna, world.bolt.pk), rating_of(world.bolt.pk).count) == ([], 0)


def test_nobody_floods_the_desk(world, anna):
    for n in range(rules.MOST_A_DAY):
        written(anna, world, body=f"{BODY} Version {n}.")
    with pytest.raises(TooManyReviews):
        written(anna, world, body=f"{BODY} One more.")
    assert written(anna, world, body=f"{BODY} Tomorrow.", now=world.now + timedelta(days=1, minutes=1))


def test_buyers_do_not_judge_reviews_and_nobody_writes_on_behalf(world, anna, operations):
    from dataclasses import replace

    from apps.core.errors import NotAllowed

    version = written(anna, world)
    for actor in (anna, SYSTEM, actor_for(world.rhea.user)):
        with pytest.raises(NotAllowed):
            show_review(actor, version, now=world.now)
    with pytest.raises(NotAllowed):
        written(replace(anna, role="rep", acting_for=world.anna.pk), world)
