"""Places in a list, as they stand in an address."""

import base64
import binascii
import json


def token(sort: str, *place: str | int) -> str:
    """The place in a list of that order."""
    return base64.urlsafe_b64encode(json.dumps([sort, *place]).encode()).decode().rstrip("=")


def place_in(said: str | None, sort: str, *kinds: type) -> list | None:
    """The place in a token of that order, made of parts of these kinds; None in any other."""
    if not said:
        return None
    try:
        place = json.loads(base64.urlsafe_b64decode(said + "=" * (-len(said) % 4)))
    except (binascii.Error, ValueError):
        return None
    if not isinstance(place, list) or place[:1] != [sort] or len(place) != len(kinds) + 1:
        return None
    known = all(type(part) is kind for part, kind in zip(place[1:], kinds, strict=True))
    return place[1:] if known and all(map(_can_be_asked, place[1:])) else None


def _can_be_asked(part: str | int) -> bool:
    return part.isprintable() if isinstance(part, str) else 0 < part < 2**63
