"""The usual words of each kind of question, translated where they are shown."""

from typing import NamedTuple

from django.utils.translation import gettext, gettext_noop

# After a delivery.
QUESTION = gettext_noop("How likely are you to recommend us to a colleague in your trade?")
ASKED_DETRACTOR = gettext_noop("What went wrong, and what should we put right first?")
ASKED_PASSIVE = gettext_noop("What would have made it a 9?")
ASKED_PROMOTER = gettext_noop("What did we do well, and what do you need next?")


class Words(NamedTuple):
    """A question, and what is asked after a low, a middling and a high score."""

    question: str
    follow_up_detractor: str
    follow_up_passive: str
    follow_up_promoter: str


USUAL = {
    "delivery": Words(QUESTION, ASKED_DETRACTOR, ASKED_PASSIVE, ASKED_PROMOTER),
    "case": Words(
        gettext_noop("How easy was it to have this put right?"),
        gettext_noop("What made it hard?"),
        gettext_noop("What would have made it easier?"),
        gettext_noop("What helped most?"),
    ),
    "relationship": Words(
        QUESTION,
        gettext_noop("What keeps you from recommending us?"),
        gettext_noop("What would make it a 9?"),
        gettext_noop("What do we do well, and what should come next?"),
    ),
    "first_order": Words(
        QUESTION,
        gettext_noop("What went wrong with your first order?"),
        ASKED_PASSIVE,
        gettext_noop("What went well, and what do you need next?"),
    ),
    "lapsed": Words(
        gettext_noop("How likely are you to order from us again?"),
        gettext_noop("What made you stop?"),
        gettext_noop("What is in the way?"),
        gettext_noop("What do you need next?"),
    ),
}
_SCALE_WORDS = {
    "case": (gettext_noop("very hard"), gettext_noop("very easy")),
}
_USUAL_SCALE = (gettext_noop("not at all likely"), gettext_noop("extremely likely"))
_ALL = frozenset(text for words in USUAL.values() for text in words)


def scale_words(kind: str) -> tuple[str, str]:
    """What the two ends of the scale of a kind of question mean, in the reader's language."""
    low, high = _SCALE_WORDS.get(kind, _USUAL_SCALE)
    return gettext(low), gettext(high)


def in_words(text: str) -> str:
    """A question in the reader's language where it is one of the usual ones, else as it stands."""
    return gettext(text) if text in _ALL else text
