"""What is due for one partner, told a second time: slowly, from the words of docs/playbook.md.

Shares no code with `touches`: the tests compare the two.
"""

from datetime import date, timedelta

# Federal holidays and the days on which they are observed, from the calendar of OPM.
HOLIDAYS = {
    date(2026, month, day)
    for month, day in [
        (1, 1), (1, 19), (2, 16), (5, 25), (6, 19), (7, 3), (7, 4), (9, 7), (10, 12), (11, 11),
        (11, 26), (12, 25),
    ]
} | {
    date(2027, month, day)
    for month, day in [
        (1, 1), (1, 18), (2, 15), (5, 31), (6, 18), (6, 19), (7, 4), (7, 5), (9, 6), (10, 11),
        (11, 11), (11, 25), (12, 24), (12, 25), (12, 31),
    ]
}  # fmt: skip

IN_PERSON = ["coffee", "lunch", "meeting", "brainstorm", "event"]


def is_talk(log):
    return log["direction"] == "in" or log["outcome"] == "connected"


def is_touch(log):
    return log["direction"] == "out" and log["purpose"] in ["relationship", "gratitude"]


def fits(kind, log):
    """Whether a contact is of the kind that is asked for."""
    sent = log["direction"] == "out"
    if kind in ["personal_call", "congratulate"]:
        return log["kind"] in ["call", "video"] and log["outcome"] == "connected"
    if kind in ["in_person", "focus_in_person"]:
        return log["kind"] in IN_PERSON and is_talk(log)
    if kind in ["handwritten_note", "prepare"]:
        return log["kind"] == "note" and sent
    if kind == "review":
        return log["was_review"] and is_talk(log)
    if kind == "focus_conversation":
        return is_talk(log)
    if kind == "value_given":
        held = log["kind"] in ["class", "open_house"] and log["outcome"] != "no_response"
        return held or (log["gave_value"] and is_touch(log))
    if kind == "light_touch":
        return log["kind"] in ["social", "email", "text"] and sent
    if kind in ["personal_touch", "first_touch"]:
        return is_touch(log)
    if kind == "thanks":
        return is_touch(log) and log["purpose"] == "gratitude"
    return False


CADENCES = {
    "maintenance": {"personal_call": 30, "in_person": 90, "handwritten_note": 90, "review": 180},
    "focus": {
        "focus_conversation": 14, "focus_in_person": 45, "value_given": 30, "light_touch": 14,
    },
    "cultivation": {"personal_touch": 42},
    "too_new": {},
    "cease": {},
}  # fmt: skip
SILENT = {
    "no_calls": ["personal_call", "congratulate"],
    "no_mail": ["handwritten_note", "prepare"],
}


def works(day):
    return day.weekday() < 5 and day not in HOLIDAYS


def back_to_work(day):
    return day if works(day) else back_to_work(day - timedelta(days=1))


def on_to_work(day):
    return day if works(day) else on_to_work(day + timedelta(days=1))


def kept(month, day, year):
    """29 February is kept on the 28th, where there is none."""
    try:
        return date(year, month, day)
    except ValueError:
        return date(year, month, 28)


class Story:
    """A partner from the first day on: what happened, and what is due by it."""

    def __init__(self, audience, begun, birthday=None, start=None, silent=(), in_peace=False):
        self.audience = audience
        self.begun = begun
        self.birthday = birthday
        self.start = start
        self.silent = {kind for name in silent for kind in SILENT[name]}
        # They asked us to stop, or we step away from them.
        self.in_peace = in_peace
        self.logs = []
        self.referrals = []
        # By kind: the days of skips; the day and the end of an open snooze.
        self.skips = {}
        self.snoozes = {}
        # By name, such as ("congratulate", "birthday", 2027): what a person did with that row.
        self.moved = {}
        self.closed = set()

    def snooze(self, kind, name, until, today):
        if name:
            self.moved[kind, *name] = until
        elif self.open_snooze(kind):
            self.snoozes[kind] = (self.snoozes[kind][0], until)
        else:
            self.snoozes[kind] = (today, until)

    def skip(self, kind, name, today):
        if name:
            self.closed.add((kind, *name))
        else:
            self.skips.setdefault(kind, []).append(today)
            self.snoozes.pop(kind, None)

    def logged_since(self, kind, day):
        return any(log["day"] >= day and fits(kind, log) for log in self.logs)

    def open_snooze(self, kind):
        opened = self.snoozes.get(kind)
        return opened[1] if opened and not self.logged_since(kind, opened[0]) else None

    def due(self, today):
        """Kind, name and day of all that is overdue, due, or due within three days."""
        if self.in_peace:
            return set()
        found = [*self.cadences(), *self.ladder(), *self.occasions(today), *self.thanks(today)]
        return {
            (kind, name, day)
            for kind, name, day in found
            if day <= today + timedelta(days=3)
            and kind not in self.silent
            and self.audience != "cease"
        }

    def cadences(self):
        for kind, every in CADENCES[self.audience].items():
            days = [log["day"] for log in self.logs if fits(kind, log)] + self.skips.get(kind, [])
            last = max(days) if days else self.begun
            yield kind, (), self.open_snooze(kind) or last + timedelta(days=every)

    def ladder(self):
        if self.audience != "too_new":
            return
        day = on_to_work(self.begun + timedelta(days=1))
        rungs = [("first", on_to_work(day + timedelta(days=1)), self.begun)]
        for days in [7, 21, 45, 75, 105]:
            day = self.begun + timedelta(days=days)
            rungs.append((f"day {days}", day, day - timedelta(days=3)))
        left = [
            (self.moved.get(("first_touch", name), day), name)
            for name, day, opens in rungs
            if ("first_touch", name) not in self.closed
            and not self.logged_since("first_touch", opens)
        ]
        if left:
            day, name = min(left, key=lambda pair: pair[0])
            yield "first_touch", (name,), day

    def occasions(self, today):
        for year in [today.year - 1, today.year, today.year + 1]:
            days = {"birthday": self.birthday and kept(*self.birthday, year)}
            if self.start and year > self.start.year:
                days["anniversary"] = kept(self.start.month, self.start.day, year)
            for occasion, day in days.items():
                if day and day >= self.begun:
                    yield from self.card_and_call(occasion, year, day, today)

    def card_and_call(self, occasion, year, day, today):
        call_on = back_to_work(day)
        card_on = day - timedelta(days=10)
        # A card that came too late for its own day is still due before that of the call.
        if card_on >= self.begun or call_on > self.begun:
            opens, name = card_on - timedelta(days=14), ("prepare", occasion, year)
            due_on = self.moved.get(name, max(card_on, self.begun))
            if self.is_open(name, opens) and today <= call_on:
                yield "prepare", (occasion, year), due_on
        name = ("congratulate", occasion, year)
        due_on = self.moved.get(name, call_on)
        if self.is_open(name, call_on) and today <= due_on + timedelta(days=7):
            yield "congratulate", (occasion, year), due_on

    def is_open(self, name, opens):
        return name not in self.closed and not self.logged_since(name[0], opens)

    def thanks(self, today):
        put_off = self.open_snooze("thanks")
        ended = [log["day"] for log in self.logs if fits("thanks", log)]
        ended += self.skips.get("thanks", [])
        waiting = [
            day
            for day in self.referrals
            if day >= today - timedelta(days=14) and all(day > end for end in ended)
        ]
        if put_off:
            yield "thanks", (), put_off
        elif waiting:
            yield "thanks", (), on_to_work(min(waiting))
