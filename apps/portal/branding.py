"""The colours of a branded customer, as a stylesheet of its own: the content policy allows no styles in pages."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from apps.accounts.selectors.branding import brand_of
from apps.portal.access import in_account

_YEAR = 365 * 24 * 3600
_SHEET = """@layer tokens {{
  :root {{
    --brand: {0.fill};
    --brand-strong: {0.strong};
    --brand-ink: light-dark({0.on_light}, {0.on_dark});
    --brand-soft: light-dark({0.soft_light}, {0.soft_dark});
    --customer: {0.fill};
  }}
}}
"""


@require_safe
@in_account()
def branding(request: HttpRequest, stamp: str) -> HttpResponse:
    """The colours of the account the reader stands in; kept by the browser as long as the stamp is theirs."""
    brand = brand_of(request.visit.account)
    if brand is None or brand.accent is None:
        raise Http404
    answer = HttpResponse(_SHEET.format(brand.accent), content_type="text/css; charset=utf-8")
    is_theirs = brand.stamp == stamp
    answer["Cache-Control"] = f"private, max-age={_YEAR}, immutable" if is_theirs else "private, no-store"
    return answer
