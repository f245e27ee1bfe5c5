from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from apps.accounts.models import Contact
from apps.accounts.services.log_ins import open_log_in
from apps.core.errors import Refusal


class Command(BaseCommand):
    help = "Give the first buyer of an account a log-in and print the link by which they set their password."

    def add_arguments(self, parser):
        parser.add_argument("account", help="the account's number")
        parser.add_argument("email", help="the address to log in with")

    def handle(self, *, account, email, **options):
        contact = Contact.objects.filter(account__number=account, role=Contact.Role.BUYER).order_by("pk").first()
        if contact is None:
            raise CommandError(f"There is no account {account} with a buyer.")
        try:
            user = open_log_in(contact, email=email)
        except Refusal as refusal:
            raise CommandError(refusal.detail) from refusal
        uid = urlsafe_base64_encode(force_bytes(user.pk))
        link = reverse("password_reset_confirm", args=[uid, default_token_generator.make_token(user)])
        self.stdout.write(f"{contact.name} of {contact.account} sets a password at {settings.PORTAL_URL}{link}")
