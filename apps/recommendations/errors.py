from django.utils.translation import gettext_lazy as _

from apps.core.errors import NotFound


class PickNotFound(NotFound):
    code = "pick_not_found"
    title = _("That product is not among the picks of this account")
