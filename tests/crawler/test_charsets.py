"""Pages in the charsets of the press, declared rightly, wrongly or not at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.charsets import decode, is_binary
from crawler.extract import extract

TEXTS = {
    "ru": "Посол вызван в министерство иностранных дел. Об этом сообщили в пресс-службе. ",
    "uk": "Посла викликали до міністерства закордонних справ, повідомили у пресслужбі. ",
    "tr": "Büyükelçi, tutuklamalar nedeniyle Dışişleri Bakanlığına çağrıldı. Şehirde. ",
    "ar": "استدعت وزارة الخارجية السفير وسلمته مذكرة احتجاج. وقال المتحدث باسم الوزارة. ",
    "el": "Ο πρέσβης κλήθηκε στο υπουργείο Εξωτερικών, ανακοίνωσε ο εκπρόσωπος. ",
    "he": "השגריר זומן למשרד החוץ, כך הודיע דובר המשרד. זו הפעם השנייה השנה. ",
    "pl": "Ambasador został wezwany do ministerstwa, poinformował rzecznik. Źródła mówią. ",
    "de": "Der Botschafter wurde ins Außenministerium einbestellt, für Gespräche. ",
    "zh": "大使被召到外交部，发言人在新闻发布会上宣布。这是今年的第二次。",
    "ja": "大使は外務省に呼び出された。報道官が記者会見で発表した。",
    "ko": "대사는 외교부에 초치되었다고 대변인이 기자회견에서 발표했다. ",
    "th": "เอกอัครราชทูตถูกเรียกตัวไปยังกระทรวงการต่างประเทศ โฆษกแถลงข่าว ",
}
CHARSETS = [
    ("ru", "windows-1251"), ("ru", "koi8-r"), ("ru", "iso-8859-5"), ("ru", "cp866"),
    ("uk", "windows-1251"), ("tr", "windows-1254"), ("tr", "iso-8859-9"), ("ar", "windows-1256"),
    ("el", "windows-1253"), ("el", "iso-8859-7"), ("he", "windows-1255"), ("pl", "windows-1250"),
    ("pl", "iso-8859-2"), ("de", "iso-8859-1"), ("zh", "gb18030"), ("zh", "gb2312"),
    ("ja", "shift_jis"), ("ja", "euc-jp"), ("ko", "euc-kr"), ("th", "windows-874"),
]  # fmt: skip
CODECS = {"windows-874": "cp874"}


def page(language, charset, meta=""):
    text = TEXTS[language] * 4
    html = f"<html><head>{meta}<title>x</title></head><body><p>{text}</p></body></html>"
    return html.encode(CODECS.get(charset, charset))


@pytest.mark.parametrize(("language", "charset"), CHARSETS)
@pytest.mark.parametrize(
    ("header", "meta"),
    [
        ("", ""),
        ("{0}", ""),
        ("", "{0}"),
        ("utf-8", "{0}"),
        ("{0}", "utf-8"),
        ("iso-8859-1", "{0}"),
        ("no-such-charset", "{0}"),
        ("", "utf-8"),
    ],
    ids=["undeclared", "header", "meta", "meta against a header of UTF-8",
         "header against a meta of UTF-8", "meta against a header of Latin-1",
         "meta against a header of nonsense", "UTF-8 for all that it is not"],
)  # fmt: skip
def test_it_is_read_whatever_is_declared(language, charset, header, meta):
    head = f'<meta charset="{meta.format(charset)}">' if meta else ""
    content_type = f"text/html; charset={header.format(charset)}" if header else "text/html"
    assert TEXTS[language] in decode(page(language, charset, head), content_type)


@pytest.mark.parametrize("language", TEXTS)
@pytest.mark.parametrize("declared", ["windows-1251", "iso-8859-1", "gb2312", "utf-16", "base64"])
def test_utf_8_wins_against_every_declaration(language, declared):
    body = page(language, "utf-8", f'<meta charset="{declared}">')
    assert TEXTS[language] in decode(body, f"text/html; charset={declared}")


@pytest.mark.parametrize(("language", "charset"), CHARSETS[:4])
def test_latin_1_is_not_believed_of_cyrillic(language, charset):
    body = page(language, charset, '<meta charset="iso-8859-1">')
    assert TEXTS[language] in decode(body, "text/html; charset=iso-8859-1")


def test_one_cyrillic_charset_is_not_believed_of_another():
    assert TEXTS["ru"] in decode(page("ru", "koi8-r"), "text/html; charset=windows-1251")
    assert TEXTS["ru"] in decode(page("ru", "windows-1251", '<meta charset="koi8-r">'))


@pytest.mark.parametrize("charset", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_wins_against_every_declaration(charset):
    body = page("ru", charset, '<meta charset="windows-1251">')
    found = decode(body, "text/html; charset=koi8-r")
    assert TEXTS["ru"] in found
    assert not found.startswith("\ufeff")


@pytest.mark.parametrize("language", ["ru", "zh", "ar"])
def test_utf_8_that_was_cut_or_has_a_broken_byte_is_still_utf_8(language):
    body = page(language, "utf-8")
    middle = body.index(TEXTS[language].encode())
    broken = body[: middle + 60].rstrip(b">")[:-1] + b"\xff" + body[middle + 60 :]
    assert TEXTS[language] in decode(broken, "text/html; charset=iso-8859-1")


def test_what_declares_utf_16_in_ascii_is_not_utf_16():
    assert "plain" in decode(b'<?xml version="1.0" encoding="utf-16"?><p>plain</p>')


@given(st.binary(max_size=400), st.sampled_from([None, "text/html; charset=koi8-r", "charset=;"]))
def test_no_bytes_make_it_fail(body, content_type):
    decode(body, content_type).encode("utf-8", errors="surrogatepass")


@pytest.mark.parametrize(
    "body",
    [
        b"%PDF-1.7\n" + b"1 0 obj << /Type /Catalog >> endobj " * 20,
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)) * 4,
        b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03" + bytes(range(256)) * 4,
    ],
)
def test_what_is_no_text_has_no_article(body):
    assert is_binary(body)
    assert extract(body, "https://paper.example/a").text == ""


@pytest.mark.parametrize("charset", ["cp1251", "utf-16", "iso2022_jp", "gb18030", "utf-8"])
def test_text_in_any_charset_is_text(charset):
    words = "会議\t\r\n" if charset == "iso2022_jp" else "Совет гавани\t\r\n"
    assert not is_binary((words * 200).encode(charset))
    assert not is_binary(b"")
