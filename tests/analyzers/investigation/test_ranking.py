"""Who is suspected, in pictures: the same two windows with one thing changed."""

from __future__ import annotations

import pytest

from tests.analyzers.investigation.cohorts import why

SHOP = """
    front GET /buy         0..200   server
      front POST cart      5..45    client
        cart add           10..40   server
      front POST pay       50..110  client
        pay charge         60..100  server
          pay SELECT cards  65..75   client
      front POST mail      120..160 client
        mail send          130..150 server
"""
SLOW_CODE = """
    front GET /buy         0..400   server
      front POST cart      5..45    client
        cart add           10..40   server
      front POST pay       50..310  client
        pay charge         60..300  server
          pay SELECT cards  65..75   client
      front POST mail      320..360 client
        mail send          330..350 server
"""
SLOW_WIRE = """
    front GET /buy         0..400   server
      front POST cart      5..45    client
        cart add           10..40   server
      front POST pay       50..310  client
        pay charge         160..200 server
          pay SELECT cards  165..175 client
      front POST mail      320..360 client
        mail send          330..350 server
"""
ALL_WAYS_OF_FRONT = """
    front GET /buy         0..500   server
      front POST cart      5..145   client
        cart add           60..90   server
      front POST pay       150..310 client
        pay charge         210..250 server
          pay SELECT cards  215..225 client
      front POST mail      320..460 client
        mail send          380..400 server
"""
MANY_QUERIES = """
    front GET /buy         0..400   server
      front POST cart      5..45    client
        cart add           10..40   server
      front POST pay       50..310  client
        pay charge         60..300  server
          pay SELECT cards  65..75   client
          pay SELECT cards  80..90   client
          pay SELECT cards  95..105  client
          pay SELECT cards  110..120 client
          pay SELECT cards  125..135 client
          pay SELECT cards  140..150 client
          pay SELECT cards  155..165 client
          pay SELECT cards  170..180 client
          pay SELECT cards  185..195 client
          pay SELECT cards  200..290 client
      front POST mail      320..360 client
        mail send          330..350 server
"""
GAVE_UP_EARLY = """
    front GET /buy         0..90    server
      front POST cart      5..45    client
        cart add           10..40   server
      front POST pay       50..80   client
        pay charge         60..70   server
"""
PAY_FAILS = """
    front GET /buy         0..90    server error
      front POST cart      5..45    client
        cart add           10..40   server
      front POST pay       50..80   client error
        pay charge         60..70   server error
"""
TIMED_OUT = """
    front GET /buy         0..250   server error
      front POST cart      5..45    client
        cart add           10..40   server
      front POST pay       50..240  client error
        pay charge         60..600  server
          pay SELECT cards  65..75   client
"""


@pytest.mark.parametrize(
    ("after", "suspect", "change"),
    [
        (SLOW_CODE, "pay", "self_time"),
        (SLOW_WIRE, "pay", "wire"),
        (ALL_WAYS_OF_FRONT, "front", "wire"),
        (MANY_QUERIES, "pay", "calls"),
        (PAY_FAILS, "pay", "errors"),
    ],
)
def test_the_first_cause_is_what_was_broken(after, suspect, change):
    first = why(SHOP, after).causes[0]

    assert (first.service, first.change) == (suspect, change)


def test_a_slow_way_names_both_its_ends():
    first = why(SHOP, SLOW_WIRE).causes[0]

    assert (first.caller, first.service) == ("front", "pay")


def test_it_needs_neither_kinds_nor_statuses():
    bare = [picture.replace("server", "").replace("client", "") for picture in (SHOP, SLOW_CODE)]

    assert why(*bare).services_ranked[0] == "pay"


def test_who_ends_early_without_a_status_is_suspected():
    assert why(SHOP, GAVE_UP_EARLY).services_ranked[0] == "pay"


def test_who_stops_waiting_for_a_slow_service_is_its_victim():
    assert why(SHOP, TIMED_OUT).services_ranked[0] == "pay"


def test_every_service_seen_is_ranked():
    assert sorted(why(SHOP, SLOW_CODE).services_ranked) == ["cart", "front", "mail", "pay"]


def test_callers_feel_it_and_are_not_the_cause():
    impact = why(SHOP, SLOW_CODE).impact

    assert [(one.service, one.operation) for one in impact] == [("front", "GET /buy")]


def test_the_place_that_was_asked_about_is_not_told_to_feel_it():
    assert why(SHOP, SLOW_CODE, "front").impact == ()


def test_what_loses_next_to_nothing_beside_another_is_not_told():
    before = "front GET /buy  0..1000 server\n  pay charge  10..900 server\n  mail send  910..920 server"
    after = "front GET /buy  0..9000 server\n  pay charge  10..8900 server\n  mail send  8910..8925 server"

    assert [one.service for one in why(before, after).impact] == ["front"]


def test_the_same_input_gives_the_same_report():
    assert why(SHOP, SLOW_CODE) == why(SHOP, SLOW_CODE)
