"""A web process sets apart what it has loaded: looked at from outside, in a process of its own."""

import os
import subprocess
import sys

ASKS = """
import gc, sys
from config.wsgi import application
loaded = "apps.portal.urls" in sys.modules
light = "scipy" not in sys.modules
print(callable(application), gc.isenabled(), gc.get_freeze_count(), *gc.get_threshold(), loaded, light)
"""


def test_what_is_loaded_is_set_apart():
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings.test"}
    told = subprocess.run([sys.executable, "-c", ASKS], env=environment, capture_output=True, text=True, check=True)

    callable_, enabled, frozen, *thresholds, loaded, light = told.stdout.split()
    assert (callable_, enabled, loaded, light) == ("True", "True", "True", "True")
    assert int(frozen) > 50_000
    assert thresholds == ["50000", "20", "50"]
