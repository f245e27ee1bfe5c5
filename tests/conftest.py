"""What every test may ask for."""

import hypothesis
import pytest
from django.conf import settings
from django.test import TransactionTestCase
from django.utils import translation

from config.memory import set_apart
from tests.browser import accessible, chromium, enter, new_page, page  # noqa: F401  for the journeys
from tests.databases import django_db_setup  # noqa: F401  a database for each process
from tests.emptying import throw_away
from tests.search import search_index, search_root  # noqa: F401  an index for each process
from tests.standing import pytest_collection_modifyitems, standing_world, world  # noqa: F401  a world for each module

# An example that is slow says that the machine is busy, not that a rule is wrong.
hypothesis.settings.register_profile("house", deadline=None)
hypothesis.settings.load_profile("house")
TransactionTestCase._fixture_teardown = throw_away


def pytest_collection_finish() -> None:
    """All is loaded: what stays until the end need not be looked through for circles again and again."""
    set_apart()


@pytest.fixture(autouse=True)
def _own_language():
    """A page leaves its reader's language behind in the process that made it; the next test begins in its own."""
    yield
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture
def signed_in(client):
    """`signed_in(contact or user)` gives a client that is logged in as them."""

    def sign_in(who):
        client.force_login(getattr(who, "user", who))
        return client

    return sign_in
