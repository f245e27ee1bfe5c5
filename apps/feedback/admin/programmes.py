from csp.decorators import csp_replace
from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import CharField
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST

from apps.accounts.models import Contact
from apps.core.desk import FrozenInline, OneRow
from apps.feedback import trying
from apps.feedback.models import Fatigue, Programme, ProgrammeVersion, ProgrammeWords, RoleQuota

# A letter brings its own styles, and nothing else: no script runs in it, no link of it leads anywhere.
_LETTER_POLICY = {
    "default-src": ["'none'"],
    "script-src": ["'none'"],
    "connect-src": ["'none'"],
    "font-src": ["'none'"],
    "style-src": ["'unsafe-inline'"],
    "img-src": ["data:", "'self'"],
    "frame-ancestors": ["'self'"],
    "form-action": ["'none'"],
    "sandbox": [],
}


class ProgrammeForm(forms.ModelForm):
    personas = forms.MultipleChoiceField(
        label=_("Personas"), choices=Contact.Persona.choices, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: any. Who ordered or received something is asked whoever they are."),
    )  # fmt: skip


class WordsInline(admin.TabularInline):
    model = ProgrammeWords
    extra = 0
    classes = ["words"]
    formfield_overrides = {CharField: {"widget": forms.Textarea(attrs={"rows": 4, "maxlength": 200})}}


class QuotaInline(admin.TabularInline):
    model = RoleQuota
    extra = 0


class VersionInline(FrozenInline):
    """What was asked when."""

    model = ProgrammeVersion
    fields = ["number", "made_at", "question", "languages"]
    readonly_fields = fields

    @admin.display(description=_("question"))
    def question(self, version):
        return version.words[""]["question"]

    @admin.display(description=_("other languages"))
    def languages(self, version):
        return ", ".join(sorted(language for language in version.words if language)) or "-"


@admin.register(Programme)
class ProgrammeAdmin(admin.ModelAdmin):
    form = ProgrammeForm
    list_display = ["name", "kind", "priority", "is_active", "delay_days", "contact_rest_days", "account_cap"]
    list_filter = ["kind", "is_active"]
    inlines = [WordsInline, QuotaInline, VersionInline]
    fieldsets = [
        (None, {"fields": ["name", "code", "kind", "priority", "is_active"]}),
        (
            _("About which deliveries"),
            {
                "fields": [
                    ("minimum_net", "outcome", "share_percent"), "warehouses", "carriers", "segments", "countries",
                ],
                "description": _(
                    "All of it has to fit. Of several programmes about deliveries the first that fits asks, and no "
                    "other; programmes of another kind ask about everything of theirs."
                ),
            },
        ),
        (_("Whom"), {"fields": ["personas", "series"]}),
        (
            _("When"),
            {
                "fields": ["delay_days", ("window_from", "window_to"), "expires_days", "reminder_days"],
                "description": _(
                    "Asked so many local days after the delivery was confirmed, on a working day of the account and no "
                    "holiday of its country, inside these hours in the contact's own time zone. Questions planned "
                    "already keep their hour."
                ),
            },
        ),
        (
            _("How often"),
            {
                "fields": ["contact_rest_days", ("account_cap", "account_cap_days")],
                "description": _(
                    "The rest of a contact is also kept by the database, whatever runs at the same time. The limits of "
                    "the house hold beside these."
                ),
            },
        ),
        (
            _("What"),
            {
                "fields": ["question", "follow_up_detractor", "follow_up_passive", "follow_up_promoter"],
                "description": _(
                    "The second question follows the score that was given. The usual words are shown translated, your "
                    "own as you write them, unless you write them in more languages below. Who was asked already reads "
                    "the words they were asked with."
                ),
            },
        ),
    ]  # fmt: skip

    def get_inlines(self, request, obj):
        return self.inlines if obj else [WordsInline, QuotaInline]  # a new one was never used

    def get_urls(self):
        def view(deed, name):
            address = f"<int:programme_id>/{name.replace('_', '-')}/"
            return path(address, self.admin_site.admin_view(deed), name=f"feedback_programme_{name}")

        new = path("add/dry-run/", self.admin_site.admin_view(require_POST(self.dry_run_new)),
                   name="feedback_programme_dry_run_new")  # fmt: skip
        shown = xframe_options_sameorigin(csp_replace(_LETTER_POLICY)(self.letter))
        own = [
            *(new, view(self.preview, "preview"), view(shown, "letter"), view(self.dry_run, "dry_run")),
            view(require_POST(self.test), "test_send"),
        ]
        return [*own, *super().get_urls()]

    def preview(self, request, programme_id: int):
        """What is read in one language."""
        programme, language = self._tried(request, programme_id), self._language(request.GET)
        shown = trying.preview(programme, language=language, reader=request.user.name)
        return self._page(request, "preview", programme, _("What is read"), shown=shown, languages=settings.LANGUAGES)

    def letter(self, request, programme_id: int):
        """The letter alone as a mail program shows it, for the frame of the page above; its links lead nowhere."""
        programme, language = self._tried(request, programme_id), self._language(request.GET)
        return HttpResponse(trying.preview(programme, language=language, reader=request.user.name).html)

    def dry_run(self, request, programme_id: int):
        """Whom it would have asked last month: as it is kept or, where its form is sent here, as it stands there."""
        programme, is_draft = self._tried(request, programme_id), request.method == "POST"
        if programme.kind != Programme.Kind.DELIVERY:
            messages.error(request, _("A dry run is about deliveries; this programme does not ask about any."))
            return redirect("admin:feedback_programme_change", programme.pk)
        if is_draft and not self._take_draft(request, programme):
            page = reverse("admin:feedback_programme_change", args=[programme.pk])
            return self.change_view(request, str(programme.pk), form_url=page)  # which says what is wrong
        run = trying.dry_run(programme, now=timezone.now())
        return self._page(request, "dry_run", programme, _("Dry run"), run=run, is_draft=is_draft)

    def dry_run_new(self, request):
        """Whom a programme would have asked last month that is being written and was never saved."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        programme = Programme()
        if not self._take_draft(request, programme):
            return self.add_view(request, form_url=reverse("admin:feedback_programme_add"))  # which says what is wrong
        programme.pk = trying.NEW
        about_deliveries = programme.kind == Programme.Kind.DELIVERY
        run = trying.dry_run(programme, now=timezone.now()) if about_deliveries else None
        return self._page(request, "dry_run", programme, _("Dry run"), run=run, is_draft=True, is_new=True)

    def _take_draft(self, request, programme: Programme) -> bool:
        """Put on the programme what its form says, without saving it; False where the form is wrong."""
        is_known = programme.pk is not None
        form_class = self.get_form(request, programme if is_known else None, change=is_known)
        form = form_class(request.POST, request.FILES, instance=programme)
        formsets, _inlines = self._create_formsets(request, programme, change=is_known)
        if not all([form.is_valid(), *(formset.is_valid() for formset in formsets)]):
            return False
        quotas = next(formset for formset in formsets if formset.model is RoleQuota)
        typed = [row for row in quotas.forms if row.has_changed() or row.instance.pk]
        kept = [row.instance for row in typed if row not in quotas.deleted_forms]
        fetched = programme.__dict__.setdefault("_prefetched_objects_cache", {"translations": []})
        fetched["quotas"] = kept  # as if they had been fetched with it
        return True

    def test(self, request, programme_id: int):
        """The letter to who is logged in, and to nobody else."""
        programme, language = self._tried(request, programme_id), self._language(request.POST)
        reader, address = request.user.name, request.user.email
        trying.letter_to_try(programme, language=language, reader=reader, address=address).send()
        self.log_change(request, programme, f"Sent a test in {language} to {address}")
        messages.success(request, _("The letter went to %(address)s.") % {"address": address})
        return redirect("admin:feedback_programme_change", programme.pk)

    def _tried(self, request, programme_id: int) -> Programme:
        programme = get_object_or_404(Programme.objects.prefetch_related("translations", "quotas"), pk=programme_id)
        if not self.has_change_permission(request, programme):
            raise PermissionDenied
        return programme

    def _language(self, asked) -> str:
        language = asked.get("language", "")
        return language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE

    def _page(self, request, name: str, programme: Programme, title: str, **context) -> TemplateResponse:
        context |= {"title": title, "opts": self.model._meta, "original": programme}
        context = self.admin_site.each_context(request) | context
        return TemplateResponse(request, f"admin/feedback/programme/{name}.html", context)

    def get_readonly_fields(self, request, obj=None):
        return ["code", "kind"] if obj else []

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Fatigue)
class FatigueAdmin(OneRow):
    """What no programme may exceed: one row."""

    list_display = ["__str__", "contact_rest_days", "contact_year_cap", "account_cap", "account_cap_days"]
    fieldsets = [
        (
            None,
            {
                "fields": ["contact_rest_days", "contact_year_cap", ("account_cap", "account_cap_days")],
                "description": _(
                    "The numbers count every question, that after a case too. The rest does not hold for questions "
                    "after a case: they have the rest of their own programme, and take nobody else's."
                ),
            },
        )
    ]

    def save_model(self, request, obj, form, change):
        obj.pk = 1
        super().save_model(request, obj, form, change)
