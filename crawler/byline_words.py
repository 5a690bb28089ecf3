"""The words around names in bylines, in the languages of the press (pure data)."""

import re
from collections.abc import Mapping

#: Before a name, even in structured data: nobody is called so.
SURE_LEADS = (
    r"(?:[^\W\d_]+ ){0,3}by",
    r"автор(?:ы|и)?|текст|беседовала?|подготовила?|записала?|материал подготовила?",
    r"müəllif(?:lər)?|müxbir|hazırladı|yazar|muhabir|haberi yazan",
    r"հեղինակ(?:ներ)?|ავტორ(?:ი|ები)|نویسنده|نگارنده|به قلم|خبرنگار|بقلم|كتبت?|كتب|الكاتب|المؤلف",
    r"écrit par|publié par|rédigé par|propos recueillis par|publicado por|escrito por",
    r"autor(?:a|es|i)?|a cura di|scritto da|door|tekst|szerző|írta|autorius|autors|συντάκτης",
    r"γράφει (?:ο|η)|кореспондент",
    r"ditulis oleh|penulis|pewarta|tác giả|ผู้เขียน|โดย|लेखक|লেখক|muallif|автори",
    r"作者|记者|記者|編集|撰文|責任編輯|责任编辑",
)
#: Before a name in what a reader sees, by the page's language: elsewhere Di, De and Oleh are names.
VISIBLE_LEADS: Mapping[str, tuple[str, ...]] = {
    "de": ("von",), "fr": ("par",), "es": ("por",), "pt": ("por",), "it": ("di",), "nl": ("door",),
    "sv": ("av", "från"), "nb": ("av",), "no": ("av",), "da": ("af",), "hr": ("od",), "ro": ("de",),
    "ru": ("от",), "id": ("oleh",), "ms": ("oleh",), "tr": ("yazan", "haber"), "ca": ("per",),
}  # fmt: skip

#: Between names. Those of one letter count only between names of two words and more.
AND = ("and", "und", "et", "en", "og", "och", "ja", "oraz", "и", "та", "і", "və", "ve", "եւ", "և",
       "და", "و", "και", "dan", "és", "și", "şi", "va", "med", "with")  # fmt: skip
AND_OF_ONE_LETTER = ("y", "e", "i", "a", "о", "й")

#: What a person is or does: never part of a name.
_ROLES = (
    r"editor(?:-in-chief)?|correspondents?|reporters?|writers?|columnists?|contribut(?:or|ors|ing)"
    r"|journalists?|analysts?|producers?|photographers?|staff|bureau|special to|desk|newsroom"
    r"|intern|freelance|specialist|chief|deputy|senior|political|sports|business|updated|posted"
    r"|published|modified|min read|minutes?|hours? ago|days? ago|comments?"
    r"|журналист\w*|корреспондент\w*|редактор\w*|обозреватель|собкор|политолог|колумнист|эксперт"
    r"|редакци\w+|кореспондент\w*|редакторк?а?|оглядач|опубликован\w*|обновлен\w*|просмотр\w*"
    r"|müxbiri?|redaktoru?|jurnalist|muhabiri?|editörü?|gazeteci|haber merkezi|yazarı"
    r"|լրագրող|խմբագիր|ჟურნალისტი|რედაქტორი|خبرنگار|سردبیر|مراسل|محرر|صحفي"
    r"|journaliste|rédact\w+|correspondante?|envoyée?|chef|redakteur\w*|redaktion|korrespondent\w*"
    r"|reporter\w*|redactora?|periodista|corresponsal|redacción|jornalista|repórter|redação"
    r"|giornalista|redazione|inviato|redacteur|verslaggever|redakcja|dziennikarz\w*|redaktor\w*"
    r"|novinář\w*|újságíró|szerkesztő|toimittaja|journalisten?|δημοσιογράφος|σύνταξη"
    r"|wartawan|jurnalis|phóng viên|记者|記者|编辑|編集|기자|特派员"
)
ROLE = re.compile(rf"(?<!\w)(?:{_ROLES})(?!\w)", re.IGNORECASE)

#: Behind a name and a comma these are where the person works, not a second name.
_AFFILIATIONS = (
    r"news|media|press|agency|agence|agentur|times|post|magazine|network|radio|tv|television|online"
    r"|associated press|ap|afp|reuters|dpa|efe|ansa|pti|upi|tass|тасс|interfax|интерфакс|риа"
    r"|bloomberg|getty|agencies|university|institute|center|centre|group|university|университет|институт"
    r"|агентство|агенція|агентлиги|ajansı|agentliyi|təhlil|xəbər|haber|служба|news agency|wire"
)
AFFILIATION = re.compile(rf"(?<!\w)(?:{_AFFILIATIONS})(?!\w)", re.IGNORECASE)

#: Letters behind a name that are a degree.
DEGREE = re.compile(r"(?:Ph\.?D|M\.?D|[A-Z]{2,4}|R\.?D\.?N?|Dr|Esq|MPH)\.?")
GENERATION = re.compile(r"(?:jr|sr|ii|iii|iv)\.?", re.IGNORECASE)

#: Pictures have authors of their own.
PICTURE = re.compile(
    r"(?<!\w)(?:photo|foto|fotos|фото|fotoğraf|şəkil|լուսանկար|ფოტო|عکس|image|picture|bild|video|видео"
    r"|source|источник|kaynak|mənbə|quelle|fuente|fonte)(?!\w)",
    re.IGNORECASE,
)

#: Names of accounts that content systems make by themselves.
LOGIN = re.compile(
    r"(?:\w*admin\w*|root|user\d*|guest|webmaster|editor\d*|author|anonymous|unknown|none|null|n/?a"
    r"|администратор|админ|super\s?user|wp|wordpress|test|default|web|undefined|автор|гость)",
    re.IGNORECASE,
)
