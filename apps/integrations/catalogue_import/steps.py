"""How far a run is, moved on by compare-and-set: of two workers on one run the slower one stops."""

from apps.core.errors import Conflict
from apps.integrations.models import CatalogueImport


class Overtaken(Conflict):
    """Somebody else goes on with this run; what this chunk did is rolled back."""

    code = "import_overtaken"


def advance(run: CatalogueImport, reached: int, **report) -> None:
    """Note in the chunk's own transaction that it is done; `report` is merged into the run's."""
    merged = run.report | report
    here = CatalogueImport.objects.filter(pk=run.pk, step=run.step, reached=run.reached)
    if not here.update(reached=reached, report=merged):
        raise Overtaken()
    run.reached, run.report = reached, merged


def move(run: CatalogueImport, step: str, **fields) -> None:
    """Go on to another step, from its beginning."""
    here = CatalogueImport.objects.filter(pk=run.pk, step=run.step)
    if not here.update(step=step, reached=0, report=run.report, **fields):
        raise Overtaken()
    run.step, run.reached = step, 0
    for name, value in fields.items():
        setattr(run, name, value)
