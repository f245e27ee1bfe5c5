"""The page of cause and effect: event name -> the tasks that react to it."""

REACTIONS: dict[str, tuple[str, ...]] = {}
