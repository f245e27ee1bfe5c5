from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "apps.accounts"
    verbose_name = _("Accounts")

    def ready(self):
        from apps.accounts.selectors.branding import brand_on_mail
        from apps.core.mail import framed_by

        framed_by(brand_on_mail)
