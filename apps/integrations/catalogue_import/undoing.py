"""What a commit changed comes back, except where it was changed since.

1. A changed product gets the old value of each fact the commit changed, if all of them still have the new one; else
   nothing of it is touched and the row names what was changed since.
2. A new product is removed if it still is as it was made and nothing refers to it: an order, stock, an account's own
   number. Else it stays, and the row says why.
3. Categories the commit made go where nothing stands in them.
"""

from collections.abc import Callable
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from apps.catalogue.selectors import plain
from apps.catalogue.selectors.facts import SCALARS
from apps.catalogue.services import ProductRow, drop_empty_categories, take_back
from apps.integrations.catalogue_import.comparing import same, standing_of
from apps.integrations.catalogue_import.writing import Writing, write, write_relations
from apps.integrations.imports.steps import advance
from apps.integrations.models import CatalogueImport, CatalogueImportRow

CHUNK = 2_000
_BLANK = {name: plain(ProductRow._field_defaults.get(name, "")) for name in SCALARS} | {"brand": ""}
_EVERYTHING = ({"classifications": "", "texts": "", "packaging": "", "codes": "", "relations": "", "prices": ""},)
Kind, State = CatalogueImportRow.Kind, CatalogueImportRow.State


def undo(run: CatalogueImport, progress: Callable[[int], None], *, on: date) -> None:
    """Undo the rows that are live; a killed undo goes on with those that still are."""
    live = run.rows.filter(state=State.APPLIED)
    while chunk := list(live.filter(row_number__gt=run.reached).order_by("row_number")[:CHUNK]):
        with transaction.atomic():
            _undo_chunk(run, chunk, on)
            advance(run, chunk[-1].row_number)
        progress(run.reached)
    drop_empty_categories(run.report.get("made_categories", ()))


def _undo_chunk(run: CatalogueImport, rows: list[CatalogueImportRow], on: date) -> None:
    standing = standing_of(run.profile, [row.sku for row in rows], _EVERYTHING, on=on, locked=True)
    writings, removed = [], {}
    for row in rows:
        known = standing.products.get(row.sku)
        row.state = State.UNDONE
        if known is None:
            row.detail = _("The product was removed since.")
        elif since := _changed_since(row, known.facts):
            row.state = State.KEPT
            row.detail = _("Changed since: %(fields)s.") % {"fields": ", ".join(sorted(since))[:250]}
        elif row.kind == Kind.NEW:
            removed[known.id] = row
        else:
            writings.append(Writing(row.sku, known, {name: old for name, (old, _new) in row.changes.items()}))
    write(run.profile, writings, on=on)
    write_relations((w.sku, w.facts["relations"] or ()) for w in writings if "relations" in w.facts)
    for id_ in take_back(removed):
        removed[id_].state = State.KEPT
        removed[id_].detail = _("It was ordered, stocked or listed since.")
    CatalogueImportRow.objects.bulk_update(rows, ["state", "detail"], batch_size=1_000)


def _changed_since(row: CatalogueImportRow, now: dict) -> set[str]:
    if row.kind != Kind.NEW:
        return {name for name, (_old, new) in row.changes.items() if not same(now.get(name), new)}
    made = _BLANK | {name: value for name, value in row.wanted.items() if name not in ("pictures", "documents")}
    return {name for name in made.keys() | now.keys() if not same(now.get(name), made.get(name))}
