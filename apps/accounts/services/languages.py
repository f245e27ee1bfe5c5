from django.db import transaction

from apps.accounts.models import Contact, User


@transaction.atomic
def speak(user: User, language: str) -> None:
    """Let a log-in, and the contacts it is, be addressed in a language: pages at the next log-in, mail from now on."""
    User.objects.filter(pk=user.pk).update(language=language)
    Contact.objects.filter(user=user).update(language=language)
