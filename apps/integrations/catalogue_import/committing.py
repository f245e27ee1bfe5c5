"""Good rows go live, a lot a transaction; bad ones stay where they are.

1. New products are made in the database, without passing through here (`making`).
2. What is left are rows that change something, or that do not fit any more: between the preview and now somebody may
   have changed a product. They are compared again while their products are locked, and what a row then really changed
   is kept with it for undoing.
3. When all products are there, what leads from one to another.
"""

from collections.abc import Callable
from datetime import date

from django.db import transaction

from apps.catalogue.services import ensure_attributes
from apps.integrations.catalogue_import.comparing import Standing, completed, differences, standing_of
from apps.integrations.catalogue_import.features import CHOICE, Seen, as_choice
from apps.integrations.catalogue_import.making import put_new_live
from apps.integrations.catalogue_import.writing import Writing, write, write_relations
from apps.integrations.imports.steps import advance
from apps.integrations.imports.values import Quarantined
from apps.integrations.models import CatalogueImport, CatalogueImportRow

LOT, CHUNK = 20_000, 5_000
_AFTERWARDS = ("relations", "pictures", "documents")
_KEPT = ["kind", "reason", "detail", "wanted", "changes", "state"]
Kind, State = CatalogueImportRow.Kind, CatalogueImportRow.State


def commit(run: CatalogueImport, progress: Callable[[int], None], *, on: date) -> None:
    """Put what waits live; a killed commit goes on with the rows that still wait."""
    choices = _make_attributes(run)
    waiting = run.rows.filter(kind__in=(Kind.NEW, Kind.CHANGED, Kind.GONE), state=State.WAITING)
    waiting = waiting.exclude(kind=Kind.GONE, changes={}).order_by("row_number")
    while lot := waiting.filter(row_number__gt=run.reached).values_list("row_number", flat=True)[:LOT]:
        last = max(lot)
        with transaction.atomic():
            made = put_new_live(run, last, choices, on=on)
            rest = list(waiting.filter(row_number__gt=run.reached, row_number__lte=last))
            for start in range(0, len(rest), CHUNK):
                made += _commit_chunk(run, rest[start : start + CHUNK], choices, on)
            advance(run, last, made_categories=[*run.report.get("made_categories", ()), *made])
        progress(run.reached)
    _relate(run)


def _make_attributes(run: CatalogueImport) -> set[str]:
    """Make the attributes the file brings; the facts of those that turned out to be choices."""
    seen = {
        code: Seen(name, unit, place, kinds)
        for code, (name, unit, kinds, place) in run.report.get("attributes", {}).items()
    }
    ensure_attributes(
        (code, one.name, one.kind, one.unit, one.products >= run.profile.facet_from, one.position)
        for code, one in seen.items()
    )
    return {f"attributes.{code}" for code, one in seen.items() if one.kind == CHOICE}


def _commit_chunk(run: CatalogueImport, rows: list[CatalogueImportRow], choices: set[str], on: date) -> list[str]:
    before = {row.pk: (row.kind, row.wanted, row.changes) for row in rows}
    for row in rows:
        row.wanted = {name: as_choice(value) if name in choices else value for name, value in row.wanted.items()}
    standing = standing_of(run.profile, [row.sku for row in rows], [row.wanted for row in rows], on=on, locked=True)
    writings = [writing for row in rows if (writing := _decide(row, standing))]
    made = write(run.profile, writings, on=on)
    as_staged = [row for row in rows if (row.kind, row.wanted, row.changes) == before[row.pk] and row.state]
    CatalogueImportRow.objects.filter(pk__in=[row.pk for row in as_staged]).update(state=State.APPLIED)
    staged = {row.pk for row in as_staged}
    CatalogueImportRow.objects.bulk_update([row for row in rows if row.pk not in staged], _KEPT, batch_size=1_000)
    return made


def _decide(row: CatalogueImportRow, standing: Standing) -> Writing | None:
    """What a row writes now, or None where it changes nothing any more; the row says what becomes of it."""
    known = standing.products.get(row.sku)
    facts = {name: value for name, value in row.wanted.items() if name not in _AFTERWARDS}
    try:
        facts = completed(facts, standing, known)
    except Quarantined as wrong:
        row.kind, row.reason, row.detail = Kind.QUARANTINED, wrong.reason, wrong.detail
        return None
    related = {name: change for name, change in row.changes.items() if name == "relations"}
    changes = differences(facts, known) | related if known else {}
    if row.kind != Kind.GONE or not changes:
        row.kind = Kind.NEW if known is None else Kind.CHANGED if changes else Kind.UNCHANGED
    row.changes = changes
    if row.kind == Kind.UNCHANGED:
        return None
    row.state = State.APPLIED
    new = facts if known is None else {name: new for name, (_old, new) in changes.items() if name not in _AFTERWARDS}
    return Writing(row.sku, known, new)


def _relate(run: CatalogueImport) -> None:
    """When all products of the file are there: what leads from one to another."""
    related = run.rows.filter(state=State.APPLIED, wanted__has_key="relations").order_by("row_number")
    last = 0
    while chunk := list(related.filter(row_number__gt=last)[:CHUNK]):
        write_relations((row.sku, row.wanted["relations"]) for row in chunk)
        last = chunk[-1].row_number
