"""Where the thing stands that a `noun:number` names."""

from django.urls import reverse

#: noun -> page that takes the number
PAGES = {
    "product": "portal:product",
    "order": "portal:order",
    "case": "portal:case",
    "invoice": "portal:invoice",
    "quote": "portal:quote",
    "blanket": "portal:blanket",
    "return": "portal:return",
    "standing": "portal:standing_order",
    "conversation": "portal:conversation",
    "approval": "portal:decide",
}
#: noun -> page where all of its kind stand, or the only one there is
SHELVES = {
    "price_list": "portal:price_lists",
    "dunning": "portal:statement",
    "call_back": "portal:call_back",
    "account": "portal:account",
}


def url_of(ref: str) -> str:
    """The page of a thing; "" where it has none."""
    noun, _, number = ref.partition(":")
    if noun in SHELVES:
        return reverse(SHELVES[noun])
    return reverse(PAGES[noun], args=[number]) if noun in PAGES and number else ""
