import django.contrib.postgres.constraints
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """A contact that is deleted leaves what was decided and answered, and rests no more: it stands in nobody's way."""

    dependencies = [
        ("accounts", "0008_consents_kept_from_before"),
        ("feedback", "0005_vocabulary"),
    ]

    operations = [
        migrations.AlterField(
            model_name="answer",
            name="invitation",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="answer",
                to="feedback.invitation",
                verbose_name="invitation",
            ),
        ),
        migrations.AlterField(
            model_name="invitation",
            name="contact",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="invitations",
                to="accounts.contact",
                verbose_name="contact",
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("contact__isnull", False), ("rest__isnull", False)),
                expressions=[
                    (
                        models.Func(
                            models.F("contact"), models.F("contact"), models.Value("[]"), function="int8range"
                        ),
                        "&&",
                    ),
                    (models.F("rest"), "&&"),
                ],
                name="one_ask_in_a_contacts_rest",
            ),
        ),
        migrations.RemoveConstraint(model_name="invitation", name="one_ask_per_contact_and_rest_period"),
    ]
