"""A run from the file to the price lists and back.

    columns -> staging -> checking -> ready -> committing -> committed -> undoing -> undone

What waits for a person (columns, ready, committed) is moved on by `tell_columns`, `approve` and `revoke`; the steps
between are `work`, which goes on where it stopped and may be called as often as one likes.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from shutil import copyfileobj
from tempfile import NamedTemporaryFile

from django.db import transaction
from django.db.models import Case, F, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core import events
from apps.core.errors import Conflict, Refusal
from apps.core.scoping import SYSTEM, Actor
from apps.integrations.models import PriceImport, PriceImportChange, PriceImportRow
from apps.integrations.price_import import checking, committing, staging
from apps.integrations.price_import.columns import ColumnsUnclear, columns_of, guessed
from apps.integrations.price_import.steps import Overtaken, move, take_time
from apps.integrations.sales_history.reading import FileRefused, rows_of

Step = PriceImport.Step
Progress = Callable[[PriceImport], None]
_SHEETS = (".csv", ".csv.gz", ".xlsx")


class NotNow(Conflict):
    code = "import_not_at_that_step"
    title = gettext_lazy("The import is not at that step")


class Paused(Exception):
    """The time for this piece of work is up."""


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
    mapping = guessed(headings_of(path, name)[0])
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
            _record(run, "received", now, actor)
    return run


def receive(manner: Manner, upload, *, now: datetime, actor: Actor) -> PriceImport:
    """An uploaded file: kept, and read in the background once its columns are told."""
    with _here(upload, upload.name) as path:
        return begin(manner, path, upload.name, now=now, actor=actor, file=upload)


def headings_of(path: Path, name: str, *, samples: int = 3) -> tuple[list[str], list[list[str]]]:
    """The headings, and the first rows below them; `FileRefused` where it is no sheet."""
    if not name.lower().endswith(_SHEETS):
        raise FileRefused(_("%(name)s is none of csv, csv.gz, xlsx.") % {"name": name})
    with rows_of(path) as rows:
        headings = [heading.strip() for heading in next(rows, [])]
        return headings, [row for row, _number in zip(rows, range(samples), strict=False)]


@transaction.atomic
def tell_columns(run: PriceImport, mapping: Mapping[str, str], *, now: datetime, actor: Actor = SYSTEM) -> None:
    """What each column holds; a file that was kept is read (again) in the background."""
    if run.step not in (Step.COLUMNS, Step.READY, Step.REFUSED):
        raise NotNow()
    columns_of(list(mapping), mapping)
    run.rows.all()._raw_delete(run.rows.db)
    run.report = {"columns": dict(mapping)}
    move(run, Step.STAGING, refusal="")
    if run.file:
        _record(run, "received", now, actor)


@transaction.atomic
def take_jumps(run: PriceImport, *, now: datetime, actor: Actor = SYSTEM) -> int:
    """Somebody looked at the prices that are ten times what held, or a tenth, and takes them; how many."""
    _from(run, Step.READY)
    quarantined = run.rows.filter(kind=PriceImportRow.Kind.QUARANTINED, reason=PriceImportRow.Reason.TENFOLD)
    kind = Case(When(unit_price__gt=F("old_price"), then=Value("up")), default=Value("down"))
    taken = quarantined.update(kind=kind, reason="", detail=_("Taken though it is a jump."))
    checking.count(run)
    move(run, Step.READY)
    events.record("price_import.jumps_taken", f"price_import:{run.pk}", at=now, actor=actor, rows=taken)
    return taken


@transaction.atomic
def approve(run: PriceImport, *, now: datetime, actor: Actor = SYSTEM, here: bool = False) -> None:
    """Somebody looked through it: the good rows may go live, in the background, or `here` where the caller goes on."""
    _from(run, Step.READY)
    move(run, Step.COMMITTING)
    _record(run, "taken_on" if here else "approved", now, actor)


@transaction.atomic
def revoke(run: PriceImport, *, now: datetime, actor: Actor = SYSTEM) -> None:
    """What was put live comes back."""
    _from(run, Step.COMMITTED)
    move(run, Step.UNDOING)
    _record(run, "revoked", now, actor)


def work(run: PriceImport, progress: Progress, *, now: datetime, path: Path | None = None) -> PriceImport:
    """Do what is to be done until a person is asked again. Raises what the file is refused for; the run says it too."""
    try:
        while run.step in _WORK:
            _WORK[run.step](run, lambda _reached: progress(run), now, path)
    except Refusal as refusal:
        if not isinstance(refusal, Overtaken) and run.step == Step.STAGING:
            move(run, Step.REFUSED, refusal=refusal.detail)
        raise
    return run


def work_for(run_id: int, seconds: float, *, now: datetime) -> bool:
    """As `work`, but for a while; what is left goes on in the background. Whether there is more to do."""
    run = PriceImport.objects.select_related("price_list").get(pk=run_id)
    until = time.monotonic() + seconds

    def progress(_run):
        if time.monotonic() > until:
            raise Paused

    try:
        work(run, progress, now=now)
    except Paused:
        with transaction.atomic():
            _record(run, "paused", now, SYSTEM)
        return True
    except Refusal:
        return False  # the run says why, or another worker goes on with it
    return False


@contextmanager
def local(run: PriceImport) -> Iterator[Path]:
    """The run's file as a file of this machine."""
    with run.file.open("rb") as kept, _here(kept, run.file.name) as path:
        yield path


@contextmanager
def _here(file, name: str) -> Iterator[Path]:
    suffix = "".join(suffix for suffix in Path(name.lower()).suffixes[-2:] if suffix in (".csv", ".gz", ".xlsx"))
    with NamedTemporaryFile(suffix=suffix) as copy:
        file.seek(0)
        copyfileobj(file, copy, 1 << 20)
        copy.flush()
        file.seek(0)
        yield Path(copy.name)


def _from(run: PriceImport, step: str) -> None:
    if run.step != step:
        raise NotNow(_("The import is at “%(step)s”.") % {"step": run.get_step_display()})


def _record(run: PriceImport, what: str, now: datetime, actor: Actor) -> None:
    events.record(f"price_import.{what}", f"price_import:{run.pk}", at=now, actor=actor)


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
        events.record("price_import.committed", f"price_import:{run.pk}", at=now, **kinds)


def _undo(run, progress, now: datetime, path: Path | None) -> None:
    committing.undo(run, progress)
    run.report["kept"] = run.changes.filter(state=PriceImportChange.State.KEPT).count()
    move(run, Step.UNDONE, undone_at=now)


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


_WORK: dict[str, Callable] = {
    Step.STAGING: _stage,
    Step.CHECKING: _check,
    Step.COMMITTING: _commit,
    Step.UNDOING: _undo,
}
