"""Why an account needs somebody, as a page shows it, and what to do about it next."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from apps.insights.selectors import Attention, Reason
from apps.workspace.links import link_of

# kind of a reason (insights.rules) -> icon, tone, what to do about it
KINDS = {
    "detractor": ("frown", "bad", _("Answer them")),
    "case_due": ("life-buoy", "warn", _("Open the case")),
    "delivery_late": ("truck", "bad", _("See the delivery")),
    "release": ("banknote", "warn", _("Release or decline")),
    "no_approver": ("user-round-x", "warn", _("See who could approve")),
    "quote_waiting": ("file-text", "info", _("Make an offer")),
    "blanket_behind": ("calendar-range", "warn", _("See what is left")),
    "slip": ("calendar-clock", "warn", _("See which lines")),
    "rhythm": ("timer", "warn", _("Get in touch")),
    "follow_up": ("list-todo", "info", _("See what is due")),
}


@dataclass(frozen=True, slots=True)
class Why:
    """A reason on the page: its words, where it leads, its mark, the next best action."""

    text: str
    url: str
    icon: str
    tone: str
    action: str


def why_of(reason: Reason, account_number: str) -> Why:
    """A reason with its link and mark."""
    icon, tone, action = KINDS[reason.kind]
    anchors = {"follow_up": "#to-do", "rhythm": "#people"}
    url = link_of(reason.subject if reason.kind not in anchors else "", account_number) + anchors.get(reason.kind, "")
    return Why(reason.text, url, icon, tone, action)


def heaviest_of(attention: Attention | None) -> Why | None:
    """The first reason why an account needs somebody; None where it needs nobody."""
    return why_of(attention.reasons[0], attention.account.number) if attention else None
