"""What a programme asked and by which rules, kept as it was when it was first used."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.feedback.models.programmes import Programme


class ProgrammeVersion(models.Model):
    """A programme as it stood when somebody was asked by it. Never changed: what was asked stays readable.

    `digest` is the SHA-256 of everything else that counts, so the same words and rules are one version.
    """

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="versions", verbose_name=_("programme"))
    number = models.PositiveIntegerField(_("version"))
    digest = models.CharField(max_length=64, editable=False)
    words = models.JSONField(_("words"))
    policy = models.JSONField(_("rules"))
    trigger = models.JSONField(_("what it asks about"))
    roles = models.JSONField(_("quotas of roles"))
    made_at = models.DateTimeField(_("used since"))

    class Meta:
        verbose_name, verbose_name_plural = _("version of a programme"), _("versions of programmes")
        ordering = ["programme", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "digest"], name="one_version_of_the_same_words"),
            models.UniqueConstraint(fields=["programme", "number"], name="programme_versions_are_numbered"),
        ]

    def __str__(self):
        return f"{self.programme} {self.number}"
