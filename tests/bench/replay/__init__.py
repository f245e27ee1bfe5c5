"""A month of a real wholesaler's trade through the services, day by day, and its books to the penny.

The month stays in a database of its own: a run that was stopped goes on where it was, and one more only reconciles.
`--fresh` begins anew.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from tests.bench.figures import Figure, Plan

ROOT = Path(__file__).resolve().parents[3]
FILE = ROOT.parent / "shared" / "data" / "online_retail" / "online_retail.csv.gz"


def measure(plan: Plan) -> list[Figure]:
    file = Path(os.environ.get("BENCH_SALES_HISTORY", FILE))
    if not file.exists():
        plan.say(f"replay: there is no {file.name}; BENCH_SALES_HISTORY may name it")
        return []
    outcome = _play(file, plan)
    plan.say("\n  ".join(["the books", *outcome["books"]]))
    plan.say(f"pieces that came back: {outcome['returns']}")
    plan.say(f"counts: {outcome['counts']}")
    if outcome["differences"]:
        plan.failures.append("replay: the books do not add up")
    seconds, lines = outcome["seconds"], outcome["lines"]
    told = f"{outcome['days']} days, {outcome['orders']:,} orders of {plan.month} in this run"
    return [
        Figure("replay", "lines", lines, "", "", told),
        Figure("replay", "seconds", round(seconds, 1), "s"),
        Figure("replay", "lines_per_s", round(lines / seconds, 1) if lines else None, "/s"),
        Figure(
            "replay", "differences", outcome["differences"], "", "0", f"of {len(outcome['books'])} pairs of figures"
        ),
    ]


def _play(file: Path, plan: Plan) -> dict:
    name = f"replay_{plan.month.replace('-', '_')}_{plan.days}"
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as admin:
        if plan.fresh:
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
        if admin.execute("SELECT FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
            admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
    url = make_conninfo(os.environ["DATABASE_URL"], dbname=name)
    environment = os.environ | {"DATABASE_URL": url, "DATABASE_POOL_SIZE": "0"}
    run = {"cwd": ROOT, "env": environment, "check": True, "stdout": subprocess.PIPE, "text": True}
    subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity=0"], **run)
    command = [sys.executable, "-m", "tests.bench.replay.play", str(file), plan.month, str(plan.days)]
    return json.loads(subprocess.run(command, **run).stdout)
