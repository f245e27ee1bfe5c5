"""The page of components renders each of them, in both directions."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from django.test import RequestFactory

from apps.portal.styleguide import PAGES, styleguide


@pytest.fixture(autouse=True)
def _in_development(settings):
    settings.DEBUG = True


def show(query: str = "") -> str:
    request = RequestFactory().get(f"/styleguide/{query}")
    request.user, request.session = AnonymousUser(), {}
    return styleguide(request).content.decode()


def test_it_shows_prices_promises_and_forms():
    html = show()
    assert "<bdi>£0.0475</bdi>" in html
    assert "Date on request" in html
    assert html.count('type="radio" name="score"') == 11
    assert 'aria-invalid="true"' in html


def test_it_turns_round():
    assert '<html lang="en" dir="rtl"' in show("?dir=rtl")
    assert 'data-theme="dark"' in show("?theme=dark")


@pytest.mark.parametrize("name", PAGES)
def test_whole_pages_are_shown_too(name):
    assert "<h1" in show(f"?page={name}")


def test_what_it_does_not_have_is_not_there():
    with pytest.raises(Http404):
        show("?page=secrets")


def test_production_does_not_show_it(settings):
    settings.DEBUG, settings.MAILBOX_DIR = False, None
    with pytest.raises(Http404):
        show()


def test_the_log_in_page_offers_the_demo_s_log_ins_only_in_the_demo(client, settings):
    settings.MAILBOX_DIR = None
    assert "data-fill" not in client.get("/login/").content.decode()
    settings.MAILBOX_DIR = "somewhere"
    assert "data-fill" in client.get("/login/").content.decode()
