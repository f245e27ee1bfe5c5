"""What a rep has to do for an account: done, or dropped with a word why."""

from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.accounts.selectors import account_for
from apps.cases import selectors, services
from apps.core.buttons import decision
from apps.core.dates import read_day
from apps.workspace.desk import at_desk


@require_POST
@at_desk("case.work")
def add_task(request: HttpRequest, number: str) -> HttpResponse:
    """A task of one's own; `key` is the form's, so that what is sent twice is kept once."""
    desk, said = request.desk, request.POST
    shown = account_for(desk.actor, number)
    task = services.set_task(
        desk.actor, shown, title=said.get("title", ""), detail=said.get("detail", ""), now=desk.now,
        due_on=read_day(said.get("due_on", "")), key=said.get("key", "") or str(uuid4()),
    )  # fmt: skip
    messages.success(request, _("To do: %(title)s") % {"title": task.title})
    return redirect(f"{reverse('workspace:account', args=[number])}#to-do")


@require_POST
@at_desk("case.work")
def settle(request: HttpRequest, follow_up_id: int) -> HttpResponse:
    desk = request.desk
    follow_up = selectors.follow_up_for(desk.actor, follow_up_id)
    done = decision(request, "done", "drop") == "done"
    outcome = request.POST.get("outcome", "")
    services.settle_follow_up(desk.actor, follow_up, done=done, outcome=outcome, now=desk.now)
    messages.success(request, _("Settled: %(title)s") % {"title": follow_up.title})
    if request.POST.get("back") == "account":
        return redirect("workspace:account", number=follow_up.account.number)
    return redirect("workspace:today")
