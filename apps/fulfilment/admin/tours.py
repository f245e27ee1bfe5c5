from django.conf import settings
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.desk import DeskAdmin
from apps.fulfilment import services
from apps.fulfilment.models import ReceivingTerms, Tour


@admin.register(Tour)
class TourAdmin(DeskAdmin):
    """Tours of drivers; the link opens the tour for 36 hours, or until it is ended."""

    list_display = ["driver", "made_at", "made_by", "ended_at"]
    list_filter = [("ended_at", admin.EmptyFieldListFilter)]
    fields = ["driver", "made_at", "made_by", "ended_at", "link"]
    readonly_fields = ["link"]
    actions = ["end"]

    @admin.display(description=gettext_lazy("link for the driver"))
    def link(self, tour: Tour):
        return format_html(
            '<a href="{0}">{0}</a>', settings.PORTAL_URL + reverse("portal:drive", args=[services.token_of(tour)])
        )

    @admin.action(description=gettext_lazy("End: the link opens nothing any more"), permissions=["view"])
    def end(self, request, queryset):
        def deed(tour):
            services.end_tour(request.actor, tour, now=timezone.now())

        self.do_each(request, queryset, deed, _("Ended: %(rows)s."))


@admin.register(ReceivingTerms)
class ReceivingTermsAdmin(admin.ModelAdmin):
    list_display = ["account", "fault_days"]
    list_select_related = ["account"]
    autocomplete_fields = ["account"]
