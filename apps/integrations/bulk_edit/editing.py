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
    """A field (`status`, `category`, `brand`, `tax_class`, or `attribute.CODE`), what it is called, its new value."""

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
    name = _("%(field)s: %(value)s") % {"field": change.name, "value": change.value}
    CatalogueImport.objects.filter(pk=run.pk).update(file_name=name[:200], report=run.report | {"delta": True})
    record(run, "received", now=now, actor=actor)
    return run
