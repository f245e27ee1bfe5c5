"""A run of a file of products, from the file to the catalogue and back; the steps are those of every import."""

from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from apps.catalogue.services import count_products
from apps.core.scoping import SYSTEM, Actor
from apps.core.sheets import FileRefused
from apps.integrations.catalogue_import import bmecat, checking, committing, sheets, staging, undoing
from apps.integrations.catalogue_import.articles import Article
from apps.integrations.catalogue_import.columns import columns_of, guessed
from apps.integrations.catalogue_import.understanding import Manner
from apps.integrations.imports.columns import ColumnsUnclear
from apps.integrations.imports.files import local, on_this_machine
from apps.integrations.imports.reading import SHEETS, fingerprint, headings_of
from apps.integrations.imports.runs import Course, record
from apps.integrations.imports.steps import NotNow, move, require
from apps.integrations.models import CatalogueImport, ImportProfile
from apps.pricing.selectors import currency_of_list

Step = CatalogueImport.Step


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
    with on_this_machine(upload, upload.name) as path:
        try:
            run = begin(profile, path, upload.name, now=now, actor=actor, file=upload)
        except ColumnsUnclear:
            headings, _samples = headings_of(path)
            run = CatalogueImport(
                profile=profile, file_name=upload.name[:200], started_by=actor.name, started_at=now,
                step=Step.COLUMNS, report={"columns": guessed(headings, profile.columns)},
            )  # fmt: skip
            run.file.save(upload.name, upload, save=False)
            run.save()
    if run.step != Step.COLUMNS:
        record(run, "received", now=now, actor=actor)
    return run


@transaction.atomic
def tell_columns(run: CatalogueImport, mapping: Mapping[str, str], *, now: datetime, actor: Actor) -> None:
    """What each column holds; kept in the profile, and the file is read (again) in the background."""
    require(run, Step.COLUMNS, Step.READY, Step.REFUSED)
    if not run.file:
        raise NotNow()
    columns_of(list(mapping), mapping)
    run.rows.all()._raw_delete(run.rows.db)
    run.report = {"columns": dict(mapping)}
    with local(run) as path:
        known = fingerprint(path, str(run.profile_id), str(sorted(mapping.items())))
    move(run, Step.STAGING, refusal="", fingerprint=known)
    ImportProfile.objects.filter(pk=run.profile_id).update(columns=run.profile.columns | dict(mapping))
    record(run, "received", now=now, actor=actor)


def _columns_of(profile: ImportProfile, path: Path, name: str) -> dict[str, str]:
    """What the columns of a sheet hold; a BMEcat file has none."""
    if name.lower().endswith(".xml"):
        bmecat.version_of(path)
        return {}
    if not name.lower().endswith(SHEETS):
        raise FileRefused(_("%(name)s is none of csv, csv.gz, xlsx, xml.") % {"name": name})
    headings, _samples = headings_of(path)
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
        record(run, "committed", now=now)


def _undo(run, progress, now: datetime, path: Path | None) -> None:
    undoing.undo(run, progress, on=now.date())
    count_products()
    run.report["kept"] = run.rows.filter(state="kept").count()
    with transaction.atomic():
        move(run, Step.UNDONE, undone_at=now)
        record(run, "undone", now=now)


COURSE = Course(
    runs=CatalogueImport,
    related="profile",
    work={Step.STAGING: _stage, Step.CHECKING: _check, Step.COMMITTING: _commit, Step.UNDOING: _undo},
    refused_at=(Step.STAGING, Step.CHECKING),
)
