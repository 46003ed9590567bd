"""A Slack of one's own: the npm package `local-slack-linux-x64` behind a strict proxy, for tests and for the demo.

    async with LocalSlack() as slack:                    # or LocalSlack(mode="http", request_url="http://127.0.0.1:...")
        app = AsyncApp(client=AsyncWebClient(token=slack.bot_token, base_url=slack.base_url))
        ...                                              # AsyncSocketModeHandler(app, slack.app_token, web_client=
                                                         #   AsyncWebClient(token=slack.app_token, base_url=slack.base_url))
        asked = await slack.mention("U01ALICE", "C01GEN", "slowest checkout")
        replies = await slack.wait_for(lambda: slack.thread("C01GEN", asked.ts))

What a person does, each returning when the bot has acknowledged (or has failed to within three seconds):
    message(user, channel, text, thread_ts=None) -> ts;   mention(...) the same with the bot named first;   dm(user, text)
    command(name, text, user, channel) -> what the acknowledgement said;   share_link(user, channel, url) -> ts
    click(user, channel, ts, action_id, value=None);   click_in_view(user, view_id, action_id);   open_home(user, tab="home")
    submit_view(user, values) -> response_action or None;   options(user, action_id, typed, view_id or channel and ts)
What is seen:
    messages(channel), thread(channel, ts), message_at(channel, ts), ephemerals(user), modal(user), home(user), calls
What was wrong: `refused` (each message that broke a rule), `late` (deliveries not acknowledged in time), `acks_ms`.
Trouble on demand: play(trouble, times=1, method=None): an HTTP status (429, 500, ...), "timeout", "drop", "lost_answer",
"duplicate" (the next deliveries come twice), or any of Slack's error names ("token_revoked", "is_archived", ...).
"""
