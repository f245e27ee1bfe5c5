"""Talking: one thread about a thing, owned by somebody, live while both are there and by mail when not."""

from datetime import timedelta

import pytest

from apps.accounts.selectors import actor_for
from apps.cases.errors import ConversationNotFound, EmptyMessage, HandOverRefused, MessageTooLong
from apps.cases.models import Article, Case, Conversation
from apps.cases.selectors.articles import articles_about, articles_in
from apps.cases.selectors.conversations import conversation_for, conversations_at_desk, lines_after, waiting_for_us
from apps.cases.services import conversations as services
from apps.cases.tasks import send_handed_over, send_unread
from apps.core.models import Event
from apps.core.replies import reply_address
from apps.insights.selectors import subject_of, timeline_of, today_for
from tests.feedback.deliveries import delivered
from tests.feedback.test_inbox import take

MINUTE = timedelta(minutes=1)


@pytest.fixture
def anna(world):
    return actor_for(world.anna.user)


@pytest.fixture
def rhea(world):
    return actor_for(world.rhea.user)


def begun(actor, world, body="When does it come?", about="product:BLT-M8-40", desk="rep", now=None) -> Conversation:
    return services.begin(actor, about=about, title="Hex bolt", desk=desk, body=body, now=now or world.now)


def said(conversation) -> list[str]:
    return list(conversation.lines.values_list("body", flat=True))


@pytest.mark.parametrize(
    ("desk", "rep_there", "owner"),
    [("rep", True, "rhea"), ("rep", False, "ruben"), ("service", True, "sam"), ("nonsense", True, "rhea")],
)
def test_who_owns_it(desk, rep_there, owner, world, anna):
    world.rhea.deputy = world.ruben
    world.rhea.save()
    world.rhea.user.is_active = rep_there
    world.rhea.user.save()
    assert begun(anna, world, desk=desk).owner == getattr(world, owner)


def test_one_thread_about_a_thing(world, anna):
    first = begun(anna, world)
    assert begun(anna, world, "And how many?") == first
    assert begun(anna, world, about="") != first
    services.close(anna, first, now=world.now)
    assert begun(anna, world, "Once more") != first
    assert said(first) == ["When does it come?", "And how many?"]


def test_sent_twice_it_is_said_once(world, anna):
    conversation = begun(anna, world)
    services.say(anna, conversation, body="When does it come?\r\n", now=world.now + MINUTE / 2)
    assert said(conversation) == ["When does it come?"]
    services.say(anna, conversation, body="When does it come?", now=world.now + 2 * MINUTE)
    assert len(said(conversation)) == 2


@pytest.mark.parametrize(("body", "refusal"), [("  \n", EmptyMessage), ("x" * 5001, MessageTooLong)])
def test_what_says_nothing_begins_nothing(body, refusal, world, anna):
    with pytest.raises(refusal):
        begun(anna, world, body)
    assert not Conversation.objects.exists()


@pytest.mark.parametrize(
    ("who", "sees"),
    [("anna", True), ("boris", False), ("xaver", False), ("rhea", True), ("ruben", False), ("sam", True)],
)
def test_whose_it_is(who, sees, world, anna):
    conversation = begun(anna, world)
    actor = actor_for(getattr(world, who).user)
    if sees:
        assert conversation_for(actor, conversation.number) == conversation
    else:
        with pytest.raises(ConversationNotFound):
            conversation_for(actor, conversation.number)


def test_handed_over_without_retelling(world, anna, rhea, mailoutbox):
    conversation = begun(anna, world)
    services.hand_over(rhea, conversation, to=world.ruben.pk, note="She is in a hurry.", now=world.now + MINUTE)
    conversation.refresh_from_db()
    ruben = actor_for(world.ruben.user)
    assert [line.body for line in lines_after(ruben, conversation)] == ["When does it come?", "She is in a hurry."]
    assert [line.body for line in lines_after(anna, conversation)] == ["When does it come?"]
    send_handed_over(Event.objects.get(name="conversation.handed_over").pk)
    assert [(each.to, "She is in a hurry." in each.body) for each in mailoutbox] == [([world.ruben.user.email], True)]
    for nobody in (None, world.ruben.pk):
        with pytest.raises(HandOverRefused):
            services.hand_over(rhea, conversation, to=nobody, note="", now=world.now)


def test_who_is_away_gets_one_mail_of_all_that_is_new(world, anna, rhea, mailoutbox):
    conversation = begun(anna, world)
    services.say(rhea, conversation, body="On Friday.", now=world.now + MINUTE / 6)
    services.say(rhea, conversation, body="At eight.", now=world.now + MINUTE / 3)
    services.see(rhea, conversation, now=world.now + MINUTE / 2)  # she has read what Anna wrote; Anna is away
    assert services.tell_what_waits(now=world.now + MINUTE / 2) == 0
    assert services.tell_what_waits(now=world.now + MINUTE + MINUTE / 12) == 0  # of an old line she has read
    assert services.tell_what_waits(now=world.now + 2 * MINUTE) == 1
    assert services.tell_what_waits(now=world.now + 3 * MINUTE) == 0
    for _again in range(2):
        send_unread(Event.objects.get(name="conversation.unread").pk)
    [letter] = mailoutbox
    assert letter.to == [world.anna.email]
    assert "On Friday." in letter.body and "At eight." in letter.body and "When does it come?" not in letter.body


def test_what_was_read_is_not_mailed(world, anna, rhea):
    conversation = begun(anna, world)
    conversation.refresh_from_db()
    services.see(rhea, conversation, now=world.now + MINUTE / 2)
    assert services.tell_what_waits(now=world.now + 2 * MINUTE) == 0


def test_a_page_that_stays_open_writes_four_times_a_minute(world, anna, rhea, django_assert_num_queries):
    conversation = begun(anna, world)
    stamps = set()
    for second in range(0, 60, 4):
        services.see(rhea, conversation, now=world.now + timedelta(seconds=second))
        conversation.refresh_from_db()
        stamps.add(conversation.staff_here_at)
    assert len(stamps) == 4


def test_an_answer_by_mail_goes_on_there_and_opens_it_again(world, anna, rhea, settings):
    settings.REPLY_TO = "Tradewell <reply@in.tradewell.example>"
    conversation = begun(anna, world)
    services.close(rhea, conversation, now=world.now)
    kept = take(world, reply_address("talk", conversation.pk), "It has not come.")
    assert kept.subject == f"conversation:{conversation.number}"
    conversation.refresh_from_db()
    assert conversation.is_open and said(conversation)[-1] == "It has not come."


def test_who_waits_longest_stands_first_and_on_the_reps_morning(world, anna, rhea):
    early, late = begun(anna, world, about=""), begun(anna, world, now=world.now + MINUTE)
    assert waiting_for_us(rhea) == [early, late]
    services.say(rhea, early, body="On Friday.", now=world.now + 2 * MINUTE)
    assert conversations_at_desk(rhea) == [late, early]
    reasons = {reason.kind: reason.text for one in today_for(rhea, now=world.now) for reason in one.reasons}
    assert reasons["unanswered"] == "Waits for an answer: Hex bolt"


def test_what_cannot_be_settled_by_talking_becomes_one_case(world, anna, rhea):
    conversation = begun(anna, world)
    case = services.make_case(rhea, conversation, now=world.now)
    assert services.make_case(rhea, conversation, now=world.now) == case
    assert (case.cause, case.owner, case.contact) == ("range", world.rhea, world.anna)
    assert list(case.messages.values_list("body", flat=True)) == ["When does it come?"]
    assert Case.objects.count() == 1


def test_all_of_it_is_on_the_accounts_timeline(world, anna, rhea):
    conversation = begun(anna, world)
    services.say(rhea, conversation, body="On Friday.", now=world.now)
    services.close(rhea, conversation, now=world.now)
    told = [entry.text for entry in timeline_of(rhea, world.brightwater)]
    number = conversation.number
    assert {f"The customer wrote in {number}", f"We wrote in {number}", f"Conversation {number} was closed"} <= {*told}


# --- what it is about ------------------------------------------------------------------------------------------------


def test_a_subject_tells_what_is_known_and_only_to_whom_it_may(world):
    order = delivered(world, days_ago=3).order
    rick, xaver, anna = (actor_for(getattr(world, name).user) for name in ("rick", "xaver", "anna"))
    facts = dict(subject_of(anna, f"order:{order.number}", world.today).facts)
    assert facts["Status"] == order.get_status_display()
    assert any(label.startswith("Shipment") for label in facts)
    assert subject_of(xaver, f"order:{order.number}", world.today) is None
    assert subject_of(rick, "quote:QU-1", world.today) is None
    for nonsense in ("", "order:", "order", "user:1", f"order:{order.number}'--"):
        assert subject_of(anna, nonsense, world.today) is None


# --- articles --------------------------------------------------------------------------------------------------------


@pytest.fixture
def articles(world):
    rows = (
        ("return-goods", "Send goods back", "Within thirty days.", "return", ["refund"]),
        ("pay", "How to pay", "By transfer or card; a refund takes five days.", "invoice", []),
        ("track", "Where is my delivery?", "The order shows the carrier.", "shipment", ["tracking", "parcel"]),
    )
    for slug, title, body, topic, words in rows:
        Article.objects.create(slug=slug, title=title, body=body, topic=topic, words=words)


@pytest.mark.parametrize(
    ("text", "topic", "found"),
    [
        ("I want a refund", "", ["return-goods", "pay"]),
        ("PARCEL lost?", "", ["track"]),
        ("deliv", "", ["track"]),
        ("", "invoice", ["pay"]),
        ("xyzzy", "shipment", ["track"]),
        ("xyzzy", "", []),
        ("!!! & | ('", "", []),
    ],
)
def test_articles_that_fit(text, topic, found, articles):
    assert [article.slug for article in articles_about(text, topic=topic, language="en")] == found


def test_articles_are_read_in_the_readers_language_else_in_english(articles):
    Article.objects.create(slug="pay", title="پرداخت", body="با کارت", topic="invoice", language="fa")
    assert [article.slug for article in articles_in("fa")] == ["pay"]
    assert articles_in("ko").count() == 3


# --- pages -----------------------------------------------------------------------------------------------------------


def test_from_the_product_to_an_answer(world, signed_in, articles):
    buyer = signed_in(world.anna)
    page = buyer.get(f"/p/{world.bolt.sku}/").content.decode()
    assert "/talk/ask/?about=product%3ABLT-M8-40" in page
    asked = buyer.get("/talk/ask/?about=product:BLT-M8-40&body=refund").content.decode()
    assert "Ask us about" in asked and "Send goods back" in asked
    answer = buyer.post("/talk/ask/", {"about": "product:BLT-M8-40", "body": "Is it <b>zinc</b>?", "desk": "rep"})
    conversation = Conversation.objects.get()
    assert answer.url == f"/talk/{conversation.number}/"
    assert "Is it &lt;b&gt;zinc&lt;/b&gt;?" in buyer.get(answer.url).content.decode()
    assert buyer.get("/talk/ask/?about=product:BLT-M8-40").url == answer.url  # it is talked about already

    desk = signed_in(world.rhea)
    there = f"/workspace/conversations/{conversation.number}/"
    assert "BLT-M8-40" in desk.get(there).content.decode()
    assert desk.post(there, {"body": "Yes, it is."}).status_code == 302

    buyer, last = signed_in(world.anna), conversation.lines.first().pk
    news = f"{answer.url}lines/?after={last}&there=1"
    assert "Yes, it is." in buyer.get(news).content.decode()
    last = conversation.lines.last().pk
    assert buyer.get(f"{answer.url}lines/?after={last}&there=1").status_code == 204
    assert buyer.get(f"{answer.url}lines/?after=none").status_code == 200


@pytest.mark.parametrize("asking", ["/talk/ask/?body=refund", "/service/new/?body=refund&title=refund"])
def test_an_answer_stands_between_what_is_asked_and_the_button_that_sends_it(world, signed_in, articles, asking):
    page = signed_in(world.anna).get(asking).content.decode()
    form, answer, send = page.index('name="body"'), page.index("Send goods back"), page.index(' form="')
    assert form < answer < send
    name = page[send:].split('"')[1]
    assert f'id="{name}"' in page[:form], "the button sends the form it stands outside of"


def test_what_one_may_not_see_is_asked_about_without_it(world, signed_in):
    buyer = signed_in(world.xaver)
    order = delivered(world).order
    page = buyer.get(f"/talk/ask/?about=order:{order.number}").content.decode()
    assert order.number not in page
    buyer.post("/talk/ask/", {"about": f"order:{order.number}", "body": "What of it?"})
    assert Conversation.objects.get().about == ""


def test_an_article_is_judged_by_who_reads_it(world, signed_in, articles):
    buyer = signed_in(world.anna)
    assert buyer.post("/answers/pay/judge/", {"decision": "yes"}).url == "/answers/"
    assert buyer.post("/answers/pay/judge/", {"decision": "no"}).url == "/talk/ask/"
    article = Article.objects.get(slug="pay")
    assert (article.helped, article.did_not_help) == (1, 1)
    assert buyer.get("/answers/nothing/").status_code == 404
    assert "How to pay" in buyer.get("/answers/?q=transfer").content.decode()
