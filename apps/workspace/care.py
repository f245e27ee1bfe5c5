"""How an account is looked after: a fragment of its page, or a page by itself; talks logged, notes, hand-overs read."""

from uuid import uuid4

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.selectors import account_for, contacts_of
from apps.core.dates import read_day
from apps.core.lists import clean, whole
from apps.insights.selectors.care import care_of
from apps.insights.selectors.hand_overs import hand_overs_of
from apps.insights.selectors.notes import call_reports_of, notes_of, who_sees
from apps.insights.services.call_reports import Talk, log_talk
from apps.insights.services.notes import read_mention, write_note
from apps.workspace.desk import at_desk

_LISTED = 5


@require_safe
@at_desk()
def care(request: HttpRequest, number: str) -> HttpResponse:
    desk = request.desk
    shown = account_for(desk.actor, number)
    hand_overs = hand_overs_of(desk.actor, account=shown, limit=_LISTED)
    context = {
        "section": "accounts",
        "account": shown,
        "care": care_of(desk.actor, shown, now=desk.now),
        "notes": notes_of(desk.actor, shown, _LISTED * 2),
        "reports": call_reports_of(desk.actor, shown, _LISTED),
        "people": contacts_of(desk.actor, shown),
        "colleagues": who_sees(shown),
        "hand_overs": hand_overs,
        "to_read": [each for each in hand_overs if is_to_read(each, desk.actor.rep_id)],
        "home_currency": settings.HOME_CURRENCY,
        "on": desk.on,
        "key": uuid4(),
        "may_work": desk.may("case.work"),
        "may_hand_over": desk.may("account.hand_over"),
        "may_propose": desk.may("price.propose"),
        "trail": [
            (_("Accounts"), reverse("workspace:accounts")),
            (shown.name, reverse("workspace:account", args=[number])),
            (_("How they are looked after"), ""),
        ],
    }
    return render(request, f"workspace/account/{'_care' if request.htmx else 'care'}.html", context)


def is_to_read(hand_over, rep_id: int | None) -> bool:
    return hand_over.state == "done" and hand_over.read_at is None and hand_over.taker_id == rep_id


@require_POST
@at_desk("case.work")
def log(request: HttpRequest, number: str) -> HttpResponse:
    """A talk with somebody there."""
    desk, said = request.desk, request.POST
    shown = account_for(desk.actor, number)
    talk = Talk(
        kind=said.get("kind", ""),
        held_on=read_day(said.get("held_on", "")),
        contact_id=whole(said.get("contact")),
        note=said.get("note", ""),
        next_step=said.get("next_step", ""),
        next_on=read_day(said.get("next_on", "")),
    )
    log_talk(desk.actor, shown, talk, key=clean(said.get("key", "")) or str(uuid4()), now=desk.now)
    messages.success(request, _("It is on their timeline."))
    return _back(request, number)


@require_POST
@at_desk("case.work")
def note(request: HttpRequest, number: str) -> HttpResponse:
    desk, said = request.desk, request.POST
    shown = account_for(desk.actor, number)
    key = clean(said.get("key", "")) or str(uuid4())
    written = write_note(desk.actor, shown, body=said.get("body", ""), key=key, now=desk.now)
    named = [mention.rep.user.name for mention in written.mentions.all()]
    words = _("Noted; told: %(names)s.") % {"names": ", ".join(named)} if named else _("Noted.")
    messages.success(request, words)
    return _back(request, number)


@require_POST
@at_desk()
def tick_mention(request: HttpRequest, mention_id: int) -> HttpResponse:
    """Read, from Today."""
    read_mention(request.desk.actor, mention_id, now=request.desk.now)
    return redirect("workspace:today")


def _back(request: HttpRequest, number: str) -> HttpResponse:
    if request.POST.get("back") == "brief":
        return redirect("workspace:brief", number=number)
    return redirect(f"{reverse('workspace:account', args=[number])}#care")
