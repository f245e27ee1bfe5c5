"""Chance that repeats itself: the same seed and topic give the same numbers on every machine and in every run."""

import random
import zlib
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

SEED = "harrow-and-vale"


def dice(topic: str) -> random.Random:
    """A generator of its own for `topic`, so that a change in one part leaves the others as they were."""
    return random.Random(f"{SEED}:{topic}")


def numbers(topic: str) -> np.random.Generator:
    """The same for whole arrays of numbers."""
    return np.random.default_rng(zlib.crc32(f"{SEED}:{topic}".encode()))


def spread(total: int, count: int) -> list[int]:
    """`count` different indices below `total`, in rising order, spread so that they fall into no pattern of the digits.

    Steps by the golden ratio: for any `count` the indices cover the range evenly, and neighbours differ in every digit.
    """
    if count >= total:
        return list(range(total))
    step = _coprime_near(round(total * 0.618034), total)
    return sorted(i * step % total for i in range(count))


def shares(total: int, weights: Sequence[float]) -> list[int]:
    """`total` split into whole parts in proportion to `weights`; the parts add up to it."""
    whole, edges, reached = sum(weights), [0], 0.0
    for weight in weights:
        reached += weight
        edges.append(round(total * reached / whole))
    return [right - left for left, right in pairwise(edges)]


def _coprime_near(wished: int, total: int) -> int:
    step = max(wished, 1)
    while np.gcd(step, total) != 1:
        step += 1
    return step
