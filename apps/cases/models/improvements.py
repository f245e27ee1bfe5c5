"""What the house changes because of what customers said."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.cases.models.cases import Case


class Improvement(models.Model):
    """A change against a cause of cases, with an owner. `told` is what customers read once it is published."""

    title = models.CharField(_("title"), max_length=160)
    cause = models.CharField(_("cause"), max_length=10, choices=Case.Cause.choices)
    owner = models.ForeignKey(
        "accounts.Rep", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("owner")
    )
    hypothesis = models.TextField(_("what we expect"))
    started_on = models.DateField(_("begun"), null=True, blank=True)
    done_on = models.DateField(_("done"), null=True, blank=True)
    told = models.TextField(_("what customers read"), blank=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("made"), editable=False)

    class Meta:
        verbose_name, verbose_name_plural = _("improvement"), _("improvements")
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["-published_at"], name="improvement_published")]
        constraints = [
            models.CheckConstraint(
                condition=Q(done_on=None) | Q(started_on__isnull=False, done_on__gte=F("started_on")),
                name="improvement_begins_before_it_is_done",
            ),
            models.CheckConstraint(
                condition=Q(published_at=None) | (Q(done_on__isnull=False) & ~Q(told="")),
                name="improvement_published_is_done_and_told",
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def state(self) -> str:
        """ "planned", "begun" or "done"."""
        return "done" if self.done_on else "begun" if self.started_on else "planned"
