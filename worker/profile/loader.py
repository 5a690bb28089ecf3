"""Loads a profile and cross-checks its files.

    load_profile   the profile, or `ProfileFaults` with every fault
    read_profile   the profile, if there is one, with all faults and remarks (`profile check`)

What `extends` inherits is told in chain.py. The keys of each file: sources.py, rules.py, where.py,
routes.py, channels.py; `${NAME}` in environment.py. Everything is read before anything is refused,
so that one look shows all that is wrong; only a broken chain of `extends` ends the reading.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from alerts.rules.budget import share_out
from crawler.source import Source
from worker.classify.lexicon import Lexicon
from worker.profile import lexicon as lexicons
from worker.profile import sources as source_files
from worker.profile.chain import Chain, read_chain
from worker.profile.codes import ALPHA3, wrong_country, wrong_language
from worker.profile.environment import Environment
from worker.profile.faults import Faults, Remark
from worker.profile.leave_out import read_left_out, without
from worker.profile.model import Profile
from worker.profile.routes import Names, Routing, read_routes
from worker.profile.rules import RuleList, read_rules
from worker.profile.where import categories_of
from worker.profile.yaml_lines import ProfileError


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading a profile came to; `profile` is None exactly when there are faults."""

    profile: Profile | None
    faults: tuple[ProfileError, ...]
    remarks: tuple[Remark, ...] = ()


def load_profile(
    name_or_dir: str,
    environ: Mapping[str, str],
    allowed_private_hosts: frozenset[str] = frozenset(),
) -> Profile:
    """The profile of a bundled name or a directory; any fault is raised, all of them together.

    `environ` is what `${NAME}` in routes.yaml reads. `allowed_private_hosts` are the `host:port`
    entries that a webhook may name although they are private.
    """
    faults = Faults()
    profile, _ = _Reader(faults, Environment(environ), allowed_private_hosts).read(name_or_dir)
    faults.raise_any()
    if profile is None:
        raise ProfileError("this profile cannot be read.", Path(name_or_dir))
    return profile


def load_lexicon_of(name_or_dir: str) -> Lexicon:
    """The lexicon alone of a bundled name or a directory: neither sources nor secrets are read."""
    faults = Faults()
    reader = _Reader(faults, Environment({}), frozenset())
    chain = read_chain(name_or_dir, faults)
    lexicon = reader.lexicon(chain, reader.about(chain).dyad)
    faults.raise_any()
    if lexicon is None:
        raise ProfileError("this profile cannot be read.", Path(name_or_dir))
    return lexicon


def load_dyad_of(name_or_dir: str) -> tuple[str, str]:
    """The two countries alone of a bundled name or a directory: only profile.yaml is read."""
    faults = Faults()
    reader = _Reader(faults, Environment({}), frozenset())
    dyad = reader.about(read_chain(name_or_dir, faults)).dyad
    faults.raise_any()
    if dyad is None:
        raise ProfileError("this profile cannot be read.", Path(name_or_dir))
    return dyad


def read_profile(
    name_or_dir: str,
    environ: Mapping[str, str],
    allowed_private_hosts: frozenset[str] = frozenset(),
) -> Reading:
    """Like `load_profile`, but nothing is raised, and what deserves a look is remarked on."""
    faults = Faults()
    reader = _Reader(faults, Environment(environ), allowed_private_hosts)
    profile: Profile | None = None
    remarks: tuple[Remark, ...] = ()
    with faults.gathered():
        profile, remarks = reader.read(name_or_dir)
    return Reading(None if faults else profile, faults.all(), remarks)


@dataclass(frozen=True, slots=True)
class _About:
    name: str
    dyad: tuple[str, str] | None
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads the files of one profile, in the order in which they need each other."""

    faults: Faults
    environment: Environment
    allowed_private_hosts: frozenset[str]

    def read(self, name_or_dir: str) -> tuple[Profile | None, tuple[Remark, ...]]:
        chain = read_chain(name_or_dir, self.faults)
        about = self.about(chain)
        lexicon = self.lexicon(chain, about.dyad)
        listed = self._sources(chain)
        left_out = read_left_out(chain.about("leave_out"), listed)
        sources = without(listed, left_out)
        rules = self._rules(chain, lexicon, sources)
        together = self._together(chain)
        routing = self._routing(chain, lexicon, rules)
        remarks = _remarks(chain, about, lexicon, sources, left_out, rules, routing)
        if self.faults or about.dyad is None or lexicon is None:
            return None, remarks
        profile = Profile(
            name=about.name,
            dyad=about.dyad,
            languages=about.languages,
            sources=sources,
            left_out=left_out,
            polled=tuple(source for source in sources if source.enabled),
            lexicon=lexicon,
            rules=share_out(rules.rules, together),
            false_alarms_per_year=together,
            rule_names=rules.names,
            routes=routing.routes,
            channels=routing.channels,
            channels_off=routing.off,
            directories=chain.directories,
            operator=routing.operator,
        )
        return profile, remarks

    def about(self, chain: Chain) -> _About:
        own = chain.layers[0].about
        name_from, dyad_from, languages_from = (
            chain.about(key) or own for key in ("name", "dyad", "languages")
        )
        for section, key in (
            (name_from, "name"),
            (dyad_from, "dyad"),
            (languages_from, "languages"),
        ):
            section.require(key)
        dyad = dyad_from.texts("dyad")
        for country in dyad:
            if wrong := wrong_country(country, ALPHA3):
                dyad_from.fault(wrong, "dyad")
        if dyad_from.has("dyad") and (len(dyad) != 2 or dyad[0] == dyad[1]):
            dyad_from.fault("a dyad is two countries; write [FRA, DEU].", "dyad")
        languages = languages_from.texts("languages")
        for language in languages:
            if wrong := wrong_language(language):
                languages_from.fault(wrong, "languages")
        sound = dyad_from.sound and len(dyad) == 2
        return _About(
            name_from.text("name") or "", (dyad[0], dyad[1]) if sound else None, languages
        )

    def lexicon(self, chain: Chain, dyad: tuple[str, str] | None) -> Lexicon | None:
        found = tuple(
            directory / "lexicon"
            for directory in chain.directories
            if (directory / "lexicon").is_dir()
        )
        if not found:
            self._missing(chain, "lexicon", "this directory is missing; copy a bundled lexicon.")
        if not found or dyad is None:
            return None
        with self.faults.gathered():
            return lexicons.load_merged_lexicon(found, dyad)
        return None

    def _sources(self, chain: Chain) -> tuple[Source, ...]:
        directory = chain.nearest("sources")
        if directory is None:
            self._missing(chain, "sources", "this directory is missing; it lists what is polled.")
            return ()
        with self.faults.gathered():
            return source_files.read_sources(directory, self.faults)
        return ()

    def _rules(
        self, chain: Chain, lexicon: Lexicon | None, sources: tuple[Source, ...]
    ) -> RuleList:
        path = chain.nearest("rules.yaml")
        if path is None:
            self._missing(chain, "rules.yaml", "this file is missing; it says what raises alerts.")
            return RuleList()
        newsrooms = {source.newsroom for source in sources}
        with self.faults.gathered():
            return read_rules(path, lexicon, newsrooms, self.faults)
        return RuleList()

    def _together(self, chain: Chain) -> float | None:
        """The false alarms a year that all rules may raise together; None: each has its own."""
        about = chain.about("false_alarms_per_year")
        if about is None:
            return None
        return about.number("false_alarms_per_year", least=0.01, most=8760)

    def _routing(self, chain: Chain, lexicon: Lexicon | None, rules: RuleList) -> Routing:
        path = chain.nearest("routes.yaml")
        if path is None:
            return Routing()
        names = Names(
            rules=rules.severities or None,
            categories=None if lexicon is None else categories_of(lexicon),
        )
        with self.faults.gathered():
            return read_routes(
                path, names, self.environment, self.allowed_private_hosts, self.faults
            )
        return Routing()

    def _missing(self, chain: Chain, name: str, sentence: str) -> None:
        self.faults.add(ProfileError(sentence, chain.directories[0] / name))


def _remarks(
    chain: Chain,
    about: _About,
    lexicon: Lexicon | None,
    sources: tuple[Source, ...],
    left_out: Mapping[str, str],
    rules: RuleList,
    routing: Routing,
) -> tuple[Remark, ...]:
    remarks: list[Remark] = []
    if lexicon is not None:
        where = chain.nearest("lexicon") or chain.directories[0]
        remarks += lexicons.remarks_on(lexicon, about.languages, where)
    wanted = tuple(source for source in sources if source.id not in left_out)
    remarks += source_files.remarks_on(wanted, chain.nearest("sources") or chain.directories[0])
    if left_out:
        named = ", ".join(f"{id} ({why})" for id, why in sorted(left_out.items()))
        sentence = f"leave_out: {len(left_out)} sources are left out: {named}."
        remarks.append(Remark(sentence, chain.directories[0] / "profile.yaml"))
    path = chain.nearest("rules.yaml") or chain.directories[0]
    for rule, severity in rules.severities.items():
        if not routing.reaches(rule, severity):
            sentence = f"the rule {rule!r} is unreachable: no route takes it, so it tells nobody."
            remarks.append(Remark(sentence, path, rules.lines[rule]))
    path = chain.nearest("routes.yaml") or chain.directories[0]
    remarks += routing.remarks
    remarks += (Remark(str(channel), path) for channel in routing.off)
    return tuple(remarks)
