"""What the company's administrators have changed, in words."""

from django.utils.translation import gettext_lazy as _

from apps.core.selectors import timeline
from apps.portal.story import Entry

SHOWN = 12
# name of the event -> icon, tone, words with the facts of the event
WORDS = {
    "contact.invited": ("user-round-plus", "info", _("%(contact)s was invited")),
    "contact.joined": ("user-round-check", "ok", _("%(contact)s took up the invitation")),
    "contact.changed": ("user-round-cog", "", _("Limits or role of %(contact)s were changed")),
    "contact.cost_centres_changed": ("wallet", "", _("The cost centres of %(contact)s were changed")),
    "contact.access_ended": ("user-round-x", "bad", _("The access of %(contact)s was ended")),
    "cost_centre.opened": ("wallet", "ok", _("Cost centre %(code)s was opened")),
    "cost_centre.changed": ("wallet", "", _("Cost centre %(code)s was changed")),
    "approval_policy.made": ("route", "ok", _("Policy %(policy)s was made")),
    "approval_policy.changed": ("route", "", _("Policy %(policy)s was changed")),
    "approval_policy.withdrawn": ("route", "bad", _("Policy %(policy)s was withdrawn")),
    "buying_rules.changed": ("list-checks", "", _("The rules of buying were changed")),
    "deputy.named": ("calendar-clock", "info", _("%(deputy)s was named deputy of %(contact)s")),
    "deputy.withdrawn": ("calendar-clock", "", _("%(deputy)s stands in for %(contact)s no more")),
}


def entries_of(account) -> list[Entry]:
    """The latest changes at the account, newest first. One query."""
    return [_entry(event) for event in timeline([account.pk], limit=SHOWN, names=WORDS)]


def _entry(event) -> Entry:
    icon, tone, words = WORDS[event.name]
    return Entry(event.occurred_at, icon, words % event.facts, tone=tone, who=event.actor_name)
