"""The door of the workspace: for staff whose desk works with accounts, and only outside a buyer's place."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from apps.accounts.services import demand

View = Callable[..., HttpResponse]


def at_desk(permission: str = "workspace.use") -> Callable[[View], View]:
    """A view for staff whose role covers `permission` besides `workspace.use`; sets `request.now`.

    Who acts for a contact sees that contact's account alone: they step back first, see `workspace:stop_acting`.
    """

    def wrap(view: View) -> View:
        @wraps(view)
        def page(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            demand(request.actor, "workspace.use")
            demand(request.actor, permission)
            request.now = timezone.now()
            return view(request, *args, **kwargs)

        return page

    return wrap
