from django.contrib import admin
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from apps.core.admin import ReadOnlyAdmin
from apps.pricing import services
from apps.pricing.models import (
    AccountTerms,
    Contract,
    ContractDiscount,
    ContractPrice,
    Coupon,
    CouponRedemption,
    ExchangeRate,
    Price,
    PriceList,
    PriceProposal,
    ProductCost,
    Promotion,
    ProposalLimit,
    TaxRate,
)

# A contract with more prices than fit on a page is edited in the list of contract prices.
INLINE_PRICES = 200


class PricesRecorded(admin.ModelAdmin):
    """Prices are kept and withdrawn by the services that record it."""

    show_full_result_count = False
    autocomplete_fields = ["product"]
    search_fields = ["product__sku__exact"]
    search_help_text = _("An exact SKU")
    list_per_page = 50

    def save_model(self, request, obj, form, change):
        services.set_price(obj, now=timezone.now(), actor=request.actor)

    def delete_model(self, request, obj):
        services.withdraw_price(obj, now=timezone.now(), actor=request.actor)

    def delete_queryset(self, request, queryset):
        for price in queryset:
            self.delete_model(request, price)


@admin.register(Price)
class PriceAdmin(PricesRecorded):
    list_display = ["sku", "price_list", "min_quantity", "unit_price", "valid_from", "valid_until"]
    list_filter = ["price_list", "valid_from"]
    list_select_related = ["price_list", "product"]
    autocomplete_fields = ["product", "price_list"]
    ordering = ["-id"]

    @admin.display(description=_("SKU"))
    def sku(self, price):
        return price.product.sku


@admin.register(ContractPrice)
class ContractPriceAdmin(PricesRecorded):
    list_display = ["sku", "contract", "min_quantity", "unit_price", "valid_from", "valid_until"]
    list_select_related = ["contract", "product"]
    autocomplete_fields = ["product", "contract"]
    ordering = ["-id"]

    @admin.display(description=_("SKU"))
    def sku(self, price):
        return price.product.sku


@admin.register(PriceList)
class PriceListAdmin(admin.ModelAdmin):
    list_display = [
        "code",
        "name",
        "currency",
        "is_base",
        "group",
        "account",
        "priority",
        "valid_from",
        "valid_until",
        "prices",
    ]
    list_filter = ["is_base", "currency"]
    list_select_related = ["group", "account"]
    search_fields = ["code", "name"]
    autocomplete_fields = ["group", "account"]
    readonly_fields = ["prices"]

    @admin.display(description=_("prices"))
    def prices(self, price_list):
        return _changelist("price", {"price_list__id__exact": price_list.pk}, _("Show the prices"))


class ContractPriceInline(admin.TabularInline):
    model = ContractPrice
    autocomplete_fields = ["product"]
    extra = 0


class ContractDiscountInline(admin.TabularInline):
    model = ContractDiscount
    autocomplete_fields = ["category", "brand"]
    extra = 0


@admin.register(Promotion)
class PromotionAdmin(admin.ModelAdmin):
    list_display = [
        "code",
        "name",
        "percent",
        "category",
        "brand",
        "product",
        "group",
        "account",
        "valid_from",
        "valid_until",
    ]
    list_filter = ["valid_until"]
    list_select_related = ["category", "brand", "product", "group", "account"]
    search_fields = ["code", "name"]
    autocomplete_fields = ["category", "brand", "product", "group", "account"]
    date_hierarchy = "valid_until"


@admin.register(Coupon)
class CouponAdmin(admin.ModelAdmin):
    list_display = [
        "code",
        "name",
        "percent",
        "freight_up_to",
        "minimum_net",
        "used",
        "limit",
        "limit_per_account",
        "valid_from",
        "valid_until",
    ]
    list_filter = ["valid_until"]
    search_fields = ["code", "name"]
    autocomplete_fields = ["category", "brand", "account"]
    readonly_fields = ["used"]

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and not (obj and obj.used)


@admin.register(CouponRedemption)
class CouponRedemptionAdmin(ReadOnlyAdmin):
    list_display = ["coupon", "account", "order_number", "saved", "redeemed_at"]
    list_filter = ["coupon"]
    list_select_related = ["coupon", "account"]
    search_fields = ["=order_number", "=account__number"]


@admin.register(Contract)
class ContractAdmin(admin.ModelAdmin):
    list_display = ["number", "name", "account", "currency", "is_exclusive", "overrides", "valid_from", "valid_until"]
    list_filter = ["is_exclusive", "currency", "valid_until"]
    list_select_related = ["account"]
    search_fields = ["number", "name", "account__name", "=account__number"]
    autocomplete_fields = ["account"]
    readonly_fields = ["all_prices"]

    def get_inlines(self, request, obj):
        fits = obj is None or obj.prices.all()[: INLINE_PRICES + 1].count() <= INLINE_PRICES
        return [ContractDiscountInline, ContractPriceInline] if fits else [ContractDiscountInline]

    def save_formset(self, request, form, formset, change):
        if formset.model is not ContractPrice:
            return super().save_formset(request, form, formset, change)
        prices = formset.save(commit=False)
        for price in prices:
            services.set_price(price, now=timezone.now(), actor=request.actor)
        for price in formset.deleted_objects:
            services.withdraw_price(price, now=timezone.now(), actor=request.actor)
        return None

    @admin.display(description=_("prices"))
    def all_prices(self, contract):
        return _changelist("contractprice", {"contract__id__exact": contract.pk}, _("Show the prices"))


@admin.register(AccountTerms)
class AccountTermsAdmin(admin.ModelAdmin):
    list_display = ["account", "price_list", "net_days", "discount_percent", "credit_limit", "exposure", "left"]
    list_select_related = ["account", "price_list"]
    list_filter = ["net_days", ("credit_limit", admin.EmptyFieldListFilter)]
    search_fields = ["account__name", "=account__number"]
    autocomplete_fields = ["account", "price_list"]
    readonly_fields = ["exposure"]

    @admin.display(description=_("credit left"))
    def left(self, terms):
        return terms.credit_left


@admin.register(TaxRate)
class TaxRateAdmin(admin.ModelAdmin):
    list_display = ["country", "tax_class", "percent", "valid_from"]
    list_filter = ["country", "tax_class"]
    ordering = ["country", "tax_class", "-valid_from"]


@admin.register(ProductCost)
class ProductCostAdmin(admin.ModelAdmin):
    list_display = ["product", "unit_cost", "currency", "valid_from"]
    list_select_related = ["product"]
    search_fields = ["product__sku__exact"]
    search_help_text = _("An exact SKU")
    autocomplete_fields = ["product"]
    show_full_result_count = False
    ordering = ["-id"]


@admin.register(ExchangeRate)
class ExchangeRateAdmin(admin.ModelAdmin):
    list_display = ["currency", "rate", "valid_from"]
    list_filter = ["currency"]
    date_hierarchy = "valid_from"
    ordering = ["currency", "-valid_from"]

    def save_model(self, request, obj, form, change):
        services.keep_rate(obj, now=timezone.now(), actor=request.actor)

    def delete_model(self, request, obj):
        services.drop_rates([obj], now=timezone.now(), actor=request.actor)

    def delete_queryset(self, request, queryset):
        services.drop_rates(queryset, now=timezone.now(), actor=request.actor)


def _changelist(model, query, label):
    return format_html('<a href="{}">{}</a>', reverse(f"admin:pricing_{model}_changelist", query=query), label)


@admin.register(ProposalLimit)
class ProposalLimitAdmin(admin.ModelAdmin):
    list_display = ["desk", "least_margin", "most_off", "longest_days"]


@admin.register(PriceProposal)
class PriceProposalAdmin(ReadOnlyAdmin):
    """Proposed and decided in the workspace; kept here to look up."""

    list_display = [
        "account",
        "product",
        "unit_price",
        "currency",
        "valid_until",
        "state",
        "by_name",
        "decided_by_name",
    ]
    list_filter = ["state"]
    list_select_related = ["account", "product"]
    search_fields = ["account__number", "account__name", "product__sku"]
    show_full_result_count = False
