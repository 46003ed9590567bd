import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from analyzers.builder import build_table
from analyzers.critical_path import critical_path
from analyzers.repair import repair
from analyzers.slowest import find_slowest
from analyzers.wording import duration_range_text
from tests.analyzers.searching import MS, many, searched
from tests.strategies import span_records
from tests.traces import drawn

SLOW = """
    shop POST /checkout    0..400  server
      pay charge           10..390  server
        pay SELECT cards   20..200  client db.statement="SELECT * FROM cards WHERE id=17"
        pay SELECT cards   200..380  client db.statement="SELECT * FROM cards WHERE id=18"
"""
OTHER = """
    shop GET /stock        0..300  server error
      stock load           10..290  server
"""
QUICK = """
    shop GET /cart         0..30   server
"""


def test_the_slowest_come_first_each_with_the_place_that_holds_most_of_it():
    report = find_slowest(many(QUICK, SLOW, OTHER), searched(), most=2)

    assert [one.duration_ns for one in report.traces] == [400 * MS, 300 * MS]
    assert [one.error for one in report.traces] == [False, True]
    main = report.traces[0].bottleneck
    assert (main.service, main.operation, main.count) == ("pay", "SELECT cards", 2)
    assert main.share == pytest.approx(0.9)
    assert main.statement == "SELECT * FROM cards WHERE id = ?"
    assert report.searched == 3
    assert report.confidence == "high"


def test_what_dominates_them_all_is_told_down_to_the_statement():
    report = find_slowest(many(SLOW, SLOW, OTHER), searched())

    assert [(one.operation, one.statement, one.traces) for one in report.dominated_by] == [
        ("SELECT cards", "SELECT * FROM cards WHERE id = ?", 2),
        ("load", None, 1),
    ]
    assert report.dominated_by[0].share == pytest.approx(720 / 1100)


def test_unlike_statements_of_one_operation_are_told_apart_between_traces():
    other = SLOW.replace("FROM cards", "FROM users")

    report = find_slowest(many(SLOW, other), searched())

    assert [one.statement for one in report.dominated_by] == [
        "SELECT * FROM cards WHERE id = ?",
        "SELECT * FROM users WHERE id = ?",
    ]


@pytest.mark.parametrize(
    ("pictures", "question", "headline"),
    [
        (
            (SLOW, OTHER),
            searched(),
            "The 2 requests in the last hour took 300-400 ms; pay SELECT cards dominates 1 of them.",
        ),
        (
            (SLOW,),
            searched("pay"),
            "The only pay request in the last hour took 400 ms; pay SELECT cards dominates it.",
        ),
        (
            (SLOW,) * 11,
            searched("pay", where=[("user.id", "=", "42")]),
            (
                "The 10 slowest of 11 pay requests with user.id = 42 in the last hour took 400 ms; "
                "pay SELECT cards dominates all of them."
            ),
        ),
        (
            (SLOW, OTHER),
            searched(ranked_by_store=True),
            "The 2 slowest requests in the last hour took 300-400 ms; pay SELECT cards dominates 1 of them.",
        ),
        (
            (SLOW, OTHER),
            searched(truncated=True),
            (
                "The 2 slowest of the newest 2 requests in the last hour took 300-400 ms; "
                "pay SELECT cards dominates 1 of them."
            ),
        ),
        ((), searched("pay"), "There are no pay requests in the last hour in drawn://here."),
    ],
)
def test_the_headline_says_what_how_much_and_where(pictures, question, headline):
    assert find_slowest(many(*pictures), question).headline == headline


def test_a_truncated_answer_is_no_total_and_says_so():
    report = find_slowest(many(SLOW, OTHER), searched(truncated=True))

    assert report.searched == 0
    assert report.confidence == "low"
    assert report.health.truncated
    assert any("newest 2 traces, not a total" in note for note in report.notes)


def test_counts_stand_for_the_traces_that_were_not_kept():
    report = find_slowest(many(SLOW.replace("server\n", "server weight=10\n", 1)), searched())

    assert report.searched == 10
    assert "from 10 % sampled traces" in report.notes


def test_nothing_found_is_an_answer_without_confidence():
    report = find_slowest(many(), searched())

    assert (report.confidence, report.traces, report.dominated_by) == ("none", (), ())
    assert report.window.end == "1970-01-01T01:00:00.000000000Z"


def test_a_place_on_the_wire_is_called_the_way():
    report = find_slowest(
        many("""
            shop POST /checkout   0..400   server
              shop POST           0..400   client
                pay charge        190..210  server
        """),
        searched(),
    )

    assert report.headline.endswith("the way from shop to pay dominates it.")
    assert report.dominated_by[0].wire.callee == "pay"


def test_habits_of_the_whole_table_decide_what_the_listed_traces_waited_for():
    usual = """
        shop POST /buy   0..100
          shop log       90..105
    """
    habitual = """
        shop POST /buy   0..100
          shop log       90..190
    """
    longest = """
        shop POST /buy   0..200
          shop log       20..199
    """

    report = find_slowest(many(longest, *([usual, habitual] * 20)), searched(), most=1)

    assert report.traces[0].bottleneck.operation == "POST /buy"


@given(span_records(max_spans=12, max_traces=4).filter(bool), st.randoms())
def test_the_order_of_spans_changes_nothing(records, random):
    shuffled = random.sample(records, len(records))

    assert find_slowest(repair(build_table(shuffled)), searched()) == find_slowest(
        repair(build_table(records)), searched()
    )


@given(span_records(max_spans=12, max_traces=4).filter(bool))
def test_shares_agree_with_the_definition(records):
    repaired = repair(build_table(records))
    spans, path = repaired.spans, critical_path(repaired.spans)

    report = find_slowest(repaired, searched())

    assert sorted(one.duration_ns for one in report.traces) == sorted(
        spans.duration_ns[spans.root_row].tolist()
    )
    assert sum(one.share for one in report.dominated_by) <= 1 + 1e-9
    assert all(one.bottleneck or one.duration_ns == 0 for one in report.traces)
    assert int(path.own_ns.sum()) == sum(one.duration_ns for one in report.traces)


def test_a_sample_of_one_in_four_with_weights_gives_the_same_shares():
    whole = many(*[SLOW] * 8, *[OTHER] * 4)
    sample = repair(build_table([_weighing_four(one) for one in drawn("---".join([SLOW] * 2 + [OTHER]), MS)]))

    kept, every = find_slowest(sample, searched(), 100), find_slowest(whole, searched(), 100)

    assert kept.searched == every.searched == 12
    assert [replace(one, traces=0) for one in kept.dominated_by] == [
        replace(one, traces=0, share=pytest.approx(one.share)) for one in every.dominated_by
    ]


def _weighing_four(record):
    record.adjusted_count = 4.0
    return record


@pytest.mark.parametrize(
    ("low_ns", "high_ns", "text"),
    [
        (5, 5, "5 ns"),
        (2_000_000_000, 4_120_000_000, "2-4.12 s"),
        (900_000_000, 4_120_000_000, "900 ms to 4.12 s"),
        (125 * 10**9, 245 * 10**9, "2 min 5 s to 4 min 5 s"),
    ],
)
def test_a_range_of_durations_names_a_shared_unit_once(low_ns, high_ns, text):
    assert duration_range_text(low_ns, high_ns) == text


def test_where_the_store_counted_what_matches_the_headline_says_of_how_many():
    report = find_slowest(many(SLOW, QUICK), searched(ranked_by_store=True, matching=72))

    assert report.searched == 72
    assert "slowest of 72 requests" in report.headline
