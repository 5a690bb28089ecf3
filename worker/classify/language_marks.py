"""Which of two languages with the same letters: by their commonest words and their endings (pure).

Russian and Ukrainian, Azerbaijani and Turkish share most letters, so a short sentence may have none
that tells. Its little words and its endings do: they are in every grammar, and no sample of text
was counted for them.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_WORD = re.compile(r"[^\W\d_]+(?:['’ʼ][^\W\d_]+)*")
#: Endings of shorter words say nothing: they may be the word itself.
_LONG = 6


@dataclass(frozen=True, slots=True)
class Marks:
    """Words that one language has and its twin has not, and endings likewise."""

    words: frozenset[str]
    endings: tuple[str, ...] = ()


def _marks(words: str, endings: str = "") -> Marks:
    return Marks(frozenset(words.split()), tuple(endings.split()))


ENGLISH = _marks(
    "the of and to in is was for on with that has have by at from it its said are be this an as "
    "not but his her their they we you i he she or us our who which were been will would can more "
    "than about after over into no all when there one what if out up so also may do did how says "
    "say new amid against under between before since two three year years first told talks"
)
TURKISH = _marks(
    "ve için ile ise gibi değil daha şey olarak oldu etti dedi ama fakat ancak çünkü nasıl neden "
    "ben mı mi mu mü her şu tarafından yeni böyle şimdi bile diye kendi olduğu ettiği göre icin "
    "degil cok tarafindan bakan bakanı bakanlık bakanlığı bakanlığından cumhurbaşkanı başkan "
    "başkanı gazeteci büyükelçi büyükelçisi dışişleri içişleri açıkladı açıklama seçim ülke geldi "
    "gözaltına toplantı yaptı yapıldı savaş saldırı uçak uçağı",
    "yor yorum yorlar yordu acak ecek diği mak lık luk mıştır miştir muştur müştür",
)
AZERBAIJANI = _marks(
    "və üçün ilə isə deyil çox lakin amma olub edib edir idi hər mən öz özü həm hazırda yox "
    "haqqında tərəfindən görə indi belə hansı necə niyə artıq yalnız heç ildə deyir "
    "ucun terefinden haqqinda gore hemin nazir naziri nazirlik nazirliyi prezident prezidenti "
    "jurnalist jurnalisti seçki seçkilər keçirildi keçirilir keçirilib keçirib keçdi keçirəcək "
    "iclas bildirib deyib verilib edilib olunub görüşüb səfir səfiri ölkə hökumət təyyarə",
    "ıb ib ub üb yır yir yur yür dakı mışdır mişdir muşdur müşdür acaq maq lıq luq",
)
RUSSIAN = _marks(
    "и что с из его как это от о об после она он оно но или мы если чтобы чтоб еще только очень "
    "со ко нет вот меня тебя себя к лет года году так мой твой свой есть кто тот который которая "
    "которые надо нужно между весь этого этом эта эти чем будет хочу сейчас был было",
    "ать ять еть ить тся ский ская ское ского скому ском ской скую ция цию ние ения ению ость "
    "ают яют ует уют ешь ишь ал ил ял ой",
)
UKRAINIAN = _marks(
    "та що з це цього цьому цей ця цим як від й або але вона воно ти ми чи щоб був бо ще вже якщо "
    "коли цих роках роки зі хоча лише також тільки дуже майже треба наш ваш проте адже хто щось "
    "свого усе який яка яке немає має мають ось року вони буде було",
    "ав ив ув яв ати ити ути яти ння ття ський ська ське ського ською ських ському ську ють ою ею",
)
BULGARIAN = _marks(
    "се от че е са ще не във със което който която които като но при до този тази това беше бяха "
    "има няма още вече трябва след преди",
    "ът ят ата ите ото",
)

TWINS: Mapping[str, Marks] = {
    "en": ENGLISH,
    "tr": TURKISH,
    "az": AZERBAIJANI,
    "ru": RUSSIAN,
    "uk": UKRAINIAN,
    "bg": BULGARIAN,
}


def words_of(low: str) -> list[str]:
    """The words of a text in lower case, without numbers."""
    return _WORD.findall(low)


def evidence(words: Sequence[str], among: Sequence[str]) -> dict[str, float]:
    """How much speaks for each language: 1 a word that only it has, a half an ending that only it
    has; nothing for what two of them share."""
    counts = dict.fromkeys(among, 0.0)
    marks = [(code, TWINS[code].words, TWINS[code].endings) for code in among]
    for word in words:
        owners = [code for code, known, _ in marks if word in known]
        weight = 1.0
        if not owners and len(word) >= _LONG:
            owners = [code for code, _, endings in marks if word.endswith(endings)]
            weight = 0.5
        if len(owners) == 1:
            counts[owners[0]] += weight
    return counts
