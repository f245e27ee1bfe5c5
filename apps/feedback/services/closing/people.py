from apps.feedback.models import Answer


def who_answered(answer: Answer) -> str:
    """The name of the contact, of the account where the contact is gone."""
    return answer.contact.name if answer.contact else answer.account.name
