"""What only one thing has, written without a sign between its name and its value."""

from __future__ import annotations

import pytest

from bot.questions.conditions import find_conditions


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        ("request id req-7f3a21", "request.id", "req-7f3a21"),
        ("a request 0c9e-44 near 13:00", "request.id", "0c9e-44"),
        ("customer.id C-4419", "customer.id", "C-4419"),
        ("payment.id pay_9Xk2", "payment.id", "pay_9Xk2"),
        ("payment #8812", "payment.id", "8812"),
        ("lookups for sku TSHIRT-M-BLK", "sku", "TSHIRT-M-BLK"),
        ("traces for user anna.kowalska", "user.id", "anna.kowalska"),
        ("order number 20458", "order.id", "20458"),
        ("payment slow only in eu-west-1", "cloud.region", "eu-west-1"),
        ("our users (AP-South-1) report", "cloud.region", "ap-south-1"),
        ("errors in eu-west-1a", "cloud.availability_zone", "eu-west-1a"),
        ("slowest in europe-west4", "cloud.region", "europe-west4"),
    ],
)
def test_identities_are_conditions(text, key, value):
    assert [(one.key, one.op, one.value) for one in find_conditions(text).where] == [(key, "=", value)]


@pytest.mark.parametrize(
    "text",
    [
        "payment 503s",
        "requests 500",
        "request timeout-2",
        "payment today",
        "payment 14:05",
        "the message queue",
        "eu-west-1-gateway is slow",
        "users complain",
    ],
)
def test_what_only_looks_like_one_is_none(text):
    assert find_conditions(text).where == ()
