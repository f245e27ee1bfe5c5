from django.utils.translation import gettext_lazy as _

from apps.core.errors import Conflict, Invalid, NotFound, Refusal


class CaseNotFound(NotFound):
    code = "case_not_found"
    title = _("There is no such case among yours")


class CaseResolved(Conflict):
    code = "case_resolved"
    title = _("This case is resolved already")


class AssigningRefused(Invalid):
    code = "case_assigning_refused"
    title = _("This case cannot be given away like that")


class MergingRefused(Invalid):
    code = "case_merging_refused"
    title = _("These cases cannot be merged")


class NotAnsweredYet(Conflict):
    code = "case_not_answered"
    title = _("The customer has not been answered yet")


class ResolutionIncomplete(Invalid):
    code = "case_resolution_incomplete"
    title = _("Say what was done, and what caused it")


class GapLeft(Invalid):
    code = "case_gap_left"
    title = _("There is still a gap in these words: write what belongs where […] stands")


class EmptyMessage(Invalid):
    code = "case_message_empty"
    title = _("There is nothing written in this message")


class MessageTooLong(Invalid):
    code = "case_message_too_long"
    title = _("This message is too long")


class ImprovementNotFound(NotFound):
    code = "improvement_not_found"
    title = _("There is no such improvement")


class ImprovementRefused(Invalid):
    code = "improvement_refused"
    title = _("This improvement cannot be kept as it stands")


class FollowUpNotFound(NotFound):
    code = "follow_up_not_found"
    title = _("There is no such follow-up among yours")


class TaskRefused(Invalid):
    code = "task_refused"
    title = _("This task cannot be kept as it stands")


class SourcingRefused(Invalid):
    code = "sourcing_refused"
    title = _("This cannot be asked for as it stands")


class QuestionNotFound(NotFound):
    code = "question_not_found"
    title = _("There is no such question among yours")


class QuestionRefused(Invalid):
    code = "question_refused"
    title = _("Something in this needs correcting")


class QuestionDecided(Conflict):
    code = "question_decided"
    title = _("This question has been answered already")


class QuestionIsPrivate(Conflict):
    code = "question_is_private"
    title = _("The customer asked for an answer to their account alone")


class TooManyQuestions(Refusal):
    code = "too_many_questions"
    title = _("That is enough for one day: call your account manager, or ask again tomorrow")
    status = 429


class ReturnNotFound(NotFound):
    code = "return_not_found"
    title = _("There is no such return among yours")


class ReturnRefused(Invalid):
    """What was asked for cannot come back so."""

    code = "return_refused"
    title = _("This cannot be returned like that")


class ReturnMovedOn(Conflict):
    code = "return_moved_on"
    title = _("This return has moved on in the meantime")


class ReceiptOfReturnRefused(Invalid):
    """What came in is not what was agreed to."""

    code = "return_receipt_refused"
    title = _("That cannot be taken in like that")


class NothingToCredit(Conflict):
    code = "return_not_invoiced"
    title = _("There is no invoice that this could be credited on yet")


class CallBackNotFound(NotFound):
    code = "call_back_not_found"
    title = _("There is no call-back of yours that waits")


class CallBackRefused(Invalid):
    code = "call_back_refused"
    title = _("We could not note this call-back")


class TooManyMails(Refusal):
    """Somebody, or some machine, writes faster than anybody reads."""

    code = "too_many_mails"
    title = _("Too many mails at once")
    status = 429


class MailNotFound(NotFound):
    code = "mail_not_found"
    title = _("This mail does not wait any more")


class MailNotPlaced(Invalid):
    code = "mail_not_placed"
    title = _("This mail cannot be put there")


class RatingRefused(Conflict):
    code = "case_not_to_rate"
    title = _("This case is not there to be judged")


class ConversationNotFound(NotFound):
    code = "conversation_not_found"
    title = _("There is no such conversation among yours")


class HandOverRefused(Invalid):
    code = "hand_over_refused"
    title = _("Choose a colleague to hand this over to, other than who owns it")


class ArticleNotFound(NotFound):
    code = "article_not_found"
    title = _("There is no such article")
