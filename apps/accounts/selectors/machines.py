"""The keys of machines, as far as they can be shown."""

from knox.models import get_token_model

from apps.accounts.models import ServiceKeyAccount


def keys_of(machine: ServiceKeyAccount) -> list:
    """The keys of a machine, the newest first: `token_key` (how each begins), `created`, `expiry`. One query."""
    return list(get_token_model().objects.filter(user=machine.user_id).order_by("-created"))
