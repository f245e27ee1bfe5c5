"""A run through all steps, each taken once, from where the last one stopped."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from django.db import transaction

from apps.integrations.imports import reading
from apps.integrations.models import SalesHistoryImport
from apps.integrations.sales_history import loading, netting, sorting, staging
from apps.integrations.sales_history.lines import Manner
from apps.integrations.sales_history.reconciliation import reconcile
from apps.recommendations.services import rebuild_regulars

Step = SalesHistoryImport.Step


@dataclass(frozen=True)
class Request:
    """A file, how it is to be read, and what it does not say."""

    path: Path
    setting: loading.Setting
    columns: dict[str, str] = field(default_factory=dict)
    date_format: str = ""
    decimal_mark: str = "."
    encoding: str = reading.ENCODING
    charges: Sequence[str] = sorting.CHARGES
    cancellation_prefix: str = sorting.CANCELLATION_PREFIX

    @property
    def manner(self) -> Manner:
        return Manner(ZoneInfo(self.setting.time_zone), self.date_format, self.decimal_mark)

    @property
    def fingerprint(self) -> str:
        how = (self.setting, sorted(self.columns.items()), self.manner, tuple(self.charges), self.cancellation_prefix)
        unusual = [] if self.encoding == reading.ENCODING else [self.encoding]
        return reading.fingerprint(self.path, *map(str, how), *unusual)


#: Called with the step, how much of it is done, and how much there is (None where that is not known before).
Progress = Callable[[Step, int, int | None], None]


def take_in(request: Request, *, now: datetime, progress: Progress, before: Step | None = None) -> SalesHistoryImport:
    """Take the file in, or go on with it where an earlier run was stopped; the finished run with its reconciliation.

    A file that was taken in before is not touched again. With `before` it stops short of that step, unfinished.
    """
    with reading.rows_of(request.path, request.encoding) as rows:
        staging.mapping_of(next(rows, []), request.columns)
    run, _made = SalesHistoryImport.objects.get_or_create(
        fingerprint=request.fingerprint, defaults={"file_name": request.path.name[:200], "started_at": now}
    )
    for step, work in _WORK.items():
        if step == before:
            return run
        if run.step == step:
            progress(step, run.reached, None)
            work(run, request, progress)
            _go_on(run, step)
    if run.report is None:
        run.report, run.finished_at = reconcile(run), now
        run.save(update_fields=["report", "finished_at"])
    return run


def _go_on(run: SalesHistoryImport, step: Step) -> None:
    steps = list(Step)
    run.step, run.reached = steps[steps.index(step) + 1], 0
    run.save(update_fields=["step", "reached"])


def _stage(run, request: Request, progress: Progress) -> None:
    try:
        with reading.rows_of(request.path, request.encoding) as rows:
            staging.stage(run, rows, request.columns, request.manner, lambda done: progress(Step.STAGING, done, None))
    except reading.FileRefused:
        run.delete()  # what was read of a file that turns out to be none is worth nothing
        raise


@transaction.atomic
def _sort(run, request: Request, progress: Progress) -> None:
    sorting.sort(run, charges=request.charges, cancellation_prefix=request.cancellation_prefix)


def _orders(run, request: Request, progress: Progress) -> None:
    total = loading.documents_of(run)
    loading.load_documents(run, request.setting, lambda done: progress(Step.ORDERS, done, total))
    rebuild_regulars()


_WORK: dict[Step, Callable] = {
    Step.STAGING: _stage,
    Step.SORTING: _sort,
    Step.NETTING: lambda run, request, progress: netting.net(run),
    Step.ACCOUNTS: lambda run, request, progress: loading.load_parties(run, request.setting),
    Step.PRODUCTS: lambda run, request, progress: loading.load_range(run, request.setting),
    Step.PRICES: lambda run, request, progress: loading.load_evidence(run, request.setting),
    Step.ORDERS: _orders,
}
