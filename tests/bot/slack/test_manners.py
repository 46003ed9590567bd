"""The manners of an excellent bot that need no alerts; docs/reference/slack-manners.md names these tests."""

import asyncio
import re

import pytest
from msgspec.structs import replace

from analyzers.builder import build_table
from backends.interface import Found
from bot.slack.progress import tell
from config.settings import AccessSettings
from renderers.slack import Links
from renderers.slack.actions import (
    ASK_SHORTCUT,
    CANCEL,
    HOME_ASK,
    OPERATION_SELECT,
    OVERFLOW,
    SERVICE_SELECT,
    SHARE,
    SHOW_TRACE,
)
from tests.bot.slack.scene import (
    ALICE,
    BOB,
    FIRST_TRACE,
    GENERAL,
    INCIDENTS,
    ShopBackend,
    clickable,
    elements,
    ids,
    in_slack,
    is_progress,
    words,
)

pytestmark = pytest.mark.server

ONLY_ALICE = AccessSettings(users=(ALICE,), contact="#observability")


class LinkingShop(ShopBackend):
    """Its spans bring an address of their own."""

    def _found(self, records):
        strange = [replace(span, operation="https://evil.example/x") for span in records]
        return Found(build_table(strange))


async def modal_of(at, user):
    return at.slack.modal(user)


async def home_of(at, user):
    return at.slack.home(user)


def test_manner_3_answers_in_threads_are_never_broadcast(here):
    async def talk(at):
        asked = await at.slack.mention(ALICE, GENERAL, "slowest last 1h")
        await at.replies(GENERAL, asked)
        await at.slack.message(ALICE, GENERAL, "and yesterday?", asked)
        await at.replies(GENERAL, asked, at_least=2)
        return [call.arguments for call in at.slack.calls if call.method == "chat.postMessage"]

    posts = in_slack(here, talk)

    assert [post.get("thread_ts") is not None for post in posts] == [True, True]
    assert not any(post.get("reply_broadcast") for post in posts)


def test_manner_8_nobody_is_mentioned(here):
    async def talk(at):
        asked = await at.slack.mention(ALICE, GENERAL, f"errors <!channel> <@{BOB}> <!here> last 1h")
        answer = await at.reply(GENERAL, asked)
        await at.slack.command("/trace", f"slowest <@{BOB}> <!channel>", ALICE, GENERAL)
        return answer, (await at.whispered(ALICE))[0]

    for message in in_slack(here, talk):
        said = words(message)
        assert not [one for one in ("<!channel", "<!here", "<!everyone", "<@", "<!subteam") if one in said]


def test_manner_11_few_buttons_are_in_sight_and_the_rest_in_a_menu(here):
    async def talk(at):
        asked = await at.slack.mention(ALICE, GENERAL, "slowest last 1h")
        return await at.reply(GENERAL, asked)

    message = in_slack(here, talk)
    buttons = [one for one in elements(message) if isinstance(one, dict) and one.get("type") == "button"]

    assert 2 <= len(buttons) <= 3
    assert len(ids(message)) <= 6


def test_manner_11_what_stands_in_the_menu_works_too(here):
    async def talk(at):
        await at.slack.command("/trace", "slowest last 1h", ALICE, GENERAL)
        whispered = (await at.whispered(ALICE))[0]
        menu = next(one for one in elements(whispered) if one.get("action_id") == OVERFLOW)
        option = next(one["value"] for one in menu["options"] if one["value"].startswith(SHOW_TRACE))
        await at.slack.click(ALICE, GENERAL, whispered["ts"], OVERFLOW, option)
        return await at.whispered(ALICE, at_least=2)

    assert " took " in words(in_slack(here, talk)[1])


def test_manner_12_an_answer_is_one_message_that_is_edited(here):
    gate = asyncio.Event()

    async def talk(at):
        asked = await at.slack.mention(ALICE, GENERAL, "slowest last 1h")
        seen = await at.slack.wait_for(lambda: at.slack.thread(GENERAL, asked))
        gate.set()
        return seen, await at.replies(GENERAL, asked)

    seen, replies = in_slack(here, talk, backend=ShopBackend(gate=gate))

    assert is_progress(seen[0])
    assert [one["ts"] for one in replies] == [seen[0]["ts"]]


def test_manner_14_a_personal_answer_can_be_shared_once(here):
    async def talk(at):
        await at.slack.command("/trace", "slowest last 1h", ALICE, GENERAL)
        whispered = (await at.whispered(ALICE))[0]
        await at.slack.click(ALICE, GENERAL, whispered["ts"], clickable(whispered, SHARE))
        await at.quiet()
        await at.slack.click(ALICE, GENERAL, whispered["ts"], clickable(whispered, SHARE))
        return await at.whispered(ALICE, at_least=2), await at.slack.messages(GENERAL)

    whispered, messages = in_slack(here, talk)

    assert "shared already" in words(whispered[1])
    assert len(messages) == 1
    assert "400 ms" in words(messages[0])
    assert SHARE not in " ".join(ids(messages[0]))


def test_manner_14_the_thread_of_a_shared_answer_is_a_conversation(here):
    async def talk(at):
        await at.slack.command("/trace", "slowest last 1h", ALICE, GENERAL)
        whispered = (await at.whispered(ALICE))[0]
        await at.slack.click(ALICE, GENERAL, whispered["ts"], clickable(whispered, SHARE))
        await at.quiet()
        shared = (await at.slack.messages(GENERAL))[0]["ts"]
        await at.slack.message(BOB, GENERAL, "show the second one", shared)
        return await at.reply(GENERAL, shared)

    assert "GET /cart took 180 ms" in words(in_slack(here, talk))


def test_manner_15_an_answer_goes_to_the_thread_of_the_message_that_asked(here):
    async def talk(at):
        began = await at.slack.message(ALICE, INCIDENTS, "it is slow again")
        await at.slack.mention(BOB, INCIDENTS, "slowest last 1h", began)
        return await at.reply(INCIDENTS, began), await at.slack.messages(INCIDENTS)

    reply, messages = in_slack(here, talk)

    assert "400 ms" in words(reply)
    assert len(messages) == 1


@pytest.mark.parametrize("said", ["", "   ", "help", "?"])
def test_manner_16_nothing_and_help_are_answered_with_examples(here, said):
    async def talk(at):
        await at.slack.command("/trace", said, ALICE, GENERAL)
        return (await at.whispered(ALICE))[0]

    assert "/trace slowest checkout last 30m" in words(in_slack(here, talk))


def test_manner_16_help_lists_only_what_works_and_what_the_caller_may(here):
    access = AccessSettings(questions=("slowest", "breakdown"))

    async def talk(at):
        await at.slack.command("/trace", "help", ALICE, GENERAL)
        return (await at.whispered(ALICE))[0]

    said = words(in_slack(here, talk, access=access))

    assert "/trace slowest" in said
    assert "/trace errors" not in said
    assert "/trace why" not in said


def test_manner_16_typos_are_answered_with_did_you_mean(here):
    async def talk(at):
        asked = await at.slack.mention(ALICE, GENERAL, "slowst checkout")
        return await at.reply(GENERAL, asked)

    reply = in_slack(here, talk)

    assert "slowest" in words(reply)
    assert "ask_again.1" in ids(reply)


def test_manner_17_services_and_operations_are_offered_while_one_types(here):
    async def talk(at):
        await at.slack.shortcut(ALICE, ASK_SHORTCUT)
        await at.slack.wait_for(lambda: modal_of(at, ALICE))
        return (
            await at.slack.options(ALICE, SERVICE_SELECT, ""),
            await at.slack.options(ALICE, SERVICE_SELECT, "pay"),
            await at.slack.options(ALICE, OPERATION_SELECT, ""),
        )

    everything, typed, operations = in_slack(here, talk)

    assert [one["value"] for one in everything] == ["cart", "checkout", "frontend", "payment"]
    assert typed[0]["value"] == "payment"
    assert operations == []  # no service is chosen yet


def test_manner_18_a_status_at_once_that_can_be_cancelled(here):
    async def talk(at):
        asked = await at.slack.mention(ALICE, GENERAL, "slowest last 1h")
        seen = (await at.slack.wait_for(lambda: at.slack.thread(GENERAL, asked)))[0]
        await at.slack.click(BOB, GENERAL, seen["ts"], CANCEL)
        refused = (await at.whispered(BOB))[0]
        await at.slack.click(ALICE, GENERAL, seen["ts"], CANCEL)
        return refused, await at.replies(GENERAL, asked)

    refused, replies = in_slack(here, talk, backend=ShopBackend(gate=asyncio.Event()))

    assert "Only whoever asked can cancel" in words(refused)
    assert [one["text"] for one in replies] == ["Stopped."]


def test_manner_18_a_way_to_cancel_that_has_had_its_day_goes_away(here):
    gate = asyncio.Event()
    gate.set()

    async def talk(at):
        await at.slack.command("/trace", "slowest last 1h", ALICE, GENERAL)
        whispered = (await at.whispered(ALICE))[0]
        gate.clear()
        await at.slack.click(ALICE, GENERAL, whispered["ts"], clickable(whispered, SHOW_TRACE))

        async def looking():
            return next((one for one in await at.slack.ephemerals(ALICE) if is_progress(one)), None)

        progress = await at.slack.wait_for(looking)
        gate.set()
        await at.quiet()
        await at.slack.click(ALICE, GENERAL, progress["ts"], CANCEL)
        await at.quiet()
        return progress, await at.slack.ephemerals(ALICE)

    progress, left = in_slack(here, talk, backend=ShopBackend(gate=gate))

    assert "will be a message of its own" in words(progress)
    assert ["400 ms" in words(one) for one in left] == [True, True]


def test_manner_18_progress_is_told_while_it_lasts(here):
    gate, told = asyncio.Event(), asyncio.Event()

    async def tells():
        tell("reading spans", 4, 10)
        told.set()

    async def talk(at):
        asked = await at.slack.mention(ALICE, GENERAL, "slowest last 1h")

        async def reading():
            thread = await at.slack.thread(GENERAL, asked)
            return thread if thread and "reading spans, 40 %" in words(thread[0]) else None

        await at.slack.wait_for(reading)
        gate.set()
        return await at.reply(GENERAL, asked)

    assert "400 ms" in words(in_slack(here, talk, backend=ShopBackend(gate=gate, before=tells)))


def test_manner_18_trace_links_lead_to_the_configured_host_alone(here):
    async def talk(at):
        asked = await at.slack.mention(ALICE, GENERAL, FIRST_TRACE)
        return await at.reply(GENERAL, asked)

    links = Links("https://jaeger.example/trace/{trace_id}")
    message = in_slack(here, talk, links=links, backend=LinkingShop())

    assert set(re.findall(r'(?:"url": "|<)(https?://[^"|>]+)', words(message))) == {
        f"https://jaeger.example/trace/{FIRST_TRACE}"
    }


def test_manner_19_a_command_is_refused_in_words_to_the_caller_alone(here):
    async def talk(at):
        await at.slack.command("/trace", "slowest last 1h", BOB, GENERAL)
        return (await at.whispered(BOB))[0], at.backend.asked, await at.audit()

    refused, asked, audit = in_slack(here, talk, access=ONLY_ALICE)

    assert "#observability" in words(refused)
    assert asked == []
    assert audit == [(BOB, "/trace", "refused")]


def test_manner_19_a_mention_is_refused_the_same_way(here):
    async def talk(at):
        asked = await at.slack.mention(BOB, GENERAL, "slowest last 1h")
        refused = (await at.whispered(BOB))[0]
        return refused, await at.slack.thread(GENERAL, asked), at.backend.asked

    refused, thread, asked = in_slack(here, talk, access=ONLY_ALICE)

    assert "You may not use tracewhy." in words(refused)
    assert (thread, asked) == ([], [])


def test_manner_19_a_click_is_refused_the_same_way(here):
    async def talk(at):
        asked = await at.slack.mention(ALICE, GENERAL, "slowest last 1h")
        reply = await at.reply(GENERAL, asked)
        await at.slack.click(BOB, GENERAL, reply["ts"], clickable(reply, SHOW_TRACE))
        return (await at.whispered(BOB))[0], await at.replies(GENERAL, asked)

    refused, replies = in_slack(here, talk, access=ONLY_ALICE)

    assert "You may not use tracewhy." in words(refused)
    assert len(replies) == 1


def test_manner_19_forms_menus_home_and_direct_messages_are_refused_too(here):
    async def talk(at):
        await at.slack.open_home(BOB)
        home = await at.slack.wait_for(lambda: home_of(at, BOB))
        await at.slack.shortcut(BOB, ASK_SHORTCUT)
        asked = await at.slack.dm(BOB, "slowest last 1h")
        await at.quiet()
        return home, at.slack.modal(BOB), await at.slack.thread(await at.slack.dm_channel(BOB), asked)

    home, modal, thread = in_slack(here, talk, access=ONLY_ALICE)

    assert "You may not" in words(home)
    assert HOME_ASK not in ids(home)
    assert modal is None
    assert thread == []


def test_manner_19_members_of_a_user_group_may(here):
    access = AccessSettings(user_groups=("S01ONCALL",))

    async def talk(at):
        asked = await at.slack.mention(ALICE, GENERAL, "slowest last 1h")
        await at.replies(GENERAL, asked)
        await at.slack.command("/trace", "slowest last 1h", BOB, GENERAL)
        return (await at.whispered(BOB))[0]

    assert "You may not" in words(in_slack(here, talk, access=access))


def test_manner_19_a_channel_that_is_not_listed_is_refused(here):
    async def talk(at):
        await at.slack.command("/trace", "slowest last 1h", ALICE, INCIDENTS)
        return (await at.whispered(ALICE))[0]

    said = words(in_slack(here, talk, access=AccessSettings(channels=(GENERAL,))))

    assert "in this channel" in said


def test_manner_19_a_kind_of_question_that_is_not_listed_is_refused(here):
    async def talk(at):
        asked = await at.slack.mention(ALICE, GENERAL, "errors last 1h")
        return (await at.whispered(ALICE))[0], await at.slack.thread(GENERAL, asked)

    refused, thread = in_slack(here, talk, access=AccessSettings(questions=("slowest",)))

    assert "Nobody may ask what failed here." in words(refused)
    assert thread == []


@pytest.mark.parametrize(
    "question", ["errors checkout for gold users", "why is checkout slow for gold users last 1h"]
)
def test_manner_19_naming_a_group_of_people_is_no_way_around_the_kinds_that_are_listed(here, question):
    async def talk(at):
        asked = await at.slack.mention(ALICE, GENERAL, question)
        return (await at.whispered(ALICE))[0], await at.slack.thread(GENERAL, asked), at.backend.asked

    refused, thread, looked_up = in_slack(here, talk, access=AccessSettings(questions=("slowest",)))

    assert "Nobody may ask" in words(refused)
    assert (thread, looked_up) == ([], [])


def test_manner_19_a_trace_is_not_explained_unasked_where_that_may_not_be_asked(here):
    async def talk(at):
        pasted = await at.slack.message(ALICE, GENERAL, FIRST_TRACE)
        await at.slack.share_link(ALICE, INCIDENTS, f"https://jaeger.example/trace/{FIRST_TRACE}")
        await at.quiet()
        return await at.slack.thread(GENERAL, pasted), at.backend.asked, await at.audit()

    thread, asked, audit = in_slack(here, talk, access=AccessSettings(questions=("slowest",)))

    assert (thread, asked) == ([], [])
    assert (ALICE, "pasted trace", "refused") in audit
    assert (ALICE, "link", "refused") in audit


def test_manner_19_what_people_say_to_each_other_is_neither_refused_nor_put_on_record(here):
    async def talk(at):
        asked = await at.slack.mention(ALICE, GENERAL, "slowest last 1h")
        await at.replies(GENERAL, asked)
        await at.slack.message(BOB, GENERAL, "thanks, I will look into that after lunch", asked)
        await at.quiet()
        return await at.slack.ephemerals(BOB), await at.audit()

    whispered, audit = in_slack(here, talk, access=ONLY_ALICE)

    assert whispered == []
    assert {user for user, _, _ in audit} == {ALICE}


def test_manner_19_a_follow_up_of_somebody_who_may_not_ask_is_refused(here):
    async def talk(at):
        asked = await at.slack.mention(ALICE, GENERAL, "slowest last 1h")
        await at.replies(GENERAL, asked)
        await at.slack.message(BOB, GENERAL, "and yesterday?", asked)
        return (await at.whispered(BOB))[0], await at.replies(GENERAL, asked)

    refused, replies = in_slack(here, talk, access=ONLY_ALICE)

    assert "You may not use tracewhy." in words(refused)
    assert len(replies) == 1


def test_manner_19_what_is_done_is_audited(here):
    async def talk(at):
        asked = await at.slack.mention(ALICE, GENERAL, "slowest last 1h")
        reply = await at.reply(GENERAL, asked)
        await at.slack.click(BOB, GENERAL, reply["ts"], clickable(reply, SHOW_TRACE))
        await at.replies(GENERAL, asked, at_least=2)
        await at.quiet()
        return await at.audit()

    assert in_slack(here, talk) == [
        (ALICE, "mention", "allowed"),
        (ALICE, "mention", "answered"),
        (BOB, "show_trace", "allowed"),
        (BOB, "show_trace", "answered"),
    ]


def test_manner_19_an_answer_of_another_channel_is_not_shown(here):
    async def talk(at):
        asked = await at.slack.mention(ALICE, INCIDENTS, "slowest last 1h")
        await at.replies(INCIDENTS, asked)
        secret = await at.state.conversations.get(INCIDENTS, asked)
        other = await at.slack.mention(BOB, GENERAL, "slowest last 1h")
        reply = await at.reply(GENERAL, other)
        await at.click_forged(BOB, GENERAL, reply["ts"], f"{SHOW_TRACE}.1", f"{secret.report_id}:0")
        return (await at.whispered(BOB))[0]

    assert "was not given here" in words(in_slack(here, talk))


def test_manner_20_times_are_meant_and_shown_in_the_askers_zone(here):
    async def talk(at):
        asked = await at.slack.mention(BOB, GENERAL, "slowest since 5:00")
        reply = await at.reply(GENERAL, asked)
        return reply, await at.state.reports.recent(BOB, 1)

    reply, recent = in_slack(here, talk)

    assert "<!date^" in words(reply)
    # 5:00 in New York, where Bob is.
    assert recent[0].report.window.start == "2026-11-22T10:00:00.000000000Z"
