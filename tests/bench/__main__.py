"""`python -m tests.bench NAME... [--size demo|full] [--rounds N] [--surveys N] [--answers N] [--seconds N]
[--month YYYY-MM] [--days N] [--history FILE --future FILE --keyset FILE] [--json FILE]`.

Measures, prints a table, writes JSON.
"""

import argparse
import importlib
import json
import os
import sys
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from tests.bench.figures import Figure, Plan, as_json, table

BENCHES = {
    "counts": "rows of the data set, beside what its size promises",
    "pages": "server-side time, queries and size of the main pages, beside a plain Django page of 24 cards",
    "search": "words, codes, facets, typing ahead; ranking beside PostgreSQL; building and following the index",
    "memory": "what a web process holds after 400 pages",
    "prices": "the account's prices of 50 SKUs, beside the bare statements",
    "availability": "dated promises for 50 SKUs; a stock feed",
    "orders": "orders of 50 and 500 lines; eight and 32 clients for the same 100 SKUs",
    "attention": "whom to call: lost money that a ranking finds in a real history, beside recency and revenue",
    "imports": "a sales history of 541,909 lines, a supplier's file with bad rows, products and prices in bulk",
    "replay": "a month of a real wholesaler through orders, warehouse, carriers and invoices; its books to the penny",
    "next_order": "the next order told from those before, beside published models; a night's training",
    "surveys": "invitations planned and sent to a local SMTP sink by two workers",
    "answers": "the pages that tell what customers say, over millions of answers",
    "crash": "deliveries confirmed, asked about and answered while workers and the broker are killed",
}
#: These bring their own data, to no database or to one of their own.
WITHOUT_DATABASE, OWN_DATABASE = {"next_order"}, {"crash"}


def main(argv: list[str]) -> int:
    options = _options(argv)
    if not options.names:
        width = max(map(len, BENCHES))
        print("\n".join(f"{name:<{width}}  {says}" for name, says in BENCHES.items()))
        return 0
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.bench.settings")

    figures: list[Figure] = []
    plan = _plan(options)
    with _over(options):
        for name in options.names:
            print(f"{name} ...", file=sys.stderr, flush=True)
            module = importlib.import_module(f"tests.bench.{name}")
            figures += module.measure(plan)
    print(table(figures))
    if options.json:
        options.json.write_text(json.dumps(as_json(figures), indent=2) + "\n")
    print("\n".join(plan.failures), file=sys.stderr)
    return 1 if plan.failures else 0


def _over(options: argparse.Namespace) -> AbstractContextManager:
    """What the benches that were named run over."""
    from tests.bench.dataset import data_set, server

    if WITHOUT_DATABASE.issuperset(options.names):
        return nullcontext()
    if (WITHOUT_DATABASE | OWN_DATABASE).issuperset(options.names):
        return server()
    return data_set(options.size, fresh=options.fresh)


def _plan(options: argparse.Namespace) -> Plan:
    names = ("surveys", "answers", "seconds", "month", "days", "fresh", "history", "future", "keyset")
    more = {name: getattr(options, name) for name in names}
    return Plan(options.size, options.rounds, _say, **more)


def _options(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Without a name, lists the benches.")
    parser.add_argument("names", nargs="*", metavar="NAME", choices=[[], *BENCHES], help=", ".join(BENCHES))
    parser.add_argument("--size", choices=["demo", "full"], default="demo")
    parser.add_argument("--rounds", type=int, default=5, help="rounds of which the median is told (default 5)")
    parser.add_argument("--surveys", type=int, default=0, help="invitations to send (default 5,000; full size 100,000)")
    parser.add_argument(
        "--answers", type=int, default=0, help="answers of the pages (default 1,000,000; full 5,000,000)"
    )
    parser.add_argument("--seconds", type=float, default=60, help="how long clients compete for stock (default 60)")
    parser.add_argument("--month", default="2011-11", help="to be replayed (default 2011-11)")
    parser.add_argument("--days", type=int, default=0, help="replay only so many days of it (default all)")
    for name in ("history", "future", "keyset"):
        parser.add_argument(f"--{name}", type=Path, metavar="FILE", help="baskets for next_order; all three or none")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there as well")
    parser.add_argument("--fresh", action="store_true", help="make the data set anew")
    options = parser.parse_args(argv)
    given = [file for file in (options.history, options.future, options.keyset) if file]
    if len(given) not in (0, 3):
        parser.error("--history, --future and --keyset go together: name all three files")
    for file in given:
        if not file.is_file():
            parser.error(f"there is no file {file}")
    return options


def _say(words: str) -> None:
    print(f"  {words}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
