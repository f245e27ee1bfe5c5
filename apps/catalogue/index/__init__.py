"""The search index of this machine: derived from PostgreSQL, disposable, followed within seconds.

A narrow face, so that a cluster of search servers could stand behind it one day: `opened` to read, `build` and
`Follower` to write, `keep` to do so for good.
"""

from apps.catalogue.index.keeping import keep
from apps.catalogue.index.reading import Opened, opened, trouble
from apps.catalogue.index.writing import Follower, build, sweep_marks

__all__ = ["Follower", "Opened", "build", "keep", "opened", "sweep_marks", "trouble"]
