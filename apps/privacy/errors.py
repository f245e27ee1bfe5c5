from django.utils.translation import gettext_lazy as _

from apps.core.errors import Conflict


class AlreadyErased(Conflict):
    code = "person_erased"
    title = _("What this person had here was erased before")
