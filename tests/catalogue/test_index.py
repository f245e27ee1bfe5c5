"""The search index follows PostgreSQL, whoever changes what; it survives its writer's death and its own."""

import os
import shutil
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection, transaction

from apps.availability.models import StockLevel
from apps.catalogue.index import Follower, build, places, reading
from apps.catalogue.index.keeping import Keeper
from apps.catalogue.index.writing import MARKS_KEPT, BuildAnewError, Moment, sweep_marks
from apps.catalogue.models import Attribute, Brand, Category, MeasureUnit, Product, ProductCode, SearchMark, Synonym
from apps.catalogue.search import Query, find
from apps.catalogue.services import ProductRow, load_products
from apps.core.scoping import NOBODY
from config.bootstrap import ROOT
from config.launcher.processes import start
from tests.processes import process_environment


def skus(text: str, **more) -> set[str]:
    return {product.sku for product in find(NOBODY, Query(text, **more)).products}


def marked() -> set[str]:
    """SKUs of what is marked since the last look."""
    ids = {id_ for ids in SearchMark.objects.values_list("products", flat=True) for id_ in ids or ()}
    SearchMark.objects.all().delete()
    return set(Product.objects.filter(pk__in=ids).values_list("sku", flat=True))


def as_it_is(monkeypatch: pytest.MonkeyPatch, search_index) -> None:
    """From here on nobody follows: a search reads what is on the disk."""
    monkeypatch.setattr(reading, "opened", search_index.as_it_is)


# -- what changes is marked, whoever changes it


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda w: Product.objects.filter(pk=w.bolt.pk).update(name="Stud"), {"BLT-M8-40"}),
        (lambda w: ProductCode.objects.create(product=w.oil, kind="competitor", code="Z-9"), {"OIL-5L"}),
        (lambda w: ProductCode.objects.filter(product=w.bolt).delete(), {"BLT-M8-40"}),
        (lambda w: w.oil.texts.create(language="vi", name="Dầu thủy lực"), {"OIL-5L"}),
        (lambda w: Brand.objects.update(name="Norrfast"), None),
        (lambda w: Category.objects.filter(slug="fasteners").update(name="Fixings"), {"BLT-M8-40", "BLT-M8-60"}),
        (lambda w: Category.objects.update(product_count=7, position=3), set()),
        (lambda w: Attribute.objects.filter(code="length").update(unit="cm"), None),
        (lambda w: Attribute.objects.filter(code="length").update(position=9), set()),
        (lambda w: StockLevel.objects.filter(product=w.drill).update(reserved=1), {"DRL-18V"}),
        (lambda w: StockLevel.objects.filter(product=w.bolt).update(reserved=1), set()),
        (lambda w: StockLevel.objects.filter(product=w.oil).delete(), {"OIL-5L"}),
        (lambda w: StockLevel.objects.create(warehouse=w.south, product=w.drill, on_hand=1), {"DRL-18V"}),
        (lambda w: StockLevel.objects.create(warehouse=w.south, product=w.drill), set()),
        (lambda w: load_products([ProductRow("NEW-1", "New", "gloves")]), {"NEW-1"}),
    ],
)
def test_what_changes_is_marked(world, change, expected):
    marked()
    change(world)
    assert marked() == (set(Product.objects.values_list("sku", flat=True)) if expected is None else expected)


def test_what_is_deleted_is_gone(world):
    rivet = Product.objects.create(sku="RIV-1", name="Rivet", category=world.bolts)
    assert skus("rivet") == {"RIV-1"}
    rivet.delete()
    assert skus("rivet") == set()


def test_beyond_twenty_thousand_everything_is_marked(world):
    SearchMark.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("SELECT catalogue_mark(array_agg(n)) FROM generate_series(1, 20000) n")
        cursor.execute("SELECT catalogue_mark(array_agg(n)) FROM generate_series(1, 20001) n")
    held = SearchMark.objects.order_by("pk").values_list("products", flat=True)
    assert [ids and len(ids) for ids in held] == [20_000, None]


# -- words that operations edit


def test_a_new_synonym_counts_at_once_and_without_building_anew(world, search_index):
    assert skus("mittens") == set()
    folder = places.current()
    Synonym.objects.create(words="mittens, gloves")
    assert skus("mittens") == {"GLV-NIT-L"}
    assert places.current() == folder


def test_a_new_unit_counts_for_what_is_indexed_already(world):
    assert skus("4 span") == set()
    MeasureUnit.objects.create(words="span, spans", base="mm", factor=10)
    assert skus("4 span") == skus("4 spans") == {"BLT-M8-40"}


# -- what a follower sees


@pytest.fixture
def follower(world, search_index) -> Follower:
    search_index.opened()
    return search_index.follower


def test_a_round_without_a_change_writes_nothing(follower):
    before = (follower.folder / "entries" / "meta.json").stat().st_mtime_ns
    assert follower.follow() == 0
    assert (follower.folder / "entries" / "meta.json").stat().st_mtime_ns == before


def test_the_position_is_in_the_commit_and_a_new_follower_goes_on_from_it(world, follower):
    Product.objects.filter(pk=world.bolt.pk).update(name="Stud")
    assert follower.follow() == 1
    follower.close()
    again = Follower(follower.folder)
    assert (again.horizon, set(again.seen)) == (follower.horizon, set(follower.seen))
    assert again.follow() == 0


@pytest.mark.parametrize(
    "spoil",
    [
        lambda f: setattr(f, "database", "another/1"),
        lambda f: setattr(f, "horizon", Moment.now().newest + 1000),
        lambda f: setattr(f, "noted_at", Moment.now().at - MARKS_KEPT),
        lambda f: SearchMark.objects.create(products=None, transaction=Moment.now().newest),
    ],
)
def test_what_cannot_be_followed_is_built_anew(follower, spoil):
    spoil(follower)
    with pytest.raises(BuildAnewError):
        follower.follow()


def test_an_index_that_retires_follows_on_and_does_not_say_that_it_is_up_to_date(world, follower):
    SearchMark.objects.create(products=None, transaction=Moment.now().newest)
    Product.objects.filter(pk=world.bolt.pk).update(name="Stud")
    assert follower.follow(retiring=True) == 1
    follower.close()
    with pytest.raises(BuildAnewError):
        Follower(follower.folder).follow()


def test_old_marks_are_swept(world):
    now = Moment.now().at
    assert sweep_marks(now) == 0
    assert sweep_marks(now + MARKS_KEPT * 2) > 0


# -- committed rows, other connections, other processes


def in_another_connection(work: Callable[[], None]) -> threading.Thread:
    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


@pytest.mark.django_db(transaction=True)
def test_what_commits_late_is_not_missed(world, search_index):
    """A transaction that began first and commits last, after the index has followed a later one."""
    begun, may_end = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            Product.objects.filter(pk=world.oil.pk).update(name="Slow fluid")
            begun.set()
            may_end.wait(20)

    thread = in_another_connection(slow)
    begun.wait(20)
    Product.objects.filter(pk=world.bolt.pk).update(name="Quick stud")
    assert skus("quick stud") == {"BLT-M8-40"}
    assert skus("slow fluid") == set()
    may_end.set()
    thread.join(20)
    assert skus("slow fluid") == {"OIL-5L"}


@contextmanager
def following(root: Path, log: Path) -> Iterator:
    env = process_environment() | {"SEARCH_ROOT": str(root), "LOG_FORMAT": "console", "LOG_LEVEL": "INFO"}
    child = start("search", [sys.executable, "manage.py", "follow_search"], log=log, env=env, cwd=ROOT)
    try:
        yield child
    finally:
        child.dismiss()
        child.gone()


def until_found(text: str, expected: set[str], seconds: float = 30) -> float:
    began = time.monotonic()
    while (found := skus(text)) != expected:
        assert time.monotonic() - began < seconds, f"{text}: {found}"
        time.sleep(0.05)
    return time.monotonic() - began


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_real_follower_is_killed_in_the_middle_and_nothing_is_lost(world, search_index, monkeypatch, tmp_path):
    as_it_is(monkeypatch, search_index)
    root, log = Path(search_index.root), tmp_path / "search.log"
    with following(root, log):
        until_found("cordless", {"DRL-18V"}, 60)
        Product.objects.filter(pk=world.bolt.pk).update(name="Quick stud")
        assert until_found("quick stud", {"BLT-M8-40"}) < 5
    for turn in range(3):
        with following(root, log) as child:
            ids = range(turn * 400, turn * 400 + 400)
            for some in (ids[:200], ids[200:]):
                load_products(ProductRow(f"RIV-{n}", f"Rivet number {n}", "gloves") for n in some)
                time.sleep(0.4 * turn)
            os.killpg(child.process.pid, signal.SIGKILL)
            child.process.wait()
        assert skus("quick stud") == {"BLT-M8-40"}, "it is whole and searched also while nobody writes"
    with following(root, log):
        began = time.monotonic()
        while find(NOBODY, Query("rivet")).total < 1200:
            assert time.monotonic() - began < 30
            time.sleep(0.1)


# -- the index is missing or broken


@pytest.fixture
def on_disk(world, search_index, monkeypatch) -> Path:
    """The folder of an index that nobody follows."""
    search_index.opened()
    search_index.close()
    as_it_is(monkeypatch, search_index)
    monkeypatch.setattr(reading, "trouble", search_index.trouble)
    return places.current()


def test_without_an_index_postgresql_answers(world, on_disk):
    shutil.rmtree(on_disk)
    found = find(NOBODY, Query("hex bolt"))
    assert [product.sku for product in found.products] == ["BLT-M8-40", "BLT-M8-60"]
    assert (found.total, found.facets) == (2, ())
    assert skus("oil5l") == {"OIL-5L"}
    assert skus("", category="fasteners", attributes={"length": ("60",)}) == {"BLT-M8-60"}
    assert skus("drill", in_stock=True) == {"DRL-18V"}
    first = find(NOBODY, Query(size=4))
    second = find(NOBODY, Query(size=4, after=first.next_after))
    assert len({product.sku for product in (*first.products, *second.products)}) == 6
    assert find(NOBODY, Query(size=4, before=second.previous_before)).products == first.products


@pytest.mark.parametrize("suffix", ["meta.json", ".idx", ".term", ".fast", ".store", ".fieldnorm"])
def test_a_broken_index_is_answered_for_and_built_anew(world, on_disk, suffix):
    [file] = (on_disk / "entries").glob(f"*{suffix}")
    file.unlink()  # whoever has it open keeps it
    file.write_bytes(b"\0" * 40)
    reading.forget()
    assert skus("hex bolt") == {"BLT-M8-40", "BLT-M8-60"}
    if not places.complaint():
        pytest.skip("what is broken was not needed for the answer")
    folder = build()
    places.serve(folder)
    places.settle_complaint()
    assert folder != on_disk
    assert skus("hex bolt") == {"BLT-M8-40", "BLT-M8-60"}


def test_an_index_of_another_version_is_none(on_disk):
    other = on_disk.with_name("v0-1")
    on_disk.rename(other)
    places.write_whole(places.root() / "current", other.name)
    assert places.current() is None
    assert skus("hex bolt") == {"BLT-M8-40", "BLT-M8-60"}


@pytest.mark.django_db(transaction=True)
def test_the_old_index_is_served_until_the_new_one_is_complete(world, on_disk):
    keeper = Keeper()
    try:
        keeper.round()
        SearchMark.objects.create(products=None, transaction=Moment.now().newest)
        keeper.round()
        assert keeper.building is not None
        Product.objects.filter(pk=world.bolt.pk).update(name="Quick stud")
        keeper.building.result(20)
        assert places.current() == on_disk
        assert skus("hex bolt") == {"BLT-M8-40", "BLT-M8-60"}
        keeper.round()
        assert places.current() != on_disk
        assert skus("quick stud") == {"BLT-M8-40"}
        assert not on_disk.exists()
    finally:
        keeper.close()


def test_one_process_of_a_machine_writes(on_disk):
    with places.sole_writer() as mine:
        assert mine
        with places.sole_writer() as again:
            assert not again
