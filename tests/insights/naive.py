"""The figures counted a second time: slowly, from the words of docs/figures.md.

Plain loops over rows of the database; shares no code with `insights` but the shape of a report.
"""

from datetime import date, timedelta

from accounts.models import User
from insights import report as shape
from interactions.models import Interaction, Referral
from partners.models import Partner
from tiers.models import TierOverride, TierStanding
from tiers.services import judge
from tiers.verdict import Tier
from touches.models import FocusPlace

M, C, X = Tier.MAINTENANCE, Tier.CULTIVATION, Tier.CEASE
KIND_MINUTES = {
    "call": 10, "text": 2, "email": 5, "note": 10, "social": 5, "video": 30, "coffee": 60,
    "lunch": 75, "meeting": 60, "brainstorm": 60, "event": 120, "class": 90, "open_house": 120,
}  # fmt: skip
WAY = [
    "received", "contacted", "application", "pre_approved", "under_contract", "processing",
    "clear_to_close", "funded",
]  # fmt: skip
# As OPM tells them, for the months of the tests.
HOLIDAYS = [
    date(2025, 9, 1), date(2025, 10, 13), date(2025, 11, 11), date(2025, 11, 27),
    date(2025, 12, 25), date(2026, 1, 1), date(2026, 1, 19), date(2026, 2, 16), date(2026, 5, 25),
    date(2026, 6, 19), date(2026, 7, 3), date(2026, 7, 4), date(2026, 9, 7), date(2026, 10, 12),
    date(2026, 11, 11), date(2026, 11, 26), date(2026, 12, 25),
]  # fmt: skip


def local(moment, zone):
    return moment.astimezone(zone).date()


class Naive:
    """Counts one scope; `branches` empty for a person's own figures."""

    def __init__(self, now, end, days, branches=(), officer=None, partner_type=""):
        self.now, self.end, self.start = now, end, end - timedelta(days=days)
        self.branches, self.officer, self.partner_type = branches, officer, partner_type
        self.all_partners = list(
            Partner.objects.select_related("owner")
            .prefetch_related("tier_changes", "tier_overrides")
            .order_by("pk")
        )
        self.by_pk = {partner.pk: partner for partner in self.all_partners}
        self.changes = {one.pk: list(one.tier_changes.all()) for one in self.all_partners}
        self.held_by = {one.pk: list(one.tier_overrides.all()) for one in self.all_partners}
        self.overrides = list(TierOverride.objects.all())
        self.interactions = list(Interaction.objects.all())
        self.known_tiers, self.known_flags = {}, {}
        self.partners = [one for one in self.all_partners if self.is_mine(one)]
        self.referrals = self.referrals_then()

    # --- who

    def fits(self, partner):
        """Whether the branch and the type fit, whoever looks after the partner."""
        if self.branches and partner.owner.branch_id not in self.branches:
            return False
        return not self.partner_type or partner.partner_type == self.partner_type

    def is_mine(self, partner):
        return self.fits(partner) and self.officer in (None, partner.owner_id)

    def is_today(self, partner):
        return self.end >= local(self.now, partner.owner.zone)

    def is_archived(self, partner, day):
        at = partner.archived_at
        return at is not None and local(at, partner.owner.zone) <= day

    # --- tiers

    def change(self, partner, day):
        known = [change for change in self.changes[partner.pk] if change.on <= day]
        return max(known, key=lambda change: (change.on, change.pk)) if known else None

    def ended_on(self, override, partner):
        return override.ended_at and local(override.ended_at, partner.owner.zone)

    def held(self, partner, day):
        """The override in force at the end of a day."""
        change = self.change(partner, day)
        if change is None or change.rule == "X4":
            return None
        for one in self.held_by[partner.pk]:
            if not one.starts_on <= day <= one.ends_on:
                continue
            ended = self.ended_on(one, partner)
            if ended and ended <= day:
                continue
            if change.rule != "X1" or one.by_manager:
                return one
        return None

    def tier(self, partner, day):
        if (partner.pk, day) not in self.known_tiers:
            self.known_tiers[partner.pk, day] = self.tier_anew(partner, day)
        return self.known_tiers[partner.pk, day]

    def tier_anew(self, partner, day):
        held, change = self.held(partner, day), self.change(partner, day)
        if change is None:
            return None
        return Tier(held.tier if held else change.tier)

    def in_book(self, partner, day):
        return None if self.is_archived(partner, day) else self.tier(partner, day)

    def entered(self, partner, tier):
        """The last day of the period that began with this tier, and the day before did not."""
        day = self.end
        while day > self.start:
            before = self.tier(partner, day - timedelta(days=1))
            if self.tier(partner, day) == tier and before != tier:
                return day
            day -= timedelta(days=1)
        return None

    def count(self, day, partners=None):
        tiers = [self.in_book(one, day) for one in partners or self.partners]
        return shape.TiersOn(day, tiers.count(M), tiers.count(C), tiers.count(X))

    # --- touches

    def touches(self):
        return [
            row
            for row in self.interactions
            if row.direction == "out" and row.purpose in ("relationship", "gratitude")
        ]

    def minutes(self, row):
        return KIND_MINUTES[row.kind] if row.minutes is None else row.minutes

    def effort(self, officer):
        """Of all the scope's partners, or of one officer whoever has the partner."""
        spent, unknown = {M: 0, C: 0, X: 0}, 0
        for row in self.touches():
            partner = self.by_pk[row.partner_id]
            if not self.start < row.day <= self.end or not self.fits(partner):
                continue
            if officer is not None and row.officer_id != officer:
                continue
            tier = self.tier(partner, row.day)
            if tier is None:
                unknown += 1
            else:
                spent[tier] += self.minutes(row)
        return shape.Effort(spent[M], spent[C], spent[X], unknown)

    def last_talk(self, partner):
        days = [
            row.day
            for row in self.interactions
            if row.partner_id == partner.pk
            and row.day <= self.end
            and (row.direction == "in" or row.outcome == "connected")
        ]
        return max(days, default=None)

    def audience(self, partner):
        tier = self.in_book(partner, self.end)
        if tier == C:
            places = FocusPlace.objects.filter(partner=partner)
            on_it = any(one.starts_on <= self.end <= one.ends_on for one in places)
            return "focus" if on_it else "cultivation"
        return {M: "maintenance"}.get(tier)

    def is_covered(self, partner, limit):
        last = self.last_talk(partner)
        return last is not None and self.end - last <= timedelta(days=limit)

    def coverage(self, partners):
        for audience, limit in [("maintenance", 45), ("focus", 21), ("cultivation", 60)]:
            asked = [one for one in partners if self.audience(one) == audience]
            covered = sum(self.is_covered(one, limit) for one in asked)
            yield shape.Covered(audience, limit, shape.Rate(covered, len(asked)))

    # --- referrals

    def referrals_then(self):
        """Each referral as a dict of what is asked about it, as of the end."""
        mine = {partner.pk for partner in self.partners}
        found = []
        for row in Referral.objects.prefetch_related("moves").order_by("pk"):
            if row.partner_id in mine and row.day <= self.end:
                found.append(self.referral_then(row))
        return found

    def referral_then(self, row):
        moves = sorted(row.moves.all(), key=lambda move: (move.at, move.pk))
        moves = [move for move in moves if move.day <= self.end]
        partner = self.by_pk[row.partner_id]
        if self.is_today(partner):
            stage, reason = row.stage, row.lost_reason
        elif moves:
            stage, reason = moves[-1].stage, moves[-1].lost_reason
        else:
            stage, reason = "received", ""
        reached, contacted = [], None
        for move in moves:
            if move.stage in WAY:
                place = WAY.index(move.stage)
                # What lay beyond is taken back.
                reached = [one for one in reached if one < place] + [place]
                if place == 0:
                    contacted = None
                elif contacted is None:
                    contacted = move.at
        dated = [move.day for move in moves if move.stage == stage]
        return {
            "row": row,
            "partner": partner,
            "received": row.direction == "received",
            "counts": stage not in ("junk", "duplicate"),
            "stage": stage,
            "reason": reason,
            "furthest": max(reached, default=0),
            "contacted": contacted,
            "since": dated[-1] if dated else None,
            "undated": not dated and stage != "received",
        }

    def months(self):
        year, month = self.end.year, self.end.month
        for _ in range(12):
            yield date(year, month, 1)
            year, month = (year, month - 1) if month > 1 else (year - 1, 12)

    def conversion(self):
        undated, lines = 0, []
        for first in sorted(self.months()):
            following = (first + timedelta(days=32)).replace(day=1)
            rows = [
                one
                for one in self.referrals
                if one["received"] and one["counts"] and first <= one["row"].day < following
            ]
            undated += sum(one["undated"] for one in rows)
            rows = [one for one in rows if not one["undated"]]
            lines.append(
                shape.Conversion(
                    first,
                    len(rows),
                    *(sum(one["furthest"] >= WAY.index(stage) for one in rows)
                      for stage in ("application", "pre_approved", "funded")),
                    is_open=(self.end - (following - timedelta(days=1))).days < 120,
                )
            )  # fmt: skip
        return tuple(lines), undated

    def ended(self):
        funded, lost_late, undated, reasons = 0, 0, 0, {}
        for one in self.referrals:
            if not one["received"] or one["stage"] not in ("funded", "lost"):
                continue
            if one["undated"]:
                undated += 1
            elif self.start < one["since"] <= self.end:
                if one["stage"] == "funded":
                    funded += 1
                else:
                    reasons[one["reason"]] = reasons.get(one["reason"], 0) + 1
                    lost_late += one["furthest"] >= WAY.index("application")
        lines = [shape.Lost(reason, count) for reason, count in reasons.items()]
        lines.sort(key=lambda line: (-line.count, line.reason))
        return shape.Rate(funded, funded + lost_late), undated, tuple(lines)

    def year(self, received):
        counts = {}
        for one in self.referrals:
            within = one["counts"] and (self.end - one["row"].day).days <= 365
            if within and one["received"] == received:
                pk = one["partner"].pk
                counts[pk] = counts.get(pk, 0) + 1
        return counts

    def concentration(self):
        received, given = self.year(received=True), self.year(received=False)
        largest = sorted(received, key=lambda pk: (-received[pk], pk))[:5]
        senders = tuple(
            shape.Sender(
                pk, self.by_pk[pk].full_name, self.by_pk[pk].owner.name, received[pk],
                given.get(pk, 0),
            )
            for pk in largest
        )  # fmt: skip
        part = sum(received[pk] for pk in largest)
        return shape.Concentration(shape.Rate(part, sum(received.values())), senders)

    def exchange(self):
        received, given = self.year(received=True), self.year(received=False)
        return shape.Exchange(
            sum(received.values()),
            sum(given.values()),
            both=len([pk for pk in received if pk in given]),
            only_received=len([pk for pk in received if pk not in given]),
            only_given=len([pk for pk in given if pk not in received]),
        )

    def of_period(self):
        return [
            one
            for one in self.referrals
            if one["received"] and one["counts"] and one["row"].day > self.start
        ]

    def first_contact(self):
        hours, waiting, undated = [], 0, 0
        for one in self.of_period():
            if one["contacted"]:
                took = one["contacted"] - one["row"].received_at
                hours.append(took / timedelta(hours=1))
            elif one["stage"] == "received":
                waiting += 1
            else:
                undated += 1
        hours.sort()
        middle = None
        if hours:
            low, high = hours[(len(hours) - 1) // 2], hours[len(hours) // 2]
            middle = low if low == high else (low + high) / 2
        return shape.FirstContact(middle, len(hours), waiting, undated)

    def next_working_day(self, day):
        day += timedelta(days=1)
        while day.weekday() in (5, 6) or day in HOLIDAYS:
            day += timedelta(days=1)
        return day

    def thanks(self):
        in_time, late, not_due = 0, 0, 0
        for one in self.of_period():
            last = self.next_working_day(one["row"].day)
            thanked = any(
                row.partner_id == one["partner"].pk
                and row.purpose == "gratitude"
                and one["row"].day <= row.day <= min(last, self.end)
                for row in self.touches()
            )
            if thanked:
                in_time += 1
            elif last > self.end or (last == self.end and self.is_today(one["partner"])):
                not_due += 1
            else:
                late += 1
        return shape.Thanks(shape.Rate(in_time, in_time + late), not_due)

    def waiting(self):
        found = {}
        for one in self.referrals:
            if one["received"] and one["stage"] == "received":
                found.setdefault(one["partner"].pk, []).append(one["row"].day)
        lines = [
            shape.Waiting(
                pk, self.by_pk[pk].full_name, self.by_pk[pk].owner.name, len(days), min(days)
            )
            for pk, days in found.items()
        ]
        return tuple(sorted(lines, key=lambda line: (line.since, line.partner_id)))

    # --- who moved, who is in danger

    def flags(self, partner):
        if partner.pk not in self.known_flags:
            self.known_flags[partner.pk] = self.flags_anew(partner)
        return self.known_flags[partner.pk]

    def flags_anew(self, partner):
        if not self.is_today(partner):
            [case] = judge([partner.pk], as_of=self.end)
            return case.verdict.flags
        standing = TierStanding.objects.filter(partner=partner).first()
        return tuple(standing.flags) if standing else ()

    def movement(self, partners):
        counts = {}
        for one in partners:
            before, after = self.in_book(one, self.start), self.in_book(one, self.end)
            if before or after:
                pair = (before or "new", after or "archived")
                counts[pair] = counts.get(pair, 0) + 1
        rows = [*(str(tier) for tier in (M, C, X)), "new", "archived"]
        flows = [
            shape.Flow(before, after, counts[before, after])
            for before in rows
            for after in rows
            if (before, after) in counts
        ]
        started = sum(count for (before, _), count in counts.items() if before == C)
        return shape.Movement(tuple(flows), shape.Rate(counts.get((C, M), 0), started))

    def movers(self):
        found = []
        for one in self.partners:
            before, after = self.in_book(one, self.start), self.in_book(one, self.end)
            if before and after and before != after:
                change = self.change(one, self.end)
                found.append(
                    shape.Mover(
                        one.pk, one.full_name, one.owner.name, before, after,
                        self.entered(one, after), self.held(one, self.end) is not None,
                        change.rule, tuple(change.reasons), tuple(change.flags),
                    )
                )  # fmt: skip
        found.sort(key=lambda mover: mover.partner_id)
        found.sort(key=lambda mover: mover.on, reverse=True)
        return tuple(found)

    def freed(self):
        found = []
        for one in self.partners:
            on = self.entered(one, X)
            if self.in_book(one, self.end) != X or on is None:
                continue
            minutes = sum(
                self.minutes(row)
                for row in self.touches()
                if row.partner_id == one.pk and 1 <= (on - row.day).days <= 90
            )
            found.append(shape.Freed(one.pk, one.full_name, one.owner.name, on, minutes * 7 / 90))
        found.sort(key=lambda line: line.partner_id)
        found.sort(key=lambda line: line.on, reverse=True)
        return tuple(found)

    def health(self):
        found = {}
        for one in self.partners:
            tier = self.in_book(one, self.end)
            for flag in self.flags(one) if tier else ():
                found[tier, flag] = found.get((tier, flag), 0) + 1
        order = [M, C, X]
        pairs = sorted(found, key=lambda pair: (order.index(pair[0]), pair[1]))
        return tuple(shape.Flagged(*pair, found[pair]) for pair in pairs)

    def overrides_past(self):
        found = set()
        for one in self.overrides:
            partner = self.by_pk[one.partner_id]
            ended = self.ended_on(one, partner)
            is_open = one.starts_on <= self.end and (ended is None or ended > self.end)
            in_scope = partner in self.partners and self.in_book(partner, self.end)
            if in_scope and is_open and one.ends_on < self.end:
                found.add(partner.pk)
        return len(found)

    def at_risk(self):
        order = ["our_neglect", "last_chance", "refers_but_silent", "slipping"]
        found = []
        for one in self.partners:
            tier, flags = self.in_book(one, self.end), self.flags(one)
            places = [order.index(flag) for flag in flags if flag in order]
            if tier in (M, C) and places:
                last = self.last_talk(one)
                line = shape.AtRisk(one.pk, one.full_name, one.owner.name, tier, flags, last)
                found.append((min(places), last or date.min, one.pk, line))
        return tuple(each[-1] for each in sorted(found, key=lambda each: each[:3]))

    # --- officers

    def officers(self):
        for person in User.objects.order_by("name", "pk"):
            if self.is_listed(person):
                yield self.officer_line(person)

    def is_listed(self, person):
        if self.officer is not None:
            return person.pk == self.officer
        grants = [grant.role for grant in person.grants.all()]
        if person.is_active and person.branch_id in self.branches and "officer" in grants:
            return True
        return any(
            one.owner_id == person.pk and not self.is_archived(one, self.end)
            for one in self.partners
        )

    def officer_line(self, person):
        theirs = [one for one in self.partners if one.owner_id == person.pk]
        rates = [each.rate for each in self.coverage(theirs)]
        own = [one for one in self.referrals if one["partner"].owner_id == person.pk]
        touched = [
            row.day for row in self.touches() if row.officer_id == person.pk and row.day <= self.end
        ]
        return shape.OfficerLine(
            officer_id=person.pk,
            name=person.name,
            tiers=self.count(self.end, theirs) if theirs else shape.TiersOn(self.end, 0, 0, 0),
            effort=self.effort(person.pk),
            covered=shape.Rate(sum(each.part for each in rates), sum(each.n for each in rates)),
            promoted=self.movement(theirs).promoted,
            received=len([one for one in own if one in self.of_period()]),
            waiting=len([one for one in own if one["received"] and one["stage"] == "received"]),
            last_touch_on=max(touched, default=None),
        )

    def over_time(self):
        year, month = self.end.year - 1, self.end.month
        for _ in range(13):
            day = self.end.day
            while True:
                try:
                    on = date(year, month, day)
                    break
                except ValueError:
                    day -= 1
            yield self.count(on) if self.partners else shape.TiersOn(on, 0, 0, 0)
            year, month = (year, month + 1) if month < 12 else (year + 1, 1)

    def report(self):
        conversion, conversion_undated = self.conversion()
        pull_through, pull_undated, lost = self.ended()
        at_risk = self.at_risk()
        tiers = tuple(self.over_time())
        return shape.Report(
            start=self.start,
            end=self.end,
            counted_at=self.now,
            partners=sum(1 for one in self.partners if self.in_book(one, self.end)),
            tiers_over_time=tiers,
            movement=self.movement(self.partners),
            movers=self.movers(),
            effort=self.effort(self.officer),
            coverage=tuple(self.coverage(self.partners)),
            conversion=conversion,
            conversion_undated=conversion_undated,
            pull_through=pull_through,
            pull_through_undated=pull_undated,
            lost=lost,
            concentration=self.concentration(),
            first_contact=self.first_contact(),
            thanks=self.thanks(),
            exchange=self.exchange(),
            freed=self.freed(),
            health=self.health(),
            overrides_past=self.overrides_past(),
            at_risk=at_risk[:25],
            at_risk_total=len(at_risk),
            waiting=self.waiting(),
            officers=tuple(self.officers()),
        )
