"""Service cases and follow-ups, questions about products, returns."""

from apps.cases.models.cases import (
    Case,
    CaseMessage,
    CaseQuerySet,
    FollowUp,
    ProductQuestion,
    ProductQuestionQuerySet,
    SourcingRequest,
)
from apps.cases.models.conversations import Article, Conversation, Utterance
from apps.cases.models.improvements import Improvement
from apps.cases.models.macros import Macro
from apps.cases.models.mails import CaseFile, WaitingMail
from apps.cases.models.owners import CauseOwner
from apps.cases.models.prices import WrongPrice
from apps.cases.models.receipts import ReturnDocument, ReturnReceipt, ReturnReceiptLine
from apps.cases.models.returns import (
    NotReturnable,
    Return,
    ReturnFile,
    ReturnLine,
    ReturnReasonTerms,
    ReturnTerms,
)
from apps.cases.models.service_levels import ServiceLevel

__all__ = [
    "Article",
    "Case",
    "CaseFile",
    "CaseMessage",
    "CaseQuerySet",
    "CauseOwner",
    "Conversation",
    "FollowUp",
    "Improvement",
    "Macro",
    "NotReturnable",
    "ProductQuestion",
    "ProductQuestionQuerySet",
    "Return",
    "ReturnDocument",
    "ReturnFile",
    "ReturnLine",
    "ReturnReasonTerms",
    "ReturnReceipt",
    "ReturnReceiptLine",
    "ReturnTerms",
    "ServiceLevel",
    "SourcingRequest",
    "Utterance",
    "WaitingMail",
    "WrongPrice",
]
