"""How far a run is, moved on by compare-and-set: of two workers on one run the slower one stops."""

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.errors import Conflict
from apps.integrations.models import ImportRun


class Overtaken(Conflict):
    """Somebody else goes on with this run; what this chunk did is rolled back."""

    code = "import_overtaken"


class NotNow(Conflict):
    code = "import_not_at_that_step"
    title = gettext_lazy("The import is not at that step")


def take_time() -> None:
    """A connection that is made for pages gives up on statements that take minutes; what a run does here may."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")


def require(run: ImportRun, *steps: str) -> None:
    """Raises `NotNow`, naming the step it is at, where the run is at none of these."""
    if run.step not in steps:
        raise NotNow(_("The import is at “%(step)s”.") % {"step": run.get_step_display()})


def advance(run: ImportRun, reached: int, **report) -> None:
    """Note in the chunk's own transaction that it is done; `report` is merged into the run's."""
    merged = run.report | report
    if not _here(run).update(reached=reached, **({"report": merged} if report else {})):
        raise Overtaken()
    run.reached, run.report = reached, merged


def move(run: ImportRun, step: str, **fields) -> None:
    """On to another step, from its beginning."""
    if not _here(run).update(step=step, reached=0, report=run.report, **fields):
        raise Overtaken()
    run.step, run.reached = step, 0
    for name, value in fields.items():
        setattr(run, name, value)


def _here(run: ImportRun):
    return type(run)._default_manager.filter(pk=run.pk, step=run.step, reached=run.reached)
