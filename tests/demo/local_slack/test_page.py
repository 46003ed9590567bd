"""What the web page is shown in place of blocks it does not know."""

from demo.local_slack.page import for_page


def texts(*blocks):
    return [block["text"]["text"] for block in for_page(list(blocks), {})]


def rich(kind, *elements):
    return {"type": "rich_text", "elements": [{"type": kind, "elements": list(elements)}]}


def text(said, **style):
    return {"type": "text", "text": said, **({"style": style} if style else {})}


def test_rich_text_becomes_marked_up_text():
    link = {"type": "link", "url": "https://x/", "text": "trace"}
    sentence = rich("rich_text_section", text("slow ", bold=True), text("& "), link)
    items = rich("rich_text_list", *(sentence["elements"] * 2))

    assert texts(sentence) == ["*slow* & <https://x/|trace>"]
    assert texts(items) == ["\n".join(["• *slow* & <https://x/|trace>"] * 2)]


def test_code_keeps_its_columns_line_by_line():
    assert texts(rich("rich_text_preformatted", text("a  b\nc  d"))) == ["`a\u00a0\u00a0b`\n`c\u00a0\u00a0d`"]


def test_a_table_becomes_aligned_code():
    cells = [[{"type": "raw_text", "text": said} for said in row] for row in (("a", "b"), ("long", "c"))]

    assert texts({"type": "table", "rows": cells}) == [
        "`a\u00a0\u00a0\u00a0\u00a0\u00a0b`\n`long\u00a0\u00a0c`"
    ]


def test_dates_are_written_out_and_escaped_marks_stay_harmless():
    section = {"type": "section", "text": {"type": "mrkdwn", "text": "<!date^1^{time}|12:00> &lt;@U01&gt;"}}

    assert texts(section) == ["12:00 <\u200b@U01>"]


def test_thumbs_become_buttons_with_the_same_id():
    label = {"type": "plain_text", "text": "Useful"}
    thumbs = {
        "type": "feedback_buttons",
        "action_id": "feedback",
        "positive_button": {"text": label, "value": "1"},
        "negative_button": {"text": label, "value": "0"},
    }

    (block,) = for_page([{"type": "context_actions", "elements": [thumbs]}], {})

    assert block["type"] == "actions"
    assert [(each["action_id"], each["value"]) for each in block["elements"]] == [
        ("feedback", "1"),
        ("feedback", "0"),
    ]
