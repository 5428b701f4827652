"""The rules of `next_slot`, held against every case that hypothesis can think of."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publishing.cadence import WEEK, Rule, broken, is_open, next_slot

ZONES = ["UTC", "Europe/Lisbon", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Beirut"]
START = datetime(2026, 3, 1, tzinfo=UTC)
STEP = timedelta(minutes=15)
thorough = settings(derandomize=True, deadline=None, max_examples=150)

steps = st.integers(0, 4 * 24 * 40)
moments = steps.map(lambda step: START + step * STEP)
clocks = st.none() | st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 45]))
rules = st.builds(
    Rule,
    min_gap=st.none() | st.integers(1, 200).map(lambda quarter: quarter * STEP),
    most_per_week=st.none() | st.integers(1, 6),
    weekdays=st.frozensets(st.integers(0, 6)),
    opens=clocks,
    closes=clocks,
    zone=st.sampled_from(ZONES).map(ZoneInfo),
)
crowds = st.lists(moments, max_size=25)


def is_legal(moment, taken, rule):
    """The rules once more, in the plainest words, without any cleverness."""
    if rule.min_gap and any(abs(moment - other) < rule.min_gap for other in taken):
        return False
    if rule.most_per_week:
        together = sorted([*taken, moment])
        for start in together:
            window = [each for each in together if start <= each < start + WEEK]
            if moment in window and len(window) > rule.most_per_week:
                return False
    return is_open(moment, rule)


@thorough
@given(wanted=moments, taken=crowds, rule=rules)
def test_a_slot_is_legal_and_not_before_it_was_wanted(wanted, taken, rule):
    slot = next_slot(wanted, taken, rule)
    assert slot >= wanted
    assert is_legal(slot, taken, rule)
    assert broken(slot, taken, rule) == ""


@thorough
@given(wanted=moments, taken=crowds, rule=rules)
def test_no_earlier_moment_is_legal(wanted, taken, rule):
    slot = next_slot(wanted, taken, rule)
    moment = wanted
    while moment < slot:
        assert not is_legal(moment, taken, rule)
        assert broken(moment, taken, rule)
        moment += STEP


@thorough
@given(wanted=moments, taken=crowds, rule=rules, random=st.randoms(use_true_random=False))
def test_the_order_of_the_others_does_not_matter(wanted, taken, rule, random):
    shuffled = random.sample(taken, len(taken))
    assert next_slot(wanted, shuffled, rule) == next_slot(wanted, taken, rule)


@thorough
@given(wanted=moments, taken=crowds, rule=rules)
def test_a_slot_that_is_legal_is_kept(wanted, taken, rule):
    slot = next_slot(wanted, taken, rule)
    assert next_slot(slot, taken, rule) == slot


@thorough
@given(wanted=moments, rule=rules, count=st.integers(1, 12))
def test_slots_taken_one_after_the_other_never_crowd(wanted, rule, count):
    taken = []
    for _ in range(count):
        taken.append(next_slot(wanted, taken, rule))
    for slot in taken:
        assert is_legal(slot, [other for other in taken if other is not slot], rule)


def test_exactly_the_gap_is_enough():
    rule = Rule(min_gap=timedelta(hours=4))
    assert next_slot(START, [START - timedelta(hours=4), START + timedelta(hours=4)], rule) == START


def test_a_later_neighbour_counts_too():
    rule = Rule(min_gap=timedelta(hours=4))
    assert next_slot(START, [START + timedelta(hours=1)], rule) == START + timedelta(hours=5)


def test_any_seven_days_count_not_the_calendars():
    friday = datetime(2026, 3, 6, 12, tzinfo=UTC)
    taken = [friday, friday + timedelta(days=2)]
    assert next_slot(friday + timedelta(days=4), taken, Rule(most_per_week=2)) == friday + WEEK


@pytest.mark.parametrize(
    ("zone", "wanted", "opens", "slot"),
    [
        # Lisbon, 29 March 2026: the clock goes from 01:00 to 02:00, so 01:30 never comes.
        (
            "Europe/Lisbon",
            datetime(2026, 3, 29, 0, 0, tzinfo=UTC),
            time(1, 30),
            datetime(2026, 3, 29, 1, 0, tzinfo=UTC),
        ),
        # Lisbon, 25 October 2026: 01:30 comes twice, and the first one counts.
        (
            "Europe/Lisbon",
            datetime(2026, 10, 24, 23, tzinfo=UTC),
            time(1, 30),
            datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        ),
        # New York, 8 March 2026: nine in the morning is an hour earlier than the day before.
        ("America/New_York", datetime(2026, 3, 8, 5, 0, tzinfo=UTC), time(9), datetime(2026, 3, 8, 13, 0, tzinfo=UTC)),
    ],
)
def test_hours_follow_the_clock_on_the_wall(zone, wanted, opens, slot):
    rule = Rule(opens=opens, closes=time(20), zone=ZoneInfo(zone))
    assert next_slot(wanted, [], rule) == slot


def test_hours_past_midnight_belong_to_the_day_on_which_they_began():
    rule = Rule(weekdays=frozenset({4}), opens=time(22), closes=time(2))
    saturday = datetime(2026, 3, 7, 1, 59, tzinfo=UTC)
    assert next_slot(saturday, [], rule) == saturday
    assert next_slot(saturday + timedelta(minutes=1), [], rule) == datetime(2026, 3, 13, 22, tzinfo=UTC)


def test_a_rule_that_never_allows_a_post_is_none():
    with pytest.raises(ValueError, match="pause it instead"):
        Rule(most_per_week=0)


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        (Rule(min_gap=timedelta(hours=4)), "at least 4 hours"),
        (Rule(min_gap=timedelta(minutes=90)), "at least 1 hour 30 minutes"),
        (Rule(most_per_week=1), "at most 1 posts in any seven days"),
        (Rule(weekdays=frozenset({0, 4})), "on Mon, Fri."),
        (Rule(opens=time(9), closes=time(18)), "every day from 09:00 until 18:00, UTC"),
    ],
)
def test_it_says_which_rule_is_in_the_way(rule, sentence):
    assert sentence in broken(START, [START], rule)
