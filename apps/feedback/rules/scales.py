"""The scales that questions are answered on, and what a score on them calls for.

1. "nps" and "again" are answered from 0 to 10; bands as of the Net Promoter Score (Reichheld, HBR, December 2003).
2. "effort" is how easy something was, from 1 (very hard) to 7 (very easy), as in the second Customer Effort Score (CEB,
   2013). Up to 3 it was hard; 4 is neither; from 5 on it was easy.
"""

from dataclasses import dataclass

from apps.feedback.rules.scores import nps_band

HARD_UP_TO, EASY_FROM = 3, 5


@dataclass(frozen=True, slots=True)
class Scale:
    """The whole numbers from `lowest` to `highest`."""

    lowest: int
    highest: int

    @property
    def figures(self) -> range:
        return range(self.lowest, self.highest + 1)

    def takes(self, score: object) -> bool:
        return isinstance(score, int) and self.lowest <= score <= self.highest


SCALES = {"nps": Scale(0, 10), "effort": Scale(1, 7), "again": Scale(0, 10)}


def band_of(kind: str, score: int) -> str:
    """Which second question follows a score of that kind: "detractor", "passive" or "promoter"."""
    if kind != "effort":
        return nps_band(score)
    return "detractor" if score <= HARD_UP_TO else "promoter" if score >= EASY_FROM else "passive"
