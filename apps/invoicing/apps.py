from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InvoicingConfig(AppConfig):
    name = "apps.invoicing"
    verbose_name = _("Invoicing")

    def ready(self) -> None:
        from apps.invoicing import checks  # noqa: F401
