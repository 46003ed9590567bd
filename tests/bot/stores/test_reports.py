"""Answers kept, and shown again."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from bot.stores.errors import UnreadableReport
from tests.renderers.answers import ANSWERS, SLOWEST

NOW = datetime(2026, 11, 22, 12, 0, 0, 123_000, tzinfo=UTC)


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_a_report_comes_back_as_it_was(told, name):
    async def story(state):
        report_id = await state.reports.keep(ANSWERS[name], "U1", "C1", "1.2", NOW)
        return report_id, await state.reports.get(report_id)

    report_id, kept = told(story)

    assert kept.report == ANSWERS[name]
    assert (kept.id, kept.asked_by, kept.channel, kept.thread_ts) == (report_id, "U1", "C1", "1.2")


def test_ids_are_opaque_and_never_the_same(told):
    async def story(state):
        return [await state.reports.keep(SLOWEST, "U1", "C1", None, NOW) for _ in range(3)]

    ids = told(story)

    assert len(set(ids)) == 3
    assert {len(report_id) for report_id in ids} == {24}


@pytest.mark.parametrize("report_id", ["", "nobody", "x" * 100_000, "a\0b", "ü", "\ud800", "' OR 1=1 --"])
def test_an_id_that_was_never_given_finds_nothing(told, report_id):
    async def story(state):
        await state.reports.keep(SLOWEST, "U1", "C1", None, NOW)
        return await state.reports.get(report_id)

    assert told(story) is None


@pytest.mark.parametrize(
    "text", ["a\0b", "half \ud83d of it", "\u202eright to left", "🙂" * 3_000, "<!channel>"]
)
def test_whatever_people_write_is_kept(told, text):
    async def story(state):
        report = msgspec.structs.replace(SLOWEST, question=text)
        report_id = await state.reports.keep(report, "U1", "C1", None, NOW)
        return (await state.reports.get(report_id)).report.question

    assert told(story) == text.encode("utf-8", "replace").decode()


def test_what_a_person_asked_last_comes_first_and_nobody_elses(told):
    async def story(state):
        for minute, user in enumerate(["U1", "U2", "U1", "U1"]):
            report = msgspec.structs.replace(SLOWEST, question=f"question {minute}")
            await state.reports.keep(report, user, "C1", None, NOW + timedelta(minutes=minute))
        return await state.reports.recent("U1", 2)

    assert [kept.report.question for kept in told(story)] == ["question 3", "question 2"]


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_a_report_of_another_version_is_an_error_in_words_and_left_out_of_lists(told, tmp_path):
    async def kept(state):
        return [await state.reports.keep(SLOWEST, "U1", "C1", None, NOW) for _ in range(2)]

    old, good = told(kept)
    with sqlite3.connect(tmp_path / "state.sqlite") as database:
        database.execute('UPDATE reports SET body = \'{"kind": "horoscope"}\' WHERE id = ?', [old])
    database.close()

    recent = told(lambda state: state.reports.recent("U1", 10))

    assert [report.id for report in recent] == [good]
    with pytest.raises(UnreadableReport, match=r"another version of tracewhy.*Ask the question again\.$"):
        told(lambda state: state.reports.get(old))
