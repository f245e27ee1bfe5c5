"""Why an account needs somebody."""

from collections.abc import Iterator
from dataclasses import dataclass

MOST_OF_A_KIND = 500


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an account needs somebody. `kind` as in `rules`; `subject` (noun:number) is what the reason is about."""

    kind: str
    text: str
    weight: float
    subject: str = ""


Reasons = Iterator[tuple[int, Reason]]  # with the account's id
