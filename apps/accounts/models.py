"""Who: users, accounts and their trees, contacts, ship-tos, reps."""

from zoneinfo import available_timezones

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Value
from django.db.models.functions import Concat, Substr
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.accounts import rules, zones
from apps.core.scoping import AccountOwnedQuerySet, Actor


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


def check_time_zone(value: str) -> None:
    """A time zone that this machine can reckon with."""
    if value not in available_timezones():
        raise ValidationError(_("There is no time zone “%(zone)s”."), params={"zone": value})


class AccountGroup(models.Model):
    """Accounts that share a price list: a buying group, a trade."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=80)

    class Meta:
        verbose_name, verbose_name_plural = _("account group"), _("account groups")

    def __str__(self):
        return self.name


class AccountQuerySet(AccountOwnedQuerySet):
    def visible_to(self, actor: Actor):
        if actor.sees_everything:
            return self
        if actor.account_id is not None:
            return self.filter(pk__in=actor.account_ids)
        if actor.rep_id is not None:
            return self.filter(rep_id=actor.rep_id)
        return self.none()


class Account(models.Model):
    """A sold-to, possibly below a parent. `path` holds the ids from the root down to this account."""

    number = models.CharField(_("number"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=120)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="subsidiaries", verbose_name=_("parent")
    )
    path = models.CharField(max_length=120, editable=False)
    group = models.ForeignKey(AccountGroup, models.SET_NULL, null=True, blank=True, verbose_name=_("group"))
    rep = models.ForeignKey(Rep, models.SET_NULL, null=True, blank=True, related_name="accounts", verbose_name=_("rep"))
    segment = models.CharField(_("segment"), max_length=40, blank=True)
    country = models.CharField(_("country"), max_length=2, default="GB")
    currency = models.CharField(_("currency"), max_length=3, default="GBP")
    language = models.CharField(_("language"), max_length=8, default="en")
    time_zone = models.CharField(_("time zone"), max_length=40, default="Europe/London")
    working_days = models.CharField(
        _("working days"), max_length=7, default="12345", help_text=_("ISO weekdays, 1 is Monday")
    )
    vat_number = models.CharField(_("VAT number"), max_length=20, blank=True)
    vat_verified = models.BooleanField(_("VAT number verified"), default=False)
    welcome = models.TextField(_("welcome message"), blank=True)
    is_test = models.BooleanField(_("test account"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    since_on = models.DateField(_("customer since"), null=True, blank=True)

    objects = AccountQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("account"), _("accounts")
        ordering = ["name"]
        indexes = [models.Index(fields=["path"], name="account_path", opclasses=["varchar_pattern_ops"])]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        """The path follows the parent, and what stands below follows the path; a new row is written twice."""
        if self.pk is None:
            super().save(*args, **kwargs)
            kwargs = {k: v for k, v in kwargs.items() if k == "using"}
        before = self.path
        self.path = rules.path_of(self.parent.path if self.parent else None, self.pk)
        super().save(*args, **kwargs)
        if before and before != self.path:
            below = Account.objects.filter(path__startswith=before).exclude(pk=self.pk)
            below.update(path=Concat(Value(self.path), Substr("path", len(before) + 1)))

    def clean(self):
        if self.pk and self.parent and self.parent.path.startswith(self.path):
            raise ValidationError({"parent": _("An account cannot stand below itself.")})

    @property
    def lineage(self) -> tuple[int, ...]:
        """Ids from the root of the tree down to this account."""
        return rules.ids_on_path(self.path)


class Contact(models.Model):
    """A person at an account, with what they do there and how they wish to be reached."""

    class Role(models.TextChoices):
        BUYER = "buyer", _("buyer")
        APPROVER = "approver", _("approver")
        FINANCE = "finance", _("finance")
        RECEIVER = "receiver", _("receiver")
        ADMINISTRATOR = "administrator", _("company administrator")

    class Persona(models.TextChoices):
        OPERATOR = "operator", _("operator")
        DECISION_MAKER = "decision_maker", _("decision maker")
        GATEKEEPER = "gatekeeper", _("gatekeeper")
        END_USER = "end_user", _("end user")
        INTERMEDIARY = "intermediary", _("intermediary")

    class Period(models.TextChoices):
        MONTH = "month", _("month")
        QUARTER = "quarter", _("quarter")
        YEAR = "year", _("year")

    account = models.ForeignKey(Account, models.CASCADE, related_name="contacts", verbose_name=_("account"))
    user = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="contacts", verbose_name=_("log-in")
    )
    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    job_title = models.CharField(_("job title"), max_length=80, blank=True)
    role = models.CharField(_("role"), max_length=15, choices=Role.choices, default=Role.BUYER)
    persona = models.CharField(_("persona"), max_length=15, choices=Persona.choices, default=Persona.OPERATOR)
    language = models.CharField(_("language"), max_length=8, default="en")
    time_zone = models.CharField(_("time zone"), max_length=40, default="Europe/London")
    spend_limit = models.DecimalField(
        _("spend limit per order"),
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("Net. Orders above it wait for an approver; empty means no limit."),
    )
    period_limit = models.DecimalField(
        _("spend limit per period"),
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("Net, of all orders of the period. The order that passes it waits for an approver."),
    )
    limit_period = models.CharField(
        _("period of the limit"), max_length=8, choices=Period.choices, default=Period.MONTH, db_default="month"
    )
    invited_at = models.DateTimeField(_("invited"), null=True, blank=True, editable=False)
    survey_consent = models.BooleanField(_("may be asked about deliveries"), default=True)
    survey_objected_at = models.DateTimeField(_("objected to surveys at"), null=True, blank=True)
    is_active = models.BooleanField(_("active"), default=True)

    objects = AccountOwnedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("contact"), _("contacts")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                "account",
                models.functions.Lower("email"),
                name="one_contact_per_address",
                condition=~models.Q(email=""),
            ),
            models.CheckConstraint(
                condition=models.Q(spend_limit=None) | models.Q(spend_limit__gte=0), name="spend_limit_not_negative"
            ),
            models.CheckConstraint(
                condition=models.Q(period_limit=None) | models.Q(period_limit__gte=0), name="period_limit_not_negative"
            ),
        ]

    def __str__(self):
        return self.name


class ShipTo(models.Model):
    """Where goods go: address, hours, gate, markings."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="ship_tos", verbose_name=_("account"))
    code = models.CharField(_("code"), max_length=20)
    name = models.CharField(_("name"), max_length=120)
    street = models.CharField(_("street"), max_length=160)
    postal_code = models.CharField(_("postal code"), max_length=20, blank=True)
    city = models.CharField(_("city"), max_length=80)
    country = models.CharField(_("country"), max_length=2, default="GB")
    time_zone = models.CharField(
        _("time zone"),
        max_length=40,
        blank=True,
        validators=[check_time_zone],
        help_text=_("Empty: found by the country and the postal code."),
    )
    contact_name = models.CharField(_("contact"), max_length=120, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    receiving_from = models.TimeField(_("receives from"), default="08:00")
    receiving_to = models.TimeField(_("receives to"), default="16:00")
    receiving_days = models.CharField(
        _("receiving days"), max_length=7, default="12345", help_text=_("ISO weekdays, 1 is Monday")
    )
    gate = models.CharField(_("gate or dock"), max_length=80, blank=True)
    unloading = models.CharField(_("unloading"), max_length=120, blank=True)
    markings = models.CharField(_("markings"), max_length=120, blank=True)
    is_default = models.BooleanField(_("default"), default=False)
    is_active = models.BooleanField(_("active"), default=True)

    objects = AccountOwnedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("ship-to"), _("ship-tos")
        ordering = ["-is_default", "name"]
        constraints = [models.UniqueConstraint(fields=["account", "code"], name="ship_to_code_per_account")]

    def __str__(self):
        return f"{self.name}, {self.city}"

    def save(self, *args, **kwargs):
        """An address for which nobody has chosen a time zone has that of its place."""
        if not self.time_zone:
            self.time_zone = self.zone_of_place()
        super().save(*args, **kwargs)

    def zone_of_place(self, chosen: str = "") -> str:
        """`chosen` where the country keeps it, else the zone of country and postal code, else the account's."""
        return zones.zone_of_place(self.country, self.postal_code, chosen=chosen, otherwise=self.account.time_zone)

    @property
    def zones(self) -> tuple[str, ...]:
        """The time zones of its country."""
        return zones.zones_in(self.country)


class ServiceKeyAccount(models.Model):
    """Whom a machine's log-in speaks for: one account's own system, or the distributor's ERP or a carrier."""

    class Role(models.TextChoices):
        MACHINE = "machine", _("an account's own system")
        ERP = "erp", _("our ERP")
        CARRIER = "carrier", _("a carrier")

    user = models.OneToOneField(User, models.CASCADE, related_name="service_account", verbose_name=_("log-in"))
    role = models.CharField(_("kind"), max_length=8, choices=Role.choices, default=Role.MACHINE)
    account = models.ForeignKey(
        Account,
        models.CASCADE,
        null=True,
        blank=True,
        verbose_name=_("account"),
        help_text=_("For an account's own system, and only for it."),
    )
    carrier = models.CharField(
        _("carrier"),
        max_length=80,
        blank=True,
        help_text=_("For a carrier, and only for it: its name as the ways of delivery and the shipments have it."),
    )
    purpose = models.CharField(_("purpose"), max_length=80)

    class Meta:
        verbose_name, verbose_name_plural = _("machine"), _("machines")
        constraints = [
            models.CheckConstraint(
                condition=(models.Q(role="carrier") & ~models.Q(carrier=""))
                | (~models.Q(role="carrier") & models.Q(carrier="")),
                name="only_a_carriers_machine_has_a_carrier",
                violation_error_message=_("A carrier's system needs the carrier's name; others have none."),
            ),
            models.CheckConstraint(
                condition=models.Q(role="machine", account__isnull=False)
                | (~models.Q(role="machine") & models.Q(account=None)),
                name="only_an_accounts_machine_has_an_account",
                violation_error_message=_("An account's own system needs its account; our own systems have none."),
            ),
        ]

    def __str__(self):
        return self.purpose


class Acting(models.Model):
    """Staff in the place of a contact: from when, until when at most, and when and why it ended."""

    class End(models.TextChoices):
        STOPPED = "stopped", _("stepped back out")
        RAN_OUT = "ran_out", _("the time ran out")

    account = models.ForeignKey(Account, models.CASCADE, related_name="+", verbose_name=_("account"))
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="+", verbose_name=_("contact"))
    user = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("who"))
    name = models.CharField(_("name"), max_length=120)
    started_at = models.DateTimeField(_("from"))
    until = models.DateTimeField(_("at most until"))
    ended_at = models.DateTimeField(_("ended"), null=True)
    end = models.CharField(_("how it ended"), max_length=8, choices=End.choices, blank=True)

    objects = AccountOwnedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("acting for a contact"), _("acting for contacts")
        ordering = ["-started_at", "-id"]
        indexes = [
            models.Index(fields=["account", "-started_at"], name="acting_of_account"),
            models.Index(fields=["until"], name="acting_now", condition=models.Q(ended_at=None)),
        ]

    def __str__(self):
        return f"{self.name} for {self.contact_id}"
