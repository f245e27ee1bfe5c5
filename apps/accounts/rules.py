"""Who may do what, and where an account stands in its tree.

1. A role is a set of permissions, named `noun.verb`. There is one table, and it is below.
2. Services demand a permission, templates ask for it; both through `may`.
3. An account tree is a path of ids, `/12/45/`, ending in the account itself. Agreements and permissions reach down it.
"""

_READS = frozenset({"catalogue.read", "order.read", "delivery.read", "case.open", "case.read", "survey.answer"})
_BUYS = _READS | {"cart.edit", "order.place", "quote.request", "quote.accept", "price.read", "part_number.edit"}
_MONEY = frozenset({"invoice.read", "price.read"})

PERMISSIONS: dict[str, frozenset[str]] = {
    "nobody": frozenset(),
    "receiver": _READS | {"delivery.confirm"},
    "buyer": _BUYS | {"invoice.read"},
    "approver": _BUYS | _MONEY | {"order.approve"},
    "finance": _READS | _MONEY,
    "administrator": _BUYS | _MONEY | {"order.approve", "contact.manage"},
    "rep": _BUYS | _MONEY | {"account.curate", "case.work", "quote.offer", "workspace.use", "order.release"},
    "service": _READS | _MONEY | {"case.work", "workspace.use"},
    "manager": _BUYS
    | _MONEY
    | {"account.curate", "case.work", "quote.offer", "workspace.use", "insight.read", "order.release"},
    "operations": _BUYS
    | _MONEY
    | {
        "delivery.confirm",
        "order.confirm",
        "order.release",
        "shipment.dispatch",
        "workspace.use",
        "insight.read",
        "case.work",
    },
    "machine": _READS | _MONEY | {"order.place", "cart.edit", "delivery.confirm"},
    "system": frozenset(
        {"delivery.confirm", "order.confirm", "order.release", "shipment.dispatch", "case.work", "order.place"}
    ),
}

NOT_ON_BEHALF = frozenset({"order.approve", "survey.answer", "contact.manage"})


def may(role: str, permission: str, *, acting_for: int | None = None) -> bool:
    """Whether `role` covers `permission`; what is personal to a contact is never covered on their behalf."""
    if acting_for is not None and permission in NOT_ON_BEHALF:
        return False
    return permission in PERMISSIONS.get(role, frozenset())


def path_of(parent_path: str | None, account_id: int) -> str:
    """The path of an account below `parent_path`."""
    return f"{parent_path or '/'}{account_id}/"


def ids_on_path(path: str) -> tuple[int, ...]:
    """Account ids on a path from the root down to the account itself."""
    return tuple(int(part) for part in path.split("/") if part)
