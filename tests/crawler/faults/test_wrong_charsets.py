"""20. Charsets that are declared falsely, twice, or not at all: readable all the same."""

import codecs
from dataclasses import dataclass

import pytest
from harness.hostile import answering
from harness.hostile_sites import lay, source_of

RUSSIAN = "Совет гавани заслушал отчёт лоцманов о ночном происшествии у северного причала"
TURKISH = "Dışişleri Bakanlığı açıklamasında gemilerin güvenliği için önlem alındığını söyledi"
AZERI = "Liman şurası gecə baş vermiş hadisə barədə gəmiçilərin məruzəsini dinlədi"
FRENCH = "Le conseil du port a entendu hier soir les pilotes à propos des événements"


@dataclass(frozen=True)
class Case:
    """Words in one charset, of which the header, the document, or a mark say something else."""

    words: str
    really: str
    document: str | None = None
    header: str | None = None
    mark: bytes = b""


CASES = {
    "windows-1251 that says utf-8 twice": Case(RUSSIAN, "cp1251", "utf-8", "utf-8"),
    "windows-1251 that says utf-8": Case(RUSSIAN, "cp1251", "utf-8"),
    "windows-1251, undeclared": Case(RUSSIAN, "cp1251"),
    "windows-1251 under iso-8859-1": Case(RUSSIAN, "cp1251", "windows-1251", "iso-8859-1"),
    "utf-8 that says koi8-r": Case(RUSSIAN, "utf-8", "koi8-r"),
    "utf-8 whose header says windows-1251": Case(RUSSIAN, "utf-8", "utf-8", "windows-1251"),
    "utf-8 that says iso-8859-1 twice": Case(AZERI, "utf-8", "iso-8859-1", "iso-8859-1"),
    "koi8-r, undeclared": Case(RUSSIAN, "koi8-r"),
    "koi8-r that says so in a header": Case(RUSSIAN, "koi8-r", None, "koi8-r"),
    "windows-1254, undeclared": Case(TURKISH, "cp1254"),
    "windows-1254 that says iso-8859-9": Case(TURKISH, "cp1254", "iso-8859-9"),
    "windows-1252, undeclared": Case(FRENCH, "cp1252"),
    "a mark of utf-8 under koi8-r": Case(AZERI, "utf-8", None, "koi8-r", codecs.BOM_UTF8),
    "utf-16 that says utf-8": Case(RUSSIAN, "utf-16-le", "utf-8", None, codecs.BOM_UTF16_LE),
    "utf-16 under utf-16": Case(RUSSIAN, "utf-16-be", None, "utf-16", codecs.BOM_UTF16_BE),
    "a charset that does not exist": Case(AZERI, "utf-8", "x-user-defined-9", "utf-99"),
    "a charset that is no charset": Case(AZERI, "utf-8", "idna", "base64"),
}  # fmt: skip


def feed_of(case: Case) -> tuple[bytes, str]:
    declared = f' encoding="{case.document}"' if case.document else ""
    item = f"<title>{case.words}</title><description>{case.words}. {case.words}.</description>"
    text = (
        f'<?xml version="1.0"{declared}?><rss version="2.0"><channel><item>{item}</item>'
        "</channel></rss>"
    )
    return case.mark + text.encode(case.really), kind("text/xml", case)


def page_of(case: Case) -> tuple[bytes, str]:
    declared = f'<meta charset="{case.document}">' if case.document else ""
    body = f"<p>{case.words}. {case.words}.</p>" * 6
    text = (
        f"<!DOCTYPE html><html><head>{declared}<title>{case.words}</title></head>"
        f"<body><article><h1>{case.words}</h1>{body}</article></body></html>"
    )
    return case.mark + text.encode(case.really), kind("text/html", case)


def kind(base: str, case: Case) -> str:
    return f"{base}; charset={case.header}" if case.header else base


@pytest.mark.parametrize("where", ["feed", "page"])
def test_the_words_are_readable(strike, where):
    make = feed_of if where == "feed" else page_of
    behaviours = {name: answering(*make(case)) for name, case in CASES.items()}
    struck, _ = strike(where, behaviours)
    read = {name: one.articles[-1] if one.articles else None for name, one in struck.items()}
    wrong = {
        name: read[name] and (read[name].title, read[name].text[:60])
        for name, case in CASES.items()
        if not read[name] or read[name].title != case.words or case.words not in read[name].text
    }
    assert wrong == {}


def test_a_few_broken_bytes_spoil_no_more_than_themselves(server, store, crawl_at):
    words = " ".join([AZERI] * 5).encode()
    broken = words[:30] + b"\xff\xfe" + words[30:] + b"\xc3"
    body = b"<rss version='2.0'><channel><item><title>%s</title></item></channel></rss>" % broken
    site = lay(server(), "feed", answering(body))
    assert crawl_at(source_of(site, "feed"), 0, site).error is None
    (article,) = store.puts[0]
    assert AZERI[40:60] in article.title
