import pytest

from insights.sets import sets_of
from insights.titles import title_of
from tests.insights.plain import C, M, X, book, history, partner, referral


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("tier:cease", "Cease"),
        ("tier:maintenance:2026-02-28", "Maintenance on February 28, 2026"),
        ("move:cultivation:maintenance", "From Cultivation to Maintenance"),
        ("move:cease:cease", "Cease at the start and at the end"),
        ("move:new:cultivation", "New in the period, now in Cultivation"),
        ("move:cease:archived", "Cease at the start, archived since"),
        ("effort:cultivation", "Touches with partners in Cultivation"),
        ("effort:unknown", "Touches before a tier was known"),
        ("uncovered:focus", "Not covered: the focus list"),
        ("received:2026-03", "Referrals received in March 2026"),
        ("received:365", "Referrals received in 365 days"),
        ("reached:2026-03:funded", "Referrals received in March 2026 that were funded"),
        ("lost:did_not_qualify", "Lost in the period: did not qualify"),
        ("flag:cultivation:win_back", "Cultivation: win back"),
        ("largest:7", "Referrals of one partner in 365 days"),
    ],
)
def test_a_set_is_called_in_words(name, title):
    assert title_of(name) == title


@pytest.mark.parametrize(
    "name",
    [
        "", "tier", "tier:gold", "tier:cease:someday", "tier:cease:2026-02-28:x", "move:new",
        "effort:focus", "received:2026-13", "received:", "largest:me", "flag:cease:rich", "x:y",
        "move:archived:new", "__class__", "reached:2026-03:paid",
    ],
)  # fmt: skip
def test_what_no_set_is_called_has_no_title(name):
    with pytest.raises(KeyError):
        title_of(name)


def test_every_set_has_a_title():
    known = {1: history((900, C), (5, M)), 2: history((5, C)), 3: history((900, X))}
    partners = [partner(1, flags=("slipping",)), partner(2), partner(3, archived=4)]
    lost = referral(1, ("lost", 2, "paid_cash"))
    names = list(sets_of(book(partners, known, referrals=[lost])))
    assert len({title_of(name) for name in names}) == len(names) > 90
