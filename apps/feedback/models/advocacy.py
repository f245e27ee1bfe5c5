"""What promoters give besides their score: whom we should know, their name as a reference, what they need next."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.core.scoping import AccountOwnedQuerySet
from apps.feedback.models.answers import Answer


class _Given(models.Model):
    """Given with an answer, once; the account and contact are those of the answer."""

    answer = models.OneToOneField(Answer, models.CASCADE, related_name="+", verbose_name=_("answer"))
    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="+", verbose_name=_("account"))
    contact = models.ForeignKey(
        "accounts.Contact", models.SET_NULL, null=True, related_name="+", verbose_name=_("contact")
    )

    objects = AccountOwnedQuerySet.as_manager()

    class Meta:
        abstract = True


class Referral(_Given):
    """Somebody who should know us, and who knows that they were named."""

    name = models.CharField(_("name"), max_length=120)
    company = models.CharField(_("company"), max_length=120)
    reach = models.CharField(_("e-mail or telephone"), max_length=160)
    note = models.CharField(_("note"), max_length=500, blank=True)
    given_at = models.DateTimeField(_("named"))

    class Meta:
        verbose_name, verbose_name_plural = _("referral"), _("referrals")
        ordering = ["-given_at"]

    def __str__(self):
        return f"{self.name}, {self.company}"


class Reference(_Given):
    """That the contact agreed to be named as a customer of ours, until it is withdrawn; it may be given anew.

    Whether it holds says `selectors.holding_references`: their consent must stand as well.
    """

    agreed_at = models.DateTimeField(_("agreed"))
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("reference"), _("references")
        ordering = ["-agreed_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(withdrawn_at__gte=F("agreed_at")),
                name="reference_withdrawn_after_it_was_agreed",
            )
        ]

    def __str__(self):
        return f"{self.contact_id}"


class NextNeed(_Given):
    """What the contact needs next, in their words."""

    text = models.TextField(_("what they need next"))
    said_at = models.DateTimeField(_("said"))

    class Meta:
        verbose_name, verbose_name_plural = _("next need"), _("next needs")
        ordering = ["-said_at"]

    def __str__(self):
        return self.text[:60]
