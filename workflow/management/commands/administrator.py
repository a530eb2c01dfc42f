"""The first administrator, and what only somebody at the machine may mend."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from workflow.groups import accounts
from workflow.groups.models import Person


class Command(BaseCommand):
    help = "Make somebody an administrator; they sign in with a code by mail. Or turn somebody's second step off."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="")
        parser.add_argument(
            "--forget-second-step",
            action="store_true",
            help="only turn two-step sign-in off for this person, who has lost phone and recovery codes",
        )

    def handle(self, *args: Any, email: str, name: str, forget_second_step: bool, **options: Any) -> None:
        if forget_second_step:
            self._forget(email)
            return
        try:
            person = accounts.make_administrator(email, name=name)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"{person.email} is an administrator and signs in with a code by mail.")

    def _forget(self, email: str) -> None:
        person = Person.objects.filter(email=email.strip().lower()).first()
        if person is None:
            raise CommandError(f"Nobody has the address {email}.")
        turned_off = accounts.forget_second_step(person)
        said = "signs in with a code by mail alone" if turned_off else "had no second step"
        self.stdout.write(f"{person.email} {said}.")
