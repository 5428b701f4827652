from datetime import timedelta

import pytest

from publishing.platforms.base import Kind
from publishing.platforms.errors import TABLE, refusal, unprocessed

U, R, W, A, N = Kind.UNKNOWN, Kind.RETRY, Kind.WAIT, Kind.AUTH, Kind.REJECTED

# code, subcode, kind where something may be public, kind elsewhere: platforms.md C4, line by line.
LINES = [
    *[(1, None, U, R), (1, 2207057, N, N), (2, None, U, R), (3, None, A, A), (4, None, W, W), (4, 2207051, U, W)],
    *[(9, 2207042, W, W), (10, None, A, A), (17, None, W, W), (17, 2446079, W, W), (24, 2207006, R, R)],
    *[(24, 2207008, R, R), (25, 2207050, A, A), (32, None, W, W), (80001, None, W, W), (80002, None, W, W)],
    *[(613, None, W, W), (613, 1996, W, W), (341, None, W, W), (100, None, N, N), (100, 33, N, N)],
    *[(100, 2207023, N, N), (100, 2207028, N, N), (100, 2207035, N, N), (100, 2207036, N, N), (100, 2207037, N, N)],
    *[(100, 2207040, N, N), (102, None, A, A), (102, 463, A, A), (190, None, A, A), (190, 458, A, A), (190, 459, A, A)],
    *[(190, 460, A, A), (190, 463, A, A), (190, 464, A, A), (190, 467, A, A), (190, 492, A, A), (190, 999, A, A)],
    *[(200, None, A, A), (230, None, A, A), (299, None, A, A), (324, None, N, N), (352, 2207026, N, N)],
    *[(368, None, W, W), (368, 1390008, W, W), (368, 1404082, N, N), (368, 4854002, A, A), (368, 1346003, N, N)],
    *[(368, 1404102, N, N), (368, 1404078, A, A), (368, 1404006, A, A), (368, 1404112, A, A), (506, None, U, N)],
    *[(803, None, N, N), (100, 1363047, U, R), (6000, 1609010, U, R), (100, 1366046, N, N), (100, 1366051, U, R)],
    *[(1609005, None, N, N), (100, 1609005, N, N), (1609008, None, N, N), (100, 2061006, N, N), (1349125, None, N, N)],
    *[(100, 2069019, N, N), (2500, None, N, N), (-1, None, U, R), (-1, 2207001, U, R), (-1, 2207032, U, R)],
    *[(-1, 2207053, U, R), (-1, 2207073, N, N), (-1, 2207085, R, R), (-2, 2207003, R, R), (-2, 2207020, R, R)],
    *[(9004, 2207052, R, R), (9007, 2207027, W, W), (36000, 2207004, N, N), (36001, 2207005, N, N)],
    *[(36003, 2207009, N, N), (36004, 2207010, N, N), (1, 2207077, N, N), (1, 2207082, R, R), (1, 2207081, N, N)],
    *[(7777, None, U, N), (300, None, U, N)],
]


@pytest.mark.parametrize(("code", "subcode", "irreversible", "safe"), LINES)
def test_each_line_of_the_table_has_its_class(code, subcode, irreversible, safe):
    body = {"code": code} if subcode is None else {"code": code, "error_subcode": subcode}
    assert refusal("Facebook", body, irreversible=True).kind is irreversible
    assert refusal("Facebook", body, irreversible=False).kind is safe


@pytest.mark.parametrize("verdict", TABLE.values())
def test_every_sentence_can_be_shown(verdict):
    sentence = verdict.sentence.format(name="Facebook")
    assert sentence.endswith((".", "?"))
    assert "{" not in sentence


@pytest.mark.parametrize("more", [{"is_transient": True}, {}])
def test_unlisted_numbers_are_tried_again_when_the_platform_calls_them_passing(more):
    error = refusal("Facebook", {"code": 7777, **more}, irreversible=False, status=400 if more else 503)
    assert error.kind is Kind.RETRY


@pytest.mark.parametrize(("code", "subcode", "hours"), [(368, None, 24), (9, 2207042, 1), (4, None, 1)])
def test_blocks_wait_their_time(code, subcode, hours):
    error = refusal("Facebook", {"code": code, "error_subcode": subcode}, irreversible=True)
    assert error.wait == timedelta(hours=hours)


def test_a_block_for_abuse_is_not_shortened_by_a_usage_header():
    error = refusal("Facebook", {"code": 368}, irreversible=True, regain=timedelta(minutes=5))
    assert error.wait == timedelta(days=1)


@pytest.mark.parametrize("code", [(-1, 2207032), (100, 1366051)])
def test_what_may_be_public_never_starts_over(code):
    body = dict(zip(("code", "error_subcode"), code, strict=True))
    assert not refusal("Facebook", body, irreversible=True).start_over
    assert refusal("Facebook", body, irreversible=False).start_over


@pytest.mark.parametrize(
    ("subcode", "kind", "start_over"),
    [(2207026, N, False), (2207005, N, False), (2207052, R, True), (2207001, R, True), (None, R, True), (1, R, True)],
)
def test_a_failed_container_is_classified_by_its_subcode(subcode, kind, start_over):
    error = unprocessed("Instagram", subcode)
    assert (error.kind, error.start_over) == (kind, start_over)


def test_text_plays_no_part():
    body = {"code": 100, "message": "(#190) token expired", "type": "OAuthException", "error_subcode": "33"}
    error = refusal("Facebook", body, irreversible=False)
    assert (error.kind, error.code, error.subcode) == (Kind.REJECTED, 100, 33)
