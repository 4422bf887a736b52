from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from interactions.encryption import key_ids
from interactions.rotation import Rotation, rotate

NUMBERS_NAMED = 20


class Command(BaseCommand):
    help = (
        "Seal borrowers' phones and e-mail addresses anew with the first of BORROWER_KEYS. Safe "
        "beside people who work; a run that was stopped goes on where it was."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="only tell, and write nothing")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        """Ends with 1 where a value cannot be opened; such values stay as they are."""
        keys = key_ids()
        done = rotate(only_look=check)
        verb = "would be sealed" if check else "were sealed"
        self.stdout.write(f"{_count(done.referrals)} {verb} anew with the key {keys[0]}.")
        self._tell_keys(done, keys)
        if done.cannot_open:
            raise CommandError(_unreadable(done.cannot_open))

    def _tell_keys(self, done: Rotation, keys: list[str]) -> None:
        unused = done.not_needed(keys)
        for place, key in enumerate(keys[1:], start=2):
            if key in unused:
                words = (
                    "is not needed here any more: take it out of BORROWER_KEYS once no backup "
                    "needs it"
                )
            else:
                words = f"still seals {done.by_key[key]} values"
            self.stdout.write(f"The key {key}, number {place} of BORROWER_KEYS, {words}.")


def _count(referrals: int) -> str:
    return f"{referrals} referral" if referrals == 1 else f"{referrals} referrals"


def _unreadable(numbers: list[int]) -> str:
    named = ", ".join(str(number) for number in numbers[:NUMBERS_NAMED])
    more = len(numbers) - NUMBERS_NAMED
    return (
        f"{_count(len(numbers))} cannot be opened by any of these keys and stayed as they were: "
        f"number {named}{f' and {more} more' if more > 0 else ''}. "
        "If an old key is missing from BORROWER_KEYS, put it back behind the others and run this "
        "again."
    )
