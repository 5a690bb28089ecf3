"""Reads sources/*.yaml: what is polled, each source checked before anything is asked of it."""

from pathlib import Path
from typing import cast, get_args

from crawler.source import Source, SourceKind, Stance
from crawler.urls import registered_domain
from worker.profile.addresses import wrong_address
from worker.profile.codes import ALPHA2, wrong_country, wrong_jurisdiction, wrong_language
from worker.profile.faults import Faults, Remark
from worker.profile.identity import Identities, identifier
from worker.profile.kinds import check_kind
from worker.profile.section import Section, sections
from worker.profile.yaml_lines import ProfileError, read_yaml

KINDS: tuple[str, ...] = get_args(SourceKind)
STANCES: tuple[str, ...] = get_args(Stance)

_KEYS = (
    "id", "kind", "url", "name", "newsroom", "country", "stance", "language",
    "every", "topical", "enabled", "expect", "links", "article", "note",
    "sanctioned", "domains", "pages",
)  # fmt: skip


def read_sources(directory: Path, faults: Faults) -> tuple[Source, ...]:
    """Every sound source below `directory`, in the order of files and lines."""
    if not directory.is_dir():
        raise ProfileError("this must be a directory of .yaml files.", directory)
    paths = sorted(directory.rglob("*.yaml"))
    if not paths:
        raise ProfileError("there is no .yaml file in it; add a source.", directory)
    found: list[Source] = []
    identities = Identities()
    for path in paths:
        with faults.gathered():
            file = read_yaml(path)
            for section in sections(file, file.content, faults):
                source = _source(section)
                identities.note(section)
                if source is not None:
                    found.append(source)
    return tuple(found)


def remarks_on(sources: tuple[Source, ...], directory: Path) -> list[Remark]:
    """What deserves a look: sources that are off, or asked twice."""
    remarks = []
    off = [source for source in sources if not source.enabled]
    if off:
        remarks.append(
            Remark(f"{len(off)} of {len(sources)} sources are off (enabled: false).", directory)
        )
    by_url: dict[str, list[str]] = {}
    for source in sources:
        if source.enabled:
            by_url.setdefault(source.url, []).append(source.id)
    for url, ids in by_url.items():
        if len(ids) > 1:
            remarks.append(Remark(f"{' and '.join(ids)} ask the same {url}.", directory))
    return remarks


def _source(section: Section) -> Source | None:
    section.only(*_KEYS)
    section.require("id", "kind", "url", "newsroom")
    source_id = identifier(section)
    url = section.text("url")
    if url is not None and (wrong := wrong_address(url)):
        section.fault(f"{wrong} It is {url!r}.", "url")
        url = None
    kind = section.choice("kind", KINDS)
    links, article = check_kind(section, kind, url)
    source = Source(
        id=source_id or "",
        kind=cast(SourceKind, kind),
        url=url or "",
        name=section.text("name") or source_id or "",
        newsroom=section.text("newsroom") or "",
        country=_country(section),
        stance=cast(Stance | None, section.choice("stance", STANCES)),
        languages=_languages(section),
        every=section.duration("every", least="1s", most="30d"),
        topical=section.flag("topical") or False,
        enabled=section.flag("enabled") is not False,
        articles_per_day=_articles_per_day(section),
        links=links,
        article=article,
        sanctioned=_sanctioned(section),
        domains=_domains(section),
        pages=section.flag("pages") is not False,
        note=section.text("note"),
    )
    return source if section.sound else None


def _country(section: Section) -> str | None:
    country = section.text("country")
    if country is not None and (wrong := wrong_country(country, ALPHA2)):
        section.fault(wrong, "country")
    return country


def _languages(section: Section) -> tuple[str, ...]:
    languages = section.texts("language")
    for index, language in enumerate(languages):
        if wrong := wrong_language(language):
            section.fault(wrong, "language", index)
    return languages


def _sanctioned(section: Section) -> tuple[str, ...]:
    jurisdictions = section.texts("sanctioned")
    for index, code in enumerate(jurisdictions):
        if wrong := wrong_jurisdiction(code):
            section.fault(wrong, "sanctioned", index)
    return jurisdictions


def _domains(section: Section) -> tuple[str, ...]:
    domains = section.texts("domains")
    for index, domain in enumerate(domains):
        if wrong_address(f"https://{domain}/") or "/" in domain or "." not in domain:
            section.fault(f"{domain!r} is not a domain; write example.az.", "domains", index)
        elif (registered := registered_domain(f"https://{domain}/")) != domain:
            sentence = f"{domain!r} is not what a publisher registers; write {registered}."
            section.fault(sentence, "domains", index)
    return domains


def _articles_per_day(section: Section) -> float | None:
    expect = section.section("expect")
    if expect is None:
        return None
    expect.only("articles_per_day")
    promised = expect.number("articles_per_day", least=0.01, most=100_000)
    section.sound = section.sound and expect.sound
    return promised
