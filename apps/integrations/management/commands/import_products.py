"""manage.py import_products FILE: fill the catalogue from a supplier's file."""

import json
import time
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from apps.core.errors import Refusal
from apps.integrations.catalogue_import.runs import COURSE, Step, begin
from apps.integrations.imports.runs import approve, work
from apps.integrations.models import CatalogueImport, ImportProfile
from apps.pricing.selectors import price_list_id

_SAMPLES = 5


class Command(BaseCommand):
    help = (
        "Read a supplier's products (csv, csv.gz, xlsx, BMEcat xml), say what they would change, and with --commit put "
        "the good rows live. A run that was stopped goes on where it was; the same file twice changes nothing."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--profile", default="default", help="how to read it; made where there is none")
        parser.add_argument("--commit", action="store_true", help="put the good rows live")
        parser.add_argument("--report", type=Path, help="write what was found to this file as JSON")
        parser.add_argument("--category", help="where products stand that name none, as in 'Fasteners > Bolts'")
        parser.add_argument("--make-categories", action="store_true", default=None, help="make what is not known yet")
        parser.add_argument("--price-list", help="the code of the list that prices go to")
        parser.add_argument("--decimal-mark", choices=[".", ","])
        parser.add_argument("--language", help="which one to take where texts come in several")

    def handle(self, *, file, commit, report, **options):
        started = time.monotonic()
        try:
            run = begin(self._profile(options), file, file.name, now=timezone.now())
            work(COURSE, run, self._show, now=timezone.now(), path=file)
            if commit and run.step == Step.READY:
                approve(run, now=timezone.now(), here=True)
                work(COURSE, run, self._show, now=timezone.now(), path=file)
        except Refusal as refusal:
            raise CommandError(refusal.detail) from refusal
        found = report_of(run)
        if report:
            report.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        self._tell(run, found, time.monotonic() - started)

    def _profile(self, options) -> ImportProfile:
        profile, _made = ImportProfile.objects.get_or_create(name=options["profile"])
        said = {name: options[name] for name in ("category", "make_categories", "decimal_mark", "language")}
        if options["price_list"]:
            said["price_list_id"] = price_list_id(options["price_list"])
        told = {name: value for name, value in said.items() if value is not None}
        for name, value in told.items():
            setattr(profile, name, value)
        if told:
            profile.save(update_fields=list(told))
        return profile

    def _show(self, run: CatalogueImport) -> None:
        self.stderr.write(f"{run.get_step_display()}: {run.reached:,}")

    def _tell(self, run: CatalogueImport, found: dict, seconds: float) -> None:
        for kind, count in found["kinds"].items():
            self.stdout.write(f"{kind:<28}{count:>12,}")
            if kind == "quarantined":
                for reason, number in found["reasons"].items():
                    self.stdout.write(f"  {reason:<26}{number:>12,}")
        for row in found["quarantine"]:
            self.stdout.write(f"  row {row['row']} {row['sku']}: {row['detail']}")
        self.stdout.write(f"Import {run.pk} is {run.get_step_display()}; {seconds:.0f} s.")


def report_of(run: CatalogueImport) -> dict:
    """What was found, with the first rows in quarantine."""
    quarantine = run.rows.filter(kind="quarantined").order_by("row_number")[:_SAMPLES]
    return {
        "import": run.pk,
        "file": run.file_name,
        "step": run.step,
        **{name: run.report[name] for name in ("kinds", "reasons", "fields", "columns") if name in run.report},
        "quarantine": [
            {"row": row.row_number, "sku": row.sku, "reason": row.reason, "detail": row.detail} for row in quarantine
        ],
    }
