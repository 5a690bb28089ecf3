"""Another pair of countries is a directory, and nothing else: here the bundled second one."""

import pytest

from worker.classify import Classifier
from worker.profile.bundled import bundled_profiles
from worker.profile.check import Fault, check
from worker.profile.loader import load_profile

NAME = "armenia_turkey"


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return Classifier(load_profile(NAME, {}).lexicon)


def test_it_is_whole_and_tells_somebody() -> None:
    assert NAME in bundled_profiles()
    mail = {"DYADWATCH_SMTP_HOST": "mail.example", "DYADWATCH_SMTP_TO": "desk@example.org"}
    assert not [one for one in check(NAME, mail) if isinstance(one, Fault)]
    profile = load_profile(NAME, mail)
    assert profile.dyad == ("ARM", "TUR") and profile.routes and len(profile.polled) >= 12
    assert {"AM", "TR"} <= {source.country for source in profile.polled}


@pytest.mark.parametrize(
    ("title", "text", "direction", "severity", "initiator"),
    [
        (
            "Turkey summons Armenian envoy over monument",
            "The ministry in Ankara handed him a note of protest on Monday.",
            "escalatory", 2, "TUR",
        ),
        (
            "Анкара закрыла воздушное пространство для самолетов из Армении",
            "Ереван назвал этот шаг недружественным.",
            "escalatory", 2, "TUR",
        ),
        (
            "Türkiye ve Ermenistan özel temsilcileri görüştü",
            "Rubinyan ile Serdar Kılıç sınırın açılmasını ele aldı.",
            "neutral", 0, "both",
        ),
        (
            "Turkish police detain Armenian citizens in Kars",
            "The Armenian Foreign Ministry said that it had asked for an explanation.",
            "escalatory", 3, "TUR",
        ),
    ],
)  # fmt: skip
def test_it_understands_its_own_news(
    classifier: Classifier, title: str, text: str, direction: str, severity: int, initiator: str
) -> None:
    said = classifier.classify({"title": title, "text": text})
    assert said.relevant, said.reason
    assert (said.direction, said.severity, said.initiator) == (direction, severity, initiator)


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Azerbaijan summons Russian envoy over police raids", "Baku handed him a note."),
        ("Россия выслала азербайджанского дипломата", "Баку обещал ответить."),
        ("Rusya Azerbaycan elçisini çağırdı", "Moskova açıklama bekliyor."),
        ("Turkish lira falls for a third day", "The central bank in Ankara did not comment."),
        ("Armenia beats Turkey in futsal qualifier", "The match ended with three goals."),
        ("Երևանում տնկել են հազար ծառ", "Քաղաքապետն ասել է, որ գարնանը կտնկեն ևս հազարը։"),
    ],
)
def test_the_news_of_others_is_not_its_own(classifier: Classifier, title: str, text: str) -> None:
    assert not classifier.classify({"title": title, "text": text}).relevant
