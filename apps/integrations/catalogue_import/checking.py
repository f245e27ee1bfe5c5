"""What only the whole file shows: SKUs that stand twice, relations within it, products that are gone; and the sums."""

from collections.abc import Iterator
from datetime import date

from django.db import connection, transaction
from django.utils.translation import gettext as _

from apps.catalogue.selectors import facts_of, products_by_sku
from apps.integrations.catalogue_import.staging import TABLE
from apps.integrations.models import CatalogueImport, CatalogueImportRow, ImportProfile

CHUNK = 2_000
Kind, Step = CatalogueImportRow.Kind, CatalogueImport.Step

_TWICE = f"""
WITH again AS (
    SELECT id, first_value(row_number) OVER w AS first, row_number() OVER w AS copy FROM {TABLE}
    WHERE run_id = %(run)s AND kind <> 'quarantined' WINDOW w AS (PARTITION BY sku ORDER BY row_number)
)
UPDATE {TABLE} r SET
    kind = 'quarantined', reason = 'twice', sent = wanted, wanted = '{{}}', changes = '{{}}',
    detail = format(%(detail)s, again.first)
FROM again WHERE again.id = r.id AND again.copy > 1
"""
_GONE = f"""
INSERT INTO {TABLE} (run_id, row_number, sku, kind, reason, detail, sent, wanted, changes, state)
SELECT %(run)s, (SELECT coalesce(max(row_number), 0) FROM {TABLE} WHERE run_id = %(run)s)
        + row_number() OVER (ORDER BY before.row_number), before.sku, 'gone', '', '', '{{}}', '{{}}',
    '{{}}', ''
FROM {TABLE} before
WHERE before.run_id = %(before)s AND before.kind IN ('new', 'changed', 'unchanged')
    AND NOT EXISTS (SELECT FROM {TABLE} now WHERE now.run_id = %(run)s AND now.sku = before.sku)
"""
_FIELDS = f"""
SELECT split_part(name, '.', 1), count(DISTINCT r.id) FROM {TABLE} r, jsonb_object_keys(r.changes) AS name
WHERE r.run_id = %s AND r.kind IN ('changed', 'gone') GROUP BY 1 ORDER BY 2 DESC, 1
"""
_SUMS = f"SELECT kind, reason, count(*) FROM {TABLE} WHERE run_id = %s GROUP BY 1, 2"


@transaction.atomic
def check(run: CatalogueImport, *, on: date) -> None:
    """Everything in one transaction, so that a killed run checks anew."""
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {TABLE}")
        cursor.execute(_TWICE, {"run": run.pk, "detail": _("Row %s has this SKU already; the first counts.")})
    _compare_relations(run)
    _find_gone(run)
    run.report |= sums_of(run)


def sums_of(run: CatalogueImport) -> dict:
    """Rows by kind and by reason, and how many rows change which fact."""
    kinds, reasons, left_out = dict.fromkeys(Kind.values, 0), {}, 0
    with connection.cursor() as cursor:
        cursor.execute(_SUMS, [run.pk])
        for kind, reason, count in cursor.fetchall():
            kinds[kind] += count
            if kind == Kind.QUARANTINED:
                reasons[reason] = count
            elif reason:
                left_out += count
        cursor.execute(_FIELDS, [run.pk])
        return {"kinds": kinds, "reasons": reasons, "left_out": left_out, "fields": dict(cursor.fetchall())}


def _compare_relations(run: CatalogueImport) -> None:
    """Relations to products that exist, or that this very file brings; others wait for a file that brings them."""
    for rows in _chunks(run.rows.exclude(kind=Kind.QUARANTINED).filter(wanted__has_key="relations")):
        targets = {sku for row in rows for _kind, sku in row.wanted["relations"]}
        brought = run.rows.filter(sku__in=targets, kind=Kind.NEW).values_list("sku", flat=True)
        there = set(products_by_sku(targets)) | set(brought)
        known = facts_of([row.sku for row in rows], listed=["relations"])
        for row in rows:
            _compare(row, there, known.get(row.sku))
        CatalogueImportRow.objects.bulk_update(rows, ["wanted", "changes", "kind"])


def _compare(row: CatalogueImportRow, there: set[str], known) -> None:
    """Who names relations of a kind names all of that kind; those of other kinds stay."""
    had = known.facts.get("relations", []) if known else []
    kinds = {kind for kind, _sku in row.wanted["relations"]}
    said = [pair for pair in row.wanted["relations"] if pair[1] in there and pair[1] != row.sku]
    wanted = row.wanted["relations"] = sorted([*said, *(pair for pair in had if pair[0] not in kinds)])
    if known and had != wanted:
        row.changes["relations"] = [had or None, wanted]
        row.kind = Kind.CHANGED


def _find_gone(run: CatalogueImport) -> None:
    before = (
        run.profile.imports.filter(step=Step.COMMITTED, pk__lt=run.pk)
        .exclude(report__has_key="delta")
        .order_by("-pk")
        .first()
    )
    if before is None or run.report.get("delta"):
        return
    with connection.cursor() as cursor:
        cursor.execute(_GONE, {"run": run.pk, "before": before.pk})
    for rows in _chunks(run.rows.filter(kind=Kind.GONE)):
        _say_what_becomes_of(run.profile, rows)


def _say_what_becomes_of(profile: ImportProfile, rows: list[CatalogueImportRow]) -> None:
    """A product that is on sale no more, or was removed since, is not gone anew."""
    known = facts_of([row.sku for row in rows], listed=[])
    on_sale = [row for row in rows if row.sku in known and known[row.sku].facts["status"] == "active"]
    CatalogueImportRow.objects.filter(pk__in={row.pk for row in rows} - {row.pk for row in on_sale}).delete()
    if profile.gone == ImportProfile.Gone.DISCONTINUE:
        for row in on_sale:
            row.wanted = {"status": "discontinued"}
            row.changes = {"status": ["active", "discontinued"]}
        CatalogueImportRow.objects.bulk_update(on_sale, ["wanted", "changes"])


def _chunks(rows) -> Iterator[list[CatalogueImportRow]]:
    last = 0
    while chunk := list(rows.filter(pk__gt=last).order_by("pk")[:CHUNK]):
        yield chunk
        last = chunk[-1].pk
