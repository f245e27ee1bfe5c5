"""What frames every page: who is there, for which account, how full the cart is. Asked only by pages that show it."""

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from apps.accounts import selectors as accounts
from apps.accounts.rules import PERMISSIONS, may
from apps.accounts.selectors.branding import brand_of
from apps.ordering import selectors as ordering


def shell(request: HttpRequest) -> dict:
    """Context processor: `shell` as described with the components, `may` for what the role covers, `demo`."""
    actor = getattr(request, "actor", None)
    if actor is None or not request.user.is_authenticated:
        return {"shell": {}, "demo": bool(settings.MAILBOX_DIR)}
    return {
        "shell": SimpleLazyObject(lambda: _shell(request, actor)),
        "may": SimpleLazyObject(lambda: _Permissions(actor)),
        "demo": bool(settings.MAILBOX_DIR),
    }


class _Permissions:
    """`{% if may.order_place %}` in a template: the permission `order.place` of the actor's role."""

    def __init__(self, actor):
        self.actor = actor

    def __getitem__(self, name: str) -> bool:
        return may(self.actor.role, _PERMISSION_OF[name], acting_for=self.actor.acting_for)


_PERMISSION_OF = {name.replace(".", "_"): name for covered in PERMISSIONS.values() for name in covered}


def _brand(account) -> dict:
    """The customer's logo, name and the address of their colours; nothing for who has no branding."""
    brand = brand_of(account)
    if brand is None:
        return {}
    sheet = reverse("portal:branding", args=[brand.stamp]) if brand.accent else ""
    return {"logo": brand.logo, "greeting_name": brand.greeting_name, "sheet": sheet}


def _shell(request: HttpRequest, actor) -> dict:
    framed = {
        "user_name": request.user.name or request.user.email,
        "role_name": actor.role,
        "workspace_url": reverse("workspace:today") if may(actor.role, "workspace.use") else "",
        "admin_url": reverse("admin:index") if request.user.is_staff else "",
        "cart_count": 0,
    }
    if actor.account_id is None:
        return framed
    account = request.visit.account if hasattr(request, "visit") else accounts.account_of(actor)
    framed |= {
        "brand": _brand(account),
        "account_name": account.name,
        "accounts": [
            {
                "name": other.name,
                "number": other.number,
                "url": reverse("portal:switch_account", args=[other.number]),
                "current": other.pk == actor.account_id,
            }
            for other in accounts.switchable_accounts(actor)
        ],
        "rep": {"name": account.rep.user.name, "phone": account.rep.phone} if account.rep else {},
        **dict(zip(("cart_count", "unread"), ordering.frame_counts(actor), strict=True)),
    }
    if actor.is_read_only:
        framed["seen_as"] = {"contact_name": actor.name, "stop_url": reverse("workspace:stop_looking")}
    if actor.acting_for:
        framed["acting_for"] = {
            "rep_name": actor.name,
            "account_name": account.name,
            "contact_name": accounts.contact_of(actor).name,
            "stop_url": reverse("workspace:stop_acting"),
        }
    return framed
