"""Topics say in eight languages what an article speaks of; a fault in them is one sentence."""

from collections import Counter
from pathlib import Path

import pytest

from worker.classify import Lexicon, load_lexicon
from worker.classify.normalise import normalise
from worker.classify.pattern import unfold
from worker.classify.topics import WEIGHTS, TopicHit, named_in, topics_by_id, topics_of
from worker.classify.words import cut
from worker.profile.yaml_lines import ProfileError, YamlFile, read_yaml

LANGUAGES = {"en", "ru", "az", "tr", "hy", "ka", "fa", "uk"}
PROFILES = Path(__file__).resolve().parents[3] / "worker/profiles"
ENGLISH = """\
language: en
actors:
  - {id: russia, kind: country, side: RUS, names: {en: russia}}
  - {id: azerbaijan, kind: country, side: AZE, names: {en: azerbaijan}}
"""
TOPICS = """\
topics:
  box: {weight: 4, names: {en: black box*}}
  flight: {weight: 2, names: {en: [flight, flights]}}
  recorder: {weight: 3, names: {en: "flight recorder*|recorder*"}}
  halted: {weight: 2, names: {en: halt* ~ imports}}
  tomato: {weight: 4, names: {en: tomato*}}
"""


def loaded(directory: Path, **files: str) -> Lexicon:
    for name, text in {"en": ENGLISH, **files}.items():
        (directory / f"{name}.yaml").write_text(text, encoding="utf-8")
    return load_lexicon(directory, ("RUS", "AZE"))


def hits(lexicon: Lexicon, language: str, text: str, until: int | None = None) -> list[TopicHit]:
    words = cut(normalise(text, language))
    return topics_of(
        words, text, lexicon.packs[language], len(words.words) if until is None else until
    )


def ids(lexicon: Lexicon, language: str, text: str) -> set[str]:
    return {hit.topic.id for hit in hits(lexicon, language, text)}


def test_a_lexicon_without_topics_finds_none(tmp_path):
    assert hits(loaded(tmp_path), "en", "A black box was found") == []


def test_topics_come_in_reading_order_with_their_words(tmp_path):
    found = hits(loaded(tmp_path, topics=TOPICS), "en", "Tomatoes and the black boxes of a flight")
    assert [(hit.topic.id, hit.topic.weight, hit.first, hit.last) for hit in found] == [
        ("tomato", 4, 0, 0),
        ("box", 4, 3, 4),
        ("flight", 2, 7, 7),
    ]


def test_of_two_topics_for_the_same_words_the_longer_one_counts(tmp_path):
    lexicon = loaded(tmp_path, topics=TOPICS)
    assert ids(lexicon, "en", "The flight recorder was found") == {"recorder"}


def test_the_longer_beginning_of_a_word_counts(tmp_path):
    topics = (
        "topics: {port: {weight: 2, names: {en: port*}}, art: {weight: 3, names: {en: portrait*}}}"
    )
    lexicon = loaded(tmp_path, topics=topics)
    assert ids(lexicon, "en", "Two portraits") == {"art"}
    assert ids(lexicon, "en", "Two ports") == {"port"}


def test_what_stands_in_a_gap_is_a_topic_of_its_own(tmp_path):
    lexicon = loaded(tmp_path, topics=TOPICS)
    found = hits(lexicon, "en", "Watchdog halts tomato imports")
    assert [(hit.topic.id, hit.first, hit.last) for hit in found] == [
        ("halted", 1, 1),
        ("tomato", 2, 2),
    ]


def test_only_the_first_words_are_looked_at(tmp_path):
    lexicon = loaded(tmp_path, topics=TOPICS)
    assert hits(lexicon, "en", "A tomato on a flight", until=1) == []
    assert len(hits(lexicon, "en", "A tomato on a flight", until=2)) == 1


@pytest.mark.parametrize(
    ("before", "after", "line", "key", "sentence"),
    [
        ("weight: 4, names: {en: black", "weight: 5, names: {en: black", 2,
         "topics.box.weight", "not one of 1, 2, 3, 4"),
        ("weight: 4, names: {en: black", "weight: true, names: {en: black", 2,
         "topics.box.weight", "not one of 1, 2, 3, 4"),
        ("{weight: 4, names: {en: black box*}}", "{names: {en: black box*}}", 2,
         "topics.box", "no file gives this topic a weight"),
        ("box: {weight: 4, names", "box: {weigth: 4, names", 2, "topics.box.weigth", "no key"),
        ("{en: black box*}", "{xx: black box*}", 2, "topics.box.names.xx", "no language file"),
        ("{en: black box*}", '{en: "black (box"}', 2, "topics.box.names.en", "never closed"),
        ("{en: black box*}", "{en: ~ box}", 2, "topics.box.names.en", "needs a word"),
        ("{en: black box*}", "{en: 747}", 2, "topics.box.names.en", "expected here"),
        ("[flight, flights]", '[flight, "flight!"]', 3, "topics.flight.names.en[1]", "no meaning"),
        ("{weight: 4, names: {en: black box*}}", "{weight: 4, names: black box}", 2,
         "topics.box.names", "a mapping is expected"),
        ("{weight: 4, names: {en: black box*}}", "{weight: 4}", 2, "topics.box.names", "mapping"),
        ("{weight: 4, names: {en: black box*}}", "black box", 2, "topics.box", "mapping"),
    ],
)  # fmt: skip
def test_a_fault_names_file_line_and_key(tmp_path, before, after, line, key, sentence):
    assert before in TOPICS
    with pytest.raises(ProfileError) as caught:
        loaded(tmp_path, topics=TOPICS.replace(before, after, 1))
    error = caught.value
    assert (error.path.name, error.line, error.key) == ("topics.yaml", line, key)
    assert sentence in error.sentence
    assert "\n" not in str(error)


def test_topics_that_are_no_mapping_are_named(tmp_path):
    with pytest.raises(ProfileError, match=r"topics\.yaml, line 1: topics: a mapping"):
        loaded(tmp_path, topics="topics: [box]\n")


def test_a_file_without_a_weight_adds_names(tmp_path):
    more = "topics: {box: {names: {en: orange case*}}}\n"
    found = hits(loaded(tmp_path, topics=TOPICS, a=more), "en", "An orange case")
    assert [(hit.topic.id, hit.topic.weight) for hit in found] == [("box", 4)]


def test_names_for_a_topic_that_nobody_weighs_are_a_fault(tmp_path):
    with pytest.raises(ProfileError, match=r"zz\.yaml, line 1: topics\.bxo: no file gives"):
        loaded(tmp_path, topics=TOPICS, zz="topics: {bxo: {names: {en: case*}}}\n")


def test_two_files_may_not_weigh_the_same_topic(tmp_path):
    twice = "topics: {box: {weight: 1, names: {en: parcel*}}}\n"
    with pytest.raises(ProfileError) as caught:
        loaded(tmp_path, topics=TOPICS, zz=twice)
    assert (caught.value.path.name, caught.value.key) == ("zz.yaml", "topics.box")
    assert "topics.yaml" in caught.value.sentence


@pytest.mark.parametrize(
    ("language", "text", "topics"),
    [
        ("en", "The flight recorders were flown home", {"black_box"}),
        ("en", "Watchdog turns away a truckload of tomatoes over a moth", {"tomatoes", "pests"}),
        ("ru", "Черные ящики отправили на расшифровку", {"black_box"}),
        ("ru", "Партию помидоров с молью вернули отправителю", {"tomatoes", "pests",
                                                              "goods_returned"}),
        ("az", "Qara qutuların məlumatı oxunub", {"black_box"}),
        ("az", "Gömrükdə pomidor dolu yük maşınları dayanıb", {"customs", "tomatoes", "lorry"}),
        ("tr", "Kara kutular incelemeye gönderildi", {"black_box"}),
        ("tr", "Gümrükte domates yüklü tırlar bekliyor", {"customs", "tomatoes", "lorry"}),
        ("hy", "Ինքնաթիռի սև արկղերը գտել են", {"black_box", "aircraft"}),
        ("hy", "Լոլիկով բեռնատարները կանգնած են մաքսատանը", {"tomatoes", "lorry", "customs"}),
        ("ka", "თვითმფრინავის შავი ყუთები იპოვეს", {"black_box", "aircraft"}),
        ("ka", "პომიდვრით დატვირთული ტრაილერები საბაჟოზე დგანან", {"tomatoes", "lorry", "customs"}),
        ("fa", "جعبه‌های سیاه هواپیما پیدا شد", {"black_box", "aircraft"}),
        ("fa", "کامیون‌های گوجه‌فرنگی در گمرک ماندند", {"tomatoes", "lorry", "customs"}),
        ("uk", "Чорні скриньки літака знайшли", {"black_box", "aircraft"}),
        ("uk", "Фури з помідорами стоять на митниці", {"tomatoes", "lorry", "customs"}),
    ],
)  # fmt: skip
def test_every_language_says_the_same_topics(lexicon, language, text, topics):
    assert topics <= ids(lexicon, language, text)


@pytest.mark.parametrize(
    ("language", "text", "topic"),
    [
        ("en", "The diplomatic row goes on", "diploma"),
        ("en", "Human rights defenders object", "club_player"),
        ("ru", "В свою очередь посол уехал", "queue"),
        ("ru", "К сожалению, рейс задержали", "regret"),
        ("ru", "Они стали чаще ездить", "metals"),
        ("az", "Məsələlər üzrə danışıqlar", "apology"),
        ("az", "Dağıstanda görüş olub", "mountains"),
        ("az", "İki ölkə arasında əməkdaşlıq", "workers"),
        ("tr", "İki ülke arasında güven var", "pests"),
        ("tr", "Bölgeyi daha iyi hale getirdi", "market"),
        ("hy", "Իր հերթին նախարարը նշեց", "queue"),
        ("ka", "ამასთან დაკავშირებით განცხადება გავრცელდა", "detained_people"),
        ("fa", "دیدار ۹ مه برگزار شد", "fog"),
        ("uk", "У свою чергу посол поїхав", "queue"),
        ("uk", "Міністри погодили текст", "weather"),
    ],
)
def test_false_friends_say_nothing(lexicon, language, text, topic):
    assert topic not in ids(lexicon, language, text)


@pytest.fixture(scope="module")
def bundled() -> list[YamlFile]:
    return [read_yaml(path) for path in sorted(PROFILES.glob("*/lexicon/topics/*.yaml"))]


def test_every_bundled_topic_has_a_name_in_every_language(bundled):
    topics = topics_by_id(bundled)
    languages: dict[str, set[str]] = {id: set() for id in topics}
    for file in bundled:
        for id, given in file.content["topics"].items():
            if "weight" in given:
                languages[id] = set(given["names"])
    assert {id for id, named in languages.items() if named != LANGUAGES} == set()
    assert len(topics) >= 400


def test_the_bundled_weights_tell_the_common_from_the_rare(bundled):
    weights = Counter(topic.weight for topic in topics_by_id(bundled).values())
    assert set(weights) == set(WEIGHTS)
    assert min(weights.values()) >= 30


def test_no_word_says_two_bundled_topics(bundled):
    topics = topics_by_id(bundled)
    owners: dict[tuple[str, object], set[str]] = {}
    for file in bundled:
        for named in named_in(file, topics):
            for steps in unfold(named.pattern, language=named.language):
                owners.setdefault((named.language, steps), set()).add(named.topic.id)
    assert {way: named for way, named in owners.items() if len(named) > 1} == {}
