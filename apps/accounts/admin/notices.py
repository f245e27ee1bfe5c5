"""What contacts were told, when and how; read alone."""

from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Notice
from apps.accounts.notices import CHANNELS, DIGEST, GROUPS, KINDS, MAIL
from apps.core.admin import ReadOnlyAdmin
from apps.core.models import OutgoingMail


class GroupFilter(admin.SimpleListFilter):
    """Of which group of news."""

    title = _("about")
    parameter_name = "group"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return list(GROUPS.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() not in GROUPS:
            return queryset
        return queryset.filter(kind__in=[kind.name for kind in KINDS.values() if kind.group == self.value()])


class ReadFilter(admin.SimpleListFilter):
    title = _("read")
    parameter_name = "read"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("yes", _("read in the portal")), ("no", _("not read there"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() not in ("yes", "no"):
            return queryset
        return queryset.filter(read_at__isnull=self.value() == "no")


@admin.register(Notice)
class NoticeAdmin(ReadOnlyAdmin):
    """Who was told what, when, how it was sent, and whether they read it."""

    list_display = ["told_at", "told", "account", "title", "words", "sent", "read_at"]
    list_display_links = ["title"]
    list_filter = [GroupFilter, "channel", ReadFilter, "told_at"]
    list_select_related = ["contact", "account"]
    search_fields = ["=contact__email", "contact__name", "=account__number", "=about"]
    search_help_text = _("A name, an e-mail address, an account number, or a thing such as order:SO-1000001")
    fields = ["told_at", "contact", "account", "title", "words", "about", "sent", "read_at"]
    readonly_fields = ["words", "sent"]
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Notice]:
        """Each with the state of its mail, known by the same key."""
        mail = OutgoingMail.objects.filter(key=OuterRef("key"))
        return super().get_queryset(request).annotate(mail_state=Subquery(mail.values("state")[:1]))

    @admin.display(description=_("who"), ordering="contact__name")
    def told(self, notice: Notice) -> str:
        return notice.contact.name

    @admin.display(description=_("kind"))
    def words(self, notice: Notice) -> str:
        return KINDS[notice.kind].words if notice.kind in KINDS else notice.kind

    @admin.display(description=_("how it was sent"))
    def sent(self, notice: Notice) -> str:
        """The channel, and what became of the mail."""
        if notice.channel == MAIL:
            state = OutgoingMail.State(notice.mail_state).label if notice.mail_state else _("no mail is kept")
        elif notice.channel == DIGEST:
            state = _("in a mail that went out") if notice.mailed_at else _("waits")
            if not notice.mailed_at and notice.digest_on is None:
                state = _("the digest could not be sent")
        else:
            return CHANNELS[notice.channel]
        return format_html("{}: {}", CHANNELS[notice.channel], state)
