"""Who must say yes to an order, and who may.

1. A net value (goods and freight) above the buyer's spend limit waits for an approver of the account.
2. Where no contact orders in person, the lowest spend limit among the account's buyers applies: a key is no way around
   it, and neither is a rep who orders on behalf of somebody whose own word would be enough. On behalf of a buyer with a
   limit, it is theirs.
3. Nobody decides about an order of their own, whichever of their contacts placed it. What a rep ordered for somebody
   without a limit is theirs to decide: their word is what it waits for.
"""

from collections.abc import Iterable
from decimal import Decimal


def needs_approval(net: Decimal, spend_limit: Decimal | None) -> bool:
    """Whether `net` is above the limit; None is no limit."""
    return spend_limit is not None and net > spend_limit


def limit_without_contact(limits: Iterable[Decimal | None]) -> Decimal | None:
    """The limit for an order nobody signs: the lowest of the account's buyers, None where none has one."""
    return min((limit for limit in limits if limit is not None), default=None)


def needs_their_word(spend_limit: Decimal | None, may_approve: bool) -> bool:
    """Whether somebody could order in person what a rep cannot order for them without their word."""
    return may_approve or spend_limit is None


def is_own_order(
    *, ordered_by_contact: int | None, ordered_by_user: int | None, contact_id: int | None, user_id: int | None
) -> bool:
    """Whether the person deciding is the person who ordered."""
    same_contact = ordered_by_contact is not None and ordered_by_contact == contact_id
    same_user = ordered_by_user is not None and ordered_by_user == user_id
    return same_contact or same_user
