"""The pages speak the reader's language: the browser's, the one chosen at the foot of a page, or that of the log-in."""

import pytest
from django.test import Client
from django.urls import reverse

from apps.ordering.models import OrderLine
from tests.portal.buying import add, placed

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
HERE = {"HTTP_REFERER": "http://testserver/orders/"}


def choose(client: Client, language: str):
    return client.post(reverse("choose_language"), {"language": language}, **HERE)


def in_persian(answer) -> bool:
    return 'lang="fa" dir="rtl"' in answer.content.decode()


def test_a_reader_chooses_a_language_and_comes_back_to_the_page(world, client):
    client.force_login(world.anna.user, backend=BACKEND)

    answer = choose(client, "fa")

    assert answer.status_code == 302 and answer.url.endswith("testserver/orders/")
    assert in_persian(client.get("/orders/"))
    world.anna.refresh_from_db()
    assert (world.anna.language, world.anna.user.language) == ("fa", "fa")  # mail follows


def test_a_new_browser_speaks_the_language_of_who_logs_in(world):
    choose_first = Client()
    choose_first.force_login(world.anna.user, backend=BACKEND)
    choose(choose_first, "fa")
    browser = Client()

    browser.post("/login/", {"username": world.anna.user.email, "password": world.password})

    assert in_persian(browser.get("/orders/"))


def test_what_a_browser_was_told_before_log_in_stays(world):
    browser = Client()
    choose(browser, "fa")
    assert in_persian(browser.get("/login/"))

    browser.post("/login/", {"username": world.anna.user.email, "password": world.password})

    assert in_persian(browser.get("/orders/"))


@pytest.mark.parametrize("language", ["", "xx", "../en", "de"])
def test_a_language_the_portal_does_not_speak_changes_nothing(language, world, client):
    client.force_login(world.anna.user, backend=BACKEND)

    assert choose(client, language).status_code == 302

    assert 'lang="en"' in client.get("/orders/").content.decode()
    world.anna.refresh_from_db()
    assert world.anna.language == "en"


def test_a_language_is_chosen_by_post_and_leads_nowhere_else(world):
    assert Client().get(reverse("choose_language")).status_code == 405
    elsewhere = Client().post(reverse("choose_language"), {"language": "fa", "next": "https://evil.example/"}, **HERE)
    assert elsewhere.url.endswith("testserver/orders/")


def test_a_translated_product_has_its_name_on_every_page_and_its_own_on_the_order(world, client):
    world.gloves.texts.create(language="fa", name="دستکش کار")
    client.force_login(world.anna.user, backend=BACKEND)
    choose(client, "fa")
    add(client, world.gloves)

    compared = reverse("portal:compare") + f"?sku={world.gloves.sku}"
    for page in (reverse("portal:cart"), reverse("portal:checkout"), compared):
        assert "دستکش کار" in client.get(page).content.decode(), page
    number = placed(client, world.gloves)

    assert OrderLine.objects.get(order__number=number).name == world.gloves.name
