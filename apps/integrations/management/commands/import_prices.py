"""manage.py import_prices FILE: list prices from a file, said first, put live on request."""

import time
from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from apps.core.errors import Refusal
from apps.integrations.imports.runs import approve, work
from apps.integrations.models import PriceImport
from apps.integrations.price_import.columns import TARGETS
from apps.integrations.price_import.runs import COURSE, Manner, Step, begin, tell_columns
from apps.pricing.selectors import price_list_id

_SAMPLES = 10


class Command(BaseCommand):
    help = (
        "Read a file of list prices (csv, csv.gz, xlsx), say what they would change, and with --commit put the good "
        "rows live from a day on. The same file twice changes nothing."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--price-list", help="the code of the list of rows that name none")
        parser.add_argument("--from", dest="valid_from", type=date.fromisoformat, help="the day they begin; today")
        parser.add_argument("--decimal-mark", choices=[".", ","], default="")
        parser.add_argument("--full", action="store_true", help="the file names all prices of its lists")
        parser.add_argument("--commit", action="store_true", help="put the good rows live")
        for target, words in TARGETS.items():
            option = "--list-column" if target == "price_list" else f"--{target}"
            parser.add_argument(option, dest=f"column_{target}", help=f"the heading of the {words}")

    def handle(self, *, file, price_list, valid_from, decimal_mark, full, commit, **options):
        started, now = time.monotonic(), timezone.now()
        try:
            list_id = price_list_id(price_list) if price_list else None
            manner = Manner(list_id, valid_from or timezone.localdate(), decimal_mark, full)
            run = begin(manner, file, file.name, now=now)
            self._told_columns(run, options, now)
            work(COURSE, run, self._show, now=now, path=file)
            if commit and run.step == Step.READY:
                approve(run, now=now, here=True)
                work(COURSE, run, self._show, now=timezone.now(), path=file)
        except Refusal as refusal:
            raise CommandError(refusal.detail) from refusal
        self._tell(run, time.monotonic() - started)

    def _told_columns(self, run: PriceImport, options: dict, now) -> None:
        """What the options say of the columns, before what the headings are taken for."""
        told = {options[f"column_{target}"]: target for target in TARGETS if options[f"column_{target}"]}
        if run.step == Step.COLUMNS or told:
            guesses = run.report["columns"]
            mapping = {
                heading: told.get(heading) or ("-" if guess in told.values() else guess)
                for heading, guess in guesses.items()
            }
            PriceImport.objects.filter(pk=run.pk).update(step=Step.COLUMNS)
            run.step = Step.COLUMNS
            tell_columns(run, mapping, now=now)

    def _show(self, run: PriceImport) -> None:
        self.stderr.write(f"{run.get_step_display()}: {run.reached:,}")

    def _tell(self, run: PriceImport, seconds: float) -> None:
        for kind, count in run.report.get("kinds", {}).items():
            self.stdout.write(f"{kind:<28}{count:>12,}")
        for reason, count in run.report.get("reasons", {}).items():
            self.stdout.write(f"  {reason:<26}{count:>12,}")
        for row in run.rows.filter(kind="quarantined").order_by("row_number")[:_SAMPLES]:
            self.stdout.write(f"  row {row.row_number} {row.sku}: {row.detail}")
        self.stdout.write(f"Import {run.pk} is {run.get_step_display()}; {seconds:.0f} s.")
