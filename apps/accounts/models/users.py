"""Who logs in, and who of them stands on the distributor's side."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


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
    hours = models.CharField(_("hours"), max_length=80, blank=True)
    photo = models.FileField(_("photo"), upload_to="reps/", blank=True)
    deputy = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, verbose_name=_("deputy"))

    class Meta:
        verbose_name, verbose_name_plural = _("rep"), _("reps")

    def __str__(self):
        return str(self.user)
