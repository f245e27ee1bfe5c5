"""What insights refuse."""

from django.utils.translation import gettext_lazy as _

from apps.core.errors import Conflict, Invalid, NotFound


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


class RepNotFound(NotFound):
    code = "rep_not_found"
    title = _("There is no such rep whose accounts you see")


class TargetRefused(Invalid):
    code = "target_refused"
    title = _("That target cannot be set")


class CoverRefused(Invalid):
    code = "cover_refused"
    title = _("That rule of cover cannot be kept")


class CallReportRefused(Invalid):
    code = "call_report_refused"
    title = _("That cannot be logged")


class NoteRefused(Invalid):
    code = "note_refused"
    title = _("That note cannot be kept")


class HandOverRefused(Invalid):
    code = "account_hand_over_refused"
    title = _("That cannot be handed over")


class HandOverNotFound(NotFound):
    code = "account_hand_over_not_found"
    title = _("There is no such hand-over among your accounts")


class HandOverSettled(Conflict):
    code = "account_hand_over_settled"
    title = _("That hand-over has happened, or was called off, already")


class VisitDayRefused(Invalid):
    code = "visit_day_refused"
    title = _("That day of visits cannot be planned")


class VisitDayNotFound(NotFound):
    code = "visit_day_not_found"
    title = _("No visits are planned for that day")
