from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IntegrationsConfig(AppConfig):
    name = "apps.integrations"
    verbose_name = _("Integrations")

    def ready(self) -> None:
        from anymail.signals import inbound, tracking

        from apps.integrations import mail

        inbound.connect(mail.mail_came_in)
        tracking.connect(mail.mail_was_reported)
