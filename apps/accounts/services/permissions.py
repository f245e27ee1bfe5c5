"""A permission is demanded where the deed is done, so that no way around it exists."""

from apps.accounts import rules
from apps.accounts.errors import PermissionMissing
from apps.core.scoping import Actor


def demand(actor: Actor, permission: str) -> None:
    """Go on where the role of `actor` covers `permission` (`noun.verb`, see `rules.PERMISSIONS`).

    Raises `PermissionMissing`, a `NotAllowed`.
    """
    if not rules.may(actor.role, permission, acting_for=actor.acting_for):
        raise PermissionMissing(permission=permission)
