"""Processes that do things at the same time, each with Django and a database connection of its own."""

import multiprocessing
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor

_together: list = []


def at_once(work: Callable, arguments: Sequence[tuple]) -> list:
    """`work(*arguments)` in one process for each of `arguments`, begun when all are ready; what each returned.

    `work` is a function of a module. An exception in one of them is raised here.
    """
    from django.db import connections

    connections.close_all()
    context = multiprocessing.get_context("spawn")
    start = context.Barrier(len(arguments), timeout=120)
    with ProcessPoolExecutor(len(arguments), mp_context=context, initializer=_prepare, initargs=(start,)) as pool:
        waiting = [pool.submit(_begin, work, each) for each in arguments]
        return [one.result() for one in waiting]


def _prepare(start) -> None:
    os.environ["DATABASE_POOL_SIZE"] = "0"
    import django

    django.setup()
    _together.append(start)


def _begin(work: Callable, arguments: tuple):
    from django.db import connection

    connection.ensure_connection()
    _together[0].wait()
    return work(*arguments)
