"""What insights refuse."""

from django.utils.translation import gettext_lazy as _

from apps.core.errors import Invalid, NotFound


class GreetingNotFound(NotFound):
    code = "greeting_not_found"
    title = _("There is no such message")


class NeedNotFound(NotFound):
    code = "need_not_found"
    title = _("There is no such need among those of your accounts")


class NeedRefused(Invalid):
    code = "need_refused"
    title = _("This needs correcting before it is kept")


class NothingComesBy(NotFound):
    code = "nothing_comes_by"
    title = _("There is no such warehouse, and this carrier brought nothing in the last seven days")
