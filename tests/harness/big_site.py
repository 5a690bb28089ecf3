"""Newspapers without end, of our own writing: a feed each, and pages as heavy as real ones."""

import random
from collections.abc import Callable

from harness.quick_server import Respond, answer

_WORDS = [
    "harbour",
    "council",
    "pilots",
    "quay",
    "ferry",
    "morning",
    "report",
    "evening",
    "strait",
    "customs",
    "officers",
    "crew",
    "cargo",
    "signal",
    "weather",
    "northern",
    "southern",
    "inspection",
    "permit",
    "bridge",
    "railway",
    "station",
    "minister",
    "assembly",
    "session",
    "vote",
    "budget",
    "school",
    "hospital",
    "river",
    "flood",
    "repair",
    "engine",
    "captain",
    "deck",
    "lighthouse",
    "market",
    "fishing",
    "season",
    "price",
    "fuel",
    "storm",
    "warning",
    "rescue",
    "boat",
    "family",
    "street",
    "lamp",
    "library",
    "concert",
    "hall",
]


def big_site(pages: int, kilobytes: float) -> Respond:
    """`/ROUND/rss` lists this many pages `/ROUND/N` of about that size, different on every host."""
    bodies = [_page(random.Random(n), kilobytes) for n in range(40)]

    def respond(host: str, path: str, _head: bytes) -> bytes:
        if path == "/robots.txt":
            return answer(b"User-agent: *\nDisallow: /admin\n", b"text/plain")
        turn, _, name = path.strip("/").partition("/")
        if name == "rss":
            return answer(_feed(host, turn, pages), b"text/xml; charset=utf-8")
        number = int(name)
        lead = f"{host} {turn} {number}"
        body = bodies[(number + len(host) + sum(host.encode())) % len(bodies)]
        return answer(body.replace(b"@@", lead.encode()))

    return respond


def _feed(host: str, turn: str, pages: int) -> bytes:
    items = "".join(
        f"<item><title>Report {turn} {n} from {host}</title><link>http://{host}/{turn}/{n}</link>"
        f"<description>Number {n}, in short.</description></item>"
        for n in range(pages)
    )
    return f'<rss version="2.0"><channel><title>x</title>{items}</channel></rss>'.encode()


def _page(dice: random.Random, kilobytes: float) -> bytes:
    """Menus, scripts, teasers and a footer around fifteen paragraphs, in the usual proportions."""
    text = "".join(f"<p>{_sentences(dice, 4)}</p>\n" for _ in range(15))
    words = {
        "title": _sentences(dice, 1)[:70],
        "text": text if kilobytes > 20 else text[: int(kilobytes * 400)] + "</p>",
    }
    left = int(kilobytes * 1000) - len(words["text"])
    menu = _until(
        left * 0.15, lambda: f'<li class="m"><a href="/s/{dice.random()}">{_some(dice, 2)}</a></li>'
    )
    teasers = _until(left * 0.35, lambda: _teaser(dice))
    script = _until(
        left * 0.4,
        lambda: (
            f'window.d["{dice.random()}"]={{"a":[{dice.random()},1,2],"b":"{_some(dice, 3)}"}};\n'
        ),
    )
    footer = _until(left * 0.05, lambda: f'<a href="/f/{dice.random()}">{_some(dice, 1)}</a> ')
    return f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">
<title>@@ {words["title"]} | The Harbour Paper</title>
<meta property="og:title" content="@@ {words["title"]}"><meta property="og:type" content="article">
<meta property="article:published_time" content="2025-06-28T10:00:00+03:00">
<script type="application/ld+json">{{"@context":"https://schema.org","@type":"NewsArticle",
"headline":"@@ {words["title"]}","datePublished":"2025-06-28T10:00:00+03:00",
"author":{{"@type":"Person","name":"Ada Writer"}}}}</script><script>{script}</script></head>
<body><header><nav><ul>{menu}</ul></nav></header><main><article><h1>@@ {words["title"]}</h1>
<div class="byline">By <a rel="author" href="/a/ada">Ada Writer</a>,
<time datetime="2025-06-28T10:00:00+03:00">28 June</time></div>
<figure><img src="/i/1.jpg" alt=""><figcaption>The quay, @@</figcaption></figure>
<div class="body"><p>@@. {_sentences(dice, 3)}</p>{words["text"]}</div></article>
<aside><h2>More</h2>{teasers}</aside></main><footer>{footer}</footer></body></html>""".encode()


def _menu_entry(dice: random.Random) -> str:
    return f'<li class="m"><a href="/s/{dice.random()}">{_some(dice, 2)}</a></li>'


def _statement(dice: random.Random) -> str:
    return f'window.d["{dice.random()}"]={{"a":[{dice.random()},1,2],"b":"{_some(dice, 3)}"}};\n'


def _teaser(dice: random.Random) -> str:
    address = f"/t/{dice.random()}"
    return (
        f'<div class="teaser card"><a href="{address}"><img src="{address}.jpg" alt=""></a>'
        f'<h3><a href="{address}">{_some(dice, 7)}</a></h3><p>{_some(dice, 14)}</p></div>\n'
    )


def _until(size: float, piece: Callable[[], str]) -> str:
    made: list[str] = []
    length = 0
    while length < size:
        made.append(piece())
        length += len(made[-1])
    return "".join(made)


def _some(dice: random.Random, count: int) -> str:
    return " ".join(dice.choices(_WORDS, k=count))


def _sentences(dice: random.Random, count: int) -> str:
    return " ".join(f"{_some(dice, dice.randint(9, 22)).capitalize()}." for _ in range(count))
