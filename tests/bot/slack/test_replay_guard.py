"""A signed request is taken once."""

from bot.slack.replay_guard import ReplayGuard


def test_a_signature_is_taken_once():
    guard = ReplayGuard(lambda: 0.0)

    assert [guard.admits(one) for one in ("v0=a", "v0=b", "v0=a")] == [True, True, False]


def test_signatures_are_forgotten_when_their_timestamp_no_longer_holds():
    now_s = [0.0]
    guard = ReplayGuard(lambda: now_s[0])

    taken = []
    for at_s in (0.0, 300.0, 599.0, 700.0):
        now_s[0] = at_s
        taken.append(guard.admits("v0=a"))

    assert taken == [True, False, False, True]
