"""Pictures under answers: after the words, where all can see them, and never at the cost of the words."""

import pytest

from renderers.charts import Chart, chart_of
from renderers.slack.actions import SHARE
from tests.bot.slack.scene import ALICE, FIRST_TRACE, GENERAL, ShopBackend, clickable, ids, in_slack, words

pytestmark = pytest.mark.server

DOT = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360000002000005"
    "0001e2263b3c0000000049454e44ae426082"
)


def dot(report, zone):
    """A picture of one dot: what is drawn is watched elsewhere."""
    return Chart(DOT, "dot.png", "A dot", "A dot.")


def pictures(message):
    return [block for block in message.get("blocks") or () if block["type"] == "image"]


def methods(at):
    return [call.method for call in at.slack.calls]


async def asked_for(at, question="slowest last 1h"):
    asked = await at.slack.mention(ALICE, GENERAL, question)
    await at.reply(GENERAL, asked)
    await at.quiet()
    return await at.replies(GENERAL, asked)


def test_a_picture_is_added_to_the_answer_itself(here):
    async def talk(at):
        return await asked_for(at, FIRST_TRACE), methods(at)

    replies, called = in_slack(here, talk, draw=lambda report, zone: chart_of(report, zone=zone))

    assert len(replies) == 1
    assert pictures(replies[0])[0]["title"]["text"] == "Waterfall"
    assert "POST /checkout" in pictures(replies[0])[0]["alt_text"]
    assert "POST /checkout took 400 ms" in words(replies[0])
    assert called.index("chat.postMessage") < called.index("files.getUploadURLExternal")
    assert called.count("files.info") > 1  # Slack was still working on it at the first look


@pytest.mark.parametrize(
    ("trouble", "method"),
    [
        ("missing_scope", "files.getUploadURLExternal"),
        ("unknown_method", "files.completeUploadExternal"),
        ("missing_scope", "files.info"),
        ("invalid_blocks", "chat.update"),
        (500, "files.info"),
        ("drop", "files.getUploadURLExternal"),
    ],
)
def test_where_slack_takes_no_picture_the_words_stay_as_they_are(here, trouble, method):
    async def talk(at):
        at.slack.play(trouble, 10, method=method)
        return await asked_for(at)

    replies = in_slack(here, talk, draw=dot)

    assert len(replies) == 1
    assert "400 ms" in words(replies[0])
    assert ids(replies[0])
    assert pictures(replies[0]) == []


def test_a_workspace_that_takes_no_uploads_is_not_asked_again(here):
    async def talk(at):
        at.slack.play("missing_scope", 10, method="files.getUploadURLExternal")
        await asked_for(at)
        await asked_for(at)
        return methods(at)

    assert in_slack(here, talk, draw=dot).count("files.getUploadURLExternal") == 1


def test_a_picture_for_a_message_that_was_deleted_is_not_posted_anew(here):
    async def talk(at):
        at.slack.play("message_not_found", 1, method="chat.update")
        return await asked_for(at), methods(at)

    replies, called = in_slack(here, talk, draw=dot)

    assert len(replies) == 1
    assert called.count("chat.postMessage") == 1


def test_what_one_person_sees_is_uploaded_only_when_they_share_it(here):
    async def talk(at):
        await at.slack.command("/trace", "slowest last 1h", ALICE, GENERAL)
        whispered = (await at.whispered(ALICE))[0]
        await at.quiet()
        before = methods(at)
        await at.slack.click(ALICE, GENERAL, whispered["ts"], clickable(whispered, SHARE))
        await at.quiet()
        return before, whispered, await at.slack.messages(GENERAL)

    before, whispered, messages = in_slack(here, talk, draw=dot)

    assert "files.getUploadURLExternal" not in before
    assert pictures(whispered) == []
    assert [len(pictures(one)) for one in messages] == [1]


def test_a_mistake_in_a_drawing_is_logged_and_the_words_stay(here, caplog):
    def mistaken(report, zone):
        raise ZeroDivisionError

    async def talk(at):
        return await asked_for(at)

    assert "400 ms" in words(in_slack(here, talk, draw=mistaken)[0])
    assert "ZeroDivisionError" in caplog.text


def test_a_report_without_a_picture_has_none(here):
    async def talk(at):
        return await asked_for(at), methods(at)

    _, called = in_slack(here, talk, backend=ShopBackend(), draw=lambda report, zone: None)

    assert "files.getUploadURLExternal" not in called
