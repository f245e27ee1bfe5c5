"""How a web process keeps house in its memory.

Python looks through every object it has for circles to clear away, again and again. What a process has loaded once it
is ready is a hundred times what a page makes, and none of it ever goes: looking through it took a third of the time of
a page with many rows. So it is set apart, and the rest is looked through less often; a page's circles (some megabytes
at most) are then cleared a few pages later.
"""

import gc
from importlib import import_module

from django.conf import settings

NEW, YOUNG, OLD = 50_000, 20, 50  # the counts at which each generation is looked through; Python's own: 700, 10, 10


def settle() -> None:
    """Load what every page needs, and set apart everything that is loaded."""
    import_module(settings.ROOT_URLCONF)
    set_apart()


def set_apart() -> None:
    """Set apart everything that is loaded by now."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW, YOUNG, OLD)
