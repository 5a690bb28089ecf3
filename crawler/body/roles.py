"""What the class and id of an element say that it is for, whatever the language of its page."""

import re
from dataclasses import dataclass
from functools import lru_cache

# Names are split at hyphens, underscores and capitals: `articleBody` and `article-body` are one.
_WORD_BREAK = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]+")


def _any_of(names: str) -> re.Pattern[str]:
    return re.compile(" (?:" + "|".join(name.strip() for name in names.split(" / ")) + ") ")


# Never the article, wherever they stand. English, and the words that publishers' own systems use.
_FOREIGN = _any_of(
    r"comments? / commentlist / disqus / komentar\w* / kommentar\w* / comentarios / yorum\w* / "
    r"reacties / related\w* / relacionad[ao]s? / ilgili \w+ / correlati / kapcsolodo / "
    r"recommend\w* / recirc\w* / read (?:also|more|next|too) / also read / see also / "
    r"lire aussi / leia (?:mais|tambem) / lee tambien / shar(?:e|es|ing) / sharedaddy / addtoany / "
    r"addthis / social share / teilen / partager / compartir / condividi / paylas\w* / "
    r"newsletters? / (?<!with )(?<!has )(?<!no )sidebar / footer / navbar / nav / navigation / "
    r"menu / submenu / breadcrumbs? / ads? / adv / advert\w* / adsbygoogle / taboola / outbrain / "
    r"mgid / dfp / gpt / reklam\w* / publicidad / publicite / anzeige / werbung / banners? / "
    r"sponsor\w* / promos? / most (?:read|popular|viewed|commented) / mostread / trending / "
    r"captions? / figcaption / (?:photo|image|img|picture|foto|media) (?:desc\w*|credits?|title|"
    r"info|author|source|signature|legend) / legende / (?:author|writer|contributor) (?:box|bio|"
    r"info|card|profile|details?|block) / about (?:the )?authors? / subscri(?:be|ption) (?:box|"
    r"form|block|promo|banner|widget) / cookies? / cookie ?banner / consent / gdpr / pop ?up / "
    r"modal / sr only / visually hidden / screen reader text / noprint",
)
# Usually not the article; inside a marked body they may be anything.
_ASIDE = _any_of(
    r"respond / repl(?:y|ies) / social(?:s|media)? / sociables? / follow(?: us)? / relation / "
    r"similar / popular / (?:more|other|latest|last|top|hot|next|prev(?:ious)?|recent) "
    r"(?:news|stor(?:y|ies)|articles?|posts?|from|on) / subscri\w+ / sign ?up / sign ?in / "
    r"log ?in / register / regwall / promotion(?:s|al)? / commercial / "
    r"(?<!with )(?<!has )(?<!no )(?:sidebars|aside) / rail / right (?:column|col|rail) / "
    r"widgets? / crumbs? / pagination / pager / pagenav / toc / table of contents / "
    r"copyright / legal / disclaimer / tags? / taglist / tagcloud / etiket\w* / keywords? / "
    r"topics? / categor(?:y|ies) / authors? / by ?line / bio / (?:post|entry|article) meta / "
    r"dateline / timestamps? / pub ?date / publish(?:ed)? date / date / time / credits? / "
    r"overlay / tooltips? / toolbar / tools / no print / print only / ratings? / votes? / poll / "
    r"quiz / carousel / slider / slideshow / gallery / teasers?(?! text) / skip / jump / "
    r"feedback / corrections? / donat\w+ / support us / app download / whatsapp / telegram / "
    r"player / vjs / video js / jwplayer",
)
_BODY = re.compile(
    r" (?:(?:article|story|post|entry|news|blog|details?|single|node|page|item|material|main|"
    r"primary|full|haber|noticia|nota) ?(?:view |inner |main |detail |single |full )?"
    r"(?:body|contents?|text|txt|copy|details?|metni?|icerik|cuerpo)(?: (?:body|content|text))?|"
    r"(?:body|content|text) (?:article|story|post|news|entry|main)|body (?:text|copy|content|main)|"
    r"content (?:body|text|inner)|field name body|full ?text|newstext|textbody|article main|"
    r"rich text|mw parser output|instapaper body) "
)
_STANDFIRST = _any_of(
    r"stand ?first / lead / lede / lead ?in / deck / dek / sub ?title / sub ?head(?:line|ing)? / "
    r"summary / excerpt / intro / introduction / abstract / chapo / chapeau / sapo / bajada / "
    r"entradilla / copete / vorspann / anons / spot / ozet / ingress / manchet / perex / "
    r"synopsis / preamble / description / desc"
)
# A class that lists what a post is about ("tag-sport category-news") names no part of the page.
_WHOLE_POST = re.compile(r" (?:hentry|status publish) ")
# Runs of text inside a paragraph that are none of it.
_INSET = re.compile(
    r" (?:\w*captions?|(?:news|post|article|publish|entry|item) date(?: time)?|figcaption|"
    r"credits?|shar(?:e|ing)|comments?|ads?|advert\w*|related|sr only|"
    r"visually hidden|screen reader text) "
)


@dataclass(frozen=True, slots=True)
class Role:
    """`foreign` never belongs to the article, `aside` hardly ever; `body` is its text, and
    `standfirst` the summary above it."""

    foreign: bool = False
    aside: bool = False
    body: bool = False
    standfirst: bool = False


NO_ROLE = Role()


@lru_cache(maxsize=8192)
def role_of(names: str) -> Role:
    """The role that a class and an id claim."""
    words = words_of(names)
    if _WHOLE_POST.search(words):
        return NO_ROLE
    if " elementor " in words:
        # Elementor calls every part of a page a widget.
        words = words.replace(" widget ", " ")
    foreign = bool(_FOREIGN.search(words))
    return Role(
        foreign=foreign,
        aside=not foreign and bool(_ASIDE.search(words)),
        body=bool(_BODY.search(words)),
        standfirst=not foreign and bool(_STANDFIRST.search(words)),
    )


@lru_cache(maxsize=4096)
def is_inset(names: str) -> bool:
    """Whether a `span` of this class holds a caption, a share button or the like."""
    return bool(_INSET.search(words_of(names)))


def words_of(names: str) -> str:
    """The words of a class and an id in lower case, with a space before and after each."""
    return " " + " ".join(word.lower() for word in _WORD_BREAK.split(names[:300]) if word) + " "
