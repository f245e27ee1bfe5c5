"""Verdicts of asking and the arithmetic of answers: pure, with their sources."""

from apps.feedback.rules.asking import (
    Candidate,
    Delivery,
    Policy,
    Verdict,
    Window,
    due_at,
    expires_at,
    may_ask,
    reminder_at,
)
from apps.feedback.rules.scores import (
    MINIMUM_ANSWERS,
    Clusters,
    Coverage,
    Nps,
    Voice,
    change_shown,
    cluster_interval,
    clusters_of,
    coverage,
    interval,
    nps,
    nps_band,
    revenue_weighted,
    summary,
)

DRIVERS = ("delivery", "range", "price", "ease", "trust", "rep", "invoice")

__all__ = [
    "DRIVERS",
    "MINIMUM_ANSWERS",
    "Candidate",
    "Clusters",
    "Coverage",
    "Delivery",
    "Nps",
    "Policy",
    "Verdict",
    "Voice",
    "Window",
    "change_shown",
    "cluster_interval",
    "clusters_of",
    "coverage",
    "due_at",
    "expires_at",
    "interval",
    "may_ask",
    "nps",
    "nps_band",
    "reminder_at",
    "revenue_weighted",
    "summary",
]
