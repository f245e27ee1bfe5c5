"""What every import shares: a run is moved by compare-and-set, refused where it may be, paused and gone on with."""

from dataclasses import replace

import pytest
from django.core.management import call_command
from django.db import transaction

from apps.core.models import Event
from apps.core.sheets import FileRefused
from apps.integrations.catalogue_import.runs import COURSE as PRODUCTS
from apps.integrations.imports.runs import approve, revoke, work, work_for
from apps.integrations.imports.steps import NotNow, Overtaken, advance, move
from apps.integrations.models import CatalogueImport, ImportProfile, PriceImport
from apps.integrations.price_import.runs import COURSE as PRICES

pytestmark = pytest.mark.django_db

COURSES = [PRODUCTS, PRICES]


@pytest.fixture
def begun(world):
    def at(course, step="staging", **fields):
        if course.runs is CatalogueImport:
            fields["profile"] = ImportProfile.objects.get_or_create(name="Torvik")[0]
        else:
            fields["valid_from"] = world.today
        return course.runs.objects.create(file_name="file.csv", step=step, started_at=world.now, **fields)

    return at


def told(run) -> list[str]:
    return list(Event.objects.filter(subject=f"{run.noun}:{run.pk}").order_by("pk").values_list("name", flat=True))


@pytest.mark.parametrize("course", COURSES)
def test_of_two_workers_on_one_run_the_slower_one_stops(begun, course):
    fast = begun(course)
    slow = course.run(fast.pk)

    advance(fast, 5, seen=1)
    with pytest.raises(Overtaken):
        advance(slow, 5, seen=2)
    with pytest.raises(Overtaken):
        move(slow, "checking")

    found = course.run(fast.pk)
    assert (found.step, found.reached, found.report) == ("staging", 5, {"seen": 1})


def test_what_a_chunk_says_is_put_beside_what_the_run_said(begun):
    run = begun(PRICES, report={"columns": {"SKU": "sku"}})

    advance(run, 1, seen=1)
    advance(run, 2)

    assert run.report == PRICES.run(run.pk).report == {"columns": {"SKU": "sku"}, "seen": 1}


@pytest.mark.parametrize("course", COURSES)
@pytest.mark.parametrize(("deed", "step"), [(approve, "ready"), (revoke, "committed")])
def test_a_person_moves_a_run_from_its_step_alone(begun, world, course, deed, step):
    for other in (value for value in course.runs.Step.values if value != step):
        run = begun(course, other)
        with pytest.raises(NotNow) as wrong:
            deed(run, now=world.now)
        assert run.get_step_display() in wrong.value.detail and told(run) == []

    run = begun(course, step)
    deed(run, now=world.now)
    assert told(run) == [f"{run.noun}.{'approved' if deed is approve else 'revoked'}"]


@pytest.mark.parametrize("course", COURSES)
def test_who_goes_on_here_calls_no_worker(begun, world, course):
    run = begun(course, "ready")

    approve(run, now=world.now, here=True)

    assert told(run) == [f"{run.noun}.taken_on"]


def refusing(*_said):
    raise FileRefused("The file is damaged.")


@pytest.mark.parametrize(
    ("course", "step", "ends_at"),
    [
        (PRODUCTS, "staging", "refused"),
        (PRODUCTS, "checking", "refused"),
        (PRODUCTS, "committing", "committing"),
        (PRICES, "staging", "refused"),
        (PRICES, "checking", "checking"),
    ],
)
def test_a_file_is_refused_where_it_is_read_and_the_run_says_why(begun, world, course, step, ends_at):
    run = begun(course, step)

    with pytest.raises(FileRefused):
        work(replace(course, work={step: refusing}), run, lambda _run: None, now=world.now)

    found = course.run(run.pk)
    assert (found.step, found.refusal) == (ends_at, "The file is damaged." if ends_at == "refused" else "")


def test_who_is_overtaken_refuses_nothing(begun, world):
    run = begun(PRODUCTS)

    def overtaken(*_said):
        raise Overtaken()

    with pytest.raises(Overtaken):
        work(replace(PRODUCTS, work={"staging": overtaken}), run, lambda _run: None, now=world.now)
    assert PRODUCTS.run(run.pk).step == "staging"


@pytest.mark.parametrize("course", COURSES)
def test_work_pauses_when_its_time_is_up_and_says_that_there_is_more(begun, world, course):
    def read(run, progress, now, path):
        for reached in range(run.reached + 1, 4):
            with transaction.atomic():
                advance(run, reached)
            progress(reached)
        move(run, "ready")

    course = replace(course, work={"staging": read})
    run = begun(course)

    assert work_for(course, run.pk, -1, now=world.now)
    assert course.run(run.pk).reached == 1 and told(run) == [f"{run.noun}.paused"]
    assert not work_for(course, run.pk, 60, now=world.now)
    assert course.run(run.pk).step == "ready" and told(run) == [f"{run.noun}.paused"]


def test_a_file_of_products_put_live_at_the_console_calls_no_worker(world, tmp_path):
    file = tmp_path / "torvik.csv"
    file.write_text("SKU,Name,Category\nNUT-M8,Hex nut M8,Fasteners > Nuts\n", encoding="utf-8")

    call_command("import_products", file, profile="Torvik", make_categories=True, commit=True)

    run = CatalogueImport.objects.get()
    assert run.step == "committed" and "catalogue_import.approved" not in told(run)


def test_both_are_runs_of_one_make():
    """A field one import needs beside the other's is its own; what all have is said once."""
    shared = {"file", "file_name", "step", "reached", "report", "refusal", "started_at", "committed_at", "undone_at"}
    for model in (CatalogueImport, PriceImport):
        assert shared <= {field.name for field in model._meta.fields} and model.noun
        assert model.Step.values == CatalogueImport.Step.values
