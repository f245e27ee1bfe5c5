"""A real browser for the journeys: `page` is a tab on the live server, `accessible` lets axe judge what it shows."""

import os
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.test import Client

WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


@pytest.fixture(scope="session")
def chromium() -> Iterator[object]:
    """One browser for all journeys of this process. Skips where $CHROMIUM and PATH name none."""
    from config.launcher.browser import find
    from config.launcher.suite import UNPACKED

    program = None if os.environ.get("CHROMIUM") == "" else find(UNPACKED)
    if program is None:
        pytest.skip("THE BROWSER JOURNEYS DO NOT RUN: set CHROMIUM, or let `manage.py test` fetch one")
    from playwright.sync_api import sync_playwright

    # Playwright's event loop runs in this thread, where the tests use the database as well.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, headless=True, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def new_page(chromium, live_server) -> Iterator[Callable]:
    """`new_page(viewport=NARROW, color_scheme="dark", java_script_enabled=False, ...)` opens a tab of its own visitor.

    A script error or a refused request of the page fails the test when the tab closes.
    """
    opened = []

    def open_page(**options: object):
        context = chromium.new_context(base_url=live_server.url, **({"viewport": WIDE} | options))
        context.set_default_timeout(30_000)
        page = context.new_page()
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(f"script error: {error}"))
        page.on(
            "console", lambda said: complaints.append(f"{said.text} {said.location}") if said.type == "error" else None
        )
        opened.append((context, complaints))
        return page

    yield open_page
    for context, _complaints in opened:
        context.close()
    complaints = [complaint for _context, heard in opened for complaint in heard]
    assert not complaints, "\n".join(complaints)


@pytest.fixture
def page(new_page):
    """A wide tab of a visitor who is not logged in."""
    return new_page()


@pytest.fixture
def enter(live_server) -> Callable:
    """`enter(page, user)` logs the visitor of `page` in without the form."""

    def log_in(page, user) -> None:
        client = Client()
        client.force_login(user)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])

    return log_in


@pytest.fixture
def accessible() -> Callable:
    """`accessible(page)` fails with axe's findings when what the page shows breaks WCAG 2.2 AA.

    A busy machine is looked at twice: colours of a page that is still being painted are nobody's.
    """
    from axe_playwright_python.sync_playwright import Axe

    def judge(page) -> None:
        page.wait_for_load_state("networkidle")
        result = Axe().run(page, options=WCAG)
        if result.violations_count:
            page.wait_for_timeout(1500)
            result = Axe().run(page, options=WCAG)
        assert result.violations_count == 0, result.generate_report()

    return judge
