"""The way to a first password, and to the next one."""

from collections.abc import Iterator

from django.contrib.auth import get_user_model
from django.contrib.auth.forms import PasswordResetForm


class LinkForm(PasswordResetForm):
    """Sends the link to people whose log-in is open, also where they have never set a password: it is how they do.

    A machine has no password, and gets none.
    """

    def get_users(self, email: str) -> Iterator:
        people = get_user_model()._default_manager.filter(email__iexact=email, is_active=True, is_machine=False)
        return iter(people)
