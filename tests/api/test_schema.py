"""The description of the API: complete, on one page, and kept by every answer."""

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from config.wsgi import application
from tests.api.keys import machine
from tests.world import build

EXAMPLES = 4
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    unsupported_method,
]


@pytest.mark.slow
@pytest.mark.parametrize("mode", list(GenerationMode))
def test_every_answer_is_as_described(transactional_db, mode):
    """Calls of every operation, made up from the description, good and bad, over WSGI and with a machine's key."""
    world = build()
    headers = machine(world, account=world.brightwater).headers
    schema = schemathesis.openapi.from_wsgi("/api/v1/schema", application)
    operations = [result.ok() for result in schema.get_all_operations()]
    assert len(operations) >= 20
    for operation in operations:
        _try(operation, mode, headers)


def _try(operation, mode: GenerationMode, headers: dict) -> None:
    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def call(case):
        case.call_and_validate(headers=headers, checks=CHECKS)

    try:
        call()
    except Unsatisfiable:
        assert mode is GenerationMode.NEGATIVE  # an operation without parameters has no bad calls


@pytest.mark.django_db
def test_the_description_is_open_and_names_what_is_refused(client):
    answer = client.get("/api/v1/schema")
    described = answer.json()
    assert answer.status_code == 200
    operations = [operation for path in described["paths"].values() for operation in path.values()]
    assert len(operations) >= 20
    assert all("4XX" in operation["responses"] and operation["summary"] for operation in operations)


@pytest.mark.django_db
def test_the_page_shows_every_operation_and_loads_nothing_from_elsewhere(client):
    page = client.get("/api/v1/docs").content.decode()
    for path in client.get("/api/v1/schema").json()["paths"]:
        assert path in page
    assert "//cdn" not in page
    assert 'src="http' not in page
    assert "stylesheet" in page
