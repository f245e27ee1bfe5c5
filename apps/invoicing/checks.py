"""Whether this machine can set every language's invoices; a missing font must never become boxes on paper."""

from django.conf import settings
from django.core.checks import Tags, Warning, register

FONTS_OF = {
    "th": ("Noto Sans Thai",),
    "ko": ("Noto Sans CJK KR", "Noto Sans KR"),
    "fa": ("Noto Sans Arabic", "Noto Naskh Arabic"),
}
PACKAGES = "fonts-noto-core and fonts-noto-cjk (Debian)"


@register(Tags.files, deploy=True)
def fonts_of_documents(app_configs, **kwargs) -> list[Warning]:
    """A warning for each language of the portal without a font for its script."""
    from apps.invoicing.pdf import font_names

    there = font_names()
    missing = [code for code, _name in settings.LANGUAGES if not _has_font(code.split("-")[0], there)]
    return [
        Warning(f"No font for invoices in '{code}'.", hint=f"Install {PACKAGES}.", id="invoicing.W001")
        for code in missing
    ]


def _has_font(language: str, there: tuple[str, ...]) -> bool:
    wanted = FONTS_OF.get(language)
    return wanted is None or any(name in there for name in wanted)
