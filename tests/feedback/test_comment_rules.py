import pytest

from apps.feedback.rules.comments import Entry, language_of, marked, most_named, themes_in

SAID = {
    "en": "The delivery was late and two boxes were damaged.",
    "de": "Die Lieferung war sehr gut, aber die Rechnung ist nicht richtig.",
    "fr": "La livraison est arrivée en retard et les cartons étaient abîmés.",
    "es": "El pedido fue rápido pero la caja no estaba entera.",
    "nl": "De levering was niet op tijd maar het product is goed.",
    "it": "La consegna è arrivata tardi ma il prodotto è molto buono.",
    "fa": "سفارش دیر رسید و بسته‌بندی خوب نبود.",
    "ar": "وصلت الشحنة متأخرة وكانت العبوة تالفة",
    "th": "ส่งของช้ามากและกล่องเสียหาย",
    "ko": "배송이 늦었고 상자가 파손되었습니다.",
    "vi": "Giao hàng chậm và thùng bị hỏng.",
    "ja": "配送が遅れました。",
    "ru": "Доставка опоздала.",
}


@pytest.mark.parametrize(("language", "text"), SAID.items())
def test_a_comment_is_known_by_its_script_or_its_small_words(language, text):
    assert language_of(text, otherwise="xx") == language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("", ""),
        ("10/10 !!!", ""),
        ("Top", "th"),  # one word tells nothing: the writer's own language
        ("Danke 한국", "ko"),
        ("The fitting 6204-2RS-C3 of บริษัท was the wrong one and it is not what we ordered from you", "en"),
        ("THE BOX WAS NOT HERE", "en"),
        ("ＴＨＥ　ｂｏｘ　ｗａｓ　ｌａｔｅ", "en"),
    ],
)
def test_where_little_tells_it_is_the_language_of_the_writer(text, language):
    assert language_of(text, otherwise="th") == language


VOCABULARY = [
    Entry("en", "delivery", "late\ndeliver*\nwaited too long\n"),
    Entry("en", "documents", "invoice*\n\n * \n"),
    Entry("en", "quality", "broke*"),
    Entry("en", "people", ""),
    Entry("de", "delivery", "liefer*"),
    Entry("th", "delivery", "ส่งของ\nช้า"),
    Entry("ko", "delivery", "배송*"),
    Entry("fa", "delivery", "دیر"),
]


@pytest.mark.parametrize(
    ("language", "text", "themes"),
    [
        ("en", "It came late, and the invoices lacked our number", {"delivery": "late", "documents": "invoices"}),
        ("en", "Latest catalogue, lateral thinking", {}),  # `late` is a whole word
        ("en", "DELIVERED broken", {"delivery": "DELIVERED", "quality": "broken"}),
        ("en", "We waited  too\nlong", {"delivery": "waited too long"}),
        ("en", "Lieferung", {}),  # another language's word
        ("de", "Die Lieferung kam", {"delivery": "Lieferung"}),
        ("th", "ส่งของช้ามาก", {"delivery": "ส่งของ"}),
        ("ko", "배송이 늦었어요", {"delivery": "배송이"}),
        ("fa", "سفارش دیر رسید", {"delivery": "دیر"}),
        ("fa", "تقدیر از شما", {}),  # inside a longer word
        ("", "late", {}),
    ],
)
def test_a_theme_is_told_by_a_word_of_its_vocabulary(language, text, themes):
    assert themes_in(text, language, VOCABULARY) == themes


def test_a_word_with_signs_of_patterns_is_only_a_word():
    assert themes_in("price (net) went up", "en", [Entry("en", "price", ".*\n(net)")]) == {"price": "(net)"}
    assert themes_in("a.b", "en", [Entry("en", "price", "a.b")]) == {"price": "a.b"}
    assert themes_in("aXb", "en", [Entry("en", "price", "a.b")]) == {}


def test_what_told_a_theme_is_marked_in_the_text_and_nothing_of_it_is_lost():
    pieces = marked("Late, too late.", ["late"])
    assert pieces == [("Late", True), (", too ", False), ("late", True), (".", False)]
    assert marked("<b>", []) == [("<b>", False)]
    assert marked("", ["late"]) == []


def test_what_the_unhappy_name_stands_first():
    counts = {"price": (9, 0, 1), "delivery": (0, 0, 4), "people": (1, 0, 1), "range": (1, 0, 1)}
    assert [theme for theme, _counts in most_named(counts)] == ["delivery", "price", "people", "range"]
