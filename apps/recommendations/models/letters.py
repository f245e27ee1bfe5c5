"""The letters that told what is due."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.scoping import AccountOwnedQuerySet


class NextOrderLetter(models.Model):
    """The letter of a week that told a contact what is due, and of which lines. Its row is made before it is sent."""

    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="+", verbose_name=_("account"))
    contact = models.ForeignKey("accounts.Contact", models.CASCADE, related_name="+", verbose_name=_("contact"))
    week_on = models.DateField(_("week that begins on"))
    on = models.DateField(_("day by the reader's clock"))
    lines = models.JSONField(_("products and quantities"), default=list)
    claimed_at = models.DateTimeField(_("begun"))
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    used_at = models.DateTimeField(_("put into the cart"), null=True, blank=True)

    objects = AccountOwnedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("letter about a next order"), _("letters about next orders")
        ordering = ["-claimed_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["contact", "week_on"], name="one_next_order_letter_a_week")]
        indexes = [models.Index(fields=["on"], name="next_order_letter_day")]

    def __str__(self):
        return f"{self.contact_id}, {self.on}"
