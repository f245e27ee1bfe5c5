"""How an account is shown: its own branding, else that of the account above it."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from apps.accounts.accents import Accent, accent_of
from apps.accounts.models import Account, Branding


@dataclass(frozen=True, slots=True)
class Brand:
    """`logo` is an address below the portal's, or empty; `stamp` changes with the colours."""

    logo: str
    greeting_name: str
    accent: Accent | None
    stamp: str


def brand_of(account: Account) -> Brand | None:
    """The branding that is shown to an account; no query where the account came by `account_of` or `contact_of`."""
    branding = getattr(account, "branding", None) or (account.parent and getattr(account.parent, "branding", None))
    return _brand(branding) if branding else None


def _brand(branding: Branding) -> Brand:
    return Brand(
        logo=branding.logo.url if branding.logo else "",
        greeting_name=branding.greeting_name,
        accent=accent_of(branding.accent) if branding.accent else None,
        stamp=sha256(f"{branding.pk} {branding.accent}".encode()).hexdigest()[:12],
    )


_PATHS, _NAMES = ("branding", "parent__branding"), ("pk", "logo", "accent", "greeting_name")
#: What a row of values must have for `brand_in`, seen from the account.
IN_ROWS = tuple(f"{path}__{name}" for path in _PATHS for name in _NAMES)


def brand_in(row: Mapping, prefix: str) -> Brand | None:
    """The branding told by the values `IN_ROWS` of a row, each under a prefix."""
    for path in _PATHS:
        if row.get(f"{prefix}{path}__pk"):
            return _brand(Branding(**{name: row[f"{prefix}{path}__{name}"] for name in _NAMES}))
    return None


def brand_on_mail(account_id: int, address: str) -> Brand | None:
    """The branding for a mail about an account, where it goes to one of its people. One query."""
    found = Account.objects.filter(pk=account_id, contacts__email__iexact=address)
    account = found.select_related("branding", "parent__branding").order_by("pk").first()
    return brand_of(account) if account else None
