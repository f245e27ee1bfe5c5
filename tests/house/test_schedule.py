"""Whatever the schedule and the page of reactions name is a task that exists."""

import pytest
from celery import current_app

from config.reactions import REACTIONS
from config.schedule import SCHEDULE

NAMED = sorted({line["task"] for line in SCHEDULE.values()} | {task for tasks in REACTIONS.values() for task in tasks})


@pytest.fixture(scope="module")
def registered() -> set[str]:
    current_app.loader.import_default_modules()
    return set(current_app.tasks)


@pytest.mark.parametrize("name", NAMED)
def test_a_named_task_exists(name: str, registered: set[str]) -> None:
    assert name in registered


@pytest.mark.parametrize("line", SCHEDULE.values(), ids=SCHEDULE)
def test_a_sweep_that_could_not_start_in_time_is_dropped(line: dict) -> None:
    assert 0 < line["options"]["expires"] <= line["schedule"]
