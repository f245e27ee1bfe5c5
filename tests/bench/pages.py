"""What the main pages cost the server: time, CPU, statements, size; each beside a plain Django page of 24 cards."""

import gc
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from statistics import median

from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from apps.accounts.models import Account, User
from apps.accounts.selectors import actor_for
from apps.cases.models import Conversation
from apps.catalogue.models import Product, ProductCode
from apps.demo.logins import BUYER_HOUSE, HOUSE
from apps.insights.services import keep_house_figures
from apps.ordering.models import Order
from apps.ordering.rules.sheets import Wish
from apps.ordering.services.carts import add_lines, empty_cart
from apps.ordering.services.quick_orders import add_wishes, remove_lines
from apps.recommendations.services import keep_lifts
from tests.bench.figures import Figure, Plan, over_rounds, p50, p95
from tests.bench.web import Cpu, Visitor, kilobytes

BUYER, APPROVER = f"buyer@{BUYER_HOUSE}", f"approver@{BUYER_HOUSE}"
REP, SERVICE, MANAGER = f"rep@{HOUSE}", f"service@{HOUSE}", f"manager@{HOUSE}"
FLOOR = "24 cards, five queries besides session and user"
REQUESTS = 20  # of each page in a round
FEWER = {"cart_500": 5, "quick_5000": 3}
AIMS = {
    "home": ("30", "90"),
    "listing": ("15 (at most 40)", "40 (at most 90)"),
    "listing_50": ("1.2 x listing", "40 (at most 90)"),
    "search": ("20", "40"),
    "product": ("12", "40"),
    "talk_poll": ("10", "30"),  # asked every few seconds by every page that stays open
    "cart_50": ("25", "80"),
    "cart_500": ("", "300"),
    "quick_50": ("", "300"),
    "quick_5000": ("", "3000"),
}
USUAL_AIM = ("40", "100")
RATIO_AIM = {"listing": "1.5 (at most 2.5)"}


@dataclass
class Page:
    """A page of one visitor, and what it cost in each round: milliseconds of each request, CPU of one on average."""

    name: str
    visitor: Visitor
    path: str
    times: list[list[float]]
    cpu: list[float]

    def run(self, cpu: Cpu) -> None:
        gc.collect()
        before = cpu.seconds()
        requests = FEWER.get(self.name, REQUESTS)
        self.times.append([self.visitor.page(self.path).ms for _ in range(requests)])
        self.cpu.append((cpu.seconds() - before) / requests * 1000)


def measure(plan: Plan) -> list[Figure]:
    with carts({BUYER: 50, APPROVER: 500}), quick_orders({BUYER: 50, APPROVER: 5_000}):
        pages = _pages(plan)
        for page in pages:
            page.visitor.page(page.path)  # templates compiled, plans cached
        keep_house_figures(now=timezone.now())
        keep_lifts(now=timezone.now())
        cpu = Cpu()
        for turn in range(plan.rounds):
            plan.say(f"pages, round {turn + 1} of {plan.rounds}")
            for page in pages:
                page.run(cpu)
        floor = pages[0]
        return [figure for page in pages for figure in _figures(page, floor, cpu)]


def _figures(page: Page, floor: Page, cpu: Cpu) -> list[Figure]:
    """Of a page; of the floor only what the others are compared with.

    CPU, and even more its ratio to the floor's in the same round, holds on a machine that has other work; times do not.
    """
    body = page.visitor.page(page.path).body
    aim, whose = AIMS.get(page.name, USUAL_AIM), "Python and PostgreSQL" if cpu.sees_server else "Python alone"
    figures = [
        _figure(page, "p50_ms", over_rounds(page.times, p50), "ms", aim[0]),
        _figure(page, "p95_ms", over_rounds(page.times, p95), "ms", aim[1]),
        _figure(page, "cpu_ms", round(median(page.cpu), 2), "ms", note=f"CPU of {whose}"),
    ]
    if page is floor:
        return [Figure(**(vars(figure) | {"aim": "", "note": figure.note or FLOOR})) for figure in figures]
    ratios = [mine / plain for mine, plain in zip(page.cpu, floor.cpu, strict=True)]
    return [
        *figures,
        _figure(page, "cpu_ratio", round(median(ratios), 2), "", RATIO_AIM.get(page.name, ""), "to floor_cpu_ms"),
        _figure(page, "queries", page.visitor.queries(page.path), "", "10 (at most 20)"),
        _figure(page, "kb", kilobytes(body), "kB", "150", "gzip, without pictures"),
    ]


def _figure(page: Page, what: str, value: float, unit: str, aim: str = "", note: str = "") -> Figure:
    return Figure("pages", f"{page.name}_{what}", value, unit, aim, note)


def _pages(plan: Plan) -> list[Page]:
    buyer, approver, rep, service, manager = map(Visitor, (BUYER, APPROVER, REP, SERVICE, MANAGER))
    account = Account.objects.get(contacts__email=BUYER)
    order = Order.objects.filter(account=account).order_by("-id").first()
    product = Product.objects.filter(status="active", kind="goods").order_by("-popularity", "id").first()
    talk = Conversation.objects.filter(contact__email=BUYER).order_by("-id").first()
    listing = reverse("portal:catalogue")
    wanted = [
        ("floor", buyer, "bench_floor", []),
        ("home", buyer, "portal:home", []),
        ("product", buyer, "portal:product", [product.sku]),
        ("cart_50", buyer, "portal:cart", []),
        ("cart_500", approver, "portal:cart", []),
        ("quick_50", buyer, "portal:quick_order", []),
        ("quick_5000", approver, "portal:quick_order", []),
        ("order", buyer, "portal:order", [order.number]),
        ("checkout", buyer, "portal:checkout", []),
        ("news", buyer, "portal:notices", []),
        ("talk_poll", buyer, "portal:conversation_lines", [talk.number]),
        ("rep_today", rep, "workspace:today", []),
        ("rep_account", rep, "workspace:account", [account.number]),
        ("rep_portfolio", rep, "workspace:portfolio", []),
        ("desk", service, "workspace:service", []),
        ("cases", service, "workspace:cases", []),
        ("manager", manager, "workspace:manager", []),
        ("suggestions", manager, "workspace:suggestions", []),
        ("summary", manager, "workspace:summary", []),
        ("journey", manager, "workspace:journey", []),
        ("journey_rows", manager, "workspace:journey_rows", []),
    ]
    found = [_page(name, visitor, path) for name, visitor, path in _existing(wanted, plan)]
    found.insert(1, _page("listing", buyer, listing))
    found.insert(2, _page("listing_50", buyer, _page_fifty(buyer, listing)))
    found.insert(3, _page("search", buyer, f"{listing}?q=hex+bolt"))
    return found


def _page(name: str, visitor: Visitor, path: str) -> Page:
    return Page(name, visitor, path, [], [])


def _existing(wanted: list[tuple], plan: Plan) -> Iterator[tuple[str, Visitor, str]]:
    for name, visitor, view, arguments in wanted:
        try:
            yield name, visitor, reverse(view, args=arguments)
        except NoReverseMatch:
            plan.say(f"{name}: there is no such page yet")


def _page_fifty(visitor: Visitor, path: str) -> str:
    """The address of page 50, found as a reader would: by the link to the next page."""
    for _ in range(49):
        link = re.search(rb'href="([^"]*[?&;]after=[^"]*)"', visitor.page(path).body)
        if link is None:
            break
        address = unescape(link[1].decode())
        path = address if address.startswith("/") else path.partition("?")[0] + address
    return path


@contextmanager
def carts(sizes: dict[str, int]) -> Iterator[None]:
    """Carts of so many lines for the people with these addresses; empty again afterwards."""
    now = timezone.now()
    actors = {email: actor_for(User.objects.get(email=email)) for email in sizes}
    goods = Product.objects.filter(status="active", kind="goods").order_by("-popularity", "id")
    for email, size in sizes.items():
        empty_cart(actors[email], now=now)
        wishes = [(product.pk, product.minimum_quantity) for product in goods[:size]]
        add_lines(actors[email], wishes, now=now)
    yield
    for actor in actors.values():
        empty_cart(actor, now=now)


@contextmanager
def quick_orders(sizes: dict[str, int]) -> Iterator[None]:
    """Quick orders of so many lines, of every kind of code and one in twenty unknown; empty again afterwards."""
    now = timezone.now()
    actors = {email: actor_for(User.objects.get(email=email)) for email in sizes}
    codes = list(ProductCode.objects.order_by("normal").values_list("code", flat=True)[: max(sizes.values())])
    for email, size in sizes.items():
        remove_lines(actors[email], now=now)
        wishes = [Wish(f"NO-SUCH-{at}" if at % 20 == 0 else code, "7") for at, code in enumerate(codes[:size])]
        add_wishes(actors[email], wishes, now=now)
    yield
    for actor in actors.values():
        remove_lines(actor, now=now)
