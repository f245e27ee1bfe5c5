"""Numbers as a buyer chooses among them: one by one while they are few, in ranges where they are many."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation

from django.utils.translation import get_language

from apps.catalogue.search.questions import FacetValue
from apps.core.formatting import number_writer

FEW = 12
RANGES = 6


def steps_of(counts: Mapping[str, int], chosen: Sequence[str]) -> tuple[FacetValue, ...]:
    """Values from the smallest up, or ranges "10..25" (both ends in it) of about equally many products."""
    numbers = _numbers(counts)
    if len(numbers) <= FEW:
        steps = [(number, number, count) for number, count in numbers]
    else:
        steps = _ranges(numbers)
    values = [
        FacetValue(token, _label(low, high), n, token in chosen)
        for low, high, n in steps
        for token in (_token(low, high),)
    ]
    shown = {value.value for value in values}
    values += [FacetValue(token, _label_of(token), 0, True) for token in chosen if token not in shown]
    return tuple(values)


def _numbers(counts: Mapping[str, int]) -> list[tuple[Decimal, int]]:
    """Number and count, smallest first; the same number written in two ways counts as one, other text not at all."""
    merged: dict[Decimal, int] = {}
    for text, count in counts.items():
        try:
            number = Decimal(text)
        except InvalidOperation:
            continue
        merged[number] = merged.get(number, 0) + count
    return sorted(merged.items())


def _ranges(numbers: list[tuple[Decimal, int]]) -> list[tuple[Decimal, Decimal, int]]:
    share = sum(count for _number, count in numbers) / RANGES
    ranges, low, held = [], numbers[0][0], 0
    for place, (number, count) in enumerate(numbers):
        held += count
        if held >= share or place == len(numbers) - 1:
            ranges.append((low, number, held))
            low, held = numbers[place + 1][0] if place + 1 < len(numbers) else number, 0
    return ranges


def _token(low: Decimal, high: Decimal) -> str:
    return _plain(low) if low == high else f"{_plain(low)}..{_plain(high)}"


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"


def _label(low: Decimal, high: Decimal) -> str:
    write = number_writer(get_language()).write
    return write(low) if low == high else f"{write(low)} – {write(high)}"


def _label_of(token: str) -> str:
    low, _dots, high = token.partition("..")
    try:
        return _label(Decimal(low), Decimal(high or low))
    except InvalidOperation:
        return token
