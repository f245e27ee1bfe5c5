"""What one request inside an account knows: who asks, when, for which account, and where goods go."""

from datetime import date, datetime
from functools import cached_property

from django.utils import timezone

from apps.accounts.rules import may
from apps.accounts.selectors import account_of, contact_of, ship_tos_of
from apps.core.scoping import Actor


class Visit:
    """Facts that several parts of a page need are asked once, and only where they are needed."""

    def __init__(self, actor: Actor, now: datetime):
        self.actor, self.now = actor, now

    @property
    def on(self) -> date:
        return timezone.localdate(self.now)

    @cached_property
    def contact(self):
        """The contact who asks or is acted for; None for a machine."""
        return contact_of(self.actor)

    @property
    def persona(self) -> str:
        return self.contact.persona if self.contact else "operator"

    @cached_property
    def account(self):
        """The account with its rep; the contact's query has brought it along."""
        return self.contact.account if self.contact else account_of(self.actor)

    @cached_property
    def ship_tos(self) -> list:
        return list(ship_tos_of(self.actor))

    @property
    def ship_to(self):
        """The default ship-to, or None where the account has none yet."""
        return self.ship_tos[0] if self.ship_tos else None

    @property
    def destination(self):
        """Where arrival dates are reckoned to: the default ship-to, else the account's country on its working days."""
        return self.ship_to or (self.account.country, self.account.working_days, self.account.time_zone)

    def may(self, permission: str) -> bool:
        return may(self.actor.role, permission, acting_for=self.actor.acting_for)
