"""The index as the one writer of a machine keeps it.

1. What is out of date is marked by triggers, in the transaction of the change (`SearchMark`).
2. A commit of the index holds, beside its entries, how far it has followed: every transaction below `horizon` is in it.
   A crash at any moment leaves the last commit; what came after it is read again, and nothing is skipped.
3. Numbers of rows commit out of order; so a round reads every mark whose transaction is not below the horizon, whatever
   it has seen already, and the horizon moves to the oldest transaction that was still open before the round.
4. Marks of everything, a database that is another one, marks that were swept too early: the index is built anew, in a
   folder of its own, while the old one is served. It takes its place only when it is complete.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.db import connection
from django.db.models import QuerySet
from tantivy import Document, Index, IndexWriter

from apps.catalogue.index import places, reading
from apps.catalogue.index.documents import all_entries, entries_of
from apps.catalogue.index.measures import Units, units_of
from apps.catalogue.index.schema import PROGRESS, prepared, schema
from apps.catalogue.models import MeasureUnit, SearchMark, Synonym
from apps.catalogue.models.finding import phrases

HEAP_OF_A_BUILD, HEAP = 256_000_000, 32_000_000
MARKS_KEPT = timedelta(days=3)
WRITES_TOLD = 12  # commits of which the index says which products were written
MOST_TOLD = 500  # products of one of them: of a commit that wrote more it says nothing
_NOTED_AT_LEAST = timedelta(hours=1)


class BuildAnewError(Exception):
    """What is there cannot be followed any further."""


@dataclass(frozen=True)
class Moment:
    """A moment of the database: which one it is, its oldest open transaction, its clock."""

    database: str
    horizon: int
    newest: int
    at: datetime

    @classmethod
    def now(cls) -> "Moment":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT d.datname || '/' || d.oid, pg_snapshot_xmin(s)::text::bigint,"
                " pg_snapshot_xmax(s)::text::bigint, clock_timestamp()"
                " FROM pg_current_snapshot() s, pg_database d WHERE d.datname = current_database()"
            )
            return cls(*cursor.fetchone())


def build() -> Path:
    """Build an index of the whole catalogue in a folder of its own; whoever calls lets it be served.

    What was marked before is in it, even where the horizon says that it may be read again.
    """
    moment, words = Moment.now(), _words()
    seen = dict(_marks(moment.horizon).values_list("pk", "transaction"))
    folder = places.new_folder()
    places.write_words(folder, words)
    writer = prepared(Index(schema(), str(folder / "entries"))).writer(HEAP_OF_A_BUILD, 1)
    for entry in all_entries(_units(words)):
        writer.add_document(entry)
    _note(writer, moment, moment.horizon, seen, [(0, [])])
    writer.commit()
    writer.wait_merging_threads()
    return folder


def _marks(horizon: int) -> QuerySet:
    return SearchMark.objects.filter(transaction__gte=horizon)


class Follower:
    """Keeps an index up with the database, from where its last commit stands."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.index = prepared(Index.open(str(folder / "entries")))
        self.index.config_reader("manual")
        self.index.reload()
        progress = reading.progress_of(self.index.searcher())
        if progress is None:
            raise BuildAnewError("the index does not say how far it follows")
        self.database, self.horizon = progress["database"], progress["horizon"]
        self.seen: dict[int, int] = dict(progress["seen"])  # marks at or above the horizon that are in the index
        self.noted_at = datetime.fromisoformat(progress["at"])
        self.writes: list = progress.get("writes", [])  # the latest commits: number, ids of products or None
        self.words = json.loads((folder / "words.json").read_text())
        self.writer: IndexWriter | None = None

    def follow(self, *, retiring: bool = False) -> int:
        """Take over what changed since the last round; how many products that were. Raises BuildAnewError.

        An index that is `retiring` is served until another one is built: it takes over what it can, and does not say
        that it has followed any further.
        """
        moment = Moment.now()
        if not retiring:
            self._refuse_what_cannot_be_followed(moment)
        ids, seen = self._marked(retiring)
        self._refresh_words()
        horizon = self.horizon if retiring else max(self.horizon, moment.horizon)
        seen = {mark: transaction for mark, transaction in seen.items() if transaction >= horizon}
        if ids or moment.at - self.noted_at > _NOTED_AT_LEAST:
            self._write(ids, moment, horizon, seen)
        self.horizon, self.seen = horizon, seen
        return len(ids)

    def _refuse_what_cannot_be_followed(self, moment: Moment) -> None:
        if moment.database != self.database or self.horizon > moment.newest:
            raise BuildAnewError("the database is another one")
        if moment.at - self.noted_at > MARKS_KEPT - _NOTED_AT_LEAST:
            raise BuildAnewError("the marks since then are swept away")

    def _marked(self, retiring: bool) -> tuple[set[int], dict[int, int]]:
        """The products to be written, and all marks seen, with their transactions."""
        seen, ids = dict(self.seen), set()
        for mark, products, transaction in _marks(self.horizon).values_list("pk", "products", "transaction"):
            if mark in seen or (products is None and retiring):
                continue
            if products is None:
                raise BuildAnewError("too much has changed")
            seen[mark] = transaction
            ids.update(products)
        return ids, seen

    def _refresh_words(self) -> None:
        words = _words()
        if words != self.words:
            places.write_words(self.folder, words)
            self.words = words

    def _write(self, ids: Collection[int], moment: Moment, horizon: int, seen: Mapping[int, int]) -> None:
        if self.writer is None:
            self.writer = self.index.writer(HEAP, 1)
        for id_ in ids:
            self.writer.delete_documents_by_term("id", id_)
        for entry in entries_of(ids, _units(self.words)):
            self.writer.add_document(entry)
        number = self.writes[-1][0] + 1 if self.writes else 0
        writes = [*self.writes, (number, sorted(ids) if len(ids) <= MOST_TOLD else None)][-WRITES_TOLD:]
        _note(self.writer, moment, horizon, seen, writes)
        self.writer.commit()
        self.writes = writes
        self.noted_at = moment.at

    def close(self) -> None:
        """Let go of the index, so that another one may take its place."""
        if self.writer is not None:
            self.writer.wait_merging_threads()
            self.writer = None


def _note(writer: IndexWriter, moment: Moment, horizon: int, seen: Mapping[int, int], writes: Sequence[tuple]) -> None:
    """Write into the commit to come how far the index follows, and which products the latest commits wrote."""
    said = {
        "database": moment.database,
        "horizon": horizon,
        "seen": list(seen.items()),
        "at": moment.at.isoformat(),
        "writes": writes,
    }
    writer.delete_documents_by_term("kind", PROGRESS)
    writer.add_document(Document.from_dict({"kind": PROGRESS, "note": json.dumps(said)}, schema()))


def _words() -> dict:
    """Synonyms and units as operations keep them, in the form of words.json."""
    return {
        "synonyms": [phrases(words) for words in Synonym.objects.order_by("pk").values_list("words", flat=True)],
        "units": [
            [phrases(words), base, float(factor)]
            for words, base, factor in MeasureUnit.objects.order_by("pk").values_list("words", "base", "factor")
        ],
    }


def _units(words: dict) -> Units:
    return units_of((written, base, factor) for written, base, factor in words["units"])


def sweep_marks(now: datetime) -> int:
    """Drop the marks that every index has followed long ago; one that has not is built anew."""
    return SearchMark.objects.filter(marked_at__lt=now - MARKS_KEPT).delete()[0]
