"""A customer's own look: colours that can be read, a logo, a name; in the portal and on mail to them alone."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from apps.accounts.accents import DARK_SURFACES, LIGHT_SURFACES, READABLE, WHITE, Unreadable, accent_of, contrast
from apps.accounts.errors import AccountNotFound, BrandingRefused, PermissionMissing
from apps.accounts.models import Branding, Rep
from apps.accounts.selectors import account_for, actor_for
from apps.accounts.selectors.branding import brand_of, brand_on_mail
from apps.accounts.services.branding import Look, set_branding
from apps.core.mail import compose
from apps.core.models import Event
from apps.feedback.letters import letter
from apps.feedback.models import Invitation
from apps.feedback.services import plan_invitation
from apps.feedback.services.handover import FOR_LETTER
from tests.feedback.deliveries import delivered

COLOURS = ["#7a1f3d", "#ff0000", "#00aa00", "#1e90ff", "#808080", "#000000", "#ff8800", "#010203", "#9400d3"]


@pytest.mark.parametrize("colour", COLOURS)
def test_every_use_of_a_colour_can_be_read(colour):
    accent = accent_of(colour)

    pairs = [(WHITE, accent.fill), (WHITE, accent.strong), (accent.on_light, accent.soft_light)]
    pairs += [(accent.on_dark, accent.soft_dark)]
    pairs += [(accent.on_light, surface) for surface in LIGHT_SURFACES]
    pairs += [(accent.on_dark, surface) for surface in DARK_SURFACES]
    assert min(contrast(*pair) for pair in pairs) >= READABLE
    assert accent.is_as_chosen is (accent.fill == colour)


def test_contrast_is_that_of_wcag():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("colour", ["#ffff00", "#ffffff", "#f5d9e0"])
def test_what_is_far_too_light_is_refused_with_the_nearest(colour):
    with pytest.raises(Unreadable) as refused:
        accent_of(colour)

    assert contrast(WHITE, refused.value.nearest) >= READABLE


WRONG = [("yellow", "accent"), ("#12345", "accent"), ("#ffff00", "accent"), ("#gggggg", "accent")]


@pytest.fixture
def rhea(world):
    return actor_for(world.rhea.user)


@pytest.mark.parametrize(("typed", "field"), WRONG)
def test_a_colour_nobody_can_read_is_refused_in_words(typed, field, world, rhea):
    with pytest.raises(BrandingRefused) as refused:
        set_branding(rhea, world.brightwater, Look(accent=typed), now=world.now)

    assert list(refused.value.fields) == [field]
    assert not Branding.objects.exists()


def a_logo(size=(900, 300)) -> bytes:
    out = io.BytesIO()
    Image.new("RGBA", size, (122, 31, 61, 128)).save(out, "PNG")
    return out.getvalue()


def test_what_is_no_picture_is_no_logo(world, rhea):
    svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
    for data in (b"hello", svg, b"x" * (2 * 1024 * 1024 + 1)):
        with pytest.raises(BrandingRefused):
            set_branding(rhea, world.brightwater, Look(logo=data), now=world.now)


def test_who_does_not_look_after_them_does_not_brand_them(world):
    with pytest.raises(AccountNotFound):
        set_branding(actor_for(world.ruben.user), world.brightwater, Look(accent="#7a1f3d"), now=world.now)
    with pytest.raises(PermissionMissing):
        set_branding(actor_for(world.boris.user), world.brightwater, Look(accent="#7a1f3d"), now=world.now)


@pytest.fixture
def branded(world, rhea, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    look = Look(accent="7A1F3D", greeting_name="Brightwater House", logo=a_logo())
    return set_branding(rhea, world.brightwater, look, now=world.now)


def test_the_portal_wears_it_for_them_and_their_subsidiaries_alone(world, branded, client):
    def page_of(contact) -> str:
        client.force_login(contact.user)
        return client.get(reverse("portal:home")).content.decode()

    for contact in (world.anna, world.lena):
        page = page_of(contact)
        assert "<h1>Brightwater House</h1>" in page and branded.logo.url in page and "/branding/" in page
    stranger = page_of(world.xaver)
    assert "Brightwater" not in stranger and "/branding/" not in stranger
    assert client.get(reverse("portal:branding", args=["0"])).status_code == 404


def test_its_colours_are_a_stylesheet_that_is_kept(world, branded, signed_in):
    anna, stamp = signed_in(world.anna), brand_of(account_for(actor_for(world.rhea.user), "AC-1")).stamp
    sheet = anna.get(reverse("portal:branding", args=[stamp]))

    assert sheet["Content-Type"].startswith("text/css") and "immutable" in sheet["Cache-Control"]
    assert "--brand: #7a1f3d" in sheet.content.decode()
    assert "no-store" in anna.get(reverse("portal:branding", args=["old"]))["Cache-Control"]


def test_the_logo_is_kept_small(branded):
    with Image.open(branded.logo) as kept:
        assert (kept.format, kept.size) == ("PNG", (480, 160))


def mail_to(world, address) -> str:
    context = {"contact": world.anna, "account": world.brightwater, "invited_by": "X", "token": "t", "days": 7}
    message = compose(
        to=address, template="invitation", context=context, language="en", account_id=world.brightwater.pk
    )
    return message.alternatives[0].content


def test_mail_to_them_wears_it_and_mail_about_them_does_not(world, branded):
    assert branded.logo.url in mail_to(world, world.anna.email)
    assert "#7a1f3d" in mail_to(world, world.anna.email.upper())
    ours = mail_to(world, world.rhea.user.email)
    assert branded.logo.url not in ours and "#7a1f3d" not in ours and "#0b5d66" in ours
    assert brand_on_mail(world.calder.pk, world.xaver.email) is None


def test_the_rep_sets_it_on_the_account_page_and_takes_it_away(world, client, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    client.force_login(world.rhea.user)
    address = reverse("workspace:branding", args=["AC-1"])
    logo = SimpleUploadedFile("logo.png", a_logo(), "image/png")
    page = client.post(address, {"accent": "#ff0000", "logo": logo}, follow=True).content.decode()
    assert "is shown as #d60000 on light pages" in page

    client.post(address, {"without_logo": "on"})
    assert not Branding.objects.exists()
    names = list(Event.objects.filter(name__startswith="branding").order_by("pk").values_list("name", flat=True))
    assert names == ["branding.set", "branding.removed"]


def admin_form(client, address) -> dict:
    form = client.get(address).context["adminform"].form
    return {name: value for name, value in form.initial.items() if value not in (None, "")}


def test_a_photo_uploaded_in_the_admin_becomes_a_small_square(world, client, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    client.force_login(world.otto)
    address = reverse("admin:accounts_rep_change", args=[world.rhea.pk])
    typed = admin_form(client, address)
    wrong = client.post(address, typed | {"photo": SimpleUploadedFile("me.png", b"hello")})
    client.post(address, typed | {"photo": SimpleUploadedFile("me.png", a_logo((600, 900)))})

    assert "It is no picture" in wrong.content.decode()
    with Image.open(Rep.objects.get(pk=world.rhea.pk).photo) as kept:
        assert kept.size == (320, 320)
    client.force_login(world.anna.user)
    assert "Portrait of Rhea" in client.get(reverse("portal:home")).content.decode()


def test_the_question_after_a_delivery_wears_it_too(world, branded):
    asked = plan_invitation(delivered(world, world.anna).pk, now=world.now)
    row = Invitation.objects.filter(pk=asked.pk).values(*FOR_LETTER).get()
    written = letter(row, "a-token").alternatives[0].content

    assert branded.logo.url in written and "#7a1f3d" in written
    Branding.objects.all().delete()
    row = Invitation.objects.filter(pk=asked.pk).values(*FOR_LETTER).get()
    assert "#7a1f3d" not in letter(row, "a-token").alternatives[0].content
