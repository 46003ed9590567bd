import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.message_template import masked_message, message_templates


@pytest.mark.parametrize(
    ("message", "template"),
    [
        ("card 4711 declined", "card <*> declined"),
        ("pool exhausted after 30 s", "pool exhausted after <*> s"),
        ("pool exhausted after 30.5s", "pool exhausted after <*>s"),
        ("'currency'", "'currency'"),
        ("order 0b9f2a44-3c5d-4e6f-8a7b-1c2d3e4f5a6b of ann@shop.example", "order <*> of <*>"),
        ("order-123 not found", "<*> not found"),
        ("dial tcp 10.0.3.7:5432: connect: refused", "dial tcp <*>: connect: refused"),
        ("GET https://pay.example/v1/charge?x=1 failed", "GET <*> failed"),
        ("at 2026-11-22T14:05:11.123Z it was gone", "at <*> it was gone"),
        ("cannot decode utf8 from s3", "cannot decode utf8 from s3"),
        ("ids 1, 2, 3 are gone", "ids <*> are gone"),
        ("Traceback\n  line 3\n", "Traceback line <*>"),
        ("", ""),
    ],
)
def test_what_looks_like_a_value_is_masked(message, template):
    assert masked_message(message) == template


def test_a_word_in_which_many_like_messages_differ_is_a_value():
    messages = [f"user {name} is blocked" for name in ("ann", "bob", "eve", "joe")]

    templates = message_templates([*messages, "user is blocked"])

    assert {templates[message] for message in messages} == {"user <*> is blocked"}
    assert templates["user is blocked"] == "user is blocked"


def test_a_few_alike_messages_stay_apart():
    messages = ["read failed", "write failed", "open failed"]

    assert message_templates(messages) == {message: message for message in messages}


@given(st.lists(st.text(max_size=40), max_size=8), st.randoms())
def test_the_order_of_messages_changes_nothing(messages, random):
    shuffled = random.sample(messages, len(messages))

    assert message_templates(shuffled) == message_templates(messages)


@given(st.text(max_size=400))
def test_a_template_is_one_bounded_line(message):
    template = masked_message(message)

    assert "\n" not in template
    assert len(template) <= 1_000
