"""The data sheet of a product as a PDF."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.catalogue.datasheet import datasheet_pdf
from apps.catalogue.selectors import product_for, product_page
from apps.core.formatting import number_writer, unit_price
from apps.portal.access import in_account
from apps.portal.cards import least_ask
from apps.portal.product import ladder_of, page_url
from apps.pricing.selectors import prices_for


@require_safe
@in_account()
def data_sheet(request: HttpRequest, sku: str) -> HttpResponse:
    """The data sheet; with `?prices=1` also the account's own price ladder, for who may see prices."""
    shown = product_for(request.actor, sku)
    page = product_page(request.actor, shown)
    wanted = request.GET.get("prices") == "1" and request.visit.may("price.read")
    sheet = datasheet_pdf(
        page,
        on=request.visit.on,
        url=f"{settings.PORTAL_URL}{page_url(shown)}",
        prices=_ladder(request, shown, page) if wanted else (),
    )
    headers = {"Content-Disposition": f'inline; filename="{slugify(shown.sku) or "product"}.pdf"'}
    return HttpResponse(sheet, content_type="application/pdf", headers=headers)


def _ladder(request: HttpRequest, shown, page) -> list[tuple[str, str]]:
    ask, write = least_ask(shown), number_writer(get_language()).write
    price = prices_for(request.actor, [ask], request.visit.on)[ask]

    def step_words(step, packed) -> str:
        facts = {"quantity": write(step.min_quantity), "unit": shown.uom}
        if packed is None:
            return _("from %(quantity)s %(unit)s") % facts
        facts |= {"count": write(packed.count), "pack": packed.name}
        return _("from %(quantity)s %(unit)s (%(count)s × %(pack)s)") % facts

    steps = ladder_of(price, (packed.unit for packed in page.packaging))
    return [(step_words(step, packed), unit_price(step.unit_price, price.currency)) for step, packed in steps]
