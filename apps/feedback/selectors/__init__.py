"""Open questions, answers, and what the answers say, as far as the asker may see them."""

from apps.feedback.selectors.answers import (
    answers_of,
    not_asked,
    nps_by_month,
    nps_of,
    weighted_nps_of,
)
from apps.feedback.selectors.questions import (
    answer_to,
    ask_of_token,
    invitation_by_token,
    open_questions,
    question_about,
    questions_for_shipments,
)

__all__ = [
    "answer_to",
    "answers_of",
    "ask_of_token",
    "invitation_by_token",
    "not_asked",
    "nps_by_month",
    "nps_of",
    "open_questions",
    "question_about",
    "questions_for_shipments",
    "weighted_nps_of",
]
