"""What a web process holds: a real one is asked for pages of all kinds until it keeps what it keeps.

Told is its own memory (anonymous pages), beside the files it maps: those of the index are shared by all processes of a
machine, and the kernel drops them where others need the room.
"""

import os
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import islice
from pathlib import Path
from tempfile import NamedTemporaryFile
from urllib.parse import urlencode
from urllib.request import Request

from django.urls import reverse

from apps.catalogue.models import Category, Product
from apps.demo.logins import BUYER_HOUSE
from config.bootstrap import ROOT
from config.launcher.processes import Child, start, until
from config.launcher.supervisor import DIRECTLY
from config.launcher.valkey import free_port
from tests.bench import judged
from tests.bench.figures import Figure, Plan
from tests.bench.web import Visitor

PAGES_ASKED = 400
THREADS = 4


def measure(plan: Plan) -> list[Figure]:
    visitor = Visitor(f"buyer@{BUYER_HOUSE}")
    port, env = free_port(), os.environ | {"DATABASE_POOL_SIZE": str(THREADS)}
    command = ["granian", "--interface=wsgi", "--host=127.0.0.1", f"--port={port}", "--workers=1"]
    command += [f"--blocking-threads={THREADS}", "config.wsgi:application"]
    with NamedTemporaryFile() as log:
        server = start("web", [sys.executable, "-m", *command], env=env, cwd=ROOT, log=Path(log.name))
        try:
            own, files = _held(server, f"http://127.0.0.1:{port}", visitor)
        finally:
            server.dismiss()
            server.gone()
    note = f"after {PAGES_ASKED} pages by {THREADS} threads; {files:.0f} MiB of mapped files beside it"
    return [Figure("memory", "web_mib", round(own), "MiB", "300", note)]


def _held(server: Child, home: str, visitor: Visitor) -> tuple[float, float]:
    """MiB of its own, and of files, that the worker of a server holds after its pages."""
    until(lambda: _answers(home), server, seconds=60)
    cookie = visitor.cookie.output(header="", sep=";").strip()
    with ThreadPoolExecutor(THREADS) as crowd:
        list(crowd.map(lambda path: _ask(home, path, cookie), islice(_ways(), PAGES_ASKED)))
    children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children").read_text().split()
    return max((_status(child, "RssAnon"), _status(child, "RssFile")) for child in children)


def _ways() -> Iterator[str]:
    """Addresses of the catalogue, search and products in turn."""
    categories = list(Category.objects.filter(product_count__gt=0).values_list("slug", flat=True))
    skus = list(Product.objects.filter(status="active").order_by("-popularity").values_list("sku", flat=True)[:500])
    lines = (judged.WORDS + judged.TYPOS).strip().splitlines()
    texts = [line.split(" | ")[0] for line in lines if line.strip()]
    for turn in range(PAGES_ASKED):
        yield reverse("portal:catalogue")
        yield reverse("portal:category", args=[categories[turn % len(categories)]])
        yield f"{reverse('portal:catalogue')}?{urlencode({'q': texts[turn % len(texts)]})}"
        yield reverse("portal:product", args=[skus[turn % len(skus)]])


def _answers(home: str) -> bool:
    with suppress(OSError):
        return DIRECTLY.open(f"{home}/healthz", timeout=5).status == 200
    return False


def _ask(home: str, path: str, cookie: str) -> None:
    with DIRECTLY.open(Request(home + path, headers={"Cookie": cookie}), timeout=60) as answer:
        if answer.status != 200 or "log-in" in answer.url:
            raise RuntimeError(f"{path} answered {answer.status} {answer.url}")


def _status(process: str, name: str) -> float:
    return int(Path(f"/proc/{process}/status").read_text().partition(f"{name}:")[2].split()[0]) / 1024
