"""Assortments: who may see and buy what."""

from django.contrib import admin
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from apps.accounts.models import Account
from apps.catalogue.models import AssortmentRule
from apps.catalogue.models.assortments import SUBJECTS, WHOM
from apps.catalogue.selectors import products_seen

_SHOWN = 5


@admin.register(AssortmentRule)
class AssortmentRuleAdmin(admin.ModelAdmin):
    list_display = ["effect", "about", "who", "valid_from", "valid_until", "note"]
    list_display_links = ["effect", "about"]
    list_filter = ["effect", "group", "valid_until"]
    list_select_related = [*SUBJECTS, *WHOM]
    search_fields = [
        "note", "category__name", "brand__name", "=product__sku", "group__name",
        "account__name", "=account__number", "tree__name", "=tree__number",
    ]  # fmt: skip
    autocomplete_fields = [*SUBJECTS, *WHOM]
    readonly_fields = ["preview"]
    fieldsets = [
        (None, {"fields": ["effect", "note"]}),
        (_("What (choose one)"), {"fields": list(SUBJECTS)}),
        (_("For whom (choose one)"), {"fields": list(WHOM)}),
        (_("When"), {"fields": ["valid_from", "valid_until"]}),
        (_("What these accounts see now, by all their rules"), {"fields": ["preview"]}),
    ]

    @admin.display(description=_("what"))
    def about(self, rule: AssortmentRule) -> str:
        return str(rule.subject)

    @admin.display(description=_("for whom"))
    def who(self, rule: AssortmentRule) -> str:
        return _("%s and all below it") % rule.tree if rule.tree_id else str(rule.whom)

    @admin.display(description=_("preview"))
    def preview(self, rule: AssortmentRule) -> str:
        if rule.pk is None:
            return _("Save first; then it shows here what the account sees.")
        reached = _accounts_of(rule)
        said = format_html_join(mark_safe("<br>"), "{}", ((_seen(account),) for account in reached[:_SHOWN]))
        more = reached.count() - _SHOWN
        rest = ngettext("and %d account more", "and %d accounts more", more) % more if more > 0 else ""
        return format_html("{}<br>{}", said, rest) if said else _("No account is reached.")


def _accounts_of(rule: AssortmentRule):
    """The accounts a rule reaches, by name."""
    if rule.tree_id:
        return Account.objects.filter(path__startswith=rule.tree.path)
    return Account.objects.filter(group=rule.group_id) if rule.group_id else Account.objects.filter(pk=rule.account_id)


def _seen(account: Account) -> str:
    seen, everything = products_seen(account.pk)
    return _("%(account)s sees %(seen)s of %(all)s products.") % {
        "account": account,
        "seen": f"{seen:,}",
        "all": f"{everything:,}",
    }
