"""Comments are read for their language and themes, found by them, and read anew when the vocabulary changes."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.urls import reverse

from apps.accounts.selectors import actor_for
from apps.core.models import Event
from apps.feedback.models import Answer, Vocabulary
from apps.feedback.selectors import Wanted, comments_of, languages_of, themes_of
from apps.feedback.services import answer, plan_invitation, read_all_comments, read_comment
from config.reactions import REACTIONS
from tests.feedback.deliveries import delivered
from tests.workspace.desk import words


@pytest.fixture(autouse=True)
def usual_words(db):
    """What operations begin with; tests that commit clear it away."""
    if not Vocabulary.objects.exists():
        import_module("apps.feedback.migrations.0005_vocabulary").begin(apps, None)


def said(world, comment, score=3, contact=None, days_ago=0) -> Answer:
    """An answer with words, read as the reaction reads it."""
    shipment = delivered(world, contact or world.anna)
    invitation = plan_invitation(shipment.pk, now=world.now)
    if invitation.state != "planned":  # asked already within the rest period: this test is not about that
        invitation.state, invitation.contact = "planned", contact or world.anna
        invitation.expires_at = world.now + timedelta(days=9)
        invitation.save(update_fields=["state", "contact", "expires_at"])
    given = answer(invitation, score=score, comment=comment, channel="email", now=world.now - timedelta(days=days_ago))
    read_comment(given.pk)
    given.refresh_from_db()
    return given


def found(actor, **wanted) -> list[str]:
    return [answer.comment for answer in comments_of(actor, Wanted(**wanted))]


def test_an_answer_is_read_when_it_is_given(world):
    given = said(world, "The boxes came late and the invoice was wrong")
    assert given.language == "en"
    assert given.themes == {"delivery": "late", "documents": "invoice", "packaging": "boxes"}
    assert "apps.feedback.tasks.read_comment_of_answer" in REACTIONS["survey.answered"]


def test_words_in_another_language_are_read_with_that_vocabulary(world):
    assert said(world, "배송이 늦었고 박스가 파손되었습니다").themes == {
        "delivery": "배송이",
        "quality": "파손되었습니다",
        "packaging": "박스가",
    }
    assert said(world, "سفارش دیر رسید").themes == {"delivery": "دیر"}
    assert said(world, "ส่งของช้ามาก").themes == {"delivery": "ส่งของ"}
    assert said(world, "Giao hàng chậm, nhân viên nhiệt tình").themes.keys() == {"delivery", "people"}


def test_comments_are_found_by_words_theme_language_and_score(world):
    rep = actor_for(world.rhea.user)
    late = said(world, "Came late", score=2).comment
    kind = said(world, "The driver was friendly and kind", score=10).comment
    german = said(world, "Die Lieferung war sehr spät", score=7).comment
    said(world, "", score=0)
    assert found(rep) == [german, kind, late]
    assert found(rep, words="LATE came") == [late]
    assert found(rep, theme="delivery") == [german, kind, late]
    assert found(rep, theme="people") == [kind]
    assert found(rep, language="de") == [german]
    assert found(rep, band="detractor") == [late]
    assert found(rep, words="100%_") == []
    since = world.now - timedelta(days=1)
    assert {(n.code, n.promoters, n.passives, n.detractors) for n in themes_of(rep, since=since)} == {
        ("delivery", 1, 1, 1),
        ("people", 1, 0, 0),
    }
    assert languages_of(rep, since=since) == ["en", "de"]


def test_nobody_reads_the_words_of_accounts_that_are_not_theirs(world):
    said(world, "Came late")
    assert found(actor_for(world.xaver.user)) == []
    assert found(actor_for(world.anna.user)) == ["Came late"]


def test_changed_words_are_found_in_the_comments_of_before(world, admin_client):
    given = said(world, "The turnstile squeaks")
    assert given.themes == {}
    quality = Vocabulary.objects.get(language="en", theme="quality")
    url = reverse("admin:feedback_vocabulary_change", args=[quality.pk])
    admin_client.post(url, {"language": "en", "theme": "quality", "words": quality.words + "\nsqueak*"})
    assert Event.objects.filter(name="vocabulary.changed").count() == 1
    assert read_all_comments() == 1
    assert read_all_comments() == 0
    given.refresh_from_db()
    assert given.themes == {"quality": "squeaks"}


def test_the_page_marks_what_told_a_theme_and_keeps_what_was_asked(world, signed_in):
    said(world, "<b>Came late</b> & short")
    rep = signed_in(world.rhea)
    assert "&lt;b&gt;Came <mark>late</mark>&lt;/b&gt; &amp; short" in words(rep, "comments")
    page = words(rep, "comments", words="late", band="detractor", days="365")
    assert 'value="late"' in page and "theme=delivery" in page and "band=detractor" in page
    assert "No comment matches that" in words(rep, "comments", words="submarine")


@pytest.mark.parametrize("asked", [{"theme": "no"}, {"language": "xx"}, {"band": "?"}, {"days": "-1"}, {"after": "x"}])
def test_what_makes_no_sense_is_left_aside(world, signed_in, asked):
    said(world, "Came late")
    assert "Came" in words(signed_in(world.rhea), "comments", **asked)
