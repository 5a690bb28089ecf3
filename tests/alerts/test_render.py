"""What a message says, and that it says the same in every output."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from alerts.notification import Notification, Quote, Report
from alerts.render import render, render_trial
from alerts.render_message import compose
from alerts.render_quote import clean_line, clean_url, quote_around, segments
from alerts.render_words import decimal, duration_in_words, moment_in_words, odds_in_words

MakeReport = Callable[..., Report]
NOW = datetime(2025, 6, 28, 9, 14, 5, tzinfo=UTC)
HOUR = timedelta(hours=1)
KEY = "raid-spike-20250628T0914:opened:desk"


def rendered(report: Report) -> Notification:
    return render(report, key=KEY, channel="desk", now=NOW)


def facts(report: Report) -> dict[str, str]:
    return {fact.label: fact.value for fact in compose(report).facts}


def test_one_sentence_says_what_happened(make_report: MakeReport) -> None:
    assert compose(make_report()).headline == (
        "Raids and arrests: 9 stories by 5 newsrooms in 2 h, 0.4 expected (limit 3)"
    )


@pytest.mark.parametrize(
    ("finding", "said"),
    [
        (
            {"unit": "newsrooms", "count": 5, "expected": None, "upper": None},
            "Raids and arrests: 5 newsrooms with 9 stories in 2 h (limit 5)",
        ),
        (
            {"unit": "articles", "count": 23, "upper": 11.2},
            "Raids and arrests: 23 articles (9 stories by 5 newsrooms) in 2 h, "
            "0.4 expected (limit 12)",
        ),
        (
            {"stories": ("s1",), "newsrooms": 1, "window": timedelta(days=3), "upper": 1.0},
            "Raids and arrests: 1 story by 1 newsroom in 3 days, 0.4 expected (limit 1)",
        ),
    ],
)
def test_the_sentence_leads_with_what_the_rule_counts(
    make_report: MakeReport, finding: dict[str, object], said: str
) -> None:
    assert compose(make_report(finding, limit=5)).headline == said


def test_every_number_that_was_used_is_there(make_report: MakeReport) -> None:
    assert facts(make_report()) == {
        "Who": "Russia against Azerbaijan",
        "Expected and seen": "0.4 stories expected in 2 h, 9 seen; 3 or more raise an alert",
        "By chance": "a count like this comes about once in 400 days",
        "Counted": "23 articles, 9 stories, 5 newsrooms",
        "Still fires without APA": "yes",
        "Coverage": "92% of the sources were healthy",
        "Since": "2025-06-28 09:14 UTC+00:00",
    }


def test_newsrooms_are_split_by_side_where_that_adds_up(make_report: MakeReport) -> None:
    told = facts(make_report({"newsrooms": 3}))
    assert told["Counted"] == "23 articles, 9 stories, 3 newsrooms (Azerbaijan 2, Russia 1)"


def test_what_is_not_known_is_not_claimed(make_report: MakeReport) -> None:
    quiet = {"expected": None, "upper": None, "probability": None, "coverage": None}
    told = facts(make_report(quiet, initiator=None, target=None, largest_newsroom=None))
    assert set(told) == {"Counted", "Since"}


def test_weak_evidence_is_said_so(make_report: MakeReport) -> None:
    told = facts(make_report({"provisional": True, "without_largest": False}))
    assert told["Still fires without APA"] == "no"
    assert told["Baseline"].startswith("provisional")


def test_an_episode_that_is_over_by_now_says_so(make_report: MakeReport) -> None:
    report = make_report()
    over = replace(report.episode, state="resolved", resolved_at=NOW + 3 * HOUR, peak_count=12)
    told = facts(replace(report, episode=over))
    assert told["Over since"] == "2025-06-28 12:14 UTC+00:00"
    assert told["Peak"] == "12 accounts"


def test_both_sides_of_a_story_stand_next_to_each_other(make_report: MakeReport) -> None:
    accounts = compose(make_report()).stories[0]
    assert [(a.side, a.newsrooms) for a in accounts] == [
        ("Azerbaijan", "APA, Report"),
        ("Russia", "Kommersant"),
    ]
    assert accounts[1].details == "Russian, 2025-06-28 08:43 UTC+00:00"


def test_stories_that_have_no_room_are_counted(make_report: MakeReport) -> None:
    notification = rendered(make_report())
    assert "And 6 more stories." in notification.text
    assert "And 6 more stories." in notification.html
    assert "And 6 more stories." in json.dumps(notification.slack)


def test_what_is_not_told_in_full_is_there_with_its_headline(make_report: MakeReport) -> None:
    (story, *_) = make_report().stories
    report = make_report(stories=tuple(replace(story, id=f"s{n}") for n in range(9)))
    message = compose(report)
    assert (len(message.stories), len(message.also), message.more) == (8, 1, 0)
    assert message.also[0].newsrooms == "APA, Report, Kommersant"
    notification = rendered(report)
    for output in (notification.text, notification.html, str(notification.slack)):
        assert "APA, Report, Kommersant" in output


def test_every_output_names_numbers_newsrooms_quotes_and_links(make_report: MakeReport) -> None:
    notification = rendered(make_report())
    slack = json.dumps(notification.slack, ensure_ascii=False)
    for output in (notification.text, notification.html, slack):
        for words in (
            "9 stories by 5 newsrooms",
            "APA, Report",
            "Kommersant",
            "həbs edib",
            "задержали",
            "https://news.example/s0/apa",
            "Azerbaijani",
            "about once in 400 days",
        ):
            assert words in output, words


def test_the_proof_is_highlighted(make_report: MakeReport) -> None:
    notification = rendered(make_report())
    assert "qardaşı *həbs edib* və" in notification.text
    assert ">həbs edib</mark> və" in notification.html
    assert "Следователи *задержали* шесть" in json.dumps(notification.slack, ensure_ascii=False)


def test_the_subject_is_one_bounded_line(make_report: MakeReport) -> None:
    assert rendered(make_report()).subject == (
        "Raids and arrests: 9 stories by 5 newsrooms in 2 h, 0.4 expected | Azerbaijan–Russia"
    )
    critical = rendered(make_report({"severity": "critical"}, rule_name="x\r\nBcc: a@b " * 90))
    assert critical.subject.startswith("CRITICAL: x Bcc: a@b x")
    assert len(critical.subject) <= 140
    assert critical.subject.isprintable()


def test_a_repeat_stays_in_its_thread(make_report: MakeReport) -> None:
    report = make_report(change="repeat")
    first = rendered(replace(report, change="opened"))
    repeat = render(
        report,
        key="raid-spike-20250628T0914:repeat-1:desk",
        channel="desk",
        now=NOW,
        thread_subject=first.subject,
    )
    assert repeat.subject == f"Re: {first.subject}"
    assert repeat.thread_key == first.thread_key == first.key
    assert repeat.text.startswith("Still open: Raids and arrests")


@pytest.mark.parametrize("occasion", ["test", "demo"])
def test_what_is_not_real_is_marked_everywhere(make_report: MakeReport, occasion: str) -> None:
    mark = {"test": "TEST MESSAGE", "demo": "DEMONSTRATION"}[occasion]
    notification = rendered(make_report(occasion=occasion))
    assert notification.subject.startswith(f"[{occasion}] ")
    assert mark in notification.text.splitlines()[0]
    assert mark in notification.html
    assert mark in str(notification.slack["text"])
    assert mark in str(notification.slack["blocks"])


def test_a_trial_message_is_marked_and_names_its_channel() -> None:
    notification = render_trial("desk", "email", NOW)
    assert notification.subject == "[test] Test of the channel desk"
    assert "TEST MESSAGE: nothing has happened." in notification.text
    assert "Kind: email" in notification.text


def test_a_report_without_stories_still_renders(make_report: MakeReport) -> None:
    assert "And 9 more stories." in rendered(make_report(stories=())).text


@pytest.mark.parametrize(
    ("probability", "said"),
    [
        (None, None),
        (0.5, "about once in 4 h"),
        (2.1e-4, "about once in 400 days"),
        (0.03, "about once in 3 days"),
        (1e-9, "less than once in ten years"),
        (0.0, "less than once in ten years"),
        (1.0, "about once in 2 h"),
    ],
)
def test_odds(probability: float | None, said: str | None) -> None:
    assert odds_in_words(probability, 2 * HOUR) == said


def test_numbers_and_times() -> None:
    assert [decimal(n) for n in (0.0, 0.00002, 0.004, 0.04, 0.4, 2.0, 2.53, 12.3, 5400.2)] == [
        "0", "under 0.001", "0.004", "0.04", "0.4", "2", "2.5", "12", "5,400"
    ]  # fmt: skip
    spans = (timedelta(minutes=15), 2 * HOUR, 24 * HOUR, 72 * HOUR, timedelta(minutes=90))
    assert [duration_in_words(s) for s in spans] == ["15 min", "2 h", "24 h", "3 days", "90 min"]
    odd = (timedelta(seconds=5), timedelta(minutes=1505), 49 * HOUR, timedelta(minutes=4625))
    assert [duration_in_words(s) for s in odd] == ["5 s", "25 h 5 min", "49 h", "3 days 5 h"]
    assert moment_in_words(date(2025, 6, 28)) == "2025-06-28"
    baku = datetime.fromisoformat("2025-06-28T13:14:00+04:00")
    assert moment_in_words(baku) == "2025-06-28 09:14 UTC+00:00"


TEXT = (
    "Первое предложение. «Сегодня утром силовики задержали шестерых граждан Азербайджана!» "
    "Третье, 2.5 млн. рублей."
)


def marked(quote: Quote) -> list[str]:
    return [quote.text[start:end] for start, end in quote.highlights]


def test_a_quote_is_the_sentence_around_its_proof() -> None:
    start = TEXT.index("задерж")
    quote = quote_around(TEXT, [(start, start + 6), (2, 4)], "ru")
    assert quote.text == "«Сегодня утром силовики задержали шестерых граждан Азербайджана!»"
    assert marked(quote) == ["задержали"]


def test_a_long_sentence_is_cut_at_words_around_its_proof() -> None:
    text = "слово " * 500 + "həbs edilib " + "слово " * 500
    start = text.index("həbs")
    quote = quote_around(text, [(start, start + 11)], "az", limit=100)
    assert len(quote.text) <= 100
    assert quote.text.startswith("…слово ")
    assert quote.text.endswith(" слово…")
    assert marked(quote) == ["həbs edilib"]


@pytest.mark.parametrize("spans", [[], [(-1, 3)], [(5, 5)], [(3, 900)], [(900, 901)]])
def test_spans_that_are_not_of_this_text_are_left_out(spans: list[tuple[int, int]]) -> None:
    quote = quote_around("Only this. And that.", spans)
    assert (quote.text, quote.highlights) == ("Only this.", ())


def test_code_points_outside_of_the_basic_plane_count_as_one() -> None:
    text = "🔥🔥 Bakı polisi Moskvada həbs edilənləri müdafiə etdi 🔥."
    start = text.index("həbs")
    assert marked(quote_around(text, [(start, start + 4)], "az")) == ["həbs"]


def test_a_text_without_spaces_is_bounded_too() -> None:
    assert len(quote_around("x" * 10_000, [(5000, 5004)], limit=80).text) <= 80


def test_highlights_that_do_not_fit_are_mended() -> None:
    pieces = segments(Quote("abcdef", "en", ((4, 90), (0, 2), (1, 3), (-5, 0))))
    assert [(p.text, p.highlighted) for p in pieces] == [("abc", True), ("d", False), ("ef", True)]


def test_persian_keeps_its_joiners_and_its_direction(make_report: MakeReport) -> None:
    title = "نیروهای امنیتی خانه‌ها را بازرسی کردند"
    report = make_report()
    article = replace(report.stories[0].articles[0], title=title, language="fa")
    story = replace(report.stories[0], articles=(article,))
    notification = rendered(replace(report, stories=(story,)))
    assert f"\u2068{title}\u2069 (Persian" in notification.text
    assert '<p lang="fa" dir="rtl"' in notification.html
    assert title in notification.html


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://a.example/b?c=d&e=f#g", "https://a.example/b?c=d&e=f#g"),
        (" https://a.example/ü x ", "https://a.example/%C3%BC%20x"),
        ("https://a.example/<b>|\"c", "https://a.example/%3Cb%3E%7C%22c"),
        ("https://xəbər.example/ə", "https://xn--xbr-dtbb.example/%C9%99"),
        ("http://[2001:db8::1]:80/", "http://[2001:db8::1]:80/"),
        ("javascript:alert(1)", None),
        ("JaVaScRiPt:alert(1)", None),
        ("data:text/html,<script>", None),
        ("ftp://a.example/", None),
        ("//a.example/", None),
        ("https://bank.example@evil.example/", None),
        ("https://a.example\\@evil.example/", None),
        ("https:///nowhere", None),
        ("http://[::1", None),
        ("https://a.example/" + "x" * 3000, None),
        ("", None),
    ],
)  # fmt: skip
def test_only_web_addresses_become_links(url: str, link: str | None) -> None:
    assert clean_url(url) == link


def test_a_line_is_one_bounded_visible_line() -> None:
    assert clean_line("a\r\nb\x00\x1b[31m\u202ec\u2066d\u200b\u2028e\tf") == "a b[31mcd e f"
    assert clean_line("x" * 10_000) == "x" * 199 + "…"
