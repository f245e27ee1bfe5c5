"""Who owns a case: the first who is there in turn. Who has left or is away is not; a deputy stands in."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Seat:
    """Whose case it would be and who stands in for them, by id, and which of the two is there."""

    who: int
    is_there: bool
    deputy: int | None = None
    deputy_is_there: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """Who owns a case, and for whom they stand in; None for nobody."""

    owner: int | None = None
    stands_in_for: int | None = None


def chosen(seats: Iterable[Seat]) -> Choice:
    """The first who is there in the order of `seats`, which are looked at no further than that."""
    for seat in seats:
        if seat.is_there:
            return Choice(seat.who)
        if seat.deputy is not None and seat.deputy_is_there:
            return Choice(seat.deputy, seat.who)
    return Choice()
