from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.errors import LogInRefused
from apps.accounts.models import Contact, User


@transaction.atomic
def open_log_in(contact: Contact, *, email: str) -> User:
    """Give a contact a log-in under an address; without a password until they set one by a link.

    Asking again for the same address gives the same log-in. Raises LogInRefused where the contact already has another.
    """
    email = email.strip().lower()
    if contact.user is not None:
        if contact.user.email != email:
            raise LogInRefused(
                _("%(name)s already logs in as %(email)s.") % {"name": contact.name, "email": contact.user.email}
            )
        return contact.user
    user = User.objects.filter(email=email).first() or User.objects.create_user(
        email, name=contact.name, language=contact.language
    )
    contact.user, contact.email = user, contact.email or email
    contact.save(update_fields=["user", "email"])
    return user
