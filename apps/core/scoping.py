"""Who is asking, and which rows are theirs.

An `Actor` is built once a request (or once a task) and handed to everything that reads or writes rows that belong to
somebody. Absent and not yours are the same answer.
"""

from dataclasses import dataclass, field, replace

from django.db import models

STAFF_ROLES = frozenset({"rep", "service", "manager", "operations", "system"})
_EVERYTHING = frozenset({"service", "manager", "operations", "system", "erp"})


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who asks.

    `account_id` is the account acted in; `account_ids` are all that may be seen from there (it and its subsidiaries).
    A rep sees the accounts assigned to them (`rep_id`); while acting for a buyer, `account_id` is that buyer's account,
    `contact_id` the buyer's contact and `acting_for` says so. `role` is a key of `accounts.rules.PERMISSIONS`.
    Staff who look at the portal as a contact sees it are that contact, `is_read_only`: nothing is done in that name.
    A carrier's machine sees what goes by `carrier` and nothing else.
    `contacts` are those of the log-in with their accounts, the one it stands in first: read while the actor was built,
    and kept so that nobody asks for them again. `learnt` is what selectors read once about the account acted in.
    """

    role: str = "nobody"
    user_id: int | None = None
    account_id: int | None = None
    account_ids: tuple[int, ...] = ()
    contact_id: int | None = None
    rep_id: int | None = None
    acting_for: int | None = None
    is_read_only: bool = False
    name: str = ""
    carrier: str = ""
    contacts: tuple[models.Model, ...] = field(default=(), compare=False, repr=False)
    learnt: dict = field(default_factory=dict, compare=False, repr=False)

    def inside(self, account_id: int) -> "Actor":
        """The same person seeing one account alone; the caller has made sure that they may see it."""
        return replace(self, account_id=account_id, account_ids=(account_id,), learnt={})

    @property
    def is_themselves(self) -> bool:
        """Whether it is the contact, and nobody who acts for them or looks through their eyes."""
        return self.contact_id is not None and self.acting_for is None and not self.is_read_only

    @property
    def is_staff(self) -> bool:
        return self.role in STAFF_ROLES

    @property
    def sees_everything(self) -> bool:
        return self.role in _EVERYTHING and self.account_id is None


NOBODY = Actor()
SYSTEM = Actor(role="system", name="Tradewell")


class AccountOwnedQuerySet(models.QuerySet):
    """Rows that belong to an account. Set `account_field` where the way to it is longer."""

    account_field = "account"

    def visible_to(self, actor: Actor):
        if actor.sees_everything:
            return self
        if actor.account_id is not None:
            return self.filter(**{f"{self.account_field}_id__in": actor.account_ids})
        if actor.rep_id is not None:
            return self.filter(**{f"{self.account_field}__rep_id": actor.rep_id})
        return self.none()
