"""What differs between two products, by their attributes.

1. Attributes are compared as stored. One that only one of them has differs as well.
2. Numbers are compared by value: 40 and 40.0 are the same.
"""

from collections.abc import Mapping
from typing import NamedTuple


class Difference(NamedTuple):
    """An attribute that differs; None where the one product does not have it."""

    code: str
    here: object
    there: object


def differences(here: Mapping[str, object], there: Mapping[str, object]) -> list[Difference]:
    """What `there` has otherwise than `here`, in the order of `here`, then what only `there` has."""
    codes = [*here, *(code for code in there if code not in here)]
    return [Difference(code, here.get(code), there.get(code)) for code in codes if here.get(code) != there.get(code)]
