"""The evidence of episodes: kept when people are about to be told, looked at again afterwards.

`keep` belongs in the transaction in which an episode opens or gets worse, `keep_told` goes before a
message; `state_of` says what has become of what was kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from alerts.canonical import canonical, fingerprint
from alerts.episode import Episode
from alerts.evidence import Difference, Snapshot, verify
from alerts.notification import Proof
from alerts.render_evidence import difference_in_words, proof_in_words, since_in_words, tally
from worker.evidence_snapshot import heard_by_side, snapshot_of
from worker.profile.model import Profile
from worker.storage import archive, evidence, listening, revisits
from worker.storage.codec import decode
from worker.storage.database import Database
from worker.storage.evidence import Kept


@dataclass(frozen=True, slots=True)
class State:
    """What has become of what was kept, `kept` being the newest of it. `intact` is whether all that
    is stored of it still has the digest that it was kept under."""

    kept: Kept
    intact: bool
    differences: tuple[Difference, ...]

    @property
    def proof(self) -> Proof:
        """What a message says of it."""
        edited, deleted = tally(self.differences)
        articles = len({one.article.key for one in self.differences})
        return Proof(self.kept.digest, self.kept.taken_at, articles, edited, deleted)

    @property
    def sentences(self) -> tuple[str, ...]:
        """What there is to say of it: the digest, a summary, and each article that has changed."""
        proof = self.proof
        told = [f"Evidence: {proof_in_words(proof)}."]
        if not self.intact:
            told.append("The stored evidence was changed: it does not have this hash any more.")
        if summary := since_in_words(proof):
            told.append(f"{summary}.")
        changed = (one for one in self.differences if one.kind != "unchanged")
        return (*told, *(difference_in_words(one) for one in changed))


def keep(conn: Connection, profile: Profile, episode: Episode, now: datetime) -> str:
    """Keep what the episode rests on as of `now`, and have its pages looked at again; the digest.

    The same episode at the same moment is kept once.
    """
    articles = archive.get(conn, episode.last.article_ids)
    heard = heard_by_side(profile, listening.heard(conn, now))
    body = snapshot_of(profile, episode, articles, heard, now).body
    kept = Kept(episode.id, now, fingerprint(body), body)
    if evidence.keep(conn, kept) == "kept":
        revisits.expect(conn, articles.keys(), now)
    return kept.digest


def keep_told(database: Database, profile: Profile, episode: Episode, now: datetime) -> None:
    """Keep what a message is about to say of the episode, unless that is what was kept last: from
    its opening until the message leaves, an episode gathers more."""
    with database.read() as conn:
        kept = evidence.newest(conn, episode.id)
    last = canonical(episode.last)
    if kept and _is_intact(kept) and canonical(read(kept).finding) == last:
        return
    database.retrying(lambda conn: keep(conn, profile, episode, now))


def state_of(conn: Connection, episode: Episode) -> State | None:
    """What has become of all that the episode rested on whenever people were told, each article
    compared with what it said the first time; None where nothing was kept, as of episodes from
    before there was evidence."""
    kept = evidence.of_episode(conn, episode.id)
    return _state(conn, kept) if kept else None


def state(conn: Connection, kept: Kept) -> State:
    """What has become of the articles of this one snapshot."""
    return _state(conn, [kept])


def read(kept: Kept) -> Snapshot:
    """The snapshot of an intact row."""
    return decode(Snapshot, kept.body)


def _state(conn: Connection, kept: Sequence[Kept]) -> State:
    """Of these snapshots, the newest last; of one that is not intact nothing is believed."""
    sound = [read(one) for one in kept if _is_intact(one)]
    if not sound:
        return State(kept[-1], False, ())
    first = {article.key: article for one in reversed(sound) for article in one.articles}
    whole = replace(sound[-1], articles=tuple(first.values()))
    stored = evidence.stored_words(conn, first)
    return State(kept[-1], len(sound) == len(kept), tuple(verify(whole, stored)))


def _is_intact(kept: Kept) -> bool:
    return fingerprint(kept.body) == kept.digest
