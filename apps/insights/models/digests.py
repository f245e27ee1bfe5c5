"""Who wants to be told by mail how things stand, how often and at what hour."""

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class DigestPreference(models.Model):
    """What one of the staff chose. Who chose nothing gets the weekly digest (see `rules.digests`)."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="digests", verbose_name=_("user")
    )
    daily = models.BooleanField(_("every working day"), default=False)
    weekly = models.BooleanField(_("every Monday"), default=True)
    monthly = models.BooleanField(_("on the first of the month"), default=False)
    time_zone = models.CharField(_("time zone"), max_length=40, default="Europe/London")
    hour = models.PositiveSmallIntegerField(_("from the hour"), default=7, validators=[MaxValueValidator(23)])

    class Meta:
        verbose_name, verbose_name_plural = _("choice of digests"), _("choices of digests")
        constraints = [models.CheckConstraint(condition=Q(hour__lte=23), name="digest_at_an_hour_of_the_day")]

    def __str__(self):
        return str(self.user)
