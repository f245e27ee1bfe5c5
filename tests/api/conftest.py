import pytest

from tests.api.keys import machine


@pytest.fixture
def procurement(world):
    """Brightwater's procurement system."""
    return machine(world, account=world.brightwater)


@pytest.fixture
def stranger(world):
    """Calder's."""
    return machine(world, account=world.calder)


@pytest.fixture
def carrier(world):
    return machine(world, "carrier")


@pytest.fixture
def erp(world):
    return machine(world, "erp")
