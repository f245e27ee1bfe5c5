"""A run of a price file, from the file to the price lists and back; the steps are those of every import."""

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.db import transaction
from django.db.models import Case, F, Value, When
from django.utils.translation import gettext as _

from apps.core.scoping import SYSTEM, Actor
from apps.core.sheets import FileRefused
from apps.integrations.imports.columns import ColumnsUnclear
from apps.integrations.imports.files import local, on_this_machine
from apps.integrations.imports.reading import SHEETS, headings_of
from apps.integrations.imports.runs import Course, record
from apps.integrations.imports.steps import move, require, take_time
from apps.integrations.models import PriceImport, PriceImportChange, PriceImportRow
from apps.integrations.price_import import checking, committing, staging
from apps.integrations.price_import.columns import columns_of, guessed

Step = PriceImport.Step


@dataclass(frozen=True, slots=True)
class Manner:
    """How a file is read: whose prices they are, from when on, how decimals are written, whether it names all."""

    price_list_id: int | None
    valid_from: date
    decimal_mark: str = ""
    is_full: bool = False


def begin(manner: Manner, path: Path, name: str, *, now: datetime, actor: Actor = SYSTEM, file=None) -> PriceImport:
    """A run of this file, staged by `work`; it waits to be told its columns where they are unclear.

    `file` is kept with the run where another machine will do the work. Raises `FileRefused`.
    """
    if not name.lower().endswith(SHEETS):
        raise FileRefused(_("%(name)s is none of csv, csv.gz, xlsx.") % {"name": name})
    mapping = guessed(headings_of(path)[0])
    run = PriceImport(
        price_list_id=manner.price_list_id,
        valid_from=manner.valid_from,
        decimal_mark=manner.decimal_mark,
        is_full=manner.is_full,
        file_name=name[:200],
        started_by=actor.name,
        started_at=now,
        report={"columns": mapping},
    )
    try:
        columns_of(list(mapping), mapping)
    except ColumnsUnclear:
        run.step = Step.COLUMNS
    with transaction.atomic():
        if file is not None:
            run.file.save(name, file, save=False)
        run.save()
        if file is not None and run.step == Step.STAGING:
            record(run, "received", now=now, actor=actor)
    return run


def receive(manner: Manner, upload, *, now: datetime, actor: Actor) -> PriceImport:
    """An uploaded file: kept, and read in the background once its columns are told."""
    with on_this_machine(upload, upload.name) as path:
        return begin(manner, path, upload.name, now=now, actor=actor, file=upload)


@transaction.atomic
def tell_columns(run: PriceImport, mapping: Mapping[str, str], *, now: datetime, actor: Actor = SYSTEM) -> None:
    """What each column holds; a file that was kept is read (again) in the background."""
    require(run, Step.COLUMNS, Step.READY, Step.REFUSED)
    columns_of(list(mapping), mapping)
    run.rows.all()._raw_delete(run.rows.db)
    run.report = {"columns": dict(mapping)}
    move(run, Step.STAGING, refusal="")
    if run.file:
        record(run, "received", now=now, actor=actor)


@transaction.atomic
def take_jumps(run: PriceImport, *, now: datetime, actor: Actor = SYSTEM) -> int:
    """Somebody looked at the prices that are ten times what held, or a tenth, and takes them; how many."""
    require(run, Step.READY)
    quarantined = run.rows.filter(kind=PriceImportRow.Kind.QUARANTINED, reason=PriceImportRow.Reason.TENFOLD)
    kind = Case(When(unit_price__gt=F("old_price"), then=Value("up")), default=Value("down"))
    taken = quarantined.update(kind=kind, reason="", detail=_("Taken though it is a jump."))
    checking.count(run)
    move(run, Step.READY)
    record(run, "jumps_taken", now=now, actor=actor, rows=taken)
    return taken


def _stage(run, progress, now: datetime, path: Path | None) -> None:
    with local(run) if path is None else nullcontext(path) as file:
        staging.stage(run, file, progress)
    move(run, Step.CHECKING)


def _check(run, progress, now: datetime, path: Path | None) -> None:
    with transaction.atomic():
        take_time()
        checking.check(run, _words())
        move(run, Step.READY)


def _commit(run, progress, now: datetime, path: Path | None) -> None:
    committing.commit(run, progress)
    with transaction.atomic():
        move(run, Step.COMMITTED, committed_at=now)
        kinds = {kind: run.report["kinds"].get(kind, 0) for kind in ("new", "up", "down", "gone")}
        record(run, "committed", now=now, **kinds)


def _undo(run, progress, now: datetime, path: Path | None) -> None:
    committing.undo(run, progress)
    run.report["kept"] = run.changes.filter(state=PriceImportChange.State.KEPT).count()
    with transaction.atomic():
        move(run, Step.UNDONE, undone_at=now)
        record(run, "undone", now=now)


def _words() -> dict[str, str]:
    """What is wrong with a row, by reason; `%s` as PostgreSQL's format() fills it in."""
    return {
        "unknown_sku": _("There is no such SKU."),
        "unknown_list": _("There is no such price list, or the import names none."),
        "other_currency": _("The row is in {one}, the list in {other}.").format(one="%s", other="%s"),
        "unknown_unit": _("The product is not packed in “{unit}”.").format(unit="%s"),
        "bad_quantity": _("The quantity is larger than any order can be."),
        "bad_price": _("The price is larger than any price can be."),
        "twice": _("Row {row} says another price for the same quantity.").format(row="%s"),
        "tenfold": _("It holds at {old} and would be {new}: look at the decimal mark.").format(old="%s", new="%s"),
    }


COURSE = Course(
    runs=PriceImport,
    related="price_list",
    work={Step.STAGING: _stage, Step.CHECKING: _check, Step.COMMITTING: _commit, Step.UNDOING: _undo},
    refused_at=(Step.STAGING,),
)
