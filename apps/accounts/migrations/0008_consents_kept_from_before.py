"""What the law lets us send to begin with, and what was noted about surveys before there was a place for each purpose.

A tick that stood there by default was nobody's consent: only who was noted as not agreeing is carried over as having
said so, and who objected. Objections are carried over under the hash of their address, as `accounts.services.consents` writes them.
"""

import hmac

from django.db import migrations
from django.db.models import Q
from django.utils import timezone

from apps.accounts.rules import address_form
from apps.core.sealing import new_secret, opened, seal

USUAL = (
    ("", "survey", "soft_opt_in"),
    ("", "marketing", "opt_in"),
    ("", "reference", "opt_in"),
    ("GB", "marketing", "soft_opt_in"),
    ("US", "marketing", "soft_opt_in"),
)


def carry_over(apps, schema_editor):
    lines, contacts = apps.get_model("accounts", "CountryConsent"), apps.get_model("accounts", "Contact")
    for country, purpose, basis in USUAL:
        lines.objects.get_or_create(country=country, purpose=purpose, defaults={"basis": basis})
    refused = contacts.objects.filter(Q(survey_consent=False) | Q(survey_objected_at__isnull=False))
    refused = refused.values_list("pk", "account__country", "survey_objected_at")
    consent, now = apps.get_model("accounts", "Consent"), timezone.now()
    consent.objects.bulk_create(
        (
            consent(
                contact_id=pk, purpose="survey", is_given=False, basis="soft_opt_in", country=country, source="before",
                said_at=objected_at or now,
            )
            for pk, country, objected_at in refused.iterator()
        ),
        batch_size=1000,
    )  # fmt: skip
    _carry_objections(apps, contacts)


def _carry_objections(apps, contacts) -> None:
    objected = contacts.objects.filter(survey_objected_at__isnull=False).exclude(email="")
    rows = list(objected.values_list("email", "survey_objected_at"))
    if not rows:
        return
    made = apps.get_model("accounts", "AddressKey").objects.get_or_create(pk=1, defaults={"sealed": seal(new_secret())})
    key = opened(made[0].sealed)[0]
    objection = apps.get_model("accounts", "Objection")
    objection.objects.bulk_create(
        [
            objection(
                address_hash=hmac.new(key, address_form(email).encode(), "sha256").hexdigest(), purpose="survey",
                source="before", objected_at=at,
            )
            for email, at in rows
        ],
        batch_size=1000,
        ignore_conflicts=True,
    )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("accounts", "0007_consents")]

    operations = [migrations.RunPython(carry_over, migrations.RunPython.noop)]
