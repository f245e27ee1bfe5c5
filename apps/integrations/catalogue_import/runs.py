"""A run from the file to the catalogue and back.

    columns -> staging -> checking -> ready -> committing -> committed -> undoing -> undone

What waits for a person (columns, ready, committed) is moved on by `tell_columns`, `approve` and `revoke`; the steps
between are `work`, which goes on where it stopped and may be called as often as one likes.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from shutil import copyfileobj
from tempfile import NamedTemporaryFile

from django.db import transaction
from django.utils.translation import gettext as _

from apps.catalogue.services import count_products
from apps.core import events
from apps.core.errors import Conflict, Refusal
from apps.core.scoping import SYSTEM, Actor
from apps.integrations.catalogue_import import bmecat, checking, committing, sheets, staging, undoing
from apps.integrations.catalogue_import.articles import Article
from apps.integrations.catalogue_import.columns import columns_of, guessed
from apps.integrations.catalogue_import.steps import Overtaken, move
from apps.integrations.catalogue_import.understanding import Manner
from apps.integrations.models import CatalogueImport, ImportProfile
from apps.integrations.sales_history.reading import FileRefused, fingerprint
from apps.pricing.selectors import currency_of_list

Step = CatalogueImport.Step
Progress = Callable[[CatalogueImport], None]
_SHEETS = (".csv", ".csv.gz", ".xlsx")


class NotNow(Conflict):
    code = "import_not_at_that_step"
    title = _("The import is not at that step")


class Paused(Exception):
    """The time for this piece of work is up."""


def begin(
    profile: ImportProfile, path: Path, name: str, *, now: datetime, actor: Actor = SYSTEM, file=None
) -> CatalogueImport:
    """A run of this file, staged by `work`; an unfinished run of the same file is gone on with.

    `file` is kept with the run where another machine will do the work. Raises `FileRefused` or `ColumnsUnclear`.
    """
    columns = _columns_of(profile, path, name)
    known = fingerprint(path, str(profile.pk), str(sorted(columns.items())))
    unfinished = CatalogueImport.objects.filter(
        fingerprint=known, step__in=(Step.STAGING, Step.CHECKING, Step.READY, Step.COMMITTING)
    )
    with transaction.atomic():
        run = unfinished.order_by("-pk").first() or CatalogueImport(fingerprint=known, profile=profile, started_at=now)
        if run.pk is None:
            run.file_name, run.started_by, run.report = name[:200], actor.name, {"columns": columns}
            if file is not None:
                run.file.save(name, file, save=False)
            run.save()
            ImportProfile.objects.filter(pk=profile.pk).update(columns=profile.columns | columns)
        return run


def receive(profile: ImportProfile, upload, *, now: datetime, actor: Actor) -> CatalogueImport:
    """An uploaded file: kept, and read in the background once its columns are told."""
    with _here(upload, upload.name) as path:
        try:
            run = begin(profile, path, upload.name, now=now, actor=actor, file=upload)
        except Refusal as refusal:
            if refusal.code != "columns_unclear":
                raise
            headings, _samples = sheets.headings_of(path)
            run = CatalogueImport(
                profile=profile, file_name=upload.name[:200], started_by=actor.name, started_at=now,
                step=Step.COLUMNS, report={"columns": guessed(headings, profile.columns)},
            )  # fmt: skip
            run.file.save(upload.name, upload, save=False)
            run.save()
    if run.step != Step.COLUMNS:
        events.record("catalogue_import.received", f"catalogue_import:{run.pk}", at=now, actor=actor)
    return run


@transaction.atomic
def tell_columns(run: CatalogueImport, mapping: Mapping[str, str], *, now: datetime, actor: Actor) -> None:
    """What each column holds; kept in the profile, and the file is read (again) in the background."""
    if run.step not in (Step.COLUMNS, Step.READY, Step.REFUSED) or not run.file:
        raise NotNow()
    columns_of(list(mapping), mapping)
    run.rows.all()._raw_delete(run.rows.db)
    run.report = {"columns": dict(mapping)}
    with local(run) as path:
        known = fingerprint(path, str(run.profile_id), str(sorted(mapping.items())))
    move(run, Step.STAGING, refusal="", fingerprint=known)
    ImportProfile.objects.filter(pk=run.profile_id).update(columns=run.profile.columns | dict(mapping))
    events.record("catalogue_import.received", f"catalogue_import:{run.pk}", at=now, actor=actor)


@transaction.atomic
def approve(run: CatalogueImport, *, now: datetime, actor: Actor = SYSTEM) -> None:
    """Somebody looked through it: the good rows may go live."""
    _from(run, Step.READY)
    move(run, Step.COMMITTING)
    events.record("catalogue_import.approved", f"catalogue_import:{run.pk}", at=now, actor=actor)


@transaction.atomic
def revoke(run: CatalogueImport, *, now: datetime, actor: Actor = SYSTEM) -> None:
    """What was put live comes back."""
    _from(run, Step.COMMITTED)
    move(run, Step.UNDOING)
    events.record("catalogue_import.revoked", f"catalogue_import:{run.pk}", at=now, actor=actor)


def work(run: CatalogueImport, progress: Progress, *, now: datetime, path: Path | None = None) -> CatalogueImport:
    """Do what is to be done until a person is asked again. Raises what the file is refused for; the run says it too."""
    try:
        while run.step in _WORK:
            _WORK[run.step](run, lambda _reached: progress(run), now, path)
    except Refusal as refusal:
        if not isinstance(refusal, Overtaken) and run.step in (Step.STAGING, Step.CHECKING):
            move(run, Step.REFUSED, refusal=refusal.detail)
        raise
    return run


def work_for(run_id: int, seconds: float, *, now: datetime) -> bool:
    """As `work`, but for a while; what is left goes on in the background. Whether there is more to do."""
    run = CatalogueImport.objects.select_related("profile").get(pk=run_id)
    until = time.monotonic() + seconds

    def progress(_run):
        if time.monotonic() > until:
            raise Paused

    try:
        work(run, progress, now=now)
    except Paused:
        with transaction.atomic():
            events.record("catalogue_import.paused", f"catalogue_import:{run.pk}", at=now)
        return True
    except Refusal:
        return False  # the run says why, or another worker goes on with it
    return False


@contextmanager
def local(run: CatalogueImport) -> Iterator[Path]:
    """The run's file as a file of this machine."""
    with run.file.open("rb") as kept, _here(kept, run.file.name) as path:
        yield path


@contextmanager
def _here(file, name: str) -> Iterator[Path]:
    suffix = "".join(
        suffix for suffix in Path(name.lower()).suffixes[-2:] if suffix in (".csv", ".gz", ".xlsx", ".xml")
    )
    with NamedTemporaryFile(suffix=suffix) as copy:
        file.seek(0)
        copyfileobj(file, copy, 1 << 20)
        copy.flush()
        file.seek(0)
        yield Path(copy.name)


def _from(run: CatalogueImport, step: str) -> None:
    if run.step != step:
        raise NotNow(_("The import is at “%(step)s”.") % {"step": run.get_step_display()})


def _columns_of(profile: ImportProfile, path: Path, name: str) -> dict[str, str]:
    """What the columns of a sheet hold; a BMEcat file has none."""
    if name.lower().endswith(".xml"):
        bmecat.version_of(path)
        return {}
    if not name.lower().endswith(_SHEETS):
        raise FileRefused(_("%(name)s is none of csv, csv.gz, xlsx, xml.") % {"name": name})
    headings, _samples = sheets.headings_of(path)
    mapping = guessed(headings, profile.columns)
    columns_of(headings, mapping)
    return mapping


def _stage(run, progress, now: datetime, path: Path | None) -> None:
    profile = run.profile
    currency = currency_of_list(profile.price_list_id) if profile.price_list_id else ""
    manner = Manner(profile.decimal_mark, currency, profile.price_type, profile.category)
    with local(run) if path is None else nullcontext(path) as file:
        articles, manner = _articles(run, file, manner, now.date())
        staging.stage(run, articles, manner, progress, on=now.date())
    move(run, Step.CHECKING)


def _articles(run: CatalogueImport, file: Path, manner: Manner, on: date) -> tuple[Iterator[Article], Manner]:
    if not file.name.lower().endswith(".xml"):
        return sheets.articles_of(file, run.report["columns"]), manner
    catalogue = bmecat.catalogue_of(file, run.profile.language)
    if catalogue.is_update:
        run.report["delta"] = True
    manner = replace(manner, decimal_mark=manner.decimal_mark or catalogue.decimal_mark)
    return bmecat.articles_of(file, catalogue, run.profile.language, on=on), manner


def _check(run, progress, now: datetime, path: Path | None) -> None:
    with transaction.atomic():
        checking.check(run, on=now.date())
        move(run, Step.READY)


def _commit(run, progress, now: datetime, path: Path | None) -> None:
    committing.commit(run, progress, on=now.date())
    count_products()
    run.report |= checking.sums_of(run)
    with transaction.atomic():
        move(run, Step.COMMITTED, committed_at=now)
        events.record("catalogue_import.committed", f"catalogue_import:{run.pk}", at=now)


def _undo(run, progress, now: datetime, path: Path | None) -> None:
    undoing.undo(run, progress, on=now.date())
    count_products()
    run.report["kept"] = run.rows.filter(state="kept").count()
    move(run, Step.UNDONE, undone_at=now)


_WORK: dict[str, Callable] = {
    Step.STAGING: _stage,
    Step.CHECKING: _check,
    Step.COMMITTING: _commit,
    Step.UNDOING: _undo,
}
