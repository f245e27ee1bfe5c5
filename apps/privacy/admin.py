"""The operations desk's page about people's rights: what they said, a copy of their data, their erasure; retention."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.selectors import standings_of
from apps.accounts.services import give_consent, withdraw_consent
from apps.core.downloads import download
from apps.privacy import services
from apps.privacy.models import Person, Referred, Retention
from apps.privacy.selectors import same_person


@admin.register(Person)
class PersonAdmin(admin.ModelAdmin):
    list_display = ["name", "account", "email", "role", "is_active"]
    list_filter = ["is_active", "role"]
    list_select_related = ["account"]
    search_fields = ["name", "email", "account__name", "account__number"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Person | None = None) -> bool:
        return False

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context=None) -> HttpResponse:
        """What is kept about a person; a POST notes their word (`say`), hands out a copy or erases them."""
        person = self.get_object(request, object_id)
        if person is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_change_permission(request, person):
            raise PermissionDenied
        if request.method == "POST":
            return self._done(request, person)
        context = self.admin_site.each_context(request) | {
            "title": person.name,
            "opts": self.opts,
            "person": person,
            "standings": standings_of(person),
            "others": [other for other in same_person(person) if other.pk != person.pk],
        }
        return TemplateResponse(request, "admin/privacy/person.html", context, headers={"Cache-Control": "no-store"})

    def _done(self, request: HttpRequest, person: Person) -> HttpResponse:
        asked, now = request.POST, timezone.now()
        if "copy" in asked:
            return download(services.person_copy(request.actor, person, now=now), "zip", f"person-{person.pk}")
        if "erase" in asked:
            if asked.get("sure") != "yes":
                messages.error(request, _("Tick that you are sure: an erasure cannot be undone."))
                return redirect(request.path)
            count = services.erase_person(request.actor, person, now=now)
            messages.success(request, _("Erased. Contacts of this person: %(count)s") % {"count": count})
        elif "give" in asked:
            give_consent(request.actor, person, asked["give"], now=now)
        elif "withdraw" in asked:
            withdraw_consent(request.actor, person, asked["withdraw"], now=now)
        return redirect(request.path)


@admin.register(Referred)
class ReferredAdmin(admin.ModelAdmin):
    """Found by what they say of themselves, chosen, forgotten."""

    list_display = ["given_at", "name", "company", "reach", "account", "contact"]
    list_display_links = None
    list_select_related = ["account", "contact"]
    search_fields = ["name", "company", "reach"]
    actions = ["forget"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Referred]:
        return super().get_queryset(request).exclude(name="")

    @admin.action(description=gettext_lazy("Forget who these are"))
    def forget(self, request: HttpRequest, chosen: QuerySet[Referred]) -> None:
        count = services.forget_referred(request.actor, chosen, now=timezone.now())
        messages.success(request, _("Forgotten. Times that they were named: %(count)s") % {"count": count})

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Referred | None = None) -> bool:
        return obj is None and super().has_change_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Referred | None = None) -> bool:
        return False


@admin.register(Retention)
class RetentionAdmin(admin.ModelAdmin):
    list_display = ["purpose", "days", "swept_at"]
    list_editable = ["days"]
    readonly_fields = ["purpose", "swept_at"]
    fields = ["purpose", "days", "swept_at"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Retention | None = None) -> bool:
        return False
