"""What it means: whom to look after today, the story of an account, what customers say, how the house does."""

from apps.insights.selectors.digests import Digest, digest_of, digests_due, preference_of
from apps.insights.selectors.effects import failure_costs
from apps.insights.selectors.house import House, house_figures
from apps.insights.selectors.people import Person, people_of
from apps.insights.selectors.portfolio import Kept, Portfolio, portfolio_of, segments_of
from apps.insights.selectors.scoreboard import Scoreboard, ScoreRow, answers_behind, name_of, scoreboard_of
from apps.insights.selectors.scores import PERIOD, Feedback, Manager, feedback_page, manager_page
from apps.insights.selectors.service_level import AtRisk, Response, at_risk, responses_of
from apps.insights.selectors.silence import Silence, silence_of
from apps.insights.selectors.summary import Summary, summary_of
from apps.insights.selectors.timeline import Entry, entry_of, timeline_of
from apps.insights.selectors.today import Attention, Reason, today_for
from apps.insights.selectors.voices import Driver, Voices, voices_of

__all__ = [
    "PERIOD",
    "AtRisk",
    "Attention",
    "Digest",
    "Driver",
    "Entry",
    "Feedback",
    "House",
    "Kept",
    "Manager",
    "Person",
    "Portfolio",
    "Reason",
    "Response",
    "ScoreRow",
    "Scoreboard",
    "Silence",
    "Summary",
    "Voices",
    "answers_behind",
    "at_risk",
    "digest_of",
    "digests_due",
    "entry_of",
    "failure_costs",
    "feedback_page",
    "house_figures",
    "manager_page",
    "name_of",
    "people_of",
    "portfolio_of",
    "preference_of",
    "responses_of",
    "scoreboard_of",
    "segments_of",
    "silence_of",
    "summary_of",
    "timeline_of",
    "today_for",
    "voices_of",
]
