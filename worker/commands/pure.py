"""Commands that touch neither database nor broker: extract, classify, cluster, detect."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from worker import clock
from worker.lines import open_bytes
from worker.output import emit_json, say
from worker.settings import read_settings

if TYPE_CHECKING:
    from crawler.article import Article
    from worker.article_lines import LineFault

FileArgument = Annotated[
    Path | None, typer.Argument(help="A file; standard input without it.", show_default=False)
]


def register(app: typer.Typer) -> None:
    app.command()(extract)
    app.command()(classify)
    app.command()(cluster)
    app.command()(detect)


def extract(
    file: Annotated[
        Path | None, typer.Argument(help="A saved HTML page.", show_default=False)
    ] = None,
    url: Annotated[str, typer.Option(help="The address that the page was saved from.")] = "",
    jsonl: Annotated[
        bool,
        typer.Option("--jsonl", help='Read lines of {"id", "url", "path"} from standard input.'),
    ] = False,
) -> None:
    """Turn a saved HTML page into one JSON object: title, text, authors, date, language."""
    if jsonl == (file is not None):
        raise typer.BadParameter("name a FILE with --url, or give --jsonl alone.")
    if file is not None:
        if not url:
            raise typer.BadParameter("--url is needed: links and dates are read with it.")
        try:
            emit_json(_extracted(file, url))
        except ValueError as error:
            raise typer.BadParameter(str(error), param_hint="--url") from None
        return
    faults = 0
    for number, line in enumerate(sys.stdin.buffer, start=1):
        if line.strip():
            faults += _extract_line(number, line)
    if faults:
        raise typer.Exit(1)


def classify(file: FileArgument = None) -> None:
    """Classify articles, given as JSON lines; prints one classification a line."""
    from worker.article_lines import LineFault, read_articles
    from worker.classify import Classifier
    from worker.profile.loader import load_profile

    settings = read_settings()
    profile = load_profile(settings.profile, settings.environ, settings.allowed_private_hosts)
    classifier = Classifier(profile.lexicon)
    sources = {source.id: source for source in profile.sources}
    faulty = False
    with open_bytes(file) as lines:
        for article in read_articles(lines, sources, clock.now()):
            if isinstance(article, LineFault):
                faulty = True
                _tell(file, article)
                emit_json({"id": article.id, "error": article.sentence})
            else:
                source = sources.get(article.source)
                languages = source.languages if source else ()
                emit_json(
                    classifier.classify(article, languages).to_json(article.id or article.url)
                )
    if faulty:
        raise typer.Exit(1)


def cluster(file: FileArgument = None) -> None:
    """Group articles, given as JSON lines, into stories; prints {"id", "story"} lines."""
    from worker.article_lines import LineFault, read_articles
    from worker.classify import Classifier
    from worker.profile.loader import load_lexicon_of
    from worker.stories import cluster as group

    classifier = Classifier(load_lexicon_of(read_settings().profile))
    faulty = False

    def articles() -> Iterator[Article]:
        nonlocal faulty
        with open_bytes(file) as lines:
            for article in read_articles(lines, {}, clock.now()):
                if isinstance(article, LineFault):
                    faulty = True
                    _tell(file, article)
                else:
                    yield article

    for article_id, story in group(articles(), classifier):
        emit_json({"id": article_id, "story": story})
    if faulty:
        raise typer.Exit(1)


def detect(
    file: Annotated[Path, typer.Argument(help="A CSV of start,count[,exposure] rows.")],
    false_alarms_per_year: Annotated[
        float | None,
        typer.Option(
            min=0.01,
            max=1_000_000,
            show_default="5, as for a rule",
            help="How many false alarms a year you can live with.",
        ),
    ] = None,
) -> None:
    """Say for each row of a CSV what its past made likely, and whether it is an alarm.

    Adds expected, upper (the smallest count that alarms), p_value and alarm; empty where that is
    not known yet. `start` is ISO 8601 and the bucket the smallest step between two rows. A missing
    row, an empty count and an exposure of 0 are unobserved, not zero.
    """
    from alerts.baseline import DEFAULT_FALSE_ALARMS
    from worker.detect_csv import detect_rows

    asked = false_alarms_per_year or DEFAULT_FALSE_ALARMS
    with open_bytes(file) as lines:
        faults = detect_rows(lines, sys.stdout, asked)
    for fault in faults:
        say(f"{_named(file)}, {fault}")
    if faults:
        raise typer.Exit(1)


def _extracted(path: Path, url: str) -> Mapping[str, Any]:
    from crawler.extract import extract as extract_page
    from worker.classify.language import language_of

    with open_bytes(path) as page:
        extracted = extract_page(page.read(), url)
    # What a page does not declare, its words tell; `und` where they do not.
    language = extracted.language or language_of(f"{extracted.title}\n{extracted.text}")
    return {**extracted.to_json(), "language": language}


def _extract_line(number: int, line: bytes) -> int:
    """Print the record of one page, or an error record and a sentence; the number of faults."""
    identity = None
    try:
        order = json.loads(line)
        identity = order["id"]
        path, url = order["path"], order["url"]
        if not (isinstance(path, str) and isinstance(url, str)):
            raise TypeError("path and url are texts")
        emit_json({"id": identity, **_extracted(Path(path), url)})
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        sentence = f'this line needs {{"id", "url", "path"}} ({type(error).__name__}: {error}).'
    except Exception as error:  # noqa: BLE001  one bad page must not end the stream
        sentence = str(error)
    else:
        return 0
    say(f"standard input, line {number}: {sentence}")
    emit_json({"id": identity, "error": sentence})
    return 1


def _tell(file: Path | None, fault: LineFault) -> None:
    say(f"{_named(file)}, line {fault.number}: {fault.sentence}")


def _named(file: Path | None) -> str:
    return "standard input" if file is None or str(file) == "-" else str(file)
