"""The desk of surveys: programmes are edited, decisions and answers are read, reviews are decided about."""

from apps.feedback.admin import answers, invitations, programmes, reviews, vocabulary

__all__ = ["answers", "invitations", "programmes", "reviews", "vocabulary"]
