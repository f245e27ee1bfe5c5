"""How far a run is, moved on by compare-and-set: of two workers on one run the slower one stops."""

from django.db import connection

from apps.core.errors import Conflict
from apps.integrations.models import PriceImport


class Overtaken(Conflict):
    """Somebody else goes on with this run; what this chunk did is rolled back."""

    code = "import_overtaken"


def take_time() -> None:
    """A connection that is made for pages gives up on statements that take minutes; what a run does here may."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")


def advance(run: PriceImport, reached: int) -> None:
    """Note in the chunk's own transaction that it is done."""
    here = PriceImport.objects.filter(pk=run.pk, step=run.step, reached=run.reached)
    if not here.update(reached=reached):
        raise Overtaken()
    run.reached = reached


def move(run: PriceImport, step: str, **fields) -> None:
    """On to another step, from its beginning."""
    here = PriceImport.objects.filter(pk=run.pk, step=run.step, reached=run.reached)
    if not here.update(step=step, reached=0, report=run.report, **fields):
        raise Overtaken()
    run.step, run.reached = step, 0
    for name, value in fields.items():
        setattr(run, name, value)
