"""Offers to accounts: what is proposed, within which margin and budget, and the rep's decision."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from apps.core.lists import status_of, tabs_of
from apps.delivery.selectors import has_priority_slots
from apps.feedback import selectors, services
from apps.feedback.errors import OfferRefused
from apps.workspace.desk import Desk, at_desk

TABS = (("", gettext_lazy("To decide")), ("decided", gettext_lazy("Decided")))
DECLINE = "decline"
KINDS = (
    ("discount", gettext_lazy("Discount on the next order, used by itself")),
    ("freight", gettext_lazy("Free freight on the next order, used by itself")),
    ("sample", gettext_lazy("A sample in the next box, put in by itself")),
    ("slot", gettext_lazy("A priority slot, offered at the next checkout by itself")),
    ("call", gettext_lazy("A call; a task of yours by itself")),
)

NO_MAIL = {
    "no_address": gettext_lazy("No mail goes out: nobody there who can be reached by mail. Tell them yourself."),
    "bounced": gettext_lazy("No mail goes out: their mail server knows no such address. Tell them yourself."),
    "objected": gettext_lazy("No mail goes out: they want no offers by e-mail. Tell them yourself."),
    "no_consent": gettext_lazy(
        "No mail goes out: in their country only to who has said yes, and they have not. Tell them yourself."
    ),
}


class OfferForm(forms.Form):
    """What is offered and how the account reads it, or why nothing is."""

    kind = forms.ChoiceField(label=gettext_lazy("What"), choices=KINDS, widget=forms.RadioSelect)
    percent = forms.IntegerField(label=gettext_lazy("Discount in percent"), min_value=0, max_value=99, required=False)
    cost = forms.DecimalField(
        label=gettext_lazy("What it costs us"),
        max_digits=10,
        decimal_places=2,
        required=False,
        localize=True,
        help_text=gettext_lazy(
            "Of freight: up to how much comes off, empty for what they usually pay. Of a slot or a call: what it "
            "costs, empty for nothing. A discount and a sample are reckoned by themselves."
        ),
    )
    insert = forms.TypedChoiceField(
        label=gettext_lazy("Which sample"), coerce=int, empty_value=None, choices=(), required=False
    )
    words = forms.CharField(
        label=gettext_lazy("As the account reads it"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Beside the price. Say what it is, not why: it is no reward for an answer."),
    )
    reason = forms.CharField(label=gettext_lazy("Why not, for us alone"), max_length=300, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        found = selectors.samples()
        self.fields["insert"].choices = [("", "—"), *((each.pk, each.name) for each in found)]
        missing = {"sample"} if not found else set()
        missing |= set() if has_priority_slots() else {"slot"}
        self.fields["kind"].choices = [each for each in KINDS if each[0] not in missing]
        if not found:
            del self.fields["insert"]


@require_safe
@at_desk()
def offers(request: HttpRequest) -> HttpResponse:
    desk, status = request.desk, status_of(request, TABS)
    context = {
        "section": "offers",
        "offers": selectors.offers_at_desk(desk.actor, waiting=not status),
        "status": status,
        "tabs": tabs_of(request, TABS, status),
        "month": selectors.offer_month(desk.on),
        "effect": selectors.offer_effect(desk.actor, now=desk.now) if desk.may("insight.read") else None,
        "currency": settings.HOME_CURRENCY,
    }
    return render(request, "workspace/offers/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk()
def offer(request: HttpRequest, offer_id: int) -> HttpResponse:
    """One offer with what speaks for it; a POST makes it, or says why not."""
    desk = request.desk
    shown = selectors.offer_for(desk.actor, offer_id)
    start = {
        "kind": shown.kind,
        "percent": shown.percent,
        "words": _("For your next order"),
    }
    form = OfferForm(request.POST if request.method == "POST" else None, initial=start)
    if request.method == "POST" and form.is_valid() and _decided(desk, shown, form, request.POST.get("way", "")):
        messages.success(request, _("It is decided."))
        return redirect("workspace:offers")
    context = {
        "section": "offers",
        "offer": shown,
        "form": form,
        "month": selectors.offer_month(desk.on),
        "freight": selectors.usual_freight(shown.account_id, desk.on),
        "can_decide": desk.may("quote.offer") and shown.state == "proposed",
        "currency": settings.HOME_CURRENCY,
        **_told(shown),
        "trail": [(_("Offers"), reverse("workspace:offers")), (shown.account.name, "")],
    }
    return render(request, "workspace/offers/page.html", context, status=422 if form.errors else 200)


def _told(shown) -> dict:
    """Who is told by mail, or why nobody is; nothing where no offer is made."""
    if shown.state not in ("proposed", "approved"):
        return {}
    mail = selectors.offer_mail(shown)
    return {"told": mail.contact, "no_mail": NO_MAIL.get(mail.reason, "")}


def _decided(desk: Desk, shown, form: OfferForm, way: str) -> bool:
    said = form.cleaned_data
    try:
        if way == DECLINE:
            services.decline_offer(desk.actor, shown, reason=said["reason"], now=desk.now)
        else:
            services.approve_offer(
                desk.actor,
                shown,
                kind=said["kind"],
                percent=said["percent"] or 0,
                cost=said["cost"],
                insert_id=said.get("insert"),
                words=said["words"],
                now=desk.now,
            )
    except OfferRefused as refusal:
        for field, words in refusal.fields.items() or {None: [refusal.detail]}.items():
            form.add_error(field, words)
    return not form.errors
