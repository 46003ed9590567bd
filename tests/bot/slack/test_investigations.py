"""Why something is slow, asked in Slack: each way to ask it, and what can be done with the answer."""

import asyncio

import pytest

from bot.slack.progress import tell
from renderers.charts import Chart
from renderers.slack.actions import (
    ASK_AGAIN,
    EVIDENCE,
    FEEDBACK,
    NOT_USEFUL,
    SHARE,
    SHOW_TRACE,
    USEFUL,
    WHY,
)
from tests.bot.slack.scene import ALICE, BOB, GENERAL, clickable, elements, in_slack, is_progress, words
from tests.bot.slack.slowed_shop import SlowedShop
from tests.bot.slack.test_pictures import DOT, pictures

pytestmark = pytest.mark.server

QUESTION = "why is checkout slow?"


def investigated(here, talk, **more):
    return in_slack(here, talk, **{"backend": SlowedShop(), **more})


async def answered(at, question=QUESTION):
    """The thread of a question, and its answer."""
    asked = await at.slack.mention(ALICE, GENERAL, question)
    return asked, await at.reply(GENERAL, asked)


async def followed(at, said):
    """The second answer in the thread of `why is checkout slow`, and what is remembered of it."""
    asked, _ = await answered(at)
    await at.slack.message(BOB, GENERAL, said, asked)
    replies = await at.replies(GENERAL, asked, at_least=2)
    await at.quiet()
    return replies[1], await at.state.conversations.get(GENERAL, asked)


def labels(message):
    texts = [one.get("text") for one in elements(message) if isinstance(one, dict)]
    options = [
        option for one in elements(message) if isinstance(one, dict) for option in one.get("options", ())
    ]
    return [
        text["text"] for text in (*texts, *(option["text"] for option in options)) if isinstance(text, dict)
    ]


def test_the_slash_command_why_names_the_cause_to_the_asker_alone(here):
    async def talk(at):
        await at.slack.command("/trace", "why checkout", ALICE, GENERAL)
        return (await at.whispered(ALICE))[0], await at.slack.messages(GENERAL)

    whispered, messages = investigated(here, talk)

    assert "checkout is slower since 12:4" in words(whispered)
    assert "payment SELECT cards" in words(whispered)
    assert clickable(whispered, SHARE)
    assert messages == []


def test_a_mention_that_asks_why_is_answered_with_cause_sum_and_buttons(here):
    async def talk(at):
        return await answered(at)

    _, reply = investigated(here, talk)

    assert "payment SELECT cards" in words(reply)
    assert "confidence" in words(reply)
    assert "Evidence" in labels(reply)
    assert {"Show a slow trace", "Show a normal trace"} <= set(labels(reply))


@pytest.mark.parametrize(
    ("said", "question"),
    [
        ("and payment?", "why payment"),
        ("compare with yesterday", "compare checkout vs yesterday"),
        ("only for user 42", "why checkout where user.id=42"),
        ("last 1h", "why checkout last 1h"),
    ],
)
def test_what_is_said_in_its_thread_goes_on_from_it(here, said, question):
    reply, conversation = investigated(here, lambda at: followed(at, said))

    assert conversation.question == question
    assert conversation.understood.kind == question.split()[0]
    assert "mistake" not in words(reply)


def test_a_group_of_users_is_asked_back_with_the_attribute_to_choose(here):
    async def talk(at):
        asked, _ = await answered(at)
        await at.slack.message(BOB, GENERAL, "only gold users", asked)
        choice = (await at.replies(GENERAL, asked, at_least=2))[1]
        await at.slack.click(BOB, GENERAL, choice["ts"], clickable(choice, ASK_AGAIN))
        replies = await at.replies(GENERAL, asked, at_least=3)
        await at.quiet()
        return choice, replies[2], await at.state.conversations.get(GENERAL, asked)

    choice, reply, conversation = investigated(here, talk)

    assert "Which attribute says that a user is gold" in words(choice)
    assert conversation.question == "why checkout where user.tier=gold"
    assert "payment SELECT cards" in words(reply)


@pytest.mark.parametrize(
    "question", ["slowest checkout last 1h", f"{1:032x}", "operations checkout last 1h", "services last 1h"]
)
def test_why_stands_under_every_answer_about_slowness(here, question):
    async def talk(at):
        asked, reply = await answered(at, question)
        await at.slack.click(BOB, GENERAL, reply["ts"], clickable(reply, WHY))
        await at.replies(GENERAL, asked, at_least=2)
        return await at.state.conversations.get(GENERAL, asked)

    conversation = investigated(here, talk)

    assert conversation.understood.kind == "why"
    assert conversation.question.startswith("why")


def labelled(message, label):
    """What a click on it sends, be it a button or stand it in the menu: the action's id and the value."""
    for one in elements(message):
        for choice in (one, *one.get("options", ())):
            if label in str(choice.get("text")):
                return one["action_id"], choice["value"]
    raise AssertionError(f"nothing is called {label} in {message}")


@pytest.mark.parametrize("label", ["Show a slow trace", "Show a normal trace"])
def test_a_slow_and_a_normal_trace_can_be_shown(here, label):
    async def talk(at):
        asked, reply = await answered(at)
        await at.slack.click(ALICE, GENERAL, reply["ts"], *labelled(reply, label))
        return (await at.replies(GENERAL, asked, at_least=2))[1]

    assert "POST /checkout took " in words(investigated(here, talk))


def test_the_evidence_is_told_in_full_beneath_the_answer(here):
    async def talk(at):
        asked, reply = await answered(at)
        await at.slack.click(BOB, GENERAL, reply["ts"], clickable(reply, EVIDENCE))
        return reply, (await at.replies(GENERAL, asked, at_least=2))[1]

    reply, evidence = investigated(here, talk)

    assert evidence["text"].startswith("Evidence: checkout is slower")
    assert "Cause 1, payment SELECT cards" in words(evidence)
    assert "Cause 1" not in words(reply)
    assert clickable(evidence, SHOW_TRACE)


def test_the_evidence_of_a_personal_answer_stays_personal(here):
    async def talk(at):
        await at.slack.command("/trace", "why checkout", ALICE, GENERAL)
        whispered = (await at.whispered(ALICE))[0]
        menu = next(one for one in elements(whispered) if EVIDENCE in str(one))
        value = next((one["value"] for one in menu.get("options", ()) if EVIDENCE in one["value"]), None)
        await at.slack.click(ALICE, GENERAL, whispered["ts"], menu["action_id"], value)
        return await at.whispered(ALICE, at_least=2), await at.slack.messages(GENERAL)

    whispered, messages = investigated(here, talk)

    assert whispered[1]["text"].startswith("Evidence: ")
    assert messages == []


def test_whether_it_was_useful_is_kept_with_the_report(here):
    async def talk(at):
        asked, reply = await answered(at)
        report_id = (await at.state.conversations.get(GENERAL, asked)).report_id
        await at.slack.click(BOB, GENERAL, reply["ts"], FEEDBACK, f"{NOT_USEFUL}:{report_id}:0")
        await at.quiet()
        await at.slack.click(BOB, GENERAL, reply["ts"], FEEDBACK, f"{USEFUL}:{report_id}:0")
        await at.quiet()
        kept = await at.state.reports.get(report_id)
        return kept.report, await at.state.feedback.on(report_id)

    report, opinions = investigated(here, talk)

    assert report.causes[0].operation == "SELECT cards"
    assert (opinions.useful, opinions.not_useful) == (1, 0)


def test_the_change_is_drawn_beneath_the_words(here):
    drawn = []

    def draw(report, zone):
        drawn.append(type(report).__name__)
        return Chart(DOT, "change.png", "What changed", "Bars.")

    async def talk(at):
        asked, _ = await answered(at)
        await at.quiet()
        return await at.reply(GENERAL, asked)

    reply = investigated(here, talk, draw=draw)

    assert drawn == ["Why"]
    assert pictures(reply)[0]["title"]["text"] == "What changed"


def test_two_periods_are_compared(here):
    async def talk(at):
        _, reply = await answered(at, "compare checkout last 20m with the hour before")
        return reply

    assert "mistake" not in words(investigated(here, talk))


def test_progress_is_told_while_it_is_investigated(here):
    class Slow(SlowedShop):
        async def find_spans(self, query):
            tell("reading spans", 30, 100)
            await at_work.wait()
            return await super().find_spans(query)

    at_work = asyncio.Event()

    async def talk(at):
        asked = await at.slack.mention(ALICE, GENERAL, QUESTION)

        async def told():
            thread = await at.slack.thread(GENERAL, asked)
            return thread if thread and "reading spans, 30 %" in words(thread[0]) else None

        seen = await at.slack.wait_for(told)
        at_work.set()
        return seen[0], await at.replies(GENERAL, asked)

    seen, replies = investigated(here, talk, backend=Slow())

    assert is_progress(seen)
    assert [one["ts"] for one in replies] == [seen["ts"]]
    assert "payment SELECT cards" in words(replies[0])


def test_errors_goes_on_from_why(here):
    async def talk(at):
        asked, reply = await answered(at)
        await at.slack.click(BOB, GENERAL, reply["ts"], *labelled(reply, "Errors"))
        await at.replies(GENERAL, asked, at_least=2)
        return await at.state.conversations.get(GENERAL, asked)

    assert investigated(here, talk).understood.kind == "errors"


def test_what_is_not_slower_is_said_to_be_so(here):
    async def talk(at):
        return await answered(at, "why is checkout slow 12:10-12:35 vs 11:10-12:00")

    _, reply = investigated(here, talk)

    assert "checkout is not slower" in words(reply)


def test_help_lists_why_and_compare(here):
    async def talk(at):
        await at.slack.command("/trace", "help", ALICE, GENERAL)
        return (await at.whispered(ALICE))[0]

    said = words(investigated(here, talk))

    assert "/trace why checkout" in said
    assert "/trace compare checkout" in said
