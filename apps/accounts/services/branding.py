"""A large customer's logo, colour and name, as the portal and their mail show them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.accents import Unreadable, accent_of
from apps.accounts.errors import AccountNotFound, BrandingRefused
from apps.accounts.models import Account, Branding
from apps.accounts.selectors import accounts_visible
from apps.accounts.services.permissions import demand
from apps.core.events import record
from apps.core.images import NoPicture, logo_of
from apps.core.scoping import Actor
from apps.core.text import folded

LONGEST_GREETING = 60
LARGEST_LOGO = 2 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Look:
    """How a customer is to be shown. `logo` None keeps the one there is, unless it is to go."""

    accent: str = ""
    greeting_name: str = ""
    logo: bytes | None = None
    without_logo: bool = False


@transaction.atomic
def set_branding(actor: Actor, account: Account, look: Look, *, now: datetime) -> Branding | None:
    """Show an account the actor looks after as theirs; None where nothing of its own is left. Raises `BrandingRefused`,
    with the fields. Records `branding.set` or `branding.removed`."""
    demand(actor, "account.curate")
    accent, greeting = readable_accent(look.accent), _greeting(look.greeting_name)
    logo = shown_logo(look.logo) if look.logo else None  # takes long: nobody is to wait for it
    locked = accounts_visible(actor).select_for_update(of=("self",), no_key=True).filter(pk=account.pk).first()
    if locked is None:
        raise AccountNotFound()
    kept = Branding.objects.filter(account=locked).first() or Branding(account=locked)
    kept.accent, kept.greeting_name = accent, greeting
    kept.changed_at = now
    if logo:
        kept.logo.save(f"{uuid4().hex}.png", ContentFile(logo), save=False)
    elif look.without_logo:
        kept.logo = ""
    is_empty = not (kept.accent or kept.greeting_name or kept.logo)
    if is_empty:
        Branding.objects.filter(account=locked).delete()
    else:
        kept.save()
    name = "branding.removed" if is_empty else "branding.set"
    record(name, f"account:{locked.number}", account_id=locked.pk, actor=actor, at=now, accent=kept.accent)
    return None if is_empty else kept


def readable_accent(typed: str) -> str:
    """A colour as it is kept, empty for none; `BrandingRefused` for what is no colour, or cannot be read."""
    typed = folded(typed).lower()
    colour = f"#{typed.lstrip('#')}" if typed else ""
    try:
        if colour:
            accent_of(colour)
    except Unreadable as unreadable:
        words = _(
            "%(colour)s is too light: nobody could read it on white. The nearest that can be read is %(nearest)s."
        )
        raise _refused("accent", words % {"colour": colour, "nearest": unreadable.nearest}) from None
    except ValueError:
        raise _refused("accent", _("Write the colour as six figures, such as #7a1f3d.")) from None
    return colour


def shown_logo(data: bytes) -> bytes:
    """A logo as it is kept; `BrandingRefused` for what is no picture."""
    if len(data) > LARGEST_LOGO:
        raise _refused("logo", _("The logo is larger than 2 MB: send a smaller one."))
    try:
        return logo_of(data)
    except NoPicture as why:
        raise _refused("logo", _("The logo cannot be shown. %(why)s") % {"why": why}) from None


def _greeting(typed: str) -> str:
    name = folded(typed)
    if len(name) > LONGEST_GREETING:
        raise _refused("greeting_name", _("Say it in at most %(n)s characters.") % {"n": LONGEST_GREETING})
    return name


def _refused(field: str, words: str) -> BrandingRefused:
    return BrandingRefused(words, fields={field: [words]})
