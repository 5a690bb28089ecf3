"""Whether a page shows a wall instead of its article: a paywall, a consent form, a check (pure).

A cookie banner or an advertisement for a subscription beside an article is no wall. So a wall is
only looked for where little was read, or where the page itself says that it is not free.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from lxml import etree
from lxml.html import HtmlElement

from crawler.body.roles import words_of
from crawler.body.worth import weight
from crawler.json_ld import NewsArticle

# In characters of an alphabet: about forty words, a hundred and twenty, two hundred.
_NEXT_TO_NOTHING, _TEASER, _SHORT = 250, 700, 1_200
_MAX_ELEMENTS = 50_000

_PAYWALL = re.compile(
    r" (?:\w*paywall\w*|pay wall|reg ?wall|subscri(?:ber|bers|ption) (?:only|wall|required|gate|"
    r"prompt|barrier)|(?:content|article|metered|premium|subscription) (?:gate|gated|lock|locked|"
    r"barrier|wall)|(?:locked|gated|restricted) (?:content|article)|premium (?:only|teaser|hint)|"
    r"only (?:for )?(?:subscribers?|premium)|tp modal|piano (?:offer|container|paywall)) "
)
_CONSENT = re.compile(
    r" (?:cookies?|cookie \w+|consent\w*|gdpr|ccpa|onetrust|didomi|usercentrics|cookiebot|"
    r"cookiewall|cybot\w*|qc cmp\w*|cmp \w+|sp message \w+|truste|iubenda|guce|datenschutz|"
    r"privacy (?:wall|notice|banner|manager|gate)) "
)
# What the services that keep robots out put into their pages; on ordinary pages too, in part.
_CHALLENGES = {
    "Cloudflare": re.compile(r"_cf_chl_opt|/cdn-cgi/challenge-platform/h/|cf-browser-verification"),
    "DataDome": re.compile(r"captcha-delivery\.com"),
    "PerimeterX": re.compile(r"px-captcha|_pxAppId"),
    "Imperva": re.compile(r"_Incapsula_Resource"),
    "DDoS-Guard": re.compile(r"/\.well-known/ddos-guard/|ddos-guard\.net"),
    "Qrator": re.compile(r"__qrator"),
    "Yandex SmartCaptcha": re.compile(r"/showcaptcha|/checkcaptcha|smartcaptcha"),
    "AWS": re.compile(r"AwsWafIntegration|awswaf\.com"),
    "Sucuri": re.compile(r"sucuri_cloudproxy_js"),
    "a captcha": re.compile(r"hcaptcha\.com|recaptcha/(?:api|enterprise)\.js|cf-turnstile"),
}
_JAVASCRIPT = re.compile(r"java\W?script|джаваскрипт", re.IGNORECASE)
_ABRIDGED = re.compile(r"(?:…|\.\.\.|\[…\]|\[\.\.\.\])\W*$")
_UNSEEN = ("script", "style", "noscript", "template", "head", "svg")


@dataclass(slots=True)
class _Shown:
    """What stands on a page: visible characters in all, in the largest box for payers, in consent
    forms."""

    total: float = 0
    paywall: float = 0
    consent: float = 0
    asks_password: bool = False
    scripts: list[str] = field(default_factory=list)
    unscripted: str = ""


@dataclass(slots=True)
class _Marked:
    """A box that is being read, and how much it shows so far."""

    element: HtmlElement
    kind: str
    amount: float = 0


def wall(
    tree: HtmlElement, url: str, text: str, article: NewsArticle, *, doubtful: bool = False
) -> str | None:
    """A sentence that names the wall, or None.

    `text` is what was read as the article, `article` what the structured data says; `doubtful`
    tells that the text stands where no article should.
    """
    read = weight(text)
    if _is_consent_address(url):
        return "the page is a consent form, the article is behind it"
    if read >= _SHORT and not doubtful:
        return None
    shown = _shown(tree)
    return (
        _challenge(shown, read)
        or _consent(shown, read, article, doubtful=doubtful)
        or _paywall(shown, read, text, article)
        or _login(shown, read, article)
    )


def _is_consent_address(url: str) -> bool:
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    return host.startswith(("consent.", "guce."))


def _challenge(shown: _Shown, read: float) -> str | None:
    if read >= _NEXT_TO_NOTHING or shown.total >= _SHORT:
        return None
    scripts = "\n".join(shown.scripts)
    for service, sign in _CHALLENGES.items():
        if sign.search(scripts):
            return f"the page is a check by {service} that the visitor is no robot"
    if shown.total < _TEASER and _JAVASCRIPT.search(shown.unscripted):
        return "the page shows its article only to browsers that run JavaScript"
    return None


def _consent(shown: _Shown, read: float, article: NewsArticle, *, doubtful: bool) -> str | None:
    # A wrapper of the whole page may be named after the banner in it: then an article is described.
    may_be_form = doubtful or read < _NEXT_TO_NOTHING or not (article.headline or article.dates)
    if shown.consent > 0.6 * shown.total and may_be_form:
        return "the page asks for consent to cookies, the article is behind it"
    return None


def _paywall(shown: _Shown, read: float, text: str, article: NewsArticle) -> str | None:
    if article.free is True:
        return None
    if article.free is False and read < _SHORT:
        return "the page says that its article is for subscribers only, and shows its beginning"
    is_cut = read < _TEASER or _ABRIDGED.search(text)
    # A wall explains itself; a link to log in, which many a page has in its head, does not.
    if shown.paywall >= 60 and is_cut and not _says_all(text, article):
        return "a paywall hides all but the beginning of the article"
    return None


def _says_all(text: str, article: NewsArticle) -> bool:
    return bool(article.body) and 0.8 * len(article.body) <= len(text)


def _login(shown: _Shown, read: float, article: NewsArticle) -> str | None:
    if shown.asks_password and not article.headline and read < _NEXT_TO_NOTHING:
        return "the page asks to log in, the article is behind it"
    return None


def _shown(tree: HtmlElement) -> _Shown:
    shown = _Shown()
    walker = etree.iterwalk(tree, events=("start", "end"))
    inside: list[_Marked] = []
    for number, (event, element) in enumerate(walker):
        if number > _MAX_ELEMENTS:
            break
        if event == "end":
            if inside and inside[-1].element is element:
                inside.pop()
            _count(shown, inside, element.tail)
            continue
        if _note(shown, element) or _is_hidden(element):
            walker.skip_subtree()
            continue
        kind = _kind(element)
        if kind and not inside:
            inside.append(_Marked(element, kind))
        _count(shown, inside, element.text)
    return shown


def _count(shown: _Shown, inside: list[_Marked], text: str | None) -> None:
    if not text or text.isspace():
        return
    amount = weight(text.strip())
    shown.total += amount
    if not inside:
        return
    inside[-1].amount += amount
    if inside[-1].kind == "paywall":
        shown.paywall = max(shown.paywall, inside[-1].amount)
    else:
        shown.consent += amount


def _note(shown: _Shown, element: HtmlElement) -> bool:
    """Takes down what is not shown but tells something; whether it is such an element."""
    tag = element.tag
    if tag == "script":
        shown.scripts.append(f"{element.get('src') or ''} {(element.text or '')[:3000]}")
    elif tag == "noscript":
        shown.unscripted += "".join(_texts(element))[:2000]
    elif tag == "head":
        # Its scripts matter, its words are not shown.
        for script in element.iter("script", "noscript"):
            _note(shown, script)
    elif tag in ("iframe", "form", "input", "div"):
        source = (
            f"{element.get('src') or ''} {element.get('action') or ''} {element.get('id') or ''}"
        )
        shown.scripts.append(source + f" {element.get('class') or ''}")
        shown.asks_password |= element.get("type") == "password"
    return tag in _UNSEEN


def _texts(element: HtmlElement) -> Iterator[str]:
    yield from (str(text) for text in element.itertext())


def _kind(element: HtmlElement) -> str | None:
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    if len(names) < 3 or element.tag in ("body", "html"):
        return None
    words = words_of(names)
    if _PAYWALL.search(words):
        return "paywall"
    return "consent" if _CONSENT.search(words) else None


def _is_hidden(element: HtmlElement) -> bool:
    if element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return True
    return "display:none" in (element.get("style") or "").replace(" ", "").lower()
