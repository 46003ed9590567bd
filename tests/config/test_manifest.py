"""The Slack manifest: of Slack's form, and asking for what the bot uses and nothing else."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal

import msgspec
import pytest
from msgspec import Meta

from bot.slack.commands import COMMAND
from config.manifest import MANIFEST, bot_scopes, manifest
from renderers.slack import suggested_prompts
from renderers.slack.actions import ASK_SHORTCUT

SOURCES = "\n".join(
    path.read_text() for path in sorted((Path(__file__).parents[2] / "bot" / "slack").glob("*.py"))
)
SCOPES_OF_EVENTS = {
    "app_home_opened": set(),
    "app_mention": {"app_mentions:read"},
    "link_shared": {"links:read"},
    "message.channels": {"channels:history"},
    "message.groups": {"groups:history"},
    "message.im": {"im:history"},
}
SCOPES_OF_METHODS = {
    "assistant_threads_setStatus": {"assistant:write"},
    "assistant_threads_setSuggestedPrompts": {"assistant:write"},
    "auth_test": set(),
    "chat_delete": {"chat:write"},
    "chat_postEphemeral": {"chat:write"},
    "chat_postMessage": {"chat:write"},
    "chat_unfurl": {"links:write"},
    "chat_update": {"chat:write"},
    "conversations_history": {"channels:history", "groups:history", "im:history"},
    "conversations_replies": {"channels:history", "groups:history", "im:history"},
    "conversations_open": {"im:write"},
    "files_info": {"files:read"},
    "files_upload_v2": {"files:write"},
    "usergroups_users_list": {"usergroups:read"},
    "users_info": {"users:read"},
    "views_open": set(),
    "views_publish": set(),
    "views_update": set(),
}
WEB_API_METHOD = re.compile(
    r"\b((?:assistant|auth|chat|conversations|files|reactions|team|usergroups|users|views)_(?:threads_)?[a-zA-Z]\w*)"
    r"(?=[(,)])"
)
LISTENED = re.compile(r"app\.event\(\"(\w+)\"\)")

Short = Annotated[str, Meta(min_length=1, max_length=35)]
Description = Annotated[str, Meta(min_length=1, max_length=140)]


class Strict(msgspec.Struct, forbid_unknown_fields=True):
    """A part of the manifest with the keys that Slack's reference names and this manifest uses."""


class Metadata(Strict):
    major_version: Literal[2]
    minor_version: int


class Display(Strict):
    name: Short
    description: Description
    long_description: Annotated[str, Meta(min_length=175, max_length=4_000)]
    background_color: Annotated[str, Meta(pattern="^#[0-9a-f]{6}$")]


class BotUser(Strict):
    display_name: Annotated[str, Meta(pattern=r"^[a-z0-9-_.]{1,80}$")]
    always_online: bool


class AppHome(Strict):
    home_tab_enabled: bool
    messages_tab_enabled: bool
    messages_tab_read_only_enabled: bool


class Prompt(Strict):
    title: Short
    message: Description


class AgentView(Strict):
    agent_description: Annotated[str, Meta(min_length=1, max_length=300)]
    suggested_prompts: Annotated[list[Prompt], Meta(max_length=4)]


class SlashCommand(Strict):
    command: Annotated[str, Meta(pattern="^/[a-z0-9_-]{1,31}$")]
    description: Annotated[str, Meta(max_length=2_000)]
    usage_hint: Annotated[str, Meta(max_length=1_000)]
    should_escape: bool


class Shortcut(Strict):
    name: Annotated[str, Meta(max_length=24)]
    type: Literal["global", "message"]
    callback_id: Annotated[str, Meta(max_length=255)]
    description: Annotated[str, Meta(max_length=150)]


class Features(Strict):
    bot_user: BotUser
    app_home: AppHome
    agent_view: AgentView
    slash_commands: Annotated[list[SlashCommand], Meta(max_length=50)]
    shortcuts: Annotated[list[Shortcut], Meta(max_length=10)]
    unfurl_domains: Annotated[list[str], Meta(max_length=5)]


class Scopes(Strict):
    bot: Annotated[list[str], Meta(max_length=255)]


class OAuth(Strict):
    scopes: Scopes


class Events(Strict):
    bot_events: Annotated[list[str], Meta(max_length=100)]


class Interactivity(Strict):
    is_enabled: bool


class AppSettings(Strict):
    socket_mode_enabled: bool
    event_subscriptions: Events
    interactivity: Interactivity
    org_deploy_enabled: bool
    token_rotation_enabled: bool


class Manifest(Strict):
    _metadata: Metadata
    display_information: Display
    features: Features
    oauth_config: OAuth
    settings: AppSettings


@pytest.fixture(scope="module")
def app():
    return msgspec.convert(manifest(), Manifest)


def test_the_manifest_has_the_form_that_slack_reads(app):
    assert app.display_information.name == "tracewhy"
    assert app.settings.socket_mode_enabled
    assert app.settings.interactivity.is_enabled


def test_every_event_that_is_listened_to_is_subscribed_and_no_other(app):
    subscribed = {event.partition(".")[0] for event in app.settings.event_subscriptions.bot_events}

    assert set(LISTENED.findall(SOURCES)) == subscribed


def test_every_scope_is_needed_and_every_need_has_its_scope(app):
    needed = {"commands"}.union(
        *(SCOPES_OF_EVENTS[event] for event in app.settings.event_subscriptions.bot_events),
        *(SCOPES_OF_METHODS[method] for method in WEB_API_METHOD.findall(SOURCES)),
    )

    assert set(app.oauth_config.scopes.bot) == needed


def test_every_scope_says_what_it_is_for():
    lines = MANIFEST.read_text().splitlines()

    unexplained = [scope for scope in bot_scopes() if not any(f"- {scope} # " in line for line in lines)]

    assert unexplained == []


def test_the_command_and_the_shortcut_are_the_ones_that_are_answered(app):
    assert [command.command for command in app.features.slash_commands] == [COMMAND]
    assert [shortcut.callback_id for shortcut in app.features.shortcuts] == [ASK_SHORTCUT]


def test_the_suggested_prompts_are_those_of_the_bot(app):
    manifest_prompts = [
        (prompt.title, prompt.message) for prompt in app.features.agent_view.suggested_prompts
    ]

    assert manifest_prompts == [(prompt["title"], prompt["message"]) for prompt in suggested_prompts()]


def test_direct_messages_can_be_written(app):
    assert app.features.app_home.messages_tab_enabled
    assert not app.features.app_home.messages_tab_read_only_enabled
