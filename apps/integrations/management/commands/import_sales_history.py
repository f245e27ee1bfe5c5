"""manage.py import_sales_history FILE: take in a distributor's past from its invoice lines."""

import json
import sys
import time
from pathlib import Path
from zoneinfo import available_timezones

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.errors import Refusal
from apps.integrations.imports.reading import ENCODING
from apps.integrations.sales_history.columns import FIELDS
from apps.integrations.sales_history.loading import Setting
from apps.integrations.sales_history.reconciliation import PARTS, adds_up
from apps.integrations.sales_history.runs import Request, Step, take_in
from apps.integrations.sales_history.sorting import CANCELLATION_PREFIX, CHARGES

_BAR = 28


class Command(BaseCommand):
    help = (
        "Read an export of invoice lines (csv, csv.gz, xlsx) and make accounts, products, prices, orders and invoices "
        "of it. A run that was stopped goes on where it was; a file that is in already changes nothing."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        for field in FIELDS:
            parser.add_argument(f"--{field}", metavar="COLUMN", help=f"the column that holds the {field}")
        parser.add_argument("--encoding", default=ENCODING, help="of a csv, such as cp1252 for one saved by Excel")
        parser.add_argument("--date-format", default="", help="as in %%d/%%m/%%Y %%H:%%M; ISO dates need none")
        parser.add_argument("--decimal-mark", choices=[".", ","], default=".")
        parser.add_argument(
            "--charges", default=",".join(CHARGES), help="codes of no goods, parted by commas, * for any"
        )
        parser.add_argument(
            "--cancellation-prefix", default=CANCELLATION_PREFIX, help="what marks a cancelling document"
        )
        parser.add_argument("--home-country", default=settings.HOME_COUNTRY)
        parser.add_argument("--currency", default=settings.HOME_CURRENCY)
        parser.add_argument("--time-zone", default="Europe/London")
        parser.add_argument("--category", default="Imported range", help="the category its products stand in")
        parser.add_argument("--report", type=Path, help="write the reconciliation to this file as JSON")

    def handle(self, *, file, report, **options):
        started, self.bar = time.monotonic(), _Bar(self.stderr)
        if (zone := options["time_zone"]) not in available_timezones():
            raise CommandError(_("There is no time zone “%(zone)s”.") % {"zone": zone})
        request = Request(
            path=file,
            setting=Setting(options["home_country"], options["currency"], options["time_zone"], options["category"]),
            columns={field: options[field] for field in FIELDS if options[field]},
            date_format=options["date_format"],
            decimal_mark=options["decimal_mark"],
            encoding=options["encoding"],
            charges=tuple(options["charges"].split(",")),
            cancellation_prefix=options["cancellation_prefix"],
        )
        try:
            run = take_in(request, now=timezone.now(), progress=self.bar.show)
        except Refusal as refusal:
            raise CommandError(refusal.detail) from refusal
        self.bar.close()
        if report:
            report.write_text(json.dumps(run.report, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        self._tell(run, options["currency"], time.monotonic() - started)

    def _tell(self, run, currency: str, seconds: float) -> None:
        figures = run.report
        write = self.stdout.write
        write(f"{'':<28}{'lines':>12}{'amount ' + currency:>20}")
        for part in PARTS:
            write(_line(part, figures[part]))
            for reason, inner in figures[part].get("reasons", {}).items():
                write(_line(f"  {reason}", inner))
        write(_line("the whole file", figures))
        netted = figures["cancellations"]
        write(
            f"{netted['netted_lines']:,} cancellation lines took back {netted['netted_amount']:,.2f} of purchases;"
            f" {netted['unmatched_lines']:,} cancel what was bought before the file begins."
        )
        if not adds_up(figures):
            raise CommandError("The parts do not add up to the file: this is a defect, please report it.")
        write(f"Done in {seconds:.0f} s. Quarantined lines can be looked through in the admin.")


def _line(name: str, figures: dict) -> str:
    return f"{name:<28}{figures['lines']:>12,}{figures['amount']:>20,.2f}"


class _Bar:
    """Progress on a terminal; a line per step where there is none."""

    def __init__(self, stream):
        self.stream, self.step, self.live = stream, None, sys.stderr.isatty()

    def show(self, step: Step, done: int, total: int | None) -> None:
        if step != self.step:
            self.close()
            self.step = step
            if not self.live:
                self.stream.write(f"{step.label} ...")
        if self.live:
            share = (
                f"{'#' * (_BAR * done // total):<{_BAR}} {done:,}/{total:,}" if total else f"{done:,}" if done else ""
            )
            self.stream.write(f"\r{step.label:<32}{share}", ending="")

    def close(self) -> None:
        if self.live and self.step is not None:
            self.stream.write("")
