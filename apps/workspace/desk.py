"""The door of the workspace, and what one request at a desk knows: who works there, and when."""

from collections.abc import Callable
from datetime import date, datetime
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from apps.accounts.rules import may
from apps.accounts.selectors import actor_for
from apps.accounts.services import demand
from apps.core.scoping import Actor

View = Callable[..., HttpResponse]


class Desk:
    """Staff at their own desk. Who acts for a contact meanwhile still reads and works here as themselves."""

    def __init__(self, request: HttpRequest, now: datetime):
        self.actor: Actor = actor_for(request.user) if request.actor.acting_for else request.actor
        self.now = now

    @property
    def on(self) -> date:
        return timezone.localdate(self.now)

    def inside(self, account) -> Actor:
        """The same person, seeing one account alone: one that `accounts.selectors` has given them."""
        return self.actor.inside(account.pk)

    def may(self, permission: str) -> bool:
        return may(self.actor.role, permission)


def at_desk(permission: str = "workspace.use") -> Callable[[View], View]:
    """A view for staff whose role covers `permission` besides `workspace.use`; sets `request.desk`."""

    def wrap(view: View) -> View:
        @wraps(view)
        def page(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            if request.actor.is_read_only:
                request.actor = actor_for(request.user)  # who looks as a contact is at their desk nobody but themselves
            demand(request.actor, "workspace.use")
            demand(request.actor, permission)
            request.desk = Desk(request, timezone.now())
            return view(request, *args, **kwargs)

        return page

    return wrap
