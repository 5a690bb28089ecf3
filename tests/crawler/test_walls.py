"""Walls are told from articles that merely stand beside one."""

import json

import pytest

from crawler.extract import extract

URL = "https://paper.example/news/7"
SENTENCE = "The ministry summoned the ambassador on Monday and handed him a note of protest. "
FULL = f"<p>{SENTENCE * 3}</p>" * 8
TEASER = f"<p>{SENTENCE}</p><p>Its spokesman said…</p>"
OFFER = "Subscribe now to read the rest of this article, and all others, for two manat a month."
OFFERS = {
    "en": OFFER,
    "ru": "Оформите подписку, чтобы дочитать эту статью и читать все остальные без ограничений.",
    "tr": "Haberin devamını ve diğer tüm haberleri okumak için hemen abone olun, ayda iki manat.",
    "el": "Γίνετε συνδρομητής για να διαβάσετε ολόκληρο το άρθρο και όλα τα υπόλοιπα άρθρα μας.",
    "ja": "この記事の続きを読むには購読のお申し込みが必要です。今すぐ登録してください。",
}
COOKIES = (
    '<div id="cookie-consent"><p>We use cookies to show you what you like, and share them with 831 '
    "partners. You can change your mind at any time in the settings of this page.</p>"
    "<button>Accept</button></div>"
)


def described(**fields):
    node = {"@type": "NewsArticle", "headline": "Ambassador summoned"} | fields
    return f'<script type="application/ld+json">{json.dumps(node)}</script>'


def page(body, head="", title="Ambassador summoned"):
    return f"<html><head><title>{title}</title>{head}</head><body>{body}</body></html>"


def wall(body, head="", url=URL):
    return extract(page(body, head), url).wall


@pytest.mark.parametrize("offer", OFFERS.values(), ids=OFFERS)
def test_a_paywall_below_the_beginning_of_an_article(offer):
    body = f'<article>{TEASER}</article><div class="paywall-box"><p>{offer}</p></div>'
    assert "paywall" in wall(body)


def test_an_article_that_is_stated_not_to_be_free_and_of_which_little_is_shown():
    stated = described(isAccessibleForFree=False)
    assert "subscribers" in wall(f"<article>{TEASER}</article>", stated)
    assert "subscribers" in wall(
        f"<article>{TEASER}</article>", described(isAccessibleForFree="False")
    )


@pytest.mark.parametrize(
    "beside",
    [
        f'<div class="paywall-box"><p>{OFFER}</p></div>',
        f'<div class="paywall-box" style="display:none"><p>{OFFER}</p></div>',
        f'<aside class="subscription-promo"><p>{OFFER}</p></aside>',
        COOKIES,
        '<form action="/login"><input type="password" name="p"></form>',
        '<script src="/cdn-cgi/challenge-platform/scripts/jsd/main.js"></script>',
        '<script src="https://www.google.com/recaptcha/api.js"></script>',
        "<noscript>Please enable JavaScript to see our videos.</noscript>",
    ],
)
def test_a_whole_article_is_none_whatever_stands_beside_it(beside):
    assert wall(f"<article>{FULL}</article>{beside}") is None
    assert wall(f"<article>{FULL}</article>{beside}", described(isAccessibleForFree=False)) is None


@pytest.mark.parametrize(
    "beside",
    [
        f'<div class="paywall-box" style="display:none"><p>{OFFER}</p></div>',
        '<div class="paywall-header"><a href="/login">Log in</a></div>',
        COOKIES,
        '<script src="/cdn-cgi/challenge-platform/scripts/jsd/main.js"></script>',
        '<form action="/login"><input type="password" name="p"></form>',
    ],
)
def test_a_piece_of_short_news_is_no_wall(beside):
    assert wall(f"<article><p>{SENTENCE * 4}</p></article>{beside}", described()) is None


def test_what_is_stated_to_be_free_has_no_paywall():
    body = f'<article>{TEASER}</article><div class="paywall-box"><p>{OFFER}</p></div>'
    assert wall(body, described(isAccessibleForFree=True)) is None


@pytest.mark.parametrize(
    "body",
    [
        COOKIES,
        f'<div class="consent-form"><form>{COOKIES * 5}<button>OK</button></form></div>',
        f"<main><div class='cookiewall'><h1>Before you go on</h1>{'<p>' + SENTENCE * 9 + '</p>'}"
        "</div></main>",
    ],
)
def test_a_page_that_holds_nothing_but_a_consent_form(body):
    assert "consent" in wall(body)


def test_a_redirect_to_a_consent_service():
    assert "consent" in wall(f"<main>{FULL}</main>", url="https://consent.paper.example/v2?to=7")


@pytest.mark.parametrize(
    ("body", "service"),
    [
        ("<script>window._cf_chl_opt={cvId:'3'};</script><p>Checking…</p>", "Cloudflare"),
        ("<script src='https://ct.captcha-delivery.com/c.js'></script>", "DataDome"),
        ("<iframe src='/_Incapsula_Resource?x=1'></iframe>", "Imperva"),
        ("<script src='/.well-known/ddos-guard/check.js'></script><h1>Проверка</h1>", "DDoS-Guard"),
        ("<form action='/checkcaptcha'><p>Подтвердите, что вы не робот</p></form>", "Yandex"),
        ("<div class='h-captcha'></div><script src='https://js.hcaptcha.com/1/api.js'></script>",
         "captcha"),
    ],
)  # fmt: skip
def test_a_check_for_robots_names_its_service(body, service):
    found = wall(body)
    assert service in found
    assert "robot" in found


def test_a_page_for_browsers_with_javascript_alone():
    body = "<noscript>Для работы сайта включите JavaScript и cookies.</noscript><div id=app></div>"
    assert "JavaScript" in wall(body)


def test_a_form_to_log_in_and_no_article():
    body = "<h1>Welcome</h1><form><input name=u><input type=password></form><p>Forgotten?</p>"
    assert "log in" in wall(body)


def test_a_page_with_nothing_on_it_is_no_wall():
    assert wall("<p></p>") is None


def test_the_beginning_of_an_article_behind_a_wall_is_still_given():
    found = extract(page(f"<article>{TEASER}</article>", described(isAccessibleForFree=False)), URL)
    assert found.text.startswith("The ministry summoned")
