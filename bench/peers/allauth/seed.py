"""Makes the database with one user."""

import os

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "settings"
django.setup()

from django.contrib.auth import get_user_model  # noqa: E402 - after the set-up
from django.core.management import call_command  # noqa: E402 - as above

call_command("migrate", verbosity=0)
get_user_model().objects.create_user("camille", "camille@example.fr", os.environ["PEER_PIN"])
