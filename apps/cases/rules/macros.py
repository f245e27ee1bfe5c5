"""Words that answer many cases: which names they may hold in braces, and what those become."""

import re
from collections.abc import Mapping

NAMES = ("contact", "account", "case", "order", "delivery", "answer_by", "me")
MISSING = "[…]"  # nobody writes that by themselves
_NAME = re.compile(r"\{([^{}\n]*)\}")


def unknown_names(body: str) -> list[str]:
    """What stands in braces and is none of `NAMES`, each once, as written."""
    return list(dict.fromkeys(name for name in _NAME.findall(body) if name not in NAMES))


def filled(body: str, values: Mapping[str, str]) -> str:
    """`body` with its names replaced; what the case does not have is `MISSING`, for the writer to see and fill. What is
    put in is not looked at again."""
    return _NAME.sub(lambda found: values.get(found[1]) or MISSING if found[1] in NAMES else found[0], body)
