"""What customers need and we lack: how many ask, what it is worth, who looks into it, what came of it."""

import csv
import io
from datetime import timedelta

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.catalogue.selectors import products_by_code
from apps.core.downloads import download
from apps.core.formatting import number_writer
from apps.core.lists import clean, page_url, searched, status_of, tabs_of, whole
from apps.core.sheets import guarded
from apps.insights import selectors
from apps.insights.errors import NeedRefused
from apps.insights.services import may_settle, merge_needs, settle_need
from apps.workspace.desk import Desk, at_desk
from apps.workspace.links import PAGES, link_of

YEAR = timedelta(days=365)
OPEN, LOOKED_INTO, IN_RANGE, NOT_FOR_US = "open", "looked_into", "in_range", "not_for_us"
STATES = (
    (OPEN, gettext_lazy("Open")),
    (LOOKED_INTO, gettext_lazy("Being looked into")),
    (IN_RANGE, gettext_lazy("In the range now")),
    (NOT_FOR_US, gettext_lazy("Not for us")),
)
TABS = (("", gettext_lazy("All")), *STATES)
SOURCES = {
    "search": gettext_lazy("Searched in vain"),
    "sourcing": gettext_lazy("Asked us to find it"),
    "quote": gettext_lazy("Quote lost"),
    "price_match": gettext_lazy("Price not matched"),
    "return": gettext_lazy("Sent back"),
    "wish": gettext_lazy("Told us when asked"),
    "next": gettext_lazy("Needs it next"),
    "comment": gettext_lazy("Comment on the range"),
}
BASES = {
    "quoted": gettext_lazy("quoted and lost"),
    "elsewhere": gettext_lazy("at the price seen elsewhere"),
    "returned": gettext_lazy("sent back"),
    "replaced": gettext_lazy("list price of what it would replace"),
    "usual": gettext_lazy("usual order line of the accounts that asked"),
}
OF_ONE = {**BASES, "usual": gettext_lazy("its usual order line")}
GROUPS = 12  # categories or segments that are shown


class SettleForm(forms.Form):
    """Who looks into it, and what came of it."""

    name = forms.CharField(label=gettext_lazy("What is needed"), max_length=160)
    owner = forms.TypedChoiceField(label=gettext_lazy("Owner"), coerce=int, empty_value=None, required=False)
    state = forms.ChoiceField(label=gettext_lazy("Outcome"), choices=STATES, widget=forms.RadioSelect)
    product = forms.CharField(
        label=gettext_lazy("Product that meets it"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("SKU, GTIN or maker's number, where it is in the range now."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Why not"),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("Where it is not for us: the next one who asks will want to know."),
    )

    def __init__(self, *args, owners, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = [("", gettext_lazy("Nobody yet")), *((rep.pk, str(rep)) for rep in owners)]


@require_safe
@at_desk()
def needs(request: HttpRequest) -> HttpResponse:
    desk, asked = request.desk, _asked(request)
    found = selectors.needs_of(desk.actor, asked, page=whole(request.GET.get("page")) or 1)
    context = {
        "section": "needs",
        "groups": (_most(found.by_category), _most(found.by_segment)),
        "rows": [(row, *_words(row)) for row in found.rows],
        "asked": asked,
        "tabs": tabs_of(request, TABS, asked.state),
        "segments": selectors.need_segments(desk.actor, since=asked.since),
        "categories": selectors.need_categories(desk.actor, since=asked.since),
        "currency": settings.HOME_CURRENCY,
        "export": f"{reverse('workspace:export_needs')}?{request.GET.urlencode()}",
        "everybody": desk.actor.sees_everything,
        **_paging(request, found),
    }
    return render(request, "workspace/needs/list.html", context)


@require_safe
@at_desk()
def export_needs(request: HttpRequest) -> HttpResponse:
    """The same needs, all of them, as a csv."""
    found = selectors.needs_of(request.desk.actor, _asked(request), page=None)
    out = io.StringIO()
    out.write("\ufeff")
    sheet = csv.writer(out)
    sheet.writerow(
        [
            *(_("Need"), _("Category"), _("Segments"), _("Accounts"), _("Told by"), _("Last told"), _("Worth")),
            *(_("Currency"), _("By"), _("Accounts not sized"), _("Owner"), _("Outcome"), _("Product")),
            *(_("In the range since"), _("Sold since, net"), _("Why not")),
        ]
    )
    sheet.writerows([guarded(str(cell)) for cell in _cells(row)] for row in found.rows)
    return download(out.getvalue().encode(), "csv", "needs")


def _cells(row) -> list:
    need, (sources, bases) = row.need, _words(row)
    return [
        *(need.name, need.category or "", ", ".join(row.segments), row.accounts),
        *(", ".join(f"{label}: {times}" for label, times in sources), row.last_on, row.size.amount),
        *(settings.HOME_CURRENCY, ", ".join(f"{label}: {amount}" for label, amount in bases), row.size.unsized),
        *(need.owner or "", need.get_state_display(), need.product.sku if need.product else "", need.met_on or ""),
        *("" if row.sold is None or row.sold.net is None else row.sold.net, need.reason),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk()
def need(request: HttpRequest, need_id: int) -> HttpResponse:
    """One need with who told of it; a POST says who owns it and what came of it."""
    desk = request.desk
    shown = selectors.need_for(desk.actor, need_id)
    start = {
        "name": shown.name,
        "owner": shown.owner_id,
        "state": shown.state,
        "product": shown.product.sku if shown.product else "",
        "reason": shown.reason,
    }
    form = SettleForm(request.POST if request.method == "POST" else None, initial=start, owners=selectors.owners())
    if request.method == "POST" and form.is_valid() and _settled(desk, shown, form):
        messages.success(request, _("The outcome is kept."))
        return redirect("workspace:need", shown.pk)
    row = selectors.need_row(desk.actor, shown, since=desk.on - YEAR)
    told = selectors.mentions_of(desk.actor, shown)
    context = {
        "section": "needs",
        "need": shown,
        "row": row,
        "words": _words(row) if row else ((), ()),
        "told": [(one, SOURCES[one.source], OF_ONE.get(one.basis, ""), _link(one)) for one in told],
        "form": form,
        "may_settle": may_settle(desk.actor, shown),
        "alike": selectors.alike(desk.actor, shown) if desk.may("need.settle") else [],
        "currency": settings.HOME_CURRENCY,
        "trail": [(_("What customers need"), reverse("workspace:needs")), (shown.name, "")],
    }
    return render(request, "workspace/needs/page.html", context, status=422 if form.errors else 200)


@require_POST
@at_desk("need.settle")
def merge_need(request: HttpRequest, need_id: int) -> HttpResponse:
    """Make another need one with this."""
    desk = request.desk
    into = selectors.need_for(desk.actor, need_id)
    merge_needs(desk.actor, into, whole(request.POST.get("same")) or 0, now=desk.now)
    messages.success(request, _("The two are one need now."))
    return redirect("workspace:need", into.pk)


def _settled(desk: Desk, shown, form: SettleForm) -> bool:
    said = form.cleaned_data
    product = None
    if said["state"] == IN_RANGE and said["product"]:
        matches = products_by_code(desk.actor, [said["product"]])[said["product"]]
        product = matches[0].product if matches else None
    try:
        settle_need(
            desk.actor,
            shown,
            name=said["name"],
            owner_id=said["owner"],
            state=said["state"],
            product=product,
            reason=said["reason"],
            now=desk.now,
        )
    except NeedRefused as refusal:
        for field, words in refusal.fields.items() or {None: [refusal.detail]}.items():
            form.add_error(field, words)
    return not form.errors


def _asked(request: HttpRequest) -> selectors.Asked:
    asked = request.GET
    return selectors.Asked(
        since=request.desk.on - YEAR,
        state=status_of(request, TABS),
        text=searched(request),
        category_id=whole(asked.get("category", "")),
        segment=clean(asked.get("segment", "")),
    )


def _words(row) -> tuple[tuple, tuple]:
    """How it was told, with how often; what it is worth by which reckoning."""
    sources = tuple((SOURCES[source], times) for source, times in row.sources.items())
    return sources, tuple((BASES[basis], amount) for basis, amount in row.size.by_basis.items())


def _most(groups: tuple) -> tuple[tuple, int]:
    """The largest groups, and how many more there are."""
    return groups[:GROUPS], max(len(groups) - GROUPS, 0)


def _link(mention) -> str:
    noun, _colon, number = mention.subject.partition(":")
    if noun == "price_match":
        return reverse("workspace:price_match", args=[number])
    return link_of(mention.subject) if noun in PAGES else ""


def _paging(request: HttpRequest, found: selectors.Needs) -> dict:
    figure = number_writer(get_language()).write
    words = _("%(total)s needs, page %(page)s of %(pages)s")
    figures = {"total": figure(found.total), "page": figure(found.page), "pages": figure(found.pages)}
    return {
        "summary": words % figures if found.pages > 1 else "",
        "previous_url": page_url(request.GET, page=str(found.page - 1)) if found.page > 1 else "",
        "next_url": page_url(request.GET, page=str(found.page + 1)) if found.page < found.pages else "",
    }
