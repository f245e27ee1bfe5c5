"""What carriers send us, as they sent it, and the keys they sign with."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CarrierKey(models.Model):
    """With its secret a carrier signs what it sends. The secret is derived, not kept: see `services.messages`."""

    key_id = models.CharField(_("key"), max_length=32, unique=True)
    carrier = models.CharField(_("carrier"), max_length=80, help_text=_("Its name as the shipments have it."))
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("made"), auto_now_add=True)

    class Meta:
        verbose_name, verbose_name_plural = _("carrier key"), _("carrier keys")

    def __str__(self):
        return f"{self.carrier} {self.key_id[:8]}"


class CarrierMessage(models.Model):
    """One message of a carrier, kept whatever became of it. The same one again is the same row."""

    class Channel(models.TextChoices):
        API = "api", _("API")
        WEBHOOK = "webhook", _("webhook")
        FILE = "file", _("file")

    class State(models.TextChoices):
        APPLIED = "applied", _("applied")
        KEPT = "kept", _("kept, changed nothing")
        QUARANTINED = "quarantined", _("in quarantine")
        SET_ASIDE = "set_aside", _("set aside")

    carrier = models.CharField(_("carrier"), max_length=80)
    message_id = models.CharField(_("message id"), max_length=80)
    digest = models.CharField(max_length=64, editable=False)
    channel = models.CharField(_("came by"), max_length=8, choices=Channel.choices)
    body = models.JSONField(_("as it was sent"))
    state = models.CharField(_("state"), max_length=12, choices=State.choices)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    event = models.ForeignKey(
        "fulfilment.TrackingEvent",
        models.SET_NULL,
        null=True,
        related_name="messages",
        verbose_name=_("tracking event"),
    )
    received_at = models.DateTimeField(_("received"))

    class Meta:
        verbose_name, verbose_name_plural = _("carrier message"), _("carrier messages")
        ordering = ["-received_at", "-id"]
        indexes = [models.Index(fields=["state", "-received_at"], name="carrier_message_by_state")]
        constraints = [
            models.UniqueConstraint(fields=["carrier", "message_id", "digest"], name="one_row_per_carrier_message")
        ]

    def __str__(self):
        return f"{self.carrier} {self.message_id}"
