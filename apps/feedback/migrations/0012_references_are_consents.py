from django.db import migrations
from django.db.models import Exists, OuterRef


def keep_as_consents(apps, schema_editor):
    """Who agreed to be named has given their consent to it; a later word of theirs stands."""
    reference, consent = apps.get_model("feedback", "Reference"), apps.get_model("accounts", "Consent")
    said = consent.objects.filter(contact=OuterRef("contact"), purpose="reference", said_at__gte=OuterRef("agreed_at"))
    agreed = reference.objects.filter(~Exists(said), withdrawn_at=None, contact__isnull=False)
    rows = agreed.order_by("agreed_at", "pk").values_list("contact", "contact__account__country", "agreed_at")
    consent.objects.bulk_create(
        [
            consent(
                contact_id=contact, purpose="reference", is_given=True, basis="opt_in", country=country,
                source="before", said_at=agreed_at,
            )
            for contact, country, agreed_at in rows
        ],
        batch_size=500,
    )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0008_consents_kept_from_before"), ("feedback", "0011_who_is_asked")]

    operations = [migrations.RunPython(keep_as_consents, migrations.RunPython.noop)]
