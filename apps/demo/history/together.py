"""The past told by several processes at once, for sizes at which one would take an hour.

1. Each process tells of its own batches of accounts: the first of the first batch, the second of the second, in turn.
   It is forked, so that it has the catalogue without making it again, and asks for prices over a connection of its own.
2. Rows are loaded by the parent alone, batch after batch, within its one transaction. So is stock held: what an early
   batch takes, a later one does not find. While one process waits for that, the other reckons.
3. Every batch has ids from a range of its own. The same data comes out however many processes there are.
"""

import gc
import multiprocessing
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Protocol

from django.apps import apps
from django.db import connection, connections

from apps.accounts.models import Account
from apps.availability.rules import Demand, Lot
from apps.demo.accounts import Party
from apps.demo.history.pages import COLUMNS
from apps.demo.load import copy_csv

Held = Mapping[str, Sequence[Lot]]
_forked = multiprocessing.get_context("fork")
_inherited: list = []  # the parent's connection, kept so that nothing here closes it


class Teller(Protocol):
    """Tells the past of a batch of accounts, in three steps."""

    def begin(self, batch: int, parties: Sequence[Party]) -> list[Demand]:
        """What they ordered; what of it is still to be held in stock."""

    def finish(self, held: Held) -> None:
        """Everything else that happened, once it is known from where the open orders will come."""

    def load(self) -> dict[str, int]:
        """Load the rows; the last ids used, by the label of the model."""


class Apart:
    """A teller in a process of its own, which does `batches` (number and accounts) one after the other."""

    def __init__(self, teller: Teller, batches: Sequence[tuple[int, Sequence[Party]]], older: Sequence["Apart"]):
        self.pipe, theirs = _forked.Pipe()
        ours = [self.pipe, *(one.pipe for one in older)]
        self.process = _forked.Process(target=_work, args=(teller, batches, theirs, ours), daemon=True)
        self.process.start()
        theirs.close()
        self.pipe.recv()  # ready: from here on it reads no table that is being loaded

    def begin(self, batch: int, parties: Sequence[Party]) -> list[Demand]:
        return self.pipe.recv()

    def finish(self, held: Held) -> None:
        self.pipe.send(held)

    def load(self) -> dict[str, int]:
        labels, ids = self.pipe.recv()
        for label in labels:
            model = apps.get_model(label)
            copy_csv(model, COLUMNS[model], [self.pipe.recv_bytes()])
        return ids


@contextmanager
def apart(teller: Teller, batches: Sequence[Sequence[Party]], processes: int) -> Iterator[list[Apart]]:
    """So many processes over `batches`, ended with the context."""
    started: list[Apart] = []
    try:
        for turn in range(processes):
            own = [(at, batch) for at, batch in enumerate(batches) if at % processes == turn]
            started.append(Apart(teller, own, tuple(started)))
        yield started
    finally:
        for one in started:
            one.pipe.close()
        for one in started:
            one.process.join(timeout=10)
            one.process.kill()


def _work(teller, batches: Sequence[tuple[int, Sequence[Party]]], pipe, ours: Sequence) -> None:
    for end in ours:
        end.close()  # so that the end of the parent is heard
    _connect()
    gc.disable()  # rows refer to nothing that refers to them
    pipe.send("ready")
    for at, parties in batches:
        pipe.send(teller.begin(at, parties))
        teller.finish(pipe.recv())
        written = dict(teller.pages.written_out())
        pipe.send((list(written), {model._meta.label: last for model, last in teller.pages.ids.items()}))
        for rows in written.values():
            pipe.send_bytes(rows)


def _connect() -> None:
    """A connection of this process, with the accounts as a table of its own.

    Prices are asked of the accounts, and those are locked while the foreign keys to them are laid aside.
    """
    _inherited.append(connections["default"])
    connections.settings["default"].get("OPTIONS", {}).pop("pool", None)
    connections["default"] = connections.create_connection("default")
    table = Account._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE {table} (LIKE public.{table} INCLUDING INDEXES)")
        cursor.execute(f"INSERT INTO pg_temp.{table} SELECT * FROM public.{table}")
        cursor.execute(f"ANALYZE pg_temp.{table}")
