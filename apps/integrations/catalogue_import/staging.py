"""Every row of the file, kept with what it would change."""

import json
from collections.abc import Callable, Iterable
from datetime import date
from itertools import islice

from django.db import connection, transaction

from apps.catalogue.selectors import attributes_by_code
from apps.integrations.catalogue_import.articles import Article
from apps.integrations.catalogue_import.comparing import Standing, completed, differences, standing_of
from apps.integrations.catalogue_import.features import Attributes, Seen
from apps.integrations.catalogue_import.understanding import Manner, sku_of, wanted_facts
from apps.integrations.catalogue_import.values import Reason
from apps.integrations.imports.steps import advance
from apps.integrations.imports.values import Quarantined
from apps.integrations.models import CatalogueImport, CatalogueImportRow

CHUNK = 5_000
COLUMNS = "run_id, row_number, sku, kind, reason, detail, sent, wanted, changes, state"
TABLE = "integrations_catalogueimportrow"
Kind = CatalogueImportRow.Kind
Progress = Callable[[int], None]


def stage(run: CatalogueImport, articles: Iterable[Article], manner: Manner, progress: Progress, *, on: date) -> None:
    """Stage the articles that are not yet staged, a chunk a transaction; `run.reached` is the last one's number."""
    attributes = Attributes(attributes_by_code(), _seen(run))
    waiting = (article for article in articles if article.number > run.reached)
    while chunk := list(islice(waiting, CHUNK)):
        with transaction.atomic():
            copy_rows(_rows(run, chunk, attributes, manner, on))
            advance(run, chunk[-1].number, attributes=_tally(attributes))
        progress(run.reached)


def copy_rows(rows: Iterable[tuple]) -> None:
    """Rows of `COLUMNS` into the staging table."""
    with connection.cursor() as cursor, cursor.copy(f"COPY {TABLE} ({COLUMNS}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _rows(run, chunk: list[Article], attributes: Attributes, manner: Manner, on: date) -> list[tuple]:
    emptied = run.report.get("emptied", {})
    read = [(article, *_read(article, attributes, manner, emptied)) for article in chunk]
    good = {sku: facts for _article, sku, facts, _left_out, wrong in read if not wrong}
    standing = standing_of(run.profile, good, good.values(), on=on)
    return [_row(run.pk, standing, *parts) for parts in read]


def _read(
    article: Article, attributes: Attributes, manner: Manner, emptied: dict[str, str | None]
) -> tuple[str, dict, str, Quarantined | None]:
    sku = ""
    try:
        sku = sku_of(article)
        facts, left_out = wanted_facts(article, attributes, manner)
        return sku, facts | emptied, left_out, None
    except Quarantined as wrong:
        return sku, {}, "", wrong


def _row(run_id: int, standing: Standing, article: Article, sku: str, facts: dict, left_out: str, wrong) -> tuple:
    known = standing.products.get(sku)
    try:
        if wrong:
            raise wrong
        facts = completed(facts, standing, known)
    except Quarantined as reason:
        return run_id, article.number, sku or article.texts.get("sku", "")[:60], Kind.QUARANTINED, reason.reason, \
            reason.detail, _json(article.sent), "{}", "{}", ""  # fmt: skip
    # Relations are compared when the whole file is known: it may bring what they lead to.
    changes = differences({k: v for k, v in facts.items() if k != "relations"}, known) if known else {}
    kind = Kind.NEW if known is None else Kind.CHANGED if changes else Kind.UNCHANGED
    kept = facts if kind != Kind.UNCHANGED else {k: v for k, v in facts.items() if k == "relations"}
    if article.pictures:
        kept = kept | {"pictures": article.pictures[:20]}
    if article.documents:
        kept = kept | {"documents": article.documents[:20]}
    reason = Reason.BAD_ATTRIBUTE if left_out else ""
    return run_id, article.number, sku, kind, reason, left_out, "{}", _json(kept), _json(changes), ""


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _tally(attributes: Attributes) -> dict:
    return {code: [seen.name, seen.unit, dict(seen.kinds), seen.place] for code, seen in attributes.seen.items()}


def _seen(run: CatalogueImport) -> dict[str, Seen]:
    """The attributes that an earlier, interrupted reading of the file has shown."""
    kept = run.report.get("attributes", {})
    seen = {code: Seen(name, unit, place) for code, (name, unit, _kinds, place) in kept.items()}
    for code, (_name, _unit, kinds, _place) in kept.items():
        seen[code].kinds.update(kinds)
    return seen
