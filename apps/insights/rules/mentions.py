"""Who is named in a note: "@" and a whole name, the longest that fits; case does not matter."""

import re
from collections.abc import Iterable


def mentioned(text: str, names: Iterable[str]) -> list[str]:
    """Those of `names` that are mentioned, in the order of their first mention, each once."""
    known = {name.casefold(): name for name in names}
    longest = "|".join(re.escape(name) for name in sorted(known, key=len, reverse=True))
    if not longest:
        return []
    found = re.findall(rf"(?<!\w)@({longest})(?!\w)", text.casefold())
    return [known[name] for name in dict.fromkeys(found)]


def strangers(text: str, names: Iterable[str]) -> list[str]:
    """What follows an "@" and is none of `names`: the words to say that nobody is called that."""
    rest = text
    for name in sorted(names, key=len, reverse=True):
        rest = re.sub(rf"(?<!\w)@{re.escape(name)}(?!\w)", " ", rest, flags=re.IGNORECASE)
    return list(dict.fromkeys(re.findall(r"(?<!\w)@(\w[\w'’.-]*)", rest)))
