from dataclasses import replace

from hypothesis import assume, given
from hypothesis import strategies as st

from tests.tiers.strategies import CULTIVATION, VECTORS, partners, signals, standings
from tiers import wording
from tiers.classification import Policy, Signals, Standing, Tier, Verdict, classify
from tiers.disclosure import (
    PRIVATE,
    disclosed,
    disclosed_codes,
    disclosed_lines,
    disclosed_prospects,
)
from tiers.prospects import what_would_change

CONDUCT_SIGNALS = ["abusive_730", "disrespectful_180", "incidents_total", "negative_180"]
ABUSE = {"abusive_730": 1, "incidents_total": 1}


def prospects_of(partner, standing):
    return what_would_change(partner, standing, Policy())


def test_a_verdict_on_conduct_is_private():
    verdict = classify(
        signals(ABUSE, referrals_365=9, days_since_referral=1),
        Standing("cease", "X2", 30),
        Policy(),
    )
    assert verdict.flags == ("high_producer_conduct", "serve_referral")
    assert disclosed(verdict) == Verdict(Tier.CEASE, "private", ("private",), ("serve_referral",))


def test_a_standing_verdict_on_conduct_is_private():
    standing = Standing("cease", "X1", 900)
    verdict = classify(signals(incidents_total=1), standing, Policy())
    assert disclosed(verdict) == Verdict(Tier.CEASE, "private", ("private",), ())


def test_a_verdict_without_conduct_stays_but_for_its_flag():
    verdict = classify(signals(negative_180=1, synergy=None), CULTIVATION, Policy())
    assert verdict.flags == ("conduct_watch", "needs_synergy")
    assert disclosed(verdict) == replace(verdict, flags=("needs_synergy",))


def test_stored_codes_are_disclosed_as_a_verdict_is():
    codes = disclosed_codes("X1", ["X1a", "X1b"], ["conduct_watch", "reopened"])
    assert codes == ("private", ("private",), ("reopened",))
    assert disclosed_codes(None, [], []) == (None, (), ())
    assert disclosed_codes("X2", ["stays"], []) == ("X2", ("stays",), ())


def test_what_is_private_reads_so():
    private = Verdict(Tier.CEASE, "private", ("private",), ())
    assert wording.explain(private) == f"Cease: {PRIVATE}."
    assert wording.why("private", ["private"], []) == PRIVATE.capitalize()


def test_lines_about_conduct_are_left_out_whether_they_hold_or_not():
    quiet = wording.test_lines(signals(), CULTIVATION, Policy())
    abused = wording.test_lines(signals(ABUSE), CULTIVATION, Policy())
    assert disclosed_lines(quiet) == disclosed_lines(abused)
    assert len(quiet) - len(disclosed_lines(quiet)) == 3


def test_prospects_of_who_asked_us_to_stop_do_not_tell_of_conduct():
    stopped = Standing("cease", "X4", 30)
    quiet = prospects_of(signals(do_not_contact=True), stopped)
    abused = prospects_of(signals(ABUSE, do_not_contact=True), stopped)
    assert quiet != abused
    assert disclosed_prospects(quiet) == disclosed_prospects(abused) == ()


@given(partners, standings)
def test_disclosed_prospects_are_still_true(partner, standing):
    for prospect in disclosed_prospects(prospects_of(partner, standing)):
        verdict = classify(prospect.signals, prospect.standing, Policy())
        assert verdict.tier == prospect.tier


notes = st.fixed_dictionaries({name: st.integers(0, 4) for name in CONDUCT_SIGNALS})


@given(partners, standings, notes)
def test_who_may_not_see_conduct_sees_the_same_whatever_was_noted(partner, standing, conduct):
    """Two partners who differ in conduct notes alone read alike, unless the tier itself differs."""
    other = replace(partner, **conduct)
    seen, other_seen = shown(partner, standing), shown(other, standing)
    # A Cease over conduct is private, but it is a Cease: the tier is for everybody.
    assume(seen["verdict"].rule != "private")
    assume(other_seen["verdict"].rule != "private")
    assume(standing.rule != "X1" or bool(partner.incidents_total) == bool(other.incidents_total))
    assert seen == other_seen


def shown(partner, standing):
    verdict = classify(partner, standing, Policy())
    return {
        "verdict": disclosed(verdict),
        "sentence": wording.explain(disclosed(verdict)),
        "lines": disclosed_lines(wording.test_lines(partner, standing, Policy())),
        "prospects": disclosed_prospects(what_would_change(partner, standing, Policy())),
    }


def test_no_text_of_a_worked_case_tells_of_conduct():
    for case in VECTORS["cases"]:
        partner, standing = Signals(**case["signals"]), Standing(**case["standing"])
        seen = shown(partner, standing)
        texts = [seen["sentence"], *(line.sentence for line in seen["lines"])]
        texts += [prospect.sentence for prospect in seen["prospects"]]
        verdict = seen["verdict"]
        texts += [wording.why(verdict.rule, verdict.reasons, verdict.flags), str(verdict)]
        for word in ("conduct", "abus", "disrespect", "negative", "incident", "X1"):
            assert not [text for text in texts if word in text], case["id"]
