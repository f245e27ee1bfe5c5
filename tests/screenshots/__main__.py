"""The pictures of the README, taken of a running demo: `python -m tests.screenshots [http://127.0.0.1:8000]`."""

import sys
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from apps.demo.logins import LOGINS
from config.launcher.browser import find
from config.launcher.suite import UNPACKED
from tests.browser import FLAGS, NARROW

FOLDER = Path(__file__).parent
DESK = {"width": 1280, "height": 860}
ONWARDS = "a[href^='/p/'], a[href^='/orders/SO-'], a[href^='/workspace/accounts/AC-']"
#: File, who looks, where, how.
PICTURES = (
    ("home", "buyer", "/", {}),
    ("catalogue", "buyer", "/catalogue/bearings-drives/", {}),
    ("product", "buyer", "/catalogue/bearings-drives/ >", {}),
    ("checkout", "buyer", "/checkout/", {}),
    ("order-phone", "buyer", "/orders/ >", {"viewport": NARROW, "color_scheme": "dark"}),
    ("today", "rep", "/workspace/", {}),
    ("account", "rep", "/workspace/accounts/ >", {}),
    ("feedback", "manager", "/workspace/feedback/", {"color_scheme": "dark"}),
)


def main(portal: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(UNPACKED), args=FLAGS)
        for name, who, where, options in PICTURES:
            take(browser, portal, name, who, where, options)
        browser.close()


def take(browser: Browser, portal: str, name: str, who: str, where: str, options: dict) -> None:
    """One picture; a path that ends in `>` goes on to the first thing of the list it shows."""
    page = browser.new_context(base_url=portal, **({"viewport": DESK} | options)).new_page()
    page.goto("/")
    login = next(login for login in LOGINS if login.role == who)
    page.fill("input[name=username]", login.email)
    page.fill("input[name=password]", login.password)
    page.press("input[name=password]", "Enter")
    page.wait_for_load_state()
    path, _space, onwards = where.partition(" ")
    page.goto(path)
    if onwards:
        page.locator("main").locator(ONWARDS).first.click()
        page.wait_for_load_state()
    page.screenshot(path=FOLDER / f"{name}.png")
    page.context.close()
    print(f"{name}.png")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")
