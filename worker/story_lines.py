"""Stories as they go out: nested for JSON, flat for a spreadsheet, in words for a person (pure)."""

from typing import Any

from worker.countries import country_name
from worker.moments import written
from worker.story_figures import ELSEWHERE, Side, StoryFigures, Told, Version


def story_record(one: StoryFigures) -> dict[str, Any]:
    """All that is known of a story, its sides by their names."""
    return {
        **_counts(one),
        "languages": list(one.languages),
        "severity": one.severity,
        "direction": one.direction,
        "sides": {
            side.name: {
                "newsrooms": side.newsrooms,
                "first": _article(side.first) if side.first else None,
            }
            for side in one.sides
        },
    }


def story_line(one: StoryFigures) -> dict[str, Any]:
    """One line of a spreadsheet; its columns are `line_columns`."""
    return {
        **_counts(one),
        **{f"newsrooms_{side.name}": side.newsrooms for side in one.sides},
        "languages": ", ".join(one.languages),
        "severity": one.severity,
        "direction": one.direction,
        **{f"headline_{side.name}": side.first.title if side.first else None for side in one.sides},
    }


def line_columns(dyad: tuple[str, str]) -> tuple[str, ...]:
    """The columns of a spreadsheet of stories."""
    names = (*dyad, ELSEWHERE)
    counts = ("id", "first_at", "last_at", "articles", "tellings", "newsrooms")
    newsrooms = (f"newsrooms_{name}" for name in names)
    headlines = (f"headline_{name}" for name in names)
    return (*counts, *newsrooms, "languages", "severity", "direction", *headlines)


def story_cells(one: StoryFigures) -> dict[str, str]:
    """What a person compares at a glance; its columns are `cell_columns`."""
    return {
        "story": "\n".join((one.id, *_times(one))),
        "told": _in_words(one),
        **{country_name(side.name): _headline(side.first) for side in one.sides},
    }


def cell_columns(dyad: tuple[str, str]) -> tuple[str, ...]:
    """The columns for a person: the two sides' headlines stand beside each other."""
    return ("story", "told", *(country_name(name) for name in (*dyad, ELSEWHERE)))


def version_row(version: Version) -> dict[str, Any]:
    """One article of a story, and whose words it repeats; null where they are its own."""
    told, original = version.told, version.reprint_of
    return {
        "story": told.story,
        "telling": told.telling,
        "reprint_of": original.newsroom if original else None,
        "reprint_of_url": original.url if original else None,
        **_article(told),
        "relevant": told.relevant,
        "direction": told.direction,
        "severity": told.severity,
    }


def _counts(one: StoryFigures) -> dict[str, Any]:
    return {
        "id": one.id,
        "first_at": written(one.first_at),
        "last_at": written(one.last_at),
        "articles": one.articles,
        "tellings": one.tellings,
        "newsrooms": one.newsrooms,
    }


def _article(told: Told) -> dict[str, Any]:
    return {
        "at": written(told.at),
        "newsroom": told.newsroom,
        "country": told.country,
        "language": told.language,
        "title": told.title or None,
        "url": told.url,
    }


def _times(one: StoryFigures) -> tuple[str, ...]:
    """First and last; once where they are the same."""
    return tuple(dict.fromkeys(f"{written(moment)}" for moment in (one.first_at, one.last_at)))


def _in_words(one: StoryFigures) -> str:
    return "\n".join(
        (
            f"{one.direction}, severity {one.severity}",
            f"{_counted(one.articles, 'article')}, {_counted(one.tellings, 'telling')}",
            f"{_counted(one.newsrooms, 'newsroom')}: {_split(one.sides)}",
            ", ".join(one.languages),
        )
    )


def _split(sides: tuple[Side, ...]) -> str:
    return ", ".join(f"{side.name} {side.newsrooms}" for side in sides if side.newsrooms)


def _headline(first: Told | None) -> str:
    """The title on one line, so that no title can pass for the line below it."""
    if first is None:
        return "–"
    title = " ".join(first.title.split()) or "(without a title)"
    return f"{title}\n{first.newsroom}, {first.language}"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
