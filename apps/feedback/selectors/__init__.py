"""Open questions, answers, and what the answers say, as far as the asker may see them."""

from apps.feedback.selectors.answers import (
    Heard,
    answers_of,
    bought_by,
    heard_from,
    not_asked,
    nps_by_month,
    nps_in,
    nps_of,
    tally,
    weighted_nps_in,
    weighted_nps_of,
)
from apps.feedback.selectors.questions import (
    answer_to,
    ask_of_token,
    invitation_by_token,
    open_questions,
    question_about,
    questions_for_shipments,
    was_sent,
)

__all__ = [
    "Heard",
    "answer_to",
    "answers_of",
    "ask_of_token",
    "bought_by",
    "heard_from",
    "invitation_by_token",
    "not_asked",
    "nps_by_month",
    "nps_in",
    "nps_of",
    "open_questions",
    "question_about",
    "questions_for_shipments",
    "tally",
    "was_sent",
    "weighted_nps_in",
    "weighted_nps_of",
]
