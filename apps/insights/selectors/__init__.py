"""What it means: whom to look after today, the story of an account, what customers say, how the house does."""

from apps.insights.selectors.scores import Feedback, Manager, feedback_page, manager_page
from apps.insights.selectors.timeline import Entry, timeline_of
from apps.insights.selectors.today import Attention, Reason, rhythms_of, today_for

__all__ = [
    "Attention",
    "Entry",
    "Feedback",
    "Manager",
    "Reason",
    "feedback_page",
    "manager_page",
    "rhythms_of",
    "timeline_of",
    "today_for",
]
