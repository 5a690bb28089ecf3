"""Slack by an app's token: one message for each episode, changed as it moves.

    opened                          posted; Slack's name for it is the notification's reference
    updated, de-escalated, resolved the message is changed: nobody is called
    escalated, repeat, escalation   the message is changed, and a reply in its thread calls people

A message that is not there any more, or may not be changed, is posted anew. Slack answers 200 and
`"ok": false` where it refuses: https://docs.slack.dev/reference/methods/chat.postMessage
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

from alerts.channels.http import Answer, Poster
from alerts.channels.secret import Secret
from alerts.notification import Delivered, Failed, Json, Notification, Outcome
from alerts.render_quote import clean_line

#: GovSlack has another one: that is what the key `api` is for.
API = "https://slack.com/api/"

#: Slack repeats the whole message in its answer.
_ANSWER_LIMIT = 400_000
#: Both calls of one message fit into the minute that a channel has.
_DEADLINE = 25.0

_CALLING = frozenset({"escalated", "repeat", "escalation"})

#: What passes by itself, or when the receiver is left alone.
_PASSING = frozenset(
    {
        "fatal_error",
        "internal_error",
        "rate_limited",
        "ratelimited",
        "request_timeout",
        "service_unavailable",
        "team_added_to_org",
    }
)
#: The message cannot be changed any more: another one takes its place.
_GONE = frozenset({"message_not_found", "cant_update_message", "edit_window_closed"})

_REMEDIES: Mapping[str, str] = {
    "invalid_auth": "the token is not valid: copy the app's bot token again",
    "not_authed": "the token is missing: give the app's bot token",
    "account_inactive": "the token's app or person was removed: install the app again",
    "token_revoked": "the token was revoked: install the app again",
    "token_expired": "the token has expired: give a new one",
    "missing_scope": "the app lacks the scope chat:write: add it and install the app again",
    "channel_not_found": "there is no such channel, or the app is not in it: invite the app",
    "not_in_channel": "the app is not in the channel: invite it",
    "is_archived": "the channel is archived: name another one",
    "restricted_action": "the workspace does not let the app post there",
}


@dataclass(frozen=True, slots=True)
class SlackAppChannel:
    """Keeps one message for each episode in one channel of Slack.

    Slack has no key for dropping doubles: a message whose answer was lost may appear twice; one
    that is changed twice is the same.
    """

    name: str
    channel: str
    posting: Poster
    changing: Poster

    @property
    def recipient(self) -> str:
        return f"{self.channel} in Slack"

    @property
    def edits(self) -> bool:
        return True

    def send(self, notification: Notification) -> Outcome:
        """Delivered when Slack has the whole of it; nothing is raised."""
        first = _Reference.read(notification.reference)
        if notification.change == "opened" or first is None:
            return self._post(notification.slack)
        named = {"channel": first.channel, "ts": first.ts}
        changed = _call(self.changing, {**notification.slack, **named})
        if isinstance(changed, Failed):
            return changed
        if changed.error in _GONE:
            return self._post(notification.slack)
        if changed.error:
            return _refused(changed)
        if notification.change in _CALLING:
            reply = _call(self.posting, _reply(notification, first))
            if isinstance(reply, Failed):
                return reply
            if reply.error:
                return _refused(reply)
        return Delivered(reference=str(first))

    def _post(self, words: Mapping[str, Json]) -> Outcome:
        said = _call(self.posting, {**words, "channel": self.channel})
        if isinstance(said, Failed):
            return said
        if said.error:
            return _refused(said)
        return Delivered(reference=str(_Reference(said.channel or self.channel, said.ts)))


def method_posters(
    api: str, token: Secret, allowed_private_hosts: frozenset[str]
) -> tuple[Poster, Poster]:
    """What posts a message, and what changes one."""
    base = api if api.endswith("/") else f"{api}/"
    posting = Poster(
        "Slack",
        Secret(f"{base}chat.postMessage"),
        allowed_private_hosts,
        deadline=_DEADLINE,
        token=token,
        answer_limit=_ANSWER_LIMIT,
    )
    return posting, replace(posting, url=Secret(f"{base}chat.update"))


@dataclass(frozen=True, slots=True)
class _Reference:
    """What Slack calls a message: its channel's identifier and its time stamp there."""

    channel: str
    ts: str

    @classmethod
    def read(cls, text: str | None) -> "_Reference | None":
        channel, _, ts = (text or "").partition(" ")
        return cls(channel, ts) if channel and ts else None

    def __str__(self) -> str:
        return f"{self.channel} {self.ts}"


@dataclass(frozen=True, slots=True)
class _Reply:
    """What Slack said: `error` is its own word for what was wrong, "" where all was well."""

    error: str
    channel: str
    ts: str
    retry_after: float | None


def _call(poster: Poster, body: Mapping[str, Json]) -> _Reply | Failed:
    answer = poster.ask(body)
    return answer if isinstance(answer, Failed) else _read(answer)


def _read(answer: Answer) -> _Reply | Failed:
    try:
        said = json.loads(answer.body)
    except ValueError:
        said = None
    if not isinstance(said, dict):
        return Failed(False, f"Slack answered what is no JSON: {answer.text}")
    error = "" if said.get("ok") is True else clean_line(str(said.get("error") or "no reason"), 80)
    channel, ts = said.get("channel"), said.get("ts")
    return _Reply(
        error,
        channel if isinstance(channel, str) else "",
        ts if isinstance(ts, str) else "",
        answer.retry_after,
    )


def _refused(reply: _Reply) -> Failed:
    remedy = _REMEDIES.get(reply.error)
    what = f"Slack answered {reply.error}" + (f": {remedy}." if remedy else ".")
    passing = reply.error in _PASSING
    return Failed(not passing, what, reply.retry_after if passing else None)


def _reply(notification: Notification, first: _Reference) -> dict[str, Json]:
    """One line in the thread. That it got worse is shown in the channel, too."""
    return {
        "channel": first.channel,
        "thread_ts": first.ts,
        "reply_broadcast": notification.change != "repeat",
        "text": notification.slack["text"],
        "unfurl_links": False,
        "unfurl_media": False,
    }
