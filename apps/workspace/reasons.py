"""Why an account needs somebody, as a page shows it, and what to do about it next."""

from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.core.formatting import about_money
from apps.insights.selectors import Attention, Reason
from apps.workspace.links import link_of

# kind of a reason (insights.rules) -> icon, tone, what to do about it
KINDS = {
    "detractor": ("frown", "bad", _("Answer them")),
    "case_due": ("life-buoy", "warn", _("Open the case")),
    "delivery_late": ("truck", "bad", _("See the delivery")),
    "unanswered": ("message-square", "warn", _("Answer them")),
    "release": ("banknote", "warn", _("Release or decline")),
    "no_approver": ("user-round-x", "warn", _("See who could approve")),
    "quote_waiting": ("file-text", "info", _("Make an offer")),
    "blanket_behind": ("calendar-range", "warn", _("See what is left")),
    "slip": ("calendar-clock", "warn", _("See which lines")),
    "rhythm": ("timer", "warn", _("Get in touch")),
    "call_back": ("phone-incoming", "warn", _("Call them")),
    "follow_up": ("list-todo", "info", _("See what is due")),
    "reorder_due": ("repeat", "info", _("See what they need")),
    "shortage_ahead": ("triangle-alert", "warn", _("Tell them in time")),
    "quote_follow": ("file-text", "info", _("Ask what they think")),
    "credit_near": ("banknote", "warn", _("See what is owed")),
    "contract_ending": ("handshake", "warn", _("Agree on the next one")),
    "new_contact": ("user-round-plus", "info", _("Say hello")),
}

# kind of a reason -> where on the account's page one goes on
ANCHORS = {
    "call_back": "#to-do",
    "follow_up": "#to-do",
    "rhythm": "#people",
    "new_contact": "#people",
    "credit_near": "#money",
    "contract_ending": "#look",
    "reorder_due": "#look",
    "shortage_ahead": "#look",
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
    anchor = ANCHORS.get(reason.kind, "")
    url = link_of("" if anchor else reason.subject, account_number) + anchor
    return Why(reason.text, url, icon, tone, action)


def heaviest_of(attention: Attention | None) -> Why | None:
    """The first reason why an account needs somebody; None where it needs nobody."""
    return why_of(attention.reasons[0], attention.account.number) if attention else None


def stake_words(at_stake: Decimal | None) -> str:
    """What is at stake with an account, in the house's currency; empty where nothing is, or it is not known."""
    if not at_stake or at_stake < 1:
        return ""
    return gettext("about %(amount)s a year at stake") % {"amount": about_money(at_stake, settings.HOME_CURRENCY)}
