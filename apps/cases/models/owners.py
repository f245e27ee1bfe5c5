"""Which cause of cases is whose."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.cases.models.cases import Case


class CauseOwner(models.Model):
    """Whoever answers for a cause owns the cases about it; the deputy while they are away, or have left."""

    cause = models.CharField(_("cause"), max_length=10, choices=Case.Cause.choices, unique=True)
    owner = models.ForeignKey("accounts.Rep", models.CASCADE, related_name="+", verbose_name=_("owner"))
    deputy = models.ForeignKey(
        "accounts.Rep", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("deputy")
    )

    class Meta:
        verbose_name, verbose_name_plural = _("owner of a cause"), _("owners of causes")
        ordering = ["cause"]
        constraints = [
            models.CheckConstraint(
                condition=Q(deputy=None) | ~Q(deputy=F("owner")), name="cause_owner_is_not_their_own_deputy",
                violation_error_message=_("Nobody stands in for themselves: choose somebody else as deputy."),
            )
        ]  # fmt: skip

    def __str__(self):
        return self.get_cause_display()
