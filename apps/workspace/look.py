"""An account in one look: a fragment of its page, or a page by itself."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.accounts.selectors import account_for
from apps.core.formatting import about_money, number_writer
from apps.insights.selectors.look import Look, look_of
from apps.recommendations.selectors import due_to_reorder, shortages_ahead
from apps.recommendations.words import ready_words, short_words
from apps.workspace.desk import at_desk

DUE = 12
_MANIFOLD = 3  # beyond that a share in percent says nothing but that there was little before


@dataclass(frozen=True, slots=True)
class PartWords:
    """A part of the health as the page shows it. `score` is None where nothing is known; `text` says why it is so."""

    label: str
    score: int | None
    weight: int
    text: str
    url: str


@require_safe
@at_desk()
def look(request: HttpRequest, number: str) -> HttpResponse:
    desk = request.desk
    shown = account_for(desk.actor, number)
    margins = desk.may("account.curate")
    found = look_of(desk.actor, shown, now=desk.now, margins=margins)
    short = shortages_ahead(desk.inside(shown), desk.on, DUE)
    page = reverse("workspace:account", args=[number])
    context = {
        "section": "accounts",
        "account": shown,
        "look": found,
        "parts": list(_parts(found, page, reverse("workspace:promises", args=[number]))),
        "due": due_to_reorder(desk.inside(shown), desk.on, DUE),
        "short": [(each, short_words(each, desk.on), ready_words(each)) for each in short],
        "margins": margins,
        "home_currency": settings.HOME_CURRENCY,
        "on": desk.on,
        "trail": [(_("Accounts"), reverse("workspace:accounts")), (shown.name, page), (_("In one look"), "")],
    }
    return render(request, f"workspace/account/{'_look' if request.htmx else 'look'}.html", context)


def _parts(found: Look, page: str, promises: str) -> Iterator[PartWords]:
    labels = {
        "rhythm": (_("Orders on"), page + "#story"),
        "service": (_("Our service"), promises),
        "growth": (_("Growth"), page + "#story"),
        "voice": (_("What they say"), page + "#answers"),
        "cases": (pgettext("part of health", "Cases"), page + "#open"),
        "payment": (_("Payment"), page + "#money"),
        "breadth": (_("Breadth"), page + "#wallet"),
    }
    for part in found.health.parts:
        label, url = labels[part.name]
        text = _("not known yet") if part.score is None else WORDS[part.name](found)
        yield PartWords(label, part.score, part.weight, text, url)


def _rhythm(found: Look) -> str:
    share = number_writer(get_language(), 0, 0, percent=True).write(round(100 - 100 * found.facts.stake.chance))
    return _("%(share)s likely to order within 90 days") % {"share": share}


def _service(found: Look) -> str:
    otif = found.facts.otif
    words = ngettext(
        "%(perfect)d of %(n)d line on time and in full within a year",
        "%(perfect)d of %(n)d lines on time and in full within a year",
        otif.lines,
    )
    return words % {"perfect": otif.perfect, "n": otif.lines}


def _growth(found: Look) -> str:
    this, before = found.facts.this_year, found.facts.year_before
    if this > _MANIFOLD * before:
        return _("Several times as much as the year before")
    change = number_writer(get_language(), 0, 0, percent=True).write(abs(round(100 * (this - before) / before)))
    words = _("%(change)s more than the year before") if this >= before else _("%(change)s less than the year before")
    return words % {"change": change}


def _voice(found: Look) -> str:
    mean, many = found.facts.answered
    words = ngettext("%(mean)s of 10 in %(n)d answer", "%(mean)s of 10 on average in %(n)d answers", many)
    return words % {"mean": number_writer(get_language(), 0, 1).write(round(mean, 1)), "n": many}


def _cases(found: Look) -> str:
    many, late = found.facts.open_cases, found.facts.overdue_cases
    if not many:
        return _("no case is open")
    words = ngettext("%(n)d case is open, %(late)d overdue", "%(n)d cases are open, %(late)d overdue", many)
    return words % {"n": many, "late": late}


def _payment(found: Look) -> str:
    owed, overdue = found.facts.paid
    currency = found.wallet.currency
    if not overdue:
        return _("nothing of %(owed)s is overdue") % {"owed": about_money(owed, currency)}
    amounts = {"overdue": about_money(overdue, currency), "owed": about_money(owed, currency)}
    return _("about %(overdue)s of %(owed)s is overdue") % amounts


def _breadth(found: Look) -> str:
    own, usual = found.facts.breadth
    words = ngettext(
        "buys in %(own)d of the %(n)d category usual for accounts like it",
        "buys in %(own)d of the %(n)d categories usual for accounts like it",
        usual,
    )
    return words % {"own": own, "n": usual}


WORDS = {
    "rhythm": _rhythm,
    "service": _service,
    "growth": _growth,
    "voice": _voice,
    "cases": _cases,
    "payment": _payment,
    "breadth": _breadth,
}
