"""What is taken out of texts when a person is erased, and how long data serve their purpose.

1. A person's full name, e-mail address and phone number are taken out wherever they stand in the texts of their
   accounts; in what they wrote themselves, so are the parts of their name. Case does not matter; parts of other words
   stay.
2. In place of the name stands what they are called from then on, so that who reads on sees that it is one person.
3. What has served its purpose is erased after so many days. 0 keeps it for good.
"""

import re
from collections.abc import Iterable, Mapping

SHORTEST_PART = 3  # letters; below that a part of a name is most often another word
USUAL_DAYS: Mapping[str, int] = {
    "searches": 365,
    "notices": 90,
    "log_ins": 180,
    "mails": 1095,
    "comments": 1095,
    "referrals": 365,
    "votes": 90,
    "strangers": 60,
    "suggested": 60,
    "talks": 1095,
    "greetings": 400,
    "gone": 1095,
}


def name_parts(name: str) -> list[str]:
    """The parts of a name that are worth looking for by themselves."""
    return [part for part in re.split(r"[\s,.]+", name) if len(part) >= SHORTEST_PART]


def without(text: str, words: Iterable[str], by: str) -> str:
    """`text` with each of `words`, the longest first, replaced by `by`; inside other words they stay."""
    wanted = sorted({word for word in words if word}, key=len, reverse=True)
    if not wanted or not text:
        return text
    pattern = "|".join(re.escape(word) for word in wanted)
    return re.sub(rf"(?<!\w)(?:{pattern})(?!\w)", lambda _match: by, text, flags=re.IGNORECASE)


def facts_without(facts: object, words: Iterable[str], by: str) -> object:
    """The same for every text in a JSON document; what it says by numbers, and its keys, stay."""
    words = list(words)
    if isinstance(facts, str):
        return without(facts, words, by)
    if isinstance(facts, list):
        return [facts_without(each, words, by) for each in facts]
    if isinstance(facts, dict):
        return {key: facts_without(value, words, by) for key, value in facts.items()}
    return facts
