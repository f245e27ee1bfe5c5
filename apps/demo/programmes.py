"""The survey programmes of the demo's house, as operations set them up before anybody was asked."""

from decimal import Decimal

from apps.accounts.models import Contact
from apps.feedback.models import Fatigue, Programme, ProgrammeWords, RoleQuota
from apps.feedback.models.usual import USUAL
from apps.feedback.services import delivery_programme, ensure_programmes

LARGE = "large-deliveries"
LARGE_FROM = 5_000  # net, in pounds
ASKED_ABOUT_DELIVERIES = (Contact.Persona.OPERATOR.value, Contact.Persona.END_USER.value)
ROLES_ASKED = ("buyer", "receiver")  # of those personas in the demo
QUOTAS = {"delivery": (("buyer", 3), ("receiver", 2)), LARGE: (("buyer", 2), ("receiver", 1))}
HOUSE = {"contact_rest_days": 30, "contact_year_cap": 12, "account_cap": 10, "account_cap_days": 30}

# language, question, after 0 to 6, after 7 or 8, after 9 or 10; the first is the programme's own
LARGE_WORDS = (
    ("", "How likely are you to trust us with your next large delivery?",
     "What went wrong on the day, and what should we put right before the next one?",
     "What would have made this large delivery a 9?",
     "What did we do well on the day, and when is the next one?"),
    ("th", "คุณมีแนวโน้มเพียงใดที่จะไว้วางใจให้เราจัดส่งล็อตใหญ่ครั้งต่อไป",
     "วันนั้นเกิดปัญหาอะไรขึ้น และเราควรแก้อะไรก่อนครั้งหน้า",
     "อะไรจะทำให้การจัดส่งล็อตใหญ่นี้ได้ 9 คะแนน",
     "วันนั้นเราทำอะไรได้ดี และครั้งต่อไปเมื่อไร"),
    ("ko", "다음 대량 배송도 저희에게 맡기실 의향이 얼마나 되십니까?",
     "당일 무엇이 잘못되었으며, 다음 배송 전에 무엇을 바로잡아야 합니까?",
     "무엇이 있었다면 이번 대량 배송에 9점을 주셨겠습니까?",
     "당일 저희가 잘한 점은 무엇이며, 다음 배송은 언제입니까?"),
    ("vi", "Khả năng quý vị tin tưởng giao cho chúng tôi đợt giao hàng lớn tiếp theo là bao nhiêu?",
     "Hôm đó đã có gì trục trặc, và chúng tôi nên khắc phục điều gì trước lần sau?",
     "Điều gì sẽ khiến đợt giao hàng lớn này được 9 điểm?",
     "Hôm đó chúng tôi đã làm tốt điều gì, và lần tới là khi nào?"),
    ("fa", "چقدر احتمال دارد تحویل بزرگ بعدی خود را به ما بسپارید؟",
     "آن روز چه چیزی اشتباه پیش رفت و پیش از دفعهٔ بعد چه چیزی را باید درست کنیم؟",
     "چه چیزی این تحویل بزرگ را به ۹ می‌رساند؟",
     "آن روز چه کاری را خوب انجام دادیم و دفعهٔ بعد کی است؟"),
)  # fmt: skip
_ASKED = ("question", "follow_up_detractor", "follow_up_passive", "follow_up_promoter")


def save_programmes() -> None:
    """Two programmes about deliveries, one of each other kind, all of them on, and the limits of the house.

    Those of the other kinds ask so seldom that the limit of the house is enough for an account.
    """
    usual = delivery_programme()
    usual.personas = list(ASKED_ABOUT_DELIVERIES)
    usual.save(update_fields=["personas"])
    own, *others = LARGE_WORDS
    large = Programme.objects.create(
        code=LARGE, name="Large deliveries", priority=10, minimum_net=Decimal(LARGE_FROM),
        personas=list(ASKED_ABOUT_DELIVERIES), **dict(zip(_ASKED, own[1:], strict=True)),
    )  # fmt: skip
    ProgrammeWords.objects.bulk_create(
        ProgrammeWords(programme=large, language=language, **dict(zip(_ASKED, texts, strict=True)))
        for language, *texts in others
    )
    RoleQuota.objects.bulk_create(
        RoleQuota(programme=programme, role=role, per_quarter=per_quarter)
        for programme in (usual, large)
        for role, per_quarter in QUOTAS[programme.code]
    )
    ensure_programmes()
    Programme.objects.filter(kind__in=set(USUAL) - {Programme.Kind.DELIVERY}).update(is_active=True, account_cap=0)
    Fatigue.objects.create(pk=1, **HOUSE)
