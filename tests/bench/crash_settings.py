"""Settings of the crash run: those of the tests, with a task of a dead process given to another after a minute.

In the house that takes a quarter of an hour (`visibility_timeout`), which is what sweepers are for; nobody waits here.
"""

from config.settings.test import *  # noqa: F403
from config.settings.test import CELERY_BROKER_TRANSPORT_OPTIONS

CELERY_BROKER_TRANSPORT_OPTIONS = CELERY_BROKER_TRANSPORT_OPTIONS | {"visibility_timeout": 60}
