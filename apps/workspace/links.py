"""Where something that was recorded is looked at."""

from urllib.parse import urlencode

from django.urls import reverse

# noun of a subject -> page; the rest is told where the account is
PAGES = {
    "order": "workspace:order",
    "shipment": "workspace:shipment",
    "case": "workspace:case",
    "conversation": "workspace:conversation",
    "quote": "workspace:quote",
    "blanket": "workspace:blanket",
    "return": "workspace:return",
    "offer": "workspace:offer",
}


def link_of(subject: str, account_number: str = "") -> str:
    """The page of a subject (noun:number); else that of the account, "" without one."""
    noun, _colon, number = subject.partition(":")
    if noun == "slips":
        return f"{reverse('workspace:slips')}?{urlencode({'q': number})}"
    if noun in PAGES:
        return reverse(PAGES[noun], args=[number])
    return reverse("workspace:account", args=[account_number]) if account_number else ""
