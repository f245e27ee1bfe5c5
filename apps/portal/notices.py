"""What happened, for whoever is logged in: the bell, the page of news, and where to be told what."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts import selectors, services
from apps.accounts.errors import ContactNotFound
from apps.accounts.notices import CHANNELS, GROUPS
from apps.core.lists import page_urls, paging, whole
from apps.portal import things
from apps.portal.access import in_account

UNREAD = "unread"
TABS = {"": gettext_lazy("All"), UNREAD: gettext_lazy("Unread"), **GROUPS}


@never_cache
@require_safe
@in_account("own_data.manage")
def notices(request: HttpRequest) -> HttpResponse:
    """The latest first; `show` is unread or a group of kinds."""
    show = request.GET.get("show", "")
    show = show if show in TABS else ""
    only = {"unread": True} if show == UNREAD else {"group": show}
    page = selectors.notices_page(_reader(request), **only, **paging(request))
    for notice in page:
        notice.url = things.url_of(notice.about)
    tabs = [
        {"label": label, "url": f"?show={name}" if name else "?", "current": name == show, "count": None}
        for name, label in TABS.items()
    ]
    context = {"section": "", "page": page, "show": show, "tabs": tabs, **page_urls(request, page)}
    return render(request, "portal/notices/page.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@in_account("own_data.manage")
def notice(request: HttpRequest, notice_id: int) -> HttpResponse:
    """On to what one tells of, as a mail links to it; a POST says that it is read."""
    found = selectors.notice_for(_reader(request), notice_id)
    if request.method == "POST":
        services.read_notices(request.actor, [found.pk], now=request.visit.now)
        return HttpResponse(status=204) if request.headers.get("X-Quiet") else redirect("portal:notices")
    return redirect(things.url_of(found.about) or reverse("portal:notices"))


@require_POST
@in_account("own_data.manage")
def read_all(request: HttpRequest) -> HttpResponse:
    services.read_notices(request.actor, now=request.visit.now)
    return redirect("portal:notices")


@never_cache
@require_safe
@in_account("own_data.manage")
def bell(request: HttpRequest) -> HttpResponse:
    """The bell with how much is unread, for a page that stays open; nothing (204) where that is still `count`."""
    unread = selectors.unread_count(_reader(request))
    if whole(request.GET.get("count", "")) == unread:
        return HttpResponse(status=204)
    return render(request, "components/_bell.html", {"unread": unread})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@in_account("own_data.manage")
def settings(request: HttpRequest) -> HttpResponse:
    """Where to be told what; a POST keeps it, with `usual` all is as usual again."""
    _reader(request)
    contact = request.visit.contact
    if request.method == "POST":
        names = [kind.name for kind in selectors.kinds_for(contact)]
        chosen = {} if "usual" in request.POST else {name: request.POST[name] for name in names if name in request.POST}
        services.choose_channels(request.actor, contact, chosen, now=request.visit.now)
        messages.success(request, _("Noted. It holds from now on."))
        return redirect("portal:notice_settings")
    context = {"contact": contact, "channels": CHANNELS.items(), "groups": _groups(contact)}
    return render(request, "portal/notices/settings.html", context)


def _groups(contact) -> list[tuple[str, list[dict]]]:
    """The kinds of news by group, each with its ways: (channel, words, may be chosen, is chosen)."""
    now = selectors.channels_of(contact)
    found: dict[str, list[dict]] = {}
    for kind in selectors.kinds_for(contact):
        ways = [(name, words, name in kind.channels, name == now[kind.name]) for name, words in CHANNELS.items()]
        is_usual = now[kind.name] == kind.usual_for(contact.persona)
        found.setdefault(kind.group, []).append({"kind": kind, "ways": ways, "is_usual": is_usual})
    return [(GROUPS[group], found[group]) for group in GROUPS if group in found]


def _reader(request: HttpRequest):
    """A person at an account: news are nobody else's."""
    if request.actor.contact_id is None:
        raise ContactNotFound
    return request.actor
