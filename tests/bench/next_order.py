"""The next order told from those before: real baskets, a real wholesaler's year; how long a night's training takes."""

import csv
import gzip
import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import numpy as np
from scipy import sparse

from apps.recommendations import timing
from apps.recommendations.baskets import PUBLISHED, Baskets, Mix, baskets_of
from apps.recommendations.forecast import Forecast, HeldOut, day_to_part, recall
from tests.bench.figures import Figure, Plan

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
TAFENG = [DATA / "nbr" / f"tafeng_{name}.json.gz" for name in ("history", "future", "keyset_0")]
RETAIL = DATA / "online_retail" / "online_retail.csv.gz"
CUT = date(2011, 10, 1)
NO_GOODS = {"POST", "DOT", "M", "C2", "D", "S", "BANK CHARGES", "AMAZONFEE", "CRUK", "PADS"}
LINES, ACCOUNTS, PRODUCTS, BASKETS = 1_000_000, 10_000, 50_000, 12
PERSONAL, GLOBAL = Mix(own=0, steady=1, near=0), Mix(own=0, near=0)


def measure(plan: Plan) -> list[Figure]:
    if plan.history:
        return list(_set("set", *(plan.history, plan.future, plan.keyset), plan))
    figures = []
    if all(file.exists() for file in TAFENG):
        figures += _set("tafeng", *TAFENG, plan)
    else:
        plan.say(f"next_order: SKIPPED, there is no {TAFENG[0]}")
    if RETAIL.exists():
        figures += _retail(plan)
    else:
        plan.say(f"next_order: SKIPPED, there is no {RETAIL}")
    return [*figures, *_training(plan)]


def _set(name: str, history: Path, future: Path, keyset: Path, plan: Plan) -> Iterable[Figure]:
    """A public data set in its usual form: {account: [[-1], basket, ..., [-1]]}; asked are the key set's test users."""
    before, after, keys = (_json(file) for file in (history, future, keyset))
    number = {account: n for n, account in enumerate(before)}
    rows = [
        (number[account], product, occasion)
        for account, baskets in before.items()
        for occasion, basket in enumerate(baskets[1:-1])
        for product in basket
    ]
    baskets = baskets_of(*np.array(rows).T, len(number), keys["item_num"])
    asked = [str(account) for account in keys["test"]]
    came = _came([after[account][1] for account in asked], keys["item_num"])
    accounts = np.array([number[account] for account in asked])
    aims = {("recall", 10): "0.157 (0.165)", ("ndcg", 10): "0.134"} if name == "tafeng" else {}
    for model, top in _models(baskets, accounts, plan):
        for length in (10, 20):
            hits = recall(top[:, :length], came)
            told = {"recall": hits, "ndcg": _ndcg(top[:, :length], came), "hit_rate": hits > 0}
            for measured, values in told.items():
                aim = aims.get((measured, length), "") if not model else ""
                yield Figure("next_order", f"{name}_{measured}{length}{model}", _of(values), "", aim)


def _models(
    baskets: Baskets, accounts: np.ndarray, plan: Plan, *, since: int | None = None, length: int = 20
) -> list[tuple[str, np.ndarray]]:
    mix = HeldOut(baskets, since).mix()
    plan.say(f"next_order: chosen on held-out baskets of the history: {mix}")
    forecast = Forecast(baskets)
    mixes = (("", mix), ("_tifu", PUBLISHED), ("_personal", PERSONAL), ("_global", GLOBAL))
    return [(model, forecast.top(accounts, length, of)) for model, of in mixes]


def _retail(plan: Plan) -> Iterable[Figure]:
    """One cut for all, so that nobody's future leaks in; asked is the first day with an order on or after it."""
    bought = _days()
    yield from _timing(bought)
    before = [(account, product, day) for account, day, product in bought if day < CUT]
    number = {account: n for n, account in enumerate(sorted({account for account, _product, _day in before}))}
    code = {product: n for n, product in enumerate(sorted({product for _account, product, _day in before}))}
    rows = [(number[account], code[product], day.toordinal()) for account, product, day in before]
    first: dict[str, date] = {}
    for account, day, _product in bought:
        if day >= CUT and account in number:
            first[account] = min(day, first.get(account, day))
    # What nobody had bought before the cut counts as ordered and cannot be told: it is numbered after the known.
    basket: dict[str, list[int]] = {account: [] for account in sorted(first)}
    for account, day, product in sorted(bought):
        if first.get(account) == day:
            basket[account].append(code.setdefault(product, len(code)))
    baskets = baskets_of(*np.array(rows).T, len(number), len(code))
    came = _came(basket.values(), len(code))
    tops = _models(baskets, np.array([number[account] for account in basket]), plan, since=day_to_part(baskets))
    told = {model: recall(top[:, :10], came) for model, top in tops}
    for model, values in told.items():
        gain = told[""] - values
        error = float(gain.std(ddof=1) / np.sqrt(len(gain)))
        note = f"{len(values):,} customers, cut {CUT}"
        if model:
            note = f"own model is better by {gain.mean():.4f}, paired standard error {error:.4f}"
        yield Figure("next_order", f"retail_recall10{model}", _of(values), "", "", note)


def _timing(bought: set[tuple[str, date, str]]) -> Iterable[Figure]:
    """When a customer orders a product again, of all that were ordered three times before the cut and again after it:
    the same for each way of telling. Only ours knows from the start that nothing came before the cut; so the mean gap
    is told clipped to the cut as well."""
    number: dict[str, int] = {}
    rows = np.array(
        [
            (number.setdefault(account, len(number)), number.setdefault(product, len(number)), day.toordinal())
            for account, day, product in sorted(bought)
        ]
    )
    cut = CUT.toordinal()
    before, after = rows[rows[:, 2] < cut], rows[rows[:, 2] >= cut]
    occasions = timing.bought_of(*before.T, np.ones(len(before)))
    rhythms = timing.rhythms_of(occasions, timing.usual_gap_of(occasions))
    next_on: dict[tuple[int, int], int] = {}
    for account, product, day in after.tolist():
        next_on[account, product] = min(day, next_on.get((account, product), day))
    pairs = zip(rhythms.accounts.tolist(), rhythms.products.tolist(), strict=True)
    came = np.array([next_on.get(pair, 0) for pair in pairs])
    first = np.searchsorted(_keys(occasions), _keys(rhythms))
    mean = rhythms.last + (rhythms.last - occasions.days[first]) / np.maximum(rhythms.times - 1, 1)
    ours = rhythms.last + timing.expected(rhythms.gap, cut - rhythms.last, timing.spread_of(occasions))
    asked = (came > 0) & (rhythms.times >= 3)
    note = f"{asked.sum():,} products of customers, ordered three times and again"
    for name, told in (("", ours), ("_mean_gap", mean), ("_mean_gap_clipped", np.maximum(mean, cut))):
        off = np.abs(told - came)[asked]
        yield Figure("next_order", f"due_mae_days{name}", round(float(off.mean()), 2), "days", "", note)


def _keys(rows: timing.Bought | timing.Rhythms) -> np.ndarray:
    return rows.accounts * 1_000_000 + rows.products


def _days() -> set[tuple[str, date, str]]:
    with gzip.open(RETAIL, "rt", encoding="utf-8", errors="replace", newline="") as lines:
        return {
            (line["CustomerID"], date.fromisoformat(line["InvoiceDate"][:10]), line["StockCode"])
            for line in csv.DictReader(lines)
            if _is_clean(line)
        }


def _is_clean(line: dict[str, str]) -> bool:
    known = line["CustomerID"] not in ("", "NA") and line["InvoiceNo"][0] not in "CA"
    goods = line["StockCode"] not in NO_GOODS and not line["StockCode"].startswith(("DCGS", "gift_"))
    return known and goods and int(line["Quantity"]) > 0 and float(line["UnitPrice"]) > 0


def _training(plan: Plan) -> Iterable[Figure]:
    """A night's reckoning of 60 lines for each of 10,000 accounts, in a process of its own."""
    plan.say(f"next_order: training on {LINES:,} made order lines")
    own = [sys.executable, "-c", "from tests.bench.next_order import train; train()"]
    seconds, cpu, mib = json.loads(subprocess.run(own, capture_output=True, text=True, check=True).stdout)
    yield Figure("next_order", "train_s", seconds, "s", "60", f"{cpu} s of processor time")
    yield Figure("next_order", "train_mib", mib, "MiB", "2,048")


def train() -> None:
    """What `_training` times: seconds, processor seconds and the most memory in MiB as JSON."""
    chance = np.random.default_rng(20)
    account, occasion = chance.integers(ACCOUNTS, size=LINES), chance.integers(BASKETS, size=LINES)
    # Each account has a range of its own of some hundred products, popular ones in most of them.
    product = (PRODUCTS * chance.beta(0.6, 3, size=(ACCOUNTS, 100))).astype(np.int64)[
        account, (100 * chance.beta(1, 2, size=LINES)).astype(int)
    ]
    began, worked = time.perf_counter(), time.process_time()
    baskets = baskets_of(account, product, occasion, ACCOUNTS, PRODUCTS)
    Forecast(baskets).top(np.arange(ACCOUNTS), 60, HeldOut(baskets, day_to_part(baskets)).mix())
    took = round(time.perf_counter() - began, 1), round(time.process_time() - worked, 1)
    print(json.dumps([*took, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024]))


def _json(file: Path) -> dict:
    with gzip.open(file, "rt") if file.suffix == ".gz" else file.open() as text:
        return json.load(text)


def _came(baskets: Iterable[Iterable[int]], of_products: int) -> sparse.csr_array:
    rows = [(n, product) for n, basket in enumerate(baskets) for product in set(basket)]
    row, product = np.array(rows).T
    return sparse.csr_array((np.ones(len(rows), bool), (row, product)), shape=(row.max() + 1, of_products))


def _ndcg(top: np.ndarray, came: sparse.csr_array) -> np.ndarray:
    """The ideal puts the whole basket first, however long it is."""
    sizes = np.diff(came.indptr)
    worth = 1 / np.log2(np.arange(2, max(sizes.max(), top.shape[1]) + 2))
    hits = [np.isin(row, came.indices[came.indptr[n] : came.indptr[n + 1]]) for n, row in enumerate(top)]
    return (np.array(hits) * worth[: top.shape[1]]).sum(axis=1) / worth.cumsum()[sizes - 1]


def _of(values: np.ndarray) -> float:
    return round(float(values.mean()), 4)
