"""What products lack, as a list to work through: what sells most and lacks most comes first."""

from django.contrib import admin
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from apps.catalogue.models import Category
from apps.core.admin import ReadOnlyAdmin
from apps.core.formatting import listed
from apps.insights import services
from apps.insights.models import (
    Completeness,
    CompletenessRule,
    CoverRule,
    Greeting,
    GreetingText,
    HandOver,
    JourneyTarget,
    RevenueTarget,
)
from apps.insights.rules.targets import period_of


@admin.register(CompletenessRule)
class CompletenessRuleAdmin(admin.ModelAdmin):
    """What is asked of the products of a category. A change is reckoned in the background, within a minute or two."""

    list_display = ["kind", "of", "category", "least", "weight"]
    list_display_links = ["kind", "of"]
    list_editable = ["weight"]
    list_filter = ["kind"]
    list_select_related = ["category", "attribute"]
    autocomplete_fields = ["category", "attribute"]

    @admin.display(description=_("which"))
    def of(self, rule: CompletenessRule) -> str:
        return rule.lacking if rule.kind in ("attribute", "document") else "–"

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        services.rules_changed(now=timezone.now(), actor=request.actor)

    def delete_model(self, request, obj):
        super().delete_model(request, obj)
        services.rules_changed(now=timezone.now(), actor=request.actor)

    def delete_queryset(self, request, queryset):
        super().delete_queryset(request, queryset)
        services.rules_changed(now=timezone.now(), actor=request.actor)


class LacksFilter(admin.SimpleListFilter):
    title, parameter_name = _("lacks"), "lacks"

    def lookups(self, request, model_admin):
        return [(rule.pk, _in_words(rule)) for rule in model_admin.rules.values()]

    def queryset(self, request, products):
        chosen = self.value() or ""
        return products.filter(missing__contains=[int(chosen)]) if chosen.isdecimal() else products


class ScoreFilter(admin.SimpleListFilter):
    title, parameter_name = _("complete"), "score"
    BANDS = {"lacking": (0, 99), "poor": (0, 49), "fair": (50, 79), "good": (80, 99), "whole": (100, 100)}

    def lookups(self, request, model_admin):
        return [
            ("lacking", _("not complete")), ("poor", _("less than half")), ("fair", _("50 to 79 %")),
            ("good", _("80 to 99 %")), ("whole", _("complete")),
        ]  # fmt: skip

    def queryset(self, request, products):
        band = self.BANDS.get(self.value())
        return products.filter(score__range=band) if band else products


class TopFilter(admin.SimpleListFilter):
    title, parameter_name = _("category"), "top"

    def lookups(self, request, model_admin):
        return list(Category.objects.filter(parent=None).values_list("pk", "name"))

    def queryset(self, request, products):
        chosen = self.value() or ""
        top = Category.objects.filter(pk=chosen).first() if chosen.isdecimal() else None
        return products.filter(product__category__path__startswith=top.path) if top else products


@admin.register(Completeness)
class CompletenessAdmin(ReadOnlyAdmin):
    list_display = ["meter", "to_product", "lacks", "category", "sold"]
    list_display_links = None
    list_filter = [ScoreFilter, LacksFilter, TopFilter]
    list_select_related = ["product__category"]
    list_per_page = 50
    show_full_result_count = False
    search_fields = ["=product__sku"]
    search_help_text = _("A SKU, exactly")
    ordering = ["-urgency", "product"]

    def changelist_view(self, request, extra_context=None):
        asked = CompletenessRule.objects.select_related("category", "attribute")
        self.rules = {rule.pk: rule for rule in asked}
        if not request.GET:  # what is complete is no work
            request.GET = request.GET.copy()
            request.GET["score"] = "lacking"
            request.META["QUERY_STRING"] = request.GET.urlencode()
        return super().changelist_view(request, {"title": _("What product data lacks"), **(extra_context or {})})

    @admin.display(description=_("complete"), ordering="score")
    def meter(self, row: Completeness) -> str:
        return format_html(
            '<span class="meter-cell"><meter min="0" max="100" low="50" high="80" optimum="100" value="{}">{}</meter>'
            " <span>{} %</span></span>",
            row.score, row.score, row.score,
        )  # fmt: skip

    @admin.display(description=_("product"), ordering="product__sku")
    def to_product(self, row: Completeness) -> str:
        page = reverse("admin:catalogue_product_change", args=[row.product_id])
        return format_html('<a href="{}"><bdi>{}</bdi></a> {}', page, row.product.sku, row.product.name)

    @admin.display(description=_("lacks"))
    def lacks(self, row: Completeness) -> str:
        return listed([self.rules[pk].lacking for pk in row.missing if pk in self.rules], get_language()) or "–"

    @admin.display(description=_("category"))
    def category(self, row: Completeness) -> str:
        return row.product.category.name

    @admin.display(description=_("popularity"), ordering="product__popularity")
    def sold(self, row: Completeness) -> int:
        return row.product.popularity


def _in_words(rule: CompletenessRule) -> str:
    return f"{rule.lacking} ({rule.category})" if rule.category else rule.lacking


@admin.register(JourneyTarget)
class JourneyTargetAdmin(admin.ModelAdmin):
    """What the measures of the journey are to reach; one without a row here has its usual target."""

    list_display = ["measure", "percent"]
    list_editable = ["percent"]


class GreetingTextInline(admin.StackedInline):
    model = GreetingText
    extra = 0
    min_num = 1


@admin.register(Greeting)
class GreetingAdmin(admin.ModelAdmin):
    """What home says on an occasion, one message at most, the lowest priority first."""

    list_display = ["name", "trigger", "number", "segment", "persona", "priority", "from_on", "until_on", "is_active"]
    list_editable = ["priority", "is_active"]
    list_filter = ["is_active", "trigger", "persona"]
    search_fields = ["name", "texts__title", "texts__body"]
    inlines = [GreetingTextInline]
    fieldsets = [
        (None, {"fields": ["name", ("trigger", "number"), ("shown_days", "priority"), "is_active"]}),
        (_("To whom"), {"fields": [("segment", "persona", "language")]}),
        (_("When"), {"fields": [("from_on", "until_on")]}),
    ]


@admin.register(RevenueTarget)
class RevenueTargetAdmin(admin.ModelAdmin):
    list_display = ["rep", "account", "period", "starts_on", "amount", "set_by_name"]
    list_filter = ["period", "starts_on"]
    list_select_related = ["rep__user", "account"]
    autocomplete_fields = ["account"]
    exclude = ["set_by_name", "set_at"]

    def save_model(self, request, obj, form, change):
        obj.set_by_name, obj.set_at = request.actor.name[:120], timezone.now()
        obj.starts_on = period_of(obj.period, obj.starts_on)[0]
        super().save_model(request, obj, form, change)


@admin.register(CoverRule)
class CoverRuleAdmin(admin.ModelAdmin):
    list_display = ["grade", "least_worth", "visit_days", "contact_days"]


@admin.register(HandOver)
class HandOverAdmin(ReadOnlyAdmin):
    """Arranged in the workspace; kept here to look up who looked after whom."""

    list_display = ["account", "giver", "taker", "effective_on", "state", "by_name"]
    list_filter = ["state"]
    list_select_related = ["account", "giver__user", "taker__user"]
    search_fields = ["account__number", "account__name"]
    show_full_result_count = False
