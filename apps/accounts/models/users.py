"""Who logs in, and who of them stands on the distributor's side."""

from datetime import date, time
from zoneinfo import available_timezones

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.core.dates import are_weekdays


def check_time_zone(value: str) -> None:
    """A time zone that this machine can reckon with."""
    if value not in available_timezones():
        raise ValidationError(_("There is no time zone “%(zone)s”."), params={"zone": value})


class UserManager(BaseUserManager):
    def create_user(self, email: str, password: str | None = None, **fields):
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields):
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A log-in. What it may see follows from its contact, rep or service account, never from the log-in itself."""

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    language = models.CharField(_("language"), max_length=8, default="en")
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("may enter the admin"), default=False)
    is_machine = models.BooleanField(_("is a machine"), default=False)
    date_joined = models.DateTimeField(_("joined"), default=timezone.now)
    first_log_in_at = models.DateTimeField(_("first log-in"), null=True, blank=True, editable=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = []
    objects = UserManager()

    class Meta:
        verbose_name, verbose_name_plural = _("user"), _("users")

    def __str__(self):
        return self.name or self.email

    def get_full_name(self):
        return self.name

    def get_short_name(self):
        return self.name.split(" ")[0]


class RepQuerySet(models.QuerySet):
    def there(self, day: date):
        """Who is at work on that day: neither gone for good nor away."""
        away = Q(away_from__lte=day) & (Q(away_until=None) | Q(away_until__gte=day))
        return self.filter(user__is_active=True).exclude(away)


class Rep(models.Model):
    """Somebody on the distributor's side with a face: sales rep, service agent, manager."""

    class Desk(models.TextChoices):
        SALES = "rep", _("sales")
        SERVICE = "service", _("service desk")
        MANAGER = "manager", _("management")

    user = models.OneToOneField(User, models.CASCADE, related_name="rep")
    desk = models.CharField(_("desk"), max_length=10, choices=Desk.choices, default=Desk.SALES)
    title = models.CharField(pgettext_lazy("of a rep", "title"), max_length=80, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    hours = models.CharField(
        _("about the hours"),
        max_length=80,
        blank=True,
        help_text=_("In words, what the hours do not say by themselves."),
    )
    works_on = models.CharField(
        _("works on"), max_length=7, default="12345", db_default="12345", help_text=_("ISO weekdays, 1 is Monday")
    )
    works_from = models.TimeField(_("works from"), default=time(8), db_default=time(8))
    works_to = models.TimeField(_("works until"), default=time(17), db_default=time(17))
    time_zone = models.CharField(
        _("time zone"), max_length=40, default="Europe/London", db_default="Europe/London",
        validators=[check_time_zone],
    )  # fmt: skip
    photo = models.FileField(
        _("photo"), upload_to="reps/", blank=True, help_text=_("A picture of the face; it is made small by itself.")
    )
    deputy = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, verbose_name=_("deputy"))
    away_from = models.DateField(_("away from"), null=True, blank=True)
    away_until = models.DateField(
        _("away until"), null=True, blank=True, help_text=_("The last day away; empty where nobody knows yet.")
    )

    objects = RepQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("rep"), _("reps")
        constraints = [
            models.CheckConstraint(
                condition=Q(away_until=None) | Q(away_from__isnull=False, away_until__gte=F("away_from")),
                name="rep_is_back_after_leaving",
                violation_error_message=_("Say since when they are away, and an end that is not before it."),
            ),
            models.CheckConstraint(
                condition=Q(works_from__lt=F("works_to")), name="rep_begins_before_they_end",
                violation_error_message=_("The day must begin before it ends."),
            ),
        ]  # fmt: skip

    def __str__(self):
        return str(self.user)

    def clean(self):
        if not are_weekdays(self.works_on):
            raise ValidationError({"works_on": _("Write the weekdays as figures in order, 1 is Monday: 12345.")})

    def is_away(self, day: date) -> bool:
        return self.away_from is not None and self.away_from <= day and (not self.away_until or day <= self.away_until)

    def is_there(self, day: date) -> bool:
        """Whether they are at work on that day: neither gone for good nor away."""
        return self.user.is_active and not self.is_away(day)
