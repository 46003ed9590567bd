"""Threads, deliveries, opinions and the audit; and how long each is remembered."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from analyzers.report_base import Condition, Scope, Understood
from bot.stores.audit import AuditEntry
from bot.stores.conversations import Conversation
from bot.stores.feedback import Opinions
from bot.stores.state_store import Keep
from tests.renderers.answers import SLOWEST

ROOT = Path(__file__).parents[3]
NOW = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
ASKED = Conversation(
    channel="C1",
    thread_ts="1.2",
    question="slowest checkout",
    understood=Understood(
        kind="slowest", scope=Scope(service="checkout"), where=(Condition(key="user.id", op="=", value="42"),)
    ),
    report_id="abc",
    continued_at=NOW,
)
ENTRY = AuditEntry(NOW, "T1", "C1", "U1", "/trace", "slowest checkout", "answered", "abc")
SEER = """
import asyncio, sys
from datetime import UTC, datetime
from bot.stores.state_store import StateStore

async def main(url):
    async with await StateStore.open(url) as state:
        seen = [await state.events.first_time(f"Ev{number}", datetime.now(UTC)) for number in range(60)]
    print(sum(seen))

asyncio.run(main(sys.argv[1]))
"""
KEEPER = """
import asyncio, sys
from datetime import UTC, datetime
from bot.stores.audit import AuditEntry
from bot.stores.state_store import StateStore

async def main(url):
    state = await StateStore.open(url)
    for number in range(1_000_000):
        await state.audit.note(AuditEntry(datetime.now(UTC), "T1", "C1", "U1", "/trace", str(number)))
        print(number, flush=True)

asyncio.run(main(sys.argv[1]))
"""


def test_a_conversation_is_remembered_as_it_was(told):
    async def story(state):
        await state.conversations.put(ASKED)
        return await state.conversations.get("C1", "1.2")

    assert told(story) == ASKED


def test_a_condition_with_half_a_character_is_remembered_too(told):
    half = Understood(kind="find", where=(Condition(key="user.id", op="=", value="half \ud83d of it"),))

    async def story(state):
        await state.conversations.put(replace(ASKED, understood=half))
        return (await state.conversations.get("C1", "1.2")).understood.where[0].value

    assert told(story) == "half ? of it"


@pytest.mark.parametrize(("channel", "thread_ts"), [("C1", "1.3"), ("C2", "1.2"), ("a\0b", "")])
def test_another_thread_is_another_conversation(told, channel, thread_ts):
    async def story(state):
        await state.conversations.put(ASKED)
        return await state.conversations.get(channel, thread_ts)

    assert told(story) is None


def test_of_two_questions_the_later_one_stays_whichever_is_answered_first(told):
    later = replace(ASKED, question="errors checkout", understood=None, continued_at=NOW + SECOND)

    async def story(state):
        await state.conversations.put(ASKED)
        await state.conversations.put(later)
        await state.conversations.put(ASKED)
        return await state.conversations.get("C1", "1.2")

    assert told(story) == later


def test_a_delivery_is_new_once(told):
    async def story(state):
        return [await state.events.first_time(event, NOW) for event in ("Ev1", "Ev1", "Ev2", "Ev1")]

    assert told(story) == [True, False, True, False]


def test_of_many_deliveries_at_once_one_is_the_first(told):
    async def story(state):
        return await asyncio.gather(*(state.events.first_time("Ev1", NOW) for _ in range(50)))

    assert sum(told(story)) == 1


def test_processes_that_start_together_share_deliveries_and_migrate_once(url):
    command = [sys.executable, "-c", SEER, url]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) for _ in range(3)]

    firsts = [int(process.communicate(timeout=60)[0]) for process in processes]

    assert sum(firsts) == 60


def test_what_was_kept_before_a_kill_is_there(url, told):
    with subprocess.Popen([sys.executable, "-c", KEEPER, url], stdout=subprocess.PIPE, cwd=ROOT) as process:
        kept = [int(process.stdout.readline()) for _ in range(20)]
        process.kill()
        kept += [int(line) for line in process.stdout if line.endswith(b"\n")]

    noted = {entry.subject for entry in told(lambda state: state.audit.latest(1_000))}

    assert noted >= {str(number) for number in kept}


def test_the_last_click_wins_whatever_arrives_last(told):
    async def story(state):
        await state.feedback.give("abc", "U1", useful=True, now=NOW)
        await state.feedback.give("abc", "U1", useful=False, now=NOW + SECOND)
        await state.feedback.give("abc", "U1", useful=True, now=NOW)
        await state.feedback.give("abc", "U2", useful=True, now=NOW)
        await state.feedback.give("other", "U3", useful=True, now=NOW)
        return await state.feedback.on("abc")

    assert told(story) == Opinions(useful=1, not_useful=1)


def test_nobody_thought_anything_of_an_answer_without_clicks(told):
    assert told(lambda state: state.feedback.on("abc")) == Opinions()


def test_the_audit_says_who_did_what_newest_first(told):
    refused = AuditEntry(NOW, "T2", "C2", "U2", "share", "a\0b", "refused")

    async def story(state):
        await state.audit.note(ENTRY)
        await state.audit.note(refused)
        return await state.audit.latest(10)

    assert told(story) == (replace(refused, subject="a\ufffdb"), ENTRY)


def test_a_subject_without_end_is_cut(told):
    async def story(state):
        await state.audit.note(replace(ENTRY, subject="x" * 1_000_000))
        return await state.audit.latest(1)

    assert len(told(story)[0].subject) == 20_000


def test_each_table_forgets_at_its_own_age(told):
    keep = Keep(
        reports=timedelta(days=1),
        conversations=timedelta(days=2),
        events=timedelta(days=3),
        feedback=timedelta(days=4),
        audit=timedelta(days=5),
    )

    async def story(state):
        report_id = await state.reports.keep(SLOWEST, "U1", "C1", None, NOW)
        await state.conversations.put(ASKED)
        await state.events.first_time("Ev1", NOW)
        await state.feedback.give(report_id, "U1", useful=True, now=NOW)
        await state.audit.note(ENTRY)
        return [await state.retire(NOW + timedelta(days=day, seconds=1)) for day in range(7)]

    assert told(story, keep) == [0, 1, 1, 1, 1, 1, 0]


def test_what_is_not_too_old_stays(told):
    async def story(state):
        report_id = await state.reports.keep(SLOWEST, "U1", "C1", None, NOW)
        await state.retire(NOW + timedelta(days=30))
        return await state.reports.get(report_id)

    assert told(story) is not None
