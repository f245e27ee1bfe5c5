"""Asking and answering: programmes, one decision per delivery, answers with the delivery's facts frozen on them."""

from apps.feedback.models.advocacy import NextNeed, Reference, Referral
from apps.feedback.models.answers import Answer
from apps.feedback.models.invitations import Invitation
from apps.feedback.models.offers import Offer, OfferMonth, OfferTerms
from apps.feedback.models.programmes import Fatigue, Programme, ProgrammeWords, RoleQuota, worded
from apps.feedback.models.reviews import ProductReview, ReviewVersion
from apps.feedback.models.usual import USUAL, in_words, scale_words
from apps.feedback.models.versions import ProgrammeVersion
from apps.feedback.models.vocabulary import Theme, Vocabulary
from apps.feedback.models.votes import AnswerRevision, VoteAttempt

__all__ = [
    "USUAL",
    "Answer",
    "AnswerRevision",
    "Fatigue",
    "Invitation",
    "NextNeed",
    "Offer",
    "OfferMonth",
    "OfferTerms",
    "ProductReview",
    "Programme",
    "ProgrammeVersion",
    "ProgrammeWords",
    "Reference",
    "Referral",
    "ReviewVersion",
    "RoleQuota",
    "Theme",
    "Vocabulary",
    "VoteAttempt",
    "in_words",
    "scale_words",
    "worded",
]
