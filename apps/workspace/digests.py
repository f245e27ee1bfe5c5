"""Which digests somebody wants by mail."""

from functools import cache
from zoneinfo import available_timezones

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from apps.insights import services
from apps.insights.selectors import preference_of
from apps.workspace.desk import at_desk


class DigestForm(forms.Form):
    daily = forms.BooleanField(label=gettext_lazy("Every working day, of the day before"), required=False)
    weekly = forms.BooleanField(label=gettext_lazy("Every Monday, of the week before"), required=False)
    monthly = forms.BooleanField(label=gettext_lazy("On the first, of the month before"), required=False)
    time_zone = forms.ChoiceField(label=gettext_lazy("Time zone"))
    hour = forms.TypedChoiceField(
        label=gettext_lazy("From the hour"), choices=[(hour, f"{hour:02}:00") for hour in range(24)], coerce=int
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["time_zone"].choices = _zones()


@cache
def _zones() -> list[tuple[str, str]]:
    """The zones named by a place, and UTC."""
    places = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/"))
    return [(zone, zone.replace("_", " ")) for zone in (*places, "UTC")]


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk()
def digests(request: HttpRequest) -> HttpResponse:
    """What is chosen; a POST chooses anew."""
    desk, chosen = request.desk, preference_of(request.user)
    start = {name: getattr(chosen, name) for name in DigestForm.base_fields}
    form = DigestForm(request.POST if request.method == "POST" else None, initial=start)
    if request.method == "POST" and form.is_valid():
        services.choose_digests(desk.actor, request.user, **form.cleaned_data)
        messages.success(request, _("Your choice is kept."))
        return redirect("workspace:digests")
    context = {
        "section": "feedback",
        "trail": [(_("Feedback"), reverse("workspace:feedback")), (_("Digests by mail"), "")],
        "form": form,
        "email": request.user.email,
    }
    return render(request, "workspace/digests/page.html", context, status=422 if form.errors else 200)
