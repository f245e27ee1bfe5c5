"""The browser of the journeys is a real one, and notices what a page does wrong."""

import pytest

from tests.browser import NARROW

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_page_of_the_live_server_opens(new_page) -> None:
    narrow = new_page(viewport=NARROW)
    assert narrow.goto("/healthz").status == 200
    assert "database" in narrow.content()


def test_axe_sees_a_control_without_a_label(page, accessible) -> None:
    page.set_content("<!doctype html><html lang=en><title>Form</title><main><h1>Form</h1><input></main></html>")
    with pytest.raises(AssertionError, match="label"):
        accessible(page)
