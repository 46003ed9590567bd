"""Every way to ask in Slack, each a conversation."""

import pytest

from backends.errors import BackendUnreachable
from renderers.slack.actions import (
    ASK_AGAIN,
    ASK_SHORTCUT,
    ERRORS,
    FEEDBACK,
    HOME_AGAIN,
    HOME_ASK,
    HOME_SHOW,
    KIND_SELECT,
    NOT_USEFUL,
    SERVICE_SELECT,
    SHOW_TRACE,
    USEFUL,
    WHY,
)
from tests.bot.slack.scene import (
    ALICE,
    BOB,
    FIRST_TRACE,
    GENERAL,
    INCIDENTS,
    SECOND_TRACE,
    ShopBackend,
    clickable,
    in_slack,
    words,
)

pytestmark = pytest.mark.server


def test_a_mention_is_answered_in_its_thread(here):
    async def talk(at):
        asked = await at.slack.mention(ALICE, GENERAL, "slowest last 1h")
        return await at.replies(GENERAL, asked)

    replies = in_slack(here, talk)

    assert len(replies) == 1
    assert "400 ms" in words(replies[0])


def test_the_slash_command_is_answered_to_the_asker_alone(here):
    async def talk(at):
        await at.slack.command("/trace", "slowest last 1h", ALICE, GENERAL)
        return await at.whispered(ALICE), await at.slack.messages(GENERAL)

    whispered, messages = in_slack(here, talk)

    assert len(whispered) == 1
    assert "400 ms" in words(whispered[0])
    assert messages == []


def test_in_http_mode_the_same_is_answered(here):
    async def talk(at):
        asked = await at.slack.mention(ALICE, GENERAL, "slowest last 1h")
        await at.slack.command("/trace", "slowest last 1h", ALICE, GENERAL)
        return await at.reply(GENERAL, asked), await at.whispered(ALICE)

    reply, whispered = in_slack(here, talk, mode="http")

    assert "400 ms" in words(reply)
    assert "400 ms" in words(whispered[0])


def test_a_direct_message_is_answered_in_its_thread(here):
    async def talk(at):
        asked = await at.slack.dm(ALICE, "slowest last 1h")
        return await at.reply(await at.slack.dm_channel(ALICE), asked)

    assert "400 ms" in words(in_slack(here, talk))


@pytest.mark.parametrize(
    "pasted",
    [
        FIRST_TRACE,
        f"look at <https://jaeger.example/trace/{FIRST_TRACE}>, it is slow",
        f"`{FIRST_TRACE}`",
    ],
)
def test_a_pasted_trace_is_explained_in_its_thread(here, pasted):
    async def talk(at):
        asked = await at.slack.message(ALICE, GENERAL, pasted)
        return await at.reply(GENERAL, asked)

    assert "POST /checkout took 400 ms" in words(in_slack(here, talk))


@pytest.mark.parametrize("said", ["good morning", "f" * 32, "slowest last 1h", "see https://example.com/a"])
def test_what_is_not_said_to_the_bot_is_left_alone(here, said):
    async def talk(at):
        asked = await at.slack.message(ALICE, GENERAL, said)
        await at.quiet()
        return await at.slack.thread(GENERAL, asked)

    assert in_slack(here, talk) == []


def test_a_follow_up_in_the_thread_needs_no_mention(here):
    async def talk(at):
        asked = await at.slack.mention(ALICE, GENERAL, "slowest last 1h")
        await at.replies(GENERAL, asked)
        await at.slack.message(BOB, GENERAL, "and yesterday?", asked)
        replies = await at.replies(GENERAL, asked, at_least=2)
        return replies, await at.state.conversations.get(GENERAL, asked)

    replies, conversation = in_slack(here, talk)

    assert len(replies) == 2
    assert conversation.question == "slowest yesterday"


def test_show_the_second_one_shows_it(here):
    async def talk(at):
        asked = await at.slack.mention(ALICE, GENERAL, "slowest last 1h")
        await at.replies(GENERAL, asked)
        await at.slack.message(ALICE, GENERAL, "show the second one", asked)
        return await at.replies(GENERAL, asked, at_least=2)

    assert "GET /cart took 180 ms" in words(in_slack(here, talk)[1])


def test_a_look_at_one_trace_and_help_leave_the_conversation_where_it_was(here):
    async def talk(at):
        asked = await at.slack.mention(ALICE, GENERAL, "slowest last 1h")
        await at.replies(GENERAL, asked)
        for n, said in enumerate(
            ("show the second one", "help", "show the third one", "and yesterday?"), start=2
        ):
            await at.slack.message(ALICE, GENERAL, said, asked)
            await at.replies(GENERAL, asked, at_least=n)
        return await at.replies(GENERAL, asked), await at.state.conversations.get(GENERAL, asked)

    replies, conversation = in_slack(here, talk)

    assert "GET / took 20 ms" in words(replies[3])
    assert conversation.question == "slowest yesterday"


def test_more_than_were_listed_cannot_be_shown(here):
    async def talk(at):
        asked = await at.slack.mention(ALICE, GENERAL, "slowest last 1h")
        await at.replies(GENERAL, asked)
        await at.slack.message(ALICE, GENERAL, "show the ninth one", asked)
        return await at.whispered(ALICE)

    assert "lists 3 traces" in words(in_slack(here, talk)[0])


def test_people_may_talk_in_the_thread_of_an_answer(here):
    async def talk(at):
        asked = await at.slack.mention(ALICE, GENERAL, "slowest last 1h")
        await at.replies(GENERAL, asked)
        await at.slack.message(BOB, GENERAL, "thanks, I will look into that after lunch", asked)
        await at.quiet()
        return await at.replies(GENERAL, asked)

    assert len(in_slack(here, talk)) == 1


def test_show_trace_answers_in_the_thread(here):
    async def talk(at):
        asked = await at.slack.mention(ALICE, GENERAL, "slowest last 1h")
        reply = await at.reply(GENERAL, asked)
        await at.slack.click(BOB, GENERAL, reply["ts"], clickable(reply, SHOW_TRACE))
        return await at.replies(GENERAL, asked, at_least=2)

    assert "POST /checkout took 400 ms" in words(in_slack(here, talk)[1])


def test_show_trace_under_a_personal_answer_stays_personal(here):
    async def talk(at):
        await at.slack.command("/trace", "slowest last 1h", ALICE, GENERAL)
        whispered = (await at.whispered(ALICE))[0]
        await at.slack.click(ALICE, GENERAL, whispered["ts"], clickable(whispered, SHOW_TRACE))
        return await at.whispered(ALICE, at_least=2), await at.slack.messages(GENERAL)

    whispered, messages = in_slack(here, talk)

    assert "400 ms" in words(whispered[0])
    assert "POST /checkout took 400 ms" in words(whispered[1])
    assert messages == []


def test_errors_asks_what_failed_in_the_same_period(here):
    async def talk(at):
        asked = await at.slack.mention(ALICE, GENERAL, "slowest frontend last 2h")
        reply = await at.reply(GENERAL, asked)
        await at.slack.click(ALICE, GENERAL, reply["ts"], clickable(reply, ERRORS))
        await at.replies(GENERAL, asked, at_least=2)
        return await at.state.conversations.get(GENERAL, asked)

    conversation = in_slack(here, talk)

    assert conversation.question == "errors frontend last 2h"


def test_why_asks_what_changed_in_the_same_period(here):
    async def talk(at):
        asked = await at.slack.mention(ALICE, GENERAL, "slowest frontend last 2h")
        reply = await at.reply(GENERAL, asked)
        await at.slack.click(ALICE, GENERAL, reply["ts"], clickable(reply, WHY))
        replies = await at.replies(GENERAL, asked, at_least=2)
        return replies[1], await at.state.conversations.get(GENERAL, asked)

    reply, conversation = in_slack(here, talk)

    assert "mistake" not in words(reply)
    assert conversation.question == "why frontend last 2h"
    assert conversation.understood.kind == "why"


def test_errors_around_a_trace(here):
    async def talk(at):
        asked = await at.slack.mention(ALICE, GENERAL, FIRST_TRACE)
        reply = await at.reply(GENERAL, asked)
        await at.slack.click(ALICE, GENERAL, reply["ts"], clickable(reply, ERRORS))
        await at.replies(GENERAL, asked, at_least=2)
        return await at.state.conversations.get(GENERAL, asked)

    conversation = in_slack(here, talk)

    assert conversation.question.startswith("errors frontend around ")
    assert conversation.understood.kind == "errors"


def test_a_choice_is_made_by_a_click(here):
    async def talk(at):
        asked = await at.slack.mention(ALICE, GENERAL, "slowst checkout")
        reply = await at.reply(GENERAL, asked)
        await at.slack.click(ALICE, GENERAL, reply["ts"], clickable(reply, ASK_AGAIN))
        return reply, await at.replies(GENERAL, asked, at_least=2)

    reply, replies = in_slack(here, talk)

    assert "slowest" in words(reply)
    assert len(replies) == 2


def test_the_form_asks_with_what_was_chosen(here):
    async def talk(at):
        await at.slack.shortcut(ALICE, ASK_SHORTCUT)
        await at.slack.wait_for(lambda: opened(at, ALICE))
        services = await at.slack.options(ALICE, SERVICE_SELECT, "che")
        await at.slack.submit_view(ALICE, {KIND_SELECT: "slowest", SERVICE_SELECT: services[0]["value"]})
        return services, (await at.direct(ALICE))[0]

    services, answer = in_slack(here, talk)

    assert services[0]["value"] == "checkout"
    assert "400 ms" in words(answer)


async def opened(at, user):
    return at.slack.modal(user)


def test_the_home_tab_lists_what_was_asked_and_asks_it_again(here):
    async def talk(at):
        await at.slack.command("/trace", "slowest last 1h", ALICE, GENERAL)
        await at.whispered(ALICE)
        await at.slack.open_home(ALICE)
        home = await at.slack.wait_for(lambda: home_of(at, ALICE))
        await at.slack.click_in_view(ALICE, clickable(home, HOME_SHOW))
        await at.direct(ALICE)
        await at.slack.click_in_view(ALICE, clickable(home, HOME_AGAIN))
        return home, await at.direct(ALICE, at_least=2)

    home, direct = in_slack(here, talk)

    assert "slowest last 1h" in words(home)
    assert "shop" in words(home)
    assert "answers: 4 services" in words(home)
    assert ["400 ms" in words(one) for one in direct] == [True, True]


def test_the_home_tab_lists_every_store_of_the_configuration(here):
    def unreachable():
        raise BackendUnreachable("jaeger cannot be reached.", "Wait and retry.")

    async def talk(at):
        await at.slack.open_home(ALICE)
        return await at.slack.wait_for(lambda: home_of(at, ALICE))

    others = {"staging": lambda: ShopBackend(name="staging-shop"), "prod": unreachable}
    said = words(in_slack(here, talk, others=others))

    assert "answers: 4 services" in said
    assert "staging-shop" in said
    assert "jaeger cannot be reached." in said


async def home_of(at, user):
    return at.slack.home(user)


def test_the_home_tab_opens_the_form(here):
    async def talk(at):
        await at.slack.open_home(ALICE)
        await at.slack.wait_for(lambda: home_of(at, ALICE))
        await at.slack.click_in_view(ALICE, HOME_ASK)
        return await at.slack.wait_for(lambda: opened(at, ALICE))

    assert in_slack(here, talk)["type"] == "modal"


def test_the_messages_tab_suggests_what_can_be_asked(here):
    async def talk(at):
        await at.slack.open_home(ALICE, "messages")
        await at.quiet()
        return at.slack.prompts(await at.slack.dm_channel(ALICE))

    assert "slowest last 1h" in [prompt["message"] for prompt in in_slack(here, talk)]


@pytest.mark.parametrize("lacking", ["missing_scope", "unknown_method"])
def test_a_workspace_without_agents_is_answered_all_the_same(here, lacking):
    async def talk(at):
        at.slack.play(lacking, 5, method="assistant.threads.setStatus")
        at.slack.play(lacking, 5, method="assistant.threads.setSuggestedPrompts")
        await at.slack.open_home(ALICE, "messages")
        first = await at.slack.dm(ALICE, "slowest last 1h")
        second = await at.slack.dm(ALICE, "services last 1h")
        channel = await at.slack.dm_channel(ALICE)
        await at.reply(channel, first)
        await at.reply(channel, second)
        return [call.method for call in at.slack.calls]

    assert in_slack(here, talk).count("assistant.threads.setStatus") <= 2


def test_a_shared_link_unfurls(here):
    async def talk(at):
        url = f"https://jaeger.example/trace/{FIRST_TRACE}"
        ts = await at.slack.share_link(ALICE, INCIDENTS, url)
        await at.quiet()
        return (await at.slack.message_at(INCIDENTS, ts)), at.slack.calls

    _, calls = in_slack(here, talk)
    unfurled = [call.arguments for call in calls if call.method == "chat.unfurl"]

    assert len(unfurled) == 1
    assert "400 ms" in str(unfurled[0]["unfurls"])
    assert SECOND_TRACE not in str(unfurled)


def test_the_last_opinion_counts(here):
    async def talk(at):
        asked = await at.slack.mention(ALICE, GENERAL, "slowest last 1h")
        reply = await at.reply(GENERAL, asked)
        conversation = await at.state.conversations.get(GENERAL, asked)
        report_id = conversation.report_id
        await at.slack.click(ALICE, GENERAL, reply["ts"], FEEDBACK, f"{USEFUL}:{report_id}:0")
        await at.quiet()
        await at.slack.click(ALICE, GENERAL, reply["ts"], FEEDBACK, f"{NOT_USEFUL}:{report_id}:0")
        await at.quiet()
        return await at.state.feedback.on(report_id)

    opinions = in_slack(here, talk)

    assert (opinions.useful, opinions.not_useful) == (0, 1)
