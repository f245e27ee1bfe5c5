"""The desk of surveys: programmes are edited, decisions and answers are read, reviews are decided about."""

from apps.feedback.admin import advocacy, answers, invitations, offers, programmes, reviews, vocabulary

__all__ = ["advocacy", "answers", "invitations", "offers", "programmes", "reviews", "vocabulary"]
