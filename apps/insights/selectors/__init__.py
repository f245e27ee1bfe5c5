"""What it means: whom to look after today, the story of an account, what customers say, how the house does."""

from apps.insights.selectors.behind import Behind, behind
from apps.insights.selectors.digests import Digest, digest_of, digests_due, preference_of
from apps.insights.selectors.effects import failure_costs
from apps.insights.selectors.front_line import FrontLine, front_line
from apps.insights.selectors.house import House, house_figures
from apps.insights.selectors.journey import (
    AccountRow,
    Journey,
    Told,
    Touchpoint,
    accounts_behind,
    journey_of,
    name_of_measure,
    window,
)
from apps.insights.selectors.needs import (
    Asked,
    Group,
    NeedRow,
    Needs,
    Sold,
    alike,
    mentions_of,
    need_categories,
    need_for,
    need_row,
    need_segments,
    needs_of,
    owners,
)
from apps.insights.selectors.people import Person, people_of
from apps.insights.selectors.portfolio import Kept, Portfolio, portfolio_of, segments_of
from apps.insights.selectors.reason import Reason
from apps.insights.selectors.scoreboard import Scoreboard, ScoreRow, answers_behind, name_of, scoreboard_of
from apps.insights.selectors.scores import Feedback, Manager, feedback_page, manager_page
from apps.insights.selectors.service_desk import Load, ServiceDesk, service_desk
from apps.insights.selectors.service_level import AtRisk, Response, at_risk, responses_of, unhappy_accounts
from apps.insights.selectors.silence import Silence, silence_of
from apps.insights.selectors.stakes import Stake, stakes_of
from apps.insights.selectors.subjects import Subject, subject_of
from apps.insights.selectors.summary import Summary, summary_of
from apps.insights.selectors.timeline import Entry, entry_of, timeline_of
from apps.insights.selectors.today import Attention, today_for
from apps.insights.selectors.voices import Driver, Voices, voices_of

__all__ = [
    "AccountRow",
    "Asked",
    "AtRisk",
    "Attention",
    "Behind",
    "Digest",
    "Driver",
    "Entry",
    "Feedback",
    "FrontLine",
    "Group",
    "House",
    "Journey",
    "Kept",
    "Load",
    "Manager",
    "NeedRow",
    "Needs",
    "Person",
    "Portfolio",
    "Reason",
    "Response",
    "ScoreRow",
    "Scoreboard",
    "ServiceDesk",
    "Silence",
    "Sold",
    "Stake",
    "Subject",
    "Summary",
    "Told",
    "Touchpoint",
    "Voices",
    "accounts_behind",
    "alike",
    "answers_behind",
    "at_risk",
    "behind",
    "digest_of",
    "digests_due",
    "entry_of",
    "failure_costs",
    "feedback_page",
    "front_line",
    "house_figures",
    "journey_of",
    "manager_page",
    "mentions_of",
    "name_of",
    "name_of_measure",
    "need_categories",
    "need_for",
    "need_row",
    "need_segments",
    "needs_of",
    "owners",
    "people_of",
    "portfolio_of",
    "preference_of",
    "responses_of",
    "scoreboard_of",
    "segments_of",
    "service_desk",
    "silence_of",
    "stakes_of",
    "subject_of",
    "summary_of",
    "timeline_of",
    "today_for",
    "unhappy_accounts",
    "voices_of",
    "window",
]
