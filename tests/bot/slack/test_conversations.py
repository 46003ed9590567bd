"""Every way to ask in Slack, each a conversation."""

from tests.bot.slack.scene import ALICE, BOB, FIRST_TRACE, GENERAL, SECOND_TRACE, in_slack, words


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
