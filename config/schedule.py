"""What runs when: the sweepers. Each claims what is due, so that a missed or doubled run does no harm.

The times are seconds. A run that could not start before the next one is due is dropped (`expires`), or a stopped worker
would find a day of identical messages.
"""


def every(seconds: int, task: str) -> dict:
    """One line of the schedule: `task` each `seconds`, dropped when it has not begun by the time of the next."""
    return {"task": task, "schedule": float(seconds), "options": {"expires": seconds}}


SCHEDULE: dict[str, dict] = {}
