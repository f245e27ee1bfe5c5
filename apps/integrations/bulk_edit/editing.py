"""A change of many products as a run of the import."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.scoping import Actor
from apps.core.sheets import guarded
from apps.integrations.catalogue_import.runs import begin
from apps.integrations.imports.runs import record
from apps.integrations.models import CatalogueImport, ImportProfile

PROFILE = "Changes by hand"


@dataclass(frozen=True)
class Change:
    """A field (`status`, `category`, `brand`, `tax_class`, or `attribute.CODE`), what it is called, its new value;
    where that is empty the value is taken away."""

    target: str
    name: str
    value: str


@transaction.atomic
def begin_change(skus: Iterable[str], change: Change, *, now: datetime, actor: Actor) -> CatalogueImport:
    """A run that would give these products the new value; it is compared with the catalogue in the background."""
    profile, _made = ImportProfile.objects.get_or_create(name=PROFILE, defaults={"decimal_mark": "."})
    heading = change.name if change.target.startswith("attribute.") else change.target
    profile.columns = {"sku": "sku", heading: change.target}
    with TemporaryDirectory() as place:
        path = Path(place, "change.csv")
        with path.open("w", newline="", encoding="utf-8") as file:
            sheet = csv.writer(file)
            sheet.writerow(["sku", heading])
            sheet.writerows([guarded(sku), guarded(change.value)] for sku in skus)
        with path.open("rb") as file:
            run = begin(profile, path, path.name, now=now, actor=actor, file=File(file, path.name))
    # It speaks of these products alone: what it does not name is not gone.
    said = {"field": change.name, "value": change.value}
    name = _("%(field)s: %(value)s") % said if change.value else _("%(field)s: left empty") % said
    report = run.report | {"delta": True} | ({} if change.value else {"emptied": _emptied(change)})
    CatalogueImport.objects.filter(pk=run.pk).update(file_name=name[:200], report=report)
    record(run, "received", now=now, actor=actor)
    return run


def _emptied(change: Change) -> dict[str, str | None]:
    """The fact that every row of the run wants to be empty: a cell of a sheet cannot say so."""
    kind, _dot, code = change.target.partition(".")
    return {f"attributes.{code}": None} if code else {kind: ""}
