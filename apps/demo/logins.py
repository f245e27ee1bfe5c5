"""Who can log in to the demo: printed by `manage.py demo`, offered on the log-in page in demo mode.

These people exist in demo data only, all with the same password.
"""

from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

PASSWORD = "tradewell-demo"
HOUSE = "harrowvale.example"  # the distributor's own domain
BUYER_HOUSE = "ashgrove.example"  # that of the account most pages are shown with


class Login(NamedTuple):
    role: str
    email: str
    password: str
    name: str
    try_this: str


LOGINS: tuple[Login, ...] = (
    Login(
        "buyer",
        f"buyer@{BUYER_HOUSE}",
        PASSWORD,
        "Amelia Hart",
        _("Reorder what is due, compare prices and dates, check out, answer how a delivery went."),
    ),
    Login(
        "approver",
        f"approver@{BUYER_HOUSE}",
        PASSWORD,
        "Martin Ellwood",
        _("An order above the buyer's limit waits for your yes."),
    ),
    Login(
        "administrator",
        f"ellen.lockwood@{BUYER_HOUSE}",
        PASSWORD,
        "Ellen Lockwood",
        _("Invite colleagues, set limits, budgets and approval policies; an order waits for your second yes."),
    ),
    Login(
        "finance",
        f"finance@{BUYER_HOUSE}",
        PASSWORD,
        "Fiona Clarke",
        _("Invoices with their PDF, what is overdue, what credit is left."),
    ),
    Login(
        "receiver",
        f"receiver@{BUYER_HOUSE}",
        PASSWORD,
        "Rick Osei",
        _("See what arrives today, confirm it, report what is damaged."),
    ),
    Login(
        "rep",
        f"rep@{HOUSE}",
        PASSWORD,
        "Helen Marsh",
        _("Who needs you today and why; one timeline an account; order on behalf."),
    ),
    Login(
        "service",
        f"service@{HOUSE}",
        PASSWORD,
        "Sam Adeyemi",
        _("Cases with their deadlines, and the whole story behind each."),
    ),
    Login(
        "manager",
        f"manager@{HOUSE}",
        PASSWORD,
        "Victoria Lindgren",
        _("NPS with its uncertainty, promises kept, what to fix first."),
    ),
    Login(
        "operations",
        f"operations@{HOUSE}",
        PASSWORD,
        "Otto Brandt",
        _("The admin: confirm, ship and deliver an order, edit products, prices and the survey programme."),
    ),
)
