"""Bodies of real pages: how right and how quick, beside the libraries that do the same, in one run.

Takes a directory of the scrapinghub article-extraction-benchmark from DYADWATCH_BENCH_PAGES
(`ground-truth.json` and `html/*.html.gz`). The rivals are the dependency group `bench`.
"""

import gzip
import json
import logging
import os
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest

from crawler.extract import extract

VARIABLE = "DYADWATCH_BENCH_PAGES"
URL = "https://publisher.example/article"
LENGTH = 4
WORD = re.compile(r"\w+")
BASIS = "trafilatura, fast"

Reader = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class RealPage:
    html: str
    truth: str


@dataclass(frozen=True, slots=True)
class Score:
    """Means over pages; `milliseconds` of CPU time a page."""

    name: str
    precision: float
    recall: float
    milliseconds: float

    @property
    def f1(self) -> float:
        return 2 * self.precision * self.recall / (self.precision + self.recall)


def ours(html: str) -> str:
    """The whole of it: charset, tree, metadata, body and walls."""
    return extract(html.encode(), URL, "text/html; charset=utf-8").text


def trafilatura(**options: bool) -> Reader:
    read = import_module("trafilatura").extract
    quiet = {"include_comments": False, "include_tables": False, "with_metadata": False}
    return lambda html: read(html, **quiet, **options)


def newspaper(html: str) -> str:
    article = import_module("newspaper").Article(URL, fetch_images=False)
    article.download(input_html=html)
    article.parse()
    return article.text


def readability(html: str) -> str:
    summary = import_module("readability").Document(html).summary(html_partial=True)
    return import_module("lxml.html").fromstring(summary).text_content()


def resiliparse(html: str) -> str:
    plain = import_module("resiliparse.extract.html2text").extract_plain_text
    return plain(html, main_content=True, alt_texts=False, links=False)


def goose(html: str) -> str:
    reader = import_module("goose3").Goose({"enable_image_fetching": False})
    return reader.extract(raw_html=html).cleaned_text


def justext(html: str) -> str:
    library = import_module("justext")
    blocks = library.justext(html.encode(), library.get_stoplist("English"), encoding="utf-8")
    return "\n".join(block.text for block in blocks if not block.is_boilerplate)


def readers() -> dict[str, tuple[str, Callable[[], Reader]]]:
    """By name: the package that it needs, and how to get it."""
    return {
        "dyadwatch": ("crawler", lambda: ours),
        BASIS: ("trafilatura", lambda: trafilatura(fast=True)),
        "trafilatura": ("trafilatura", lambda: trafilatura(fast=False)),
        "readability-lxml": ("readability", lambda: readability),
        "newspaper4k": ("newspaper", lambda: newspaper),
        "resiliparse": ("resiliparse", lambda: resiliparse),
        "goose3": ("goose3", lambda: goose),
        "justext": ("justext", lambda: justext),
    }


def real_pages() -> list[RealPage]:
    directory = os.environ.get(VARIABLE)
    if not directory:
        pytest.skip(f"{VARIABLE} names no directory of benchmark pages")
    root = Path(directory)
    truth = json.loads((root / "ground-truth.json").read_text(encoding="utf-8"))
    return [
        RealPage(
            gzip.decompress((root / "html" / f"{name}.html.gz").read_bytes()).decode(),
            stated["articleBody"],
        )
        for name, stated in sorted(truth.items())
    ]


def shingles(text: str) -> Counter[tuple[str, ...]]:
    words = WORD.findall(text)
    count = max(1, len(words) - LENGTH + 1) if words else 0
    return Counter(tuple(words[i : i + LENGTH]) for i in range(count))


def agreement(truth: str, found: str) -> tuple[float, float, float]:
    """Shared, superfluous and missing runs of four words, as shares of them all."""
    stated, read = shingles(truth), shingles(found)
    counts = (stated & read).total(), (read - stated).total(), (stated - read).total()
    return tuple(count / max(1, sum(counts)) for count in counts)  # type: ignore[return-value]


def means(agreements: Iterable[tuple[float, float, float]]) -> tuple[float, float]:
    """Precision and recall, each the mean over the pages for which it can be told."""
    pages = list(agreements)
    precisions = [same / (same + more) for same, more, _ in pages if same + more]
    recalls = [same / (same + less) for same, _, less in pages if same + less]
    return sum(precisions) / len(precisions), sum(recalls) / len(recalls)


def measured(name: str, read: Reader, pages: list[RealPage]) -> Score:
    for page in pages[:20]:  # what is loaded late is no part of a page's cost
        attempted(read, page.html)
    started = time.process_time()
    found = [attempted(read, page.html) for page in pages]
    seconds = time.process_time() - started
    precision, recall = means(
        agreement(page.truth, text) for page, text in zip(pages, found, strict=True)
    )
    return Score(name, precision, recall, 1000 * seconds / len(pages))


def attempted(read: Reader, html: str) -> str:
    try:
        return read(html) or ""
    except Exception:  # noqa: BLE001 - a rival's crash costs it the page
        return ""


def table(scores: list[Score], missing: list[str]) -> str:
    basis = next((s.milliseconds for s in scores if s.name == BASIS), None)
    lines = [
        f"\n{'':20}{'F1':>7}{'prec.':>7}{'recall':>7}{'ms':>8}{'pages/s':>9}{'to fast':>9}",
    ]
    for s in sorted(scores, key=lambda score: -score.f1):
        ratio = f"{basis / s.milliseconds:9.2f}" if basis else ""
        lines.append(
            f"{s.name:20}{s.f1:7.3f}{s.precision:7.3f}{s.recall:7.3f}"
            f"{s.milliseconds:8.1f}{1000 / s.milliseconds:9.1f}{ratio}"
        )
    lines += [f"{name}: not installed, `uv sync --group bench` brings it" for name in missing]
    return "\n".join(lines)


@pytest.mark.benchmark
@pytest.mark.timeout(900)
def test_bodies_are_read_better_and_quicker_than_by_the_libraries() -> None:
    pages = real_pages()
    logging.disable()
    try:
        known = readers()
        missing = [name for name, (package, _) in known.items() if not find_spec(package)]
        scores = [
            measured(name, get(), pages) for name, (_, get) in known.items() if name not in missing
        ]
    finally:
        logging.disable(logging.NOTSET)
    print(table(scores, missing))
    own = scores[0]
    assert own.f1 >= 0.970
    assert all(own.f1 > rival.f1 for rival in scores[1:])
