"""After the answer: thanks with the rep's name and face, the delivered goods to review, and what a promoter may give.

1. Whatever the score, the same words offer the same review: nobody is picked by it.
2. Naming somebody, being named and what is needed next are asked of promoters alone; nothing is given for it.
"""

from django import forms
from django.utils.translation import gettext_lazy

from apps.feedback import selectors
from apps.portal.people import rep_words


class GivingForm(forms.Form):
    """All of it is optional; a name is given with how to reach it."""

    text = forms.CharField(
        label=gettext_lazy("What do you need next?"),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("A product, a service, a date: your contact at our side takes it from here."),
    )
    name = forms.CharField(label=gettext_lazy("Who should know us?"), max_length=120, required=False)
    company = forms.CharField(label=gettext_lazy("Their company"), max_length=120, required=False)
    reach = forms.CharField(label=gettext_lazy("Their e-mail or telephone"), max_length=160, required=False)
    note = forms.CharField(label=gettext_lazy("What we should know"), max_length=500, required=False)
    knows = forms.BooleanField(label=gettext_lazy("They know that I name them"), required=False)
    reference = forms.BooleanField(
        label=gettext_lazy("You may name me as a customer"),
        required=False,
        help_text=gettext_lazy("What we quote is settled with you first. You can withdraw this here at any time."),
    )


def _who_reads(invitation):
    """Who owned the case that was asked about; else the rep of the account."""
    case = invitation.case
    return case.owner if case and case.owner and case.owner.user.is_active else invitation.account.rep


def thanks_of(invitation, answer, here: str, form: GivingForm | None = None) -> dict:
    """What the page of thanks shows besides the answer; None where it is not certain yet, and nothing goes with it."""
    return {
        "rep": rep_words(_who_reads(invitation)),
        "reviewable": selectors.reviewable(invitation.shipment_id),
        "given": selectors.given_with(answer) if answer else None,
        "giving": form or GivingForm(),
        "give_url": f"{here}give/",
    }
