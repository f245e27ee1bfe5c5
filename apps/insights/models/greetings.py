"""What home says on an occasion, by rules that operations keep: the first log-in, an anniversary, a holiday."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Contact
from apps.insights.rules.greetings import NAMES, Trigger, unknown_names


class Greeting(models.Model):
    """A rule: on which occasion, to whom, how long. Its words stand in `GreetingText`, one a language."""

    class On(models.TextChoices):
        FIRST_LOG_IN = Trigger.FIRST_LOG_IN, _("first log-in")
        FIRST_DELIVERY = Trigger.FIRST_DELIVERY, _("first order delivered")
        NTH_ORDER = Trigger.NTH_ORDER, _("order of that number")
        ANNIVERSARY = Trigger.ANNIVERSARY, _("anniversary as a customer")
        CONTRACT = Trigger.CONTRACT, _("contract begun or renewed")
        BACK = Trigger.BACK, _("ordered again after a long silence")
        DAYS = Trigger.DAYS, _("days of the calendar")

    name = models.CharField(_("name"), max_length=80, unique=True)
    trigger = models.CharField(_("occasion"), max_length=14, choices=On.choices)
    number = models.PositiveSmallIntegerField(
        _("number"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(500)],
        help_text=_("Which order, or how many days of silence; needed for those two occasions."),
    )  # fmt: skip
    shown_days = models.PositiveSmallIntegerField(
        _("shown for days"), default=14, validators=[MinValueValidator(1), MaxValueValidator(90)],
        help_text=_("After the occasion, unless it is put away before."),
    )  # fmt: skip
    segment = models.CharField(_("segment"), max_length=40, blank=True, help_text=_("Empty: every segment."))
    persona = models.CharField(
        _("persona"), max_length=15, choices=Contact.Persona.choices, blank=True, help_text=_("Empty: everybody.")
    )
    language = models.CharField(
        _("language"), max_length=8, blank=True, help_text=_("Only who reads it in that language; empty: everybody.")
    )
    priority = models.PositiveSmallIntegerField(
        _("priority"), default=100, help_text=_("Where several would fit, the lowest number is shown.")
    )
    from_on = models.DateField(_("from"), null=True, blank=True)
    until_on = models.DateField(_("until"), null=True, blank=True, help_text=_("The last day."))
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name, verbose_name_plural = _("message on an occasion"), _("messages on occasions")
        ordering = ["priority", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(from_on=None) | Q(until_on=None) | Q(until_on__gte=F("from_on")),
                name="greeting_begins_before_it_ends",
                violation_error_message=_("It must begin before it ends."),
            ),
            models.CheckConstraint(
                condition=~Q(trigger__in=["nth_order", "back"]) | Q(number__gte=1), name="greeting_has_its_number",
                violation_error_message=_("Say which order, or after how many days of silence."),
            ),
            models.CheckConstraint(
                condition=~Q(trigger="days") | Q(from_on__isnull=False, until_on__isnull=False),
                name="greeting_of_days_has_them",
                violation_error_message=_("Say from which day until which."),
            ),
        ]  # fmt: skip

    def __str__(self):
        return self.name


class GreetingText(models.Model):
    """The words of a greeting in one language; who reads another is shown the English ones."""

    greeting = models.ForeignKey(Greeting, models.CASCADE, related_name="texts", verbose_name=_("message"))
    language = models.CharField(_("language"), max_length=8, default="en")
    title = models.CharField(_("title"), max_length=120)
    body = models.TextField(
        _("text"), max_length=600,
        help_text=_("In braces, filled in for each: {contact}, {account}, {rep}, {years}, {number}."),
    )  # fmt: skip

    class Meta:
        verbose_name, verbose_name_plural = _("words of a message"), _("words of messages")
        constraints = [models.UniqueConstraint(fields=["greeting", "language"], name="one_greeting_text_a_language")]

    def __str__(self):
        return self.title

    def clean(self):
        unknown = unknown_names(f"{self.title} {self.body}")
        if unknown:
            words = _("Nothing is known by the name %(names)s. There are %(known)s.")
            named = {
                "names": ", ".join(f"{{{name}}}" for name in unknown),
                "known": ", ".join(f"{{{n}}}" for n in NAMES),
            }
            raise ValidationError(words % named)


class GreetingPutAway(models.Model):
    """A contact has read a greeting and put it away. `occasion` tells one from the next: the next year's is shown."""

    greeting = models.ForeignKey(Greeting, models.CASCADE, related_name="+", verbose_name=_("message"))
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="+", verbose_name=_("contact"))
    occasion = models.CharField(_("occasion"), max_length=40)
    put_away_at = models.DateTimeField(_("put away"))

    class Meta:
        verbose_name, verbose_name_plural = _("message put away"), _("messages put away")
        constraints = [
            models.UniqueConstraint(fields=["contact", "greeting", "occasion"], name="greeting_put_away_once")
        ]

    def __str__(self):
        return f"{self.greeting_id} {self.contact_id}"
