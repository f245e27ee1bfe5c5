from django.utils.translation import gettext_lazy as _

from apps.core.errors import Conflict, Invalid, NotFound


class QuestionNotFound(NotFound):
    code = "survey_not_found"
    title = _("This question is closed, or its link is not complete")


class QuestionClosed(Conflict):
    code = "survey_closed"
    title = _("This question is closed")


class ScoreInvalid(Invalid):
    code = "survey_score_invalid"
    title = _("Choose a number from 0 to 10")
