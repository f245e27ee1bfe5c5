"""Who at an account is told of news about its service that is no offer, such as a new rep.

It needs no consent, as it belongs to the business one has with them; an address that is not there, that bounces, or
whose owner objected to mails of ours, is left alone all the same.
"""

from apps.accounts.models import Account, Contact, Purpose
from apps.accounts.selectors import unmailable

_NEEDS_NO_CONSENT = "no_consent"
ROLES = (Contact.Role.BUYER, Contact.Role.APPROVER, Contact.Role.ADMINISTRATOR)


def told_of_news(account: Account) -> list[Contact]:
    """Three queries at most."""
    contacts = list(Contact.objects.filter(account=account, is_active=True, role__in=ROLES).order_by("pk"))
    against = unmailable({contact.pk for contact in contacts}, Purpose.MARKETING)
    return [one for one in contacts if one.email and against.get(one.pk, _NEEDS_NO_CONSENT) == _NEEDS_NO_CONSENT]
