"""A run from the file to what is live and back: what an import does at each step, it says itself."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction

from apps.core import events
from apps.core.errors import Refusal
from apps.core.scoping import SYSTEM, Actor
from apps.integrations.imports.steps import Overtaken, move, require
from apps.integrations.models import ImportRun

QUARANTINED_AT_MOST = 0.05
Progress = Callable[[ImportRun], None]
#: What is done at a step: the run, what to call with the rows reached, the time, and the file where it is at hand.
#: It moves the run on.
Work = Callable[[ImportRun, Callable[[int], None], datetime, Path | None], None]


class Paused(Exception):
    """The time for this piece of work is up."""


@dataclass(frozen=True, slots=True)
class Course:
    """What one import does at the steps that need no person, and at which of them its file may still be refused."""

    runs: type[ImportRun]
    related: str
    work: Mapping[str, Work]
    refused_at: tuple[str, ...]

    def run(self, run_id: int) -> ImportRun:
        """The run with what it is read by. Raises `DoesNotExist`."""
        return self.runs.objects.select_related(self.related).get(pk=run_id)


def record(run: ImportRun, what: str, *, now: datetime, actor: Actor = SYSTEM, **facts) -> None:
    """That something happened to the run; reactions go on with it."""
    events.record(f"{run.noun}.{what}", f"{run.noun}:{run.pk}", at=now, actor=actor, **facts)


@transaction.atomic
def approve(run: ImportRun, *, now: datetime, actor: Actor = SYSTEM, here: bool = False) -> None:
    """Somebody looked through it: the good rows may go live, in the background, or `here` where the caller goes on."""
    require(run, run.Step.READY)
    move(run, run.Step.COMMITTING)
    record(run, "taken_on" if here else "approved", now=now, actor=actor)


@transaction.atomic
def revoke(run: ImportRun, *, now: datetime, actor: Actor = SYSTEM) -> None:
    """What was put live comes back."""
    require(run, run.Step.COMMITTED)
    move(run, run.Step.UNDOING)
    record(run, "revoked", now=now, actor=actor)


def work(course: Course, run: ImportRun, progress: Progress, *, now: datetime, path: Path | None = None) -> ImportRun:
    """Do what is to be done until a person is asked again. Raises what the file is refused for; the run says it too."""
    try:
        while run.step in course.work:
            step = run.step
            course.work[step](run, lambda _reached: progress(run), now, path)
            if step == run.Step.CHECKING:
                _tell_of_quarantine(run, now)
    except Refusal as refusal:
        if not isinstance(refusal, Overtaken) and run.step in course.refused_at:
            with transaction.atomic():
                move(run, run.Step.REFUSED, refusal=refusal.detail)
                record(run, "refused", now=now, why=refusal.detail[:300])
        raise
    return run


@transaction.atomic
def _tell_of_quarantine(run: ImportRun, now: datetime) -> None:
    """Where so many rows cannot be taken that somebody should look at the file before its good rows go live."""
    kinds = run.report.get("kinds", {})
    bad, rows = kinds.get("quarantined", 0), sum(count for kind, count in kinds.items() if kind != "gone")
    if bad > rows * QUARANTINED_AT_MOST:
        record(run, "quarantined", now=now, rows=rows, bad=bad)


def work_for(course: Course, run_id: int, seconds: float, *, now: datetime) -> bool:
    """As `work`, but for a while; what is left goes on in the background. Whether there is more to do."""
    run = course.run(run_id)
    until = time.monotonic() + seconds

    def progress(_run):
        if time.monotonic() > until:
            raise Paused

    try:
        work(course, run, progress, now=now)
    except Paused:
        with transaction.atomic():
            record(run, "paused", now=now)
        return True
    except Refusal:
        return False  # the run says why, or another worker goes on with it
    return False
