"""Questions about products: asked of somebody, answered by a due time, in public or to the asker alone."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import Account, Contact
from apps.accounts.services import demand
from apps.cases.errors import QuestionDecided, QuestionIsPrivate, QuestionRefused, TooManyQuestions
from apps.cases.models import Case, ProductQuestion
from apps.cases.selectors.service_levels import service_of
from apps.cases.services.owners import owner_for
from apps.catalogue.models import Category, Product
from apps.core.events import record
from apps.core.scoping import Actor

DAY = timedelta(days=1)
SHORTEST, LONGEST = 10, 2_000
MOST_A_DAY = 20
_State, _AskedOf = ProductQuestion.State, ProductQuestion.AskedOf


@transaction.atomic
def ask_question(
    actor: Actor, product: Product, *, body: str, asked_of: str = _AskedOf.REP, is_private: bool = False, now: datetime
) -> ProductQuestion:
    """Ask about a product; due as a case's answer is, in the account's working time. Records `question.asked`.

    The same words again within a day are the same question. Raises `QuestionRefused`, `TooManyQuestions`.
    """
    demand(actor, "case.open")
    body = body.strip()
    if not SHORTEST <= len(body) <= LONGEST:
        words = _("Ask in %(least)d to %(most)d characters.") % {"least": SHORTEST, "most": LONGEST}
        raise QuestionRefused(words, fields={"body": [words]})
    account = Account.objects.select_related("rep").get(pk=actor.account_id)
    Contact.objects.select_for_update().filter(pk=actor.contact_id).first()
    lately = ProductQuestion.objects.filter(account=account, contact=actor.contact_id, asked_at__gt=now - DAY)
    known = lately.filter(product=product, body=body).first()
    if known is not None:
        return known
    if lately.count() >= MOST_A_DAY:
        raise TooManyQuestions
    question = ProductQuestion.objects.create(
        product=product,
        account=account,
        contact_id=actor.contact_id,
        asked_of=asked_of if asked_of in _AskedOf.values else _AskedOf.REP,
        owner_id=_owner(account, product, asked_of, now),
        body=body,
        is_private=is_private,
        asked_at=now,
        answer_by=service_of(account, now=now).deadlines(now).answer_by,
    )
    _record("question.asked", question, actor, now)
    return question


def _owner(account: Account, product: Product, asked_of: str, now: datetime) -> int | None:
    """The product manager of the nearest category above, else the account's rep, else the service desk."""
    if asked_of == _AskedOf.PRODUCT_MANAGER:
        ids = [int(part) for part in product.category.path.split("/") if part]
        above = Category.objects.filter(pk__in=ids, manager__user__is_active=True).order_by("-depth")
        manager_id = above.values_list("manager", flat=True).first()
        if manager_id:
            return manager_id
    return account.rep_id or owner_for(account, Case.Cause.OTHER, now=now).owner


@transaction.atomic
def answer_question(
    actor: Actor, question: ProductQuestion, *, body: str, in_public: bool, now: datetime
) -> ProductQuestion:
    """Answer, for all to read or the asker's account alone; mailed to who asked. Records `question.answered`."""
    demand(actor, "case.work")
    if in_public and question.is_private:
        raise QuestionIsPrivate
    return _settle(actor, question, _State.ANSWERED, body, in_public, now)


@transaction.atomic
def decline_question(actor: Actor, question: ProductQuestion, *, reason: str, now: datetime) -> ProductQuestion:
    """Say why it is not answered here; only who asked reads it. Records `question.declined`."""
    demand(actor, "case.work")
    return _settle(actor, question, _State.DECLINED, reason, False, now)


def _settle(actor: Actor, question: ProductQuestion, state: str, said: str, in_public: bool, now: datetime):
    if not said.strip():
        words = _("Write the answer first.")
        raise QuestionRefused(words, fields={"body": [words]})
    question = ProductQuestion.objects.select_for_update().get(pk=question.pk)
    if question.state != _State.WAITING:
        raise QuestionDecided
    question.state, question.answer, question.is_public = state, said.strip()[:5_000], in_public
    question.answered_at, question.answered_by_name = now, actor.name
    question.save(update_fields=["state", "answer", "is_public", "answered_at", "answered_by_name"])
    _record(f"question.{state}", question, actor, now)
    return question


def _record(name: str, question: ProductQuestion, actor: Actor, now: datetime) -> None:
    facts = {"sku": question.product.sku, "product": question.product.name, "title": question.body[:160]}
    record(name, f"question:{question.pk}", account_id=question.account_id, actor=actor, at=now, **facts)
