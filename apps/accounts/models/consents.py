"""What people may be written to about: the law of their country, what they said, and which addresses objected."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.accounts import rules
from apps.accounts.models.contacts import Contact


class Purpose(models.TextChoices):
    SURVEY = "survey", _("questions about how we do")
    MARKETING = "marketing", _("offers by e-mail")
    REFERENCE = "reference", _("being quoted as a reference")


class Basis(models.TextChoices):
    SOFT_OPT_IN = rules.SOFT_OPT_IN, _("allowed to customers until they say no")
    OPT_IN = rules.OPT_IN, _("only to who has said yes")


class CountryConsent(models.Model):
    """What the law of a country lets us send for a purpose. An empty country stands for all without a row of theirs."""

    country = models.CharField(
        _("country"), max_length=2, blank=True, help_text=_("Two letters; empty for every country without its own line")
    )
    purpose = models.CharField(
        _("purpose"), max_length=10, choices=Purpose.choices,
        help_text=_(
            "Questions about how we do: after a delivery, a case or a first order, every half-year, and after a long "
            "silence."
        ),
    )  # fmt: skip
    basis = models.CharField(_("basis"), max_length=12, choices=Basis.choices)

    class Meta:
        verbose_name, verbose_name_plural = _("legal basis of a country"), _("legal bases by country")
        ordering = ["country", "purpose"]
        constraints = [
            models.UniqueConstraint(fields=["country", "purpose"], name="one_basis_per_country_and_purpose"),
            models.CheckConstraint(
                condition=models.Q(country="") | models.Q(country__regex="^[A-Z]{2}$"),
                name="country_of_a_basis_is_two_capitals",
                violation_error_message=_("Write the country as two capital letters, such as GB."),
            ),
        ]

    def __str__(self):
        return f"{self.country or '*'} {self.get_purpose_display()}"


class Consent(models.Model):
    """What a contact said about a purpose, and when. Rows are added and never changed: the latest counts."""

    class Source(models.TextChoices):
        PORTAL = "portal", _("in the portal")
        MAIL = "mail", _("by the link in a mail")
        STAFF = "staff", _("noted by our side")
        BEFORE = "before", _("kept from before")

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="consents", verbose_name=_("contact"))
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose.choices)
    is_given = models.BooleanField(_("given"))
    basis = models.CharField(_("basis at that time"), max_length=12, choices=Basis.choices)
    country = models.CharField(_("country"), max_length=2)
    source = models.CharField(_("source"), max_length=8, choices=Source.choices)
    by_name = models.CharField(_("noted by"), max_length=120, blank=True)
    said_at = models.DateTimeField(_("said"))

    class Meta:
        verbose_name, verbose_name_plural = _("consent"), _("consents")
        ordering = ["-said_at", "-id"]
        indexes = [models.Index(fields=["contact", "purpose", "-said_at"], name="consent_latest")]

    def __str__(self):
        return f"{self.get_purpose_display()}: {self.is_given}"


class Objection(models.Model):
    """An address that nobody writes to for a purpose. Only its hash is kept, so that it outlives the contact.

    `UNDELIVERABLE` in the place of a purpose: its mail server refuses it, whatever it is about.
    """

    UNDELIVERABLE = "bounced"

    address_hash = models.CharField(max_length=64, editable=False)
    purpose = models.CharField(
        _("purpose"), max_length=10, choices=[*Purpose.choices, (UNDELIVERABLE, _("nothing: it does not arrive"))]
    )
    source = models.CharField(_("source"), max_length=8, choices=Consent.Source.choices)
    objected_at = models.DateTimeField(_("objected"))

    class Meta:
        verbose_name, verbose_name_plural = _("objection"), _("objections")
        ordering = ["-objected_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["address_hash", "purpose"], name="one_objection_per_address_and_purpose")
        ]

    def __str__(self):
        return f"{self.get_purpose_display()} {self.address_hash[:8]}"


class AddressKey(models.Model):
    """The key under which addresses are hashed, sealed with the house's own: one row at most."""

    sealed = models.CharField(max_length=200, editable=False)

    class Meta:
        verbose_name, verbose_name_plural = _("key of address hashes"), _("keys of address hashes")
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_address_key")]

    def __str__(self):
        return "1"
