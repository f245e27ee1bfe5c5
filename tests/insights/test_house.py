"""Figures of a large house are kept for its managers; those of a small one, and a rep's, are of this moment."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.selectors import actor_for
from apps.insights import services
from apps.insights.selectors import house_figures
from apps.insights.selectors.house import KEPT_AS, KEPT_FOR
from tests.feedback.deliveries import delivered

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_kept(db):
    cache.delete(KEPT_AS)


@pytest.fixture
def mona(world):
    return actor_for(world.mona.user)


def deliveries_seen(actor, now):
    return house_figures(actor, now=now).page.deliveries


def test_a_small_house_is_of_this_moment(world, mona, monkeypatch):
    monkeypatch.setattr(services.house, "PATIENCE", 60)
    assert services.keep_house_figures(now=world.now) is False
    before = deliveries_seen(mona, world.now)

    delivered(world, world.anna, days_ago=1)

    assert deliveries_seen(mona, world.now) == before + 1


def test_a_large_one_is_kept_for_ten_minutes_for_who_sees_everything(world, mona, monkeypatch):
    monkeypatch.setattr(services.house, "PATIENCE", 0)
    delivered(world, world.anna, days_ago=1)
    assert services.keep_house_figures(now=world.now) is True
    kept = deliveries_seen(mona, world.now)

    delivered(world, world.anna, days_ago=1)

    later = world.now + timedelta(minutes=9)
    assert house_figures(mona, now=later).as_of == world.now
    assert deliveries_seen(mona, later) == kept
    assert deliveries_seen(mona, world.now + KEPT_FOR) == kept + 1
    assert house_figures(actor_for(world.rhea.user), now=later).as_of == later


def test_the_page_says_as_of_when_what_is_kept_is(world, monkeypatch):
    monkeypatch.setattr(services.house, "PATIENCE", 0)
    client = Client()
    client.force_login(world.mona.user, backend="django.contrib.auth.backends.ModelBackend")
    assert "Reckoned" not in client.get(reverse("workspace:manager")).content.decode()

    services.keep_house_figures(now=timezone.now() - timedelta(minutes=3))

    assert "Reckoned" in client.get(reverse("workspace:manager")).content.decode()
