"""How fast the search is, how well it ranks, how soon a change is found, and what an index costs to build.

1. In a transaction that is rolled back: products get names in other languages, an index is built in a folder of its
   own, and every search is timed as the portal asks it, with the rows from PostgreSQL.
2. Ranking is NDCG at 10 over judged searches (`judged`), beside PostgreSQL's full text over the same products:
   weighted, stemmed, prefix for the last word, codes first.
3. The cost of building is that of as many copies of products as make 60,000, reckoned up to a million.
4. A real `follow_search` is given a change of one name; the clock runs until it is found.

At full size the cost of building is that of the million itself, codes are drawn, and ranking is left out: it is that
of the same catalogue, and PostgreSQL's side would take hours.
"""

import math
import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from apps.accounts.models import User
from apps.accounts.selectors import actor_for
from apps.catalogue.index import build, places, reading
from apps.catalogue.index.kept import Kept
from apps.catalogue.models import Brand, Category, Product, ProductCode, ProductText
from apps.catalogue.rules import normal_code
from apps.catalogue.search import SORTS, Query, find, suggestions
from apps.catalogue.search.wording import Wording
from apps.core.scoping import NOBODY, Actor
from apps.core.text import folded
from apps.demo.logins import BUYER_HOUSE
from config.bootstrap import ROOT
from config.launcher.processes import start
from tests.bench import judged
from tests.bench.figures import Figure, Plan, over_rounds, p50, p95

COMMON = ("steel", "mm", "stainless", "black", "m8")
PYTHON = "CPU of this process: engine and Python"
TIMED = 60
COPIES = 60_000
MILLION = 1_000_000
CODES_JUDGED = 12
CODES_ASKED = 20_000


def measure(plan: Plan) -> list[Figure]:
    actor = actor_for(User.objects.get(email=f"buyer@{BUYER_HOUSE}"))
    with own_root():
        with transaction.atomic():
            figures = whole(plan, actor) if plan.size == "full" else part(plan, actor)
            transaction.set_rollback(True)
        reading.forget()
        figures.append(visible(plan))
    return figures


def whole(plan: Plan, actor: Actor) -> list[Figure]:
    plan.say("building")
    built = building()
    plan.say("codes")
    return [*times(plan, actor), *built, first_hits()]


def part(plan: Plan, actor: Actor) -> list[Figure]:
    translate()
    places.serve(build())
    figures = [*times(plan, actor), *ranking(plan), first_hits()]
    plan.say(f"building of {COPIES:,} products")
    copy_products(COPIES)
    return [*figures, *building()]


@contextmanager
def own_root() -> Iterator[None]:
    before, settings.SEARCH_ROOT = settings.SEARCH_ROOT, tempfile.mkdtemp(prefix="tradewell-bench-")
    try:
        yield
    finally:
        shutil.rmtree(settings.SEARCH_ROOT, ignore_errors=True)
        settings.SEARCH_ROOT = before
        reading.forget()


def translate() -> None:
    rows = [
        ProductText(product_id=pk, language=language, name=name)
        for (language, category), name in judged.NAMES.items()
        for pk in Product.objects.filter(category__name=category).values_list("pk", flat=True)
    ]
    ProductText.objects.bulk_create(rows)


# -- times


def times(plan: Plan, actor: Actor) -> list[Figure]:
    chance = random.Random(1)
    searches = [line.split(" | ")[0] for line in judged.WORDS.strip().splitlines()]
    typos = [line.split(" | ")[0] for line in judged.TYPOS.strip().splitlines()]
    categories = list(Category.objects.filter(product_count__gt=0).values_list("slug", flat=True))
    codes = list(ProductCode.objects.values_list("code", flat=True)[:5000])
    brands = list(Brand.objects.values_list("slug", flat=True))
    draws: dict[str, tuple[Callable[[], object], str]] = {
        "common": (
            lambda: find(actor, Query(chance.choice(COMMON)), **_PLAIN),
            "",
        ),
        "words": (lambda: find(actor, Query(chance.choice(searches)), **_PLAIN), ""),
        "typeahead": (lambda: suggestions(actor, _begun(chance, searches)), "30"),
        "typo": (lambda: find(actor, Query(chance.choice(typos)), **_PLAIN), ""),
        "facets": (
            lambda: find(actor, Query(chance.choice(searches), brands=(chance.choice(brands),), in_stock=True)),
            "30",
        ),
        "all": (lambda: find(actor, Query()), "30"),
        "all_anew": (lambda: find(actor, Query()) if forget_what_is_kept() is None else None, ""),
        "browse": (lambda: find(actor, Query(category=chance.choice(categories))), ""),
        "code": (lambda: find(actor, Query(chance.choice(codes)), **_PLAIN), ""),
    }
    rounds: dict[str, list[list[float]]] = {name: [] for name in draws}
    cpu: dict[str, list[list[float]]] = {name: [] for name in draws}
    deep: dict[str, list[list[float]]] = {sort: [] for sort in SORTS}
    for work, _aim in draws.values():
        work()
    for turn in range(plan.rounds):
        plan.say(f"search, round {turn + 1} of {plan.rounds}")
        for name, (work, _aim) in draws.items():
            both = [timed_with_cpu(work) for _ in range(TIMED)]
            rounds[name].append([wall for wall, _cpu in both])
            cpu[name].append([own for _wall, own in both])
        for sort in SORTS:
            deep[sort].append([_page_fifty(actor, sort)])
    figures = [
        Figure("search", f"{name}_p95_ms", over_rounds(rounds[name], p95), "ms", draws[name][1]) for name in draws
    ]
    figures += [Figure("search", f"{name}_p50_ms", over_rounds(rounds[name], p50), "ms") for name in draws]
    figures += [Figure("search", f"{name}_cpu_ms", over_rounds(cpu[name], p50), "ms", "", PYTHON) for name in draws]
    figures += [
        Figure("search", f"page50_{sort}_ratio", over_rounds(deep[sort], p50), "", "1.3", "to page 1, with facets")
        for sort in SORTS
    ]
    return figures


def forget_what_is_kept() -> None:
    """As after a commit of which nobody knows what it wrote."""
    reading._state["opened"] = replace(reading.opened(), kept=Kept())


_PLAIN = {"with_facets": False}


def _begun(chance: random.Random, searches: list[str]) -> str:
    text = chance.choice(searches)
    return text[: chance.randint(2, len(text))]


def _page_fifty(actor: Actor, sort: str) -> float:
    """How many times what page 1 takes page 50 takes, each with its facets."""
    text = "steel" if sort == "relevance" else ""
    found, first = None, Query(text, sort=sort)
    for _ in range(49):
        found = find(actor, Query(text, sort=sort, after=found and found.next_after), **_PLAIN)
    fiftieth = Query(text, sort=sort, after=found.next_after)
    ones, fifties = ([timed(lambda q=q: find(actor, q)) for _ in range(15)] for q in (first, fiftieth))
    return p50(fifties) / p50(ones)


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def timed_with_cpu(work: Callable[[], object]) -> tuple[float, float]:
    began = time.process_time()
    return timed(work), (time.process_time() - began) * 1000


# -- ranking


def ranking(plan: Plan) -> list[Figure]:
    cases = list(judgements())
    plan.say(f"{len(cases)} judged searches")
    plain_text = PostgresText()
    ours = [
        ndcg([p.pk for p in find(NOBODY, Query(text, size=10), **_PLAIN).products], grades) for text, grades in cases
    ]
    theirs = [ndcg(plain_text.search(text), grades) for text, grades in cases]
    if plan.rounds > 1:
        for (text, _grades), mine, other in zip(cases, ours, theirs, strict=True):
            if mine < 0.7 or mine < other - 0.1:
                plan.say(f"  {mine:.2f} (PostgreSQL {other:.2f})  {text}")
    told = f"{len(cases)} searches"
    return [
        Figure("search", "ndcg10", round(sum(ours) / len(ours), 3), "", "above PostgreSQL's", told),
        Figure("search", "ndcg10_postgres", round(sum(theirs) / len(theirs), 3), "", "", told),
    ]


def _first_ten(text: str) -> list[int]:
    return [product.pk for product in find(NOBODY, Query(text, size=10), **_PLAIN).products]


def judgements() -> Iterator[tuple[str, dict[int, int]]]:
    """Each judged search with the points of products; those that nothing in the data set answers are left out."""
    on_sale = list(Product.objects.filter(status="active").values_list("pk", "category__name", "attributes"))
    for line in (judged.WORDS + judged.TYPOS + judged.SIZES + judged.LANGUAGES).strip().splitlines():
        if not line.strip():
            continue
        text, category, said = (part.strip() for part in line.split("|"))
        grades = {pk: _points(own, said) for pk, name, own in on_sale if name == category}
        if any(points == 3 for points in grades.values()):
            yield text, {pk: points for pk, points in grades.items() if points}
    chance = random.Random(2)
    rows = list(ProductCode.objects.filter(product__status="active").order_by("pk").values_list("normal", "code"))
    for normal, code in chance.sample(rows, CODES_JUDGED):
        meant = ProductCode.objects.filter(normal=normal, product__status="active").values_list("product_id", flat=True)
        yield code.replace("-", " ").lower(), dict.fromkeys(meant, 3)


def _points(attributes: dict, said: str) -> int:
    wanted = dict(_pairs(said))
    true = [str(attributes.get(code, "")).lower().startswith(value.lower()) for code, value in wanted.items()]
    return 3 if all(true) else 1 if sum(true) * 2 >= len(true) else 0


def _pairs(said: str) -> Iterator[tuple[str, str]]:
    """code=value pairs; a value may have spaces in it."""
    code, value = "", []
    for word in said.split():
        if "=" in word:
            if code:
                yield code, " ".join(value)
            code, _equals, first = word.partition("=")
            value = [first]
        else:
            value.append(word)
    if code:
        yield code, " ".join(value)


def ndcg(ranked: Iterable[int], grades: dict[int, int]) -> float:
    gained = sum(_gain(grades.get(pk, 0), place) for place, pk in enumerate(list(ranked)[:10]))
    ideal = sum(_gain(points, place) for place, points in enumerate(sorted(grades.values(), reverse=True)[:10]))
    return gained / ideal


def _gain(points: int, place: int) -> float:
    return (2**points - 1) / math.log2(place + 2)


def first_hits() -> Figure:
    """The share of codes on sale, in three ways of writing, whose first hit has that code."""
    of = {}
    codes = ProductCode.objects.filter(product__status="active")
    for normal, product in codes.values_list("normal", "product_id").iterator(chunk_size=100_000):
        of.setdefault(normal, set()).add(product)
    index, right, asked = reading.opened(), 0, 0
    every = max(codes.count() // CODES_ASKED, 1)
    for code in islice(codes.order_by("pk").values_list("code", flat=True).iterator(), 0, None, every):
        for written in {code, code.replace("-", "").lower(), code.lstrip("0")}:
            asked += 1
            hits = index.searcher.search(Wording(index, folded(written)).query(), 1, weight_by_field="weight").hits
            first = index.searcher.fast_field_values("id", [address for _score, address in hits])
            right += bool(first) and first[0] in of[normal_code(written)]
    told = f"{asked:,} codes as written, joined, cut of zeros"
    return Figure("search", "first_hit", round(right / asked, 4), "", ".99", told)


class PostgresText:
    """PostgreSQL's full text, weighted by field, over the products on sale; codes come first."""

    def __init__(self) -> None:
        units = "coalesce((SELECT string_agg(concat(e.value, ' ', t.unit, ' ', e.value, t.unit, ' ', t.name), ' ')"
        units += " FROM jsonb_each_text(p.attributes) e JOIN catalogue_attribute t ON t.code = e.key), '')"
        parts = (
            ("A", "p.name"),
            ("B", "concat_ws(' ', b.name, c.name)"),
            ("C", units),
            ("D", "p.summary || p.description"),
        )
        vector = " || ".join(f"setweight(to_tsvector('english', {text}), '{weight}')" for weight, text in parts)
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS plain_text")
            cursor.execute(
                f"CREATE TEMPORARY TABLE plain_text ON COMMIT DROP AS SELECT p.id, p.popularity, {vector} AS words"
                " FROM catalogue_product p JOIN catalogue_category c ON c.id = p.category_id"
                " LEFT JOIN catalogue_brand b ON b.id = p.brand_id WHERE p.status = 'active'"
            )

    def search(self, text: str) -> list[int]:
        before, _space, last = folded(text).rpartition(" ")
        last = "".join(ch for ch in last if ch.isalnum()) or "x"
        with connection.cursor() as cursor:
            cursor.execute(
                "WITH q AS (SELECT websearch_to_tsquery('english', %s) && (to_tsquery('english', %s)"
                " || websearch_to_tsquery('english', %s)) AS q), coded AS (SELECT product_id FROM catalogue_productcode"
                " WHERE normal = %s) SELECT t.id FROM plain_text t, q WHERE t.words @@ q.q OR t.id IN (TABLE coded)"
                " ORDER BY t.id IN (TABLE coded) DESC,"
                " round(ts_rank('{0.05,0.2,0.5,1}', t.words, q.q)::numeric, 2) DESC, t.popularity DESC, t.id LIMIT 10",
                [before, f"{last}:*", text.split(" ")[-1], normal_code(text)],
            )
            return [pk for (pk,) in cursor.fetchall()]


# -- building and following


def building() -> list[Figure]:
    """What an index of the products costs; it is served from then on."""
    count = Product.objects.count()
    before = _reset_peak()
    began, own = time.perf_counter(), time.process_time()
    folder = build()
    took, own = time.perf_counter() - began, time.process_time() - own
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 2**20
    grown = _peak() - before
    places.serve(folder)
    note = f"reckoned from {count:,} products, {took:.1f} s"
    return [
        Figure("search", "build_s", round(took * MILLION / count, 1), "s", "240", note),
        Figure(
            "search", "build_cpu_s", round(own * MILLION / count, 1), "s", "", "reckoned; of this process on all cores"
        ),
        Figure("search", "build_mib", round(_peak(), 0), "MiB", "1,536", f"the peak of this process, {grown:.0f} more"),
        Figure("search", "index_mib", round(size * MILLION / count, 0), "MiB", "", f"reckoned from {size:.0f} MiB"),
    ]


def copy_products(wanted: int) -> None:
    """Copies of the products with numbers of their own, until there are so many."""
    fields = [f.column for f in Product._meta.concrete_fields if f.column not in ("id", "sku", "gtin", "mpn")]
    listed, turns = ", ".join(fields), max(wanted // Product.objects.count(), 1)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO catalogue_product (sku, gtin, mpn, {listed})"
            f" SELECT sku || '-' || n, '', 'C' || n || '-' || id, {listed}"
            " FROM catalogue_product, generate_series(1, %s) n",
            [turns],
        )
        cursor.execute(
            "INSERT INTO catalogue_productcode (product_id, kind, code, normal)"
            " SELECT p.id, k.kind, k.code, upper(replace(k.code, '-', '')) FROM catalogue_product p"
            " CROSS JOIN LATERAL (VALUES ('sku', p.sku), ('mpn', p.mpn)) k (kind, code)"
            " ON CONFLICT DO NOTHING"
        )
        cursor.execute("ANALYZE catalogue_product, catalogue_productcode")


def _reset_peak() -> float:
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")
    return _peak()


def _peak() -> float:
    """MiB that this process held at most."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def visible(plan: Plan) -> Figure:
    """Seconds from the commit of a change to the first search that finds it."""
    product = Product.objects.filter(status="active").order_by("pk").first()
    name, seconds = product.name, []
    env = os.environ | {"SEARCH_ROOT": settings.SEARCH_ROOT}
    child = start("search", [sys.executable, "manage.py", "follow_search"], env=env, cwd=ROOT)
    try:
        for turn in range(plan.rounds + 1):
            word = f"zebrawood{'abcdefghijklmnopqrstuvwxyz'[turn % 26]}"
            Product.objects.filter(pk=product.pk).update(name=f"{name} {word}")
            began = time.perf_counter()
            while not find(NOBODY, Query(word), **_PLAIN).total:
                if time.perf_counter() - began > 300:
                    raise RuntimeError("a change is not found after five minutes")
                time.sleep(0.02)
            seconds.append(time.perf_counter() - began)
    finally:
        Product.objects.filter(pk=product.pk).update(name=name)
        child.dismiss()
        child.gone()
    return Figure(
        "search", "visible_s", round(max(seconds[1:]), 2), "s", "5", "the slowest; the first builds the index"
    )
