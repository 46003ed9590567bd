"""A Slack of one's own: the npm package `local-slack-linux-x64` behind a strict proxy, for tests and for the demo.

    async with LocalSlack() as slack:                    # or LocalSlack(mode="http", request_url="http://127.0.0.1:...")
        app = AsyncApp(client=AsyncWebClient(token=slack.bot_token, base_url=slack.base_url))
        ...                                              # AsyncSocketModeHandler(app, slack.app_token, web_client=
                                                         #   AsyncWebClient(token=slack.app_token, base_url=slack.base_url))
        asked = await slack.mention("U01ALICE", "C01GEN", "slowest checkout")
        replies = await slack.wait_for(lambda: slack.thread("C01GEN", asked))

What a person does (people.py) returns when the bot has acknowledged, or has failed to within three seconds. What is seen
(sights.py) is what the bot sent, not what the web page makes of it. What was wrong: `refused` (each message that broke a
rule), `late` (deliveries not acknowledged in time), `acks_ms`.

Trouble on demand: `play(trouble, times=1, method=None)`: an HTTP status (429, 500, ...), "timeout", "drop", "lost_answer" (the
call is carried out and its answer is lost), "duplicate" (the next events come twice), or any of Slack's error names
("token_revoked", "is_archived", ...).

What it is not: one modal is open at a time, for all people together; there is one app and one workspace; the program listens on
every interface. Where Slack is known to be undecided or undocumented, the proxy takes the stricter side.
"""
