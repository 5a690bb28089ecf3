"""The article out of its page: layouts as publishers build them, in many scripts."""

import pytest

from crawler.extract import extract

URL = "https://paper.example/news/7"
TITLE = "Ministry summons the ambassador over the arrests"
PARAGRAPHS = [
    "The ministry summoned the ambassador on Monday and handed him a note of protest.",
    "Its spokesman said that the two sides had been in contact for weeks, without any result.",
    "A further meeting is planned before the end of the month, according to two officials.",
    "Residents of the quarter said that the street had been quiet since the early morning.",
]
STANDFIRST = "The envoy was called in for the second time this year, and left without a word."
TEXTS = {
    "ru": [
        "Министерство вызвало посла в понедельник и вручило ему ноту протеста.",
        "Представитель ведомства сообщил, что стороны поддерживали связь несколько недель.",
        "Ещё одна встреча запланирована до конца месяца, рассказали два источника.",
    ],
    "az": [
        "Nazirlik bazar ertəsi səfiri çağırıb və ona etiraz notası təqdim edib.",
        "Rəsmi nümayəndə bildirib ki, tərəflər həftələrdir əlaqə saxlayır, nəticə isə yoxdur.",
        "İki mənbənin sözlərinə görə, ayın sonuna qədər daha bir görüş planlaşdırılır.",
    ],
    "tr": [
        "Bakanlık pazartesi günü büyükelçiyi çağırdı ve kendisine protesto notası verdi.",
        "Sözcü, tarafların haftalardır temas halinde olduğunu, sonuç alınamadığını söyledi.",
        "İki yetkiliye göre ay sonuna kadar bir görüşme daha yapılması planlanıyor.",
    ],
    "hy": [
        "Նախարարությունը երկուշաբթի օրը կանչել է դեսպանին և նրան բողոքի նոտա է հանձնել։",
        "Խոսնակը նշել է, որ կողմերը շաբաթներ շարունակ կապի մեջ են եղել, բայց անարդյունք։",
        "Երկու պաշտոնյաների խոսքով՝ մինչև ամսվա վերջ ևս մեկ հանդիպում է նախատեսված։",
    ],
    "ka": [
        "სამინისტრომ ორშაბათს ელჩი დაიბარა და პროტესტის ნოტა გადასცა.",
        "სპიკერის თქმით, მხარეები რამდენიმე კვირაა კონტაქტში არიან, თუმცა უშედეგოდ.",
        "ორი ოფიციალური პირის ცნობით, თვის ბოლომდე კიდევ ერთი შეხვედრა იგეგმება.",
    ],
    "fa": [
        "وزارت امور خارجه روز دوشنبه سفیر را فراخواند و یادداشت اعتراض را به او تسلیم کرد.",
        "سخنگوی وزارتخانه گفت که دو طرف هفته‌ها در تماس بوده‌اند، اما نتیجه‌ای به دست نیامده است.",
        "به گفته دو مقام رسمی، دیدار دیگری تا پایان ماه برنامه‌ریزی شده است.",
    ],
    "ar": [
        "استدعت الوزارة السفير يوم الاثنين وسلمته مذكرة احتجاج رسمية على ما حدث.",
        "وقال المتحدث إن الجانبين على اتصال منذ أسابيع، ولكن من دون أي نتيجة حتى الآن.",
        "ومن المقرر عقد اجتماع آخر قبل نهاية الشهر، بحسب مسؤولين اثنين.",
    ],
    "el": [
        "Το υπουργείο κάλεσε τη Δευτέρα τον πρέσβη και του επέδωσε νότα διαμαρτυρίας.",
        "Ο εκπρόσωπος είπε ότι οι δύο πλευρές είναι σε επαφή εδώ και εβδομάδες, χωρίς αποτέλεσμα.",
        "Μια ακόμη συνάντηση σχεδιάζεται πριν από το τέλος του μήνα, λένε δύο αξιωματούχοι.",
    ],
    "zh": [
        "外交部星期一召见了大使，并向他递交了抗议照会，要求对方作出解释。",
        "发言人说，双方数周以来一直保持联系，但至今没有取得任何结果。",
        "据两名官员透露，月底之前还将举行一次会谈，地点尚未确定。",
    ],
    "ja": [
        "外務省は月曜日に大使を呼び出し、抗議の文書を手渡して説明を求めた。",
        "報道官によると、双方は数週間にわたり連絡を取り合ってきたが、成果はない。",
        "二人の当局者の話では、月末までにもう一度会談が予定されているという。",
    ],
    "th": [
        "กระทรวงเรียกเอกอัครราชทูตเข้าพบเมื่อวันจันทร์และยื่นหนังสือประท้วงอย่างเป็นทางการ",
        "โฆษกกล่าวว่าทั้งสองฝ่ายติดต่อกันมาหลายสัปดาห์แล้วแต่ยังไม่มีผลลัพธ์ใดใดเกิดขึ้นเลย",
        "เจ้าหน้าที่สองคนระบุว่าจะมีการประชุมอีกครั้งก่อนสิ้นเดือนนี้ในสถานที่ที่ยังไม่เปิดเผย",
    ],
}
MENU = "<nav><ul>" + "".join(f"<li><a href='/{n}'>Section {n}</a></li>" for n in range(12))
TEASERS = "".join(
    f"<li><h4><a href='/n/{n}'>Another story that has nothing to do with this one, {n}</a></h4>"
    f"<p>What the other story says in a sentence or two, for somebody to follow the link.</p></li>"
    for n in range(8)
)


def paragraphs(texts=PARAGRAPHS):
    return "".join(f"<p>{text}</p>" for text in texts)


def page(inner, head="", title=TITLE):
    return (
        f"<html><head><title>{title} | Paper</title>{head}</head><body>{MENU}</ul></nav>{inner}"
        "<footer><p>All rights reserved. No part of this page may be reproduced in any form.</p>"
        "</footer></body></html>"
    )


def read(inner, head="", title=TITLE):
    return extract(page(inner, head, title), URL).text.split("\n")


LAYOUTS = {
    "semantic": f"<main><article><h1>{TITLE}</h1>{paragraphs()}</article></main>",
    "named": f'<div><h1>{TITLE}</h1><div class="article__body">{paragraphs()}</div></div>',
    "stated": f'<h1>{TITLE}</h1><div itemprop="articleBody">{paragraphs()}</div>',
    "nothing is named": f"<div><p><h1>{TITLE}</h1></p><div><div>{paragraphs()}</div></div></div>",
    "line breaks": f"<h1>{TITLE}</h1><div>{'<br><br>'.join(PARAGRAPHS)}</div>",
    "layout tables": f"<table><tr><td>M</td><td><h1>{TITLE}</h1>{paragraphs()}</td></tr></table>",
    "a box for each paragraph": f"<section><h1>{TITLE}</h1>"
    + "".join(f'<div class="x{n}"><p>{text}</p></div>' for n, text in enumerate(PARAGRAPHS))
    + "</section>",
    "a form around everything": f"<form><div><h1>{TITLE}</h1>{paragraphs()}</div></form>",
    "named after its tags": f'<div class="post-7 hentry tag-ads category-promo"><h1>{TITLE}</h1>'
    f"{paragraphs()}</div>",
    "inside a widget": f'<div class="widget"><h1>{TITLE}</h1><div>{paragraphs()}</div></div>',
    "two halves": f'<h1>{TITLE}</h1><div class="a"><div class="half">{paragraphs(PARAGRAPHS[:2])}'
    f'</div><div class="half">{paragraphs(PARAGRAPHS[2:])}</div></div>',
}


@pytest.mark.parametrize("inner", LAYOUTS.values(), ids=LAYOUTS)
def test_the_paragraphs_are_found_in_every_layout(inner):
    assert read(inner) == PARAGRAPHS


@pytest.mark.parametrize(("language", "texts"), TEXTS.items(), ids=TEXTS)
def test_the_language_makes_no_difference(language, texts):
    inner = f"<div><h1>{texts[0][:20]}</h1><div>{paragraphs(texts)}</div><ul>{TEASERS}</ul></div>"
    assert read(inner, title=texts[0][:20]) == texts


BOILERPLATE = {
    "read also": '<div class="read-also"><p>Read also a sentence of another story.</p></div>',
    "a linked line": "<p>Read also: <a href='/x'>What happened at the border last night</a></p>",
    "share bar": '<div class="share-buttons"><p>Share this story with your friends.</p></div>',
    "caption": "<figure><img src=x><figcaption>The ambassador leaves the ministry in Baku on "
    "Monday. Photo: A. Photographer</figcaption></figure>",
    "caption in a span": '<span class="newsCaption">The ambassador leaves the ministry.</span>',
    "newsletter": '<div class="newsletter-signup"><p>Subscribe to our letter and get the news '
    "every morning, free of charge, in your mailbox.</p></div>",
    "form": "<form><p>Give us your address and we send you everything that we write.</p></form>",
    "advertisement": '<div class="ad-slot">Advertisement</div>',
    "advertisement without a name": '<div class="xK3"><center>Advertisement</center></div>',
    "hidden": '<p style="display: none">This is what search engines alone are meant to read.</p>',
    "aside": "<aside><p>The background in short: what has happened in it so far.</p></aside>",
}


@pytest.mark.parametrize("box", BOILERPLATE.values(), ids=BOILERPLATE)
def test_what_stands_between_paragraphs_and_is_none_is_left_out(box):
    inner = paragraphs(PARAGRAPHS[:2]) + box + paragraphs(PARAGRAPHS[2:])
    assert read(f"<article><h1>{TITLE}</h1>{inner}</article>") == PARAGRAPHS


AROUND = {
    "comments": "<div class='comments'>" + "<p>I think that this is quite wrong, as always. And so "
    "do my friends, who have read it to the end.</p>" * 30 + "</div>",
    "teasers": f"<ul>{TEASERS}</ul>",
    "teasers in sections": "<section>" + TEASERS.replace("li>", "div>") + "</section>",
    "author": '<div class="author-box"><p>A. Author has reported on diplomacy for twenty years and '
    "lives in Baku.</p></div>",
    "tags": '<div class="tags"><a href="/t/1">Diplomacy</a> <a href="/t/2">Baku</a></div>',
    "sidebar": '<div class="sidebar"><p>The weather today: sunny, with a light wind from the sea, '
    "and dry until the evening.</p></div>",
    "cookie banner": '<div id="cookie-consent"><p>We use cookies to make this site better for you. '
    "By reading on you agree to our rules.</p></div>",
}


@pytest.mark.parametrize("box", AROUND.values(), ids=AROUND)
def test_what_stands_around_the_article_is_left_out(box):
    article = f"<div class='x'><h1>{TITLE}</h1><div>{paragraphs()}</div></div>"
    assert read(f"<div class='page'>{article}{box}</div>") == PARAGRAPHS


@pytest.mark.parametrize(
    "standfirst",
    [f'<p class="lead">{STANDFIRST}</p>', f"<h2 class='sub-title'>{STANDFIRST}</h2>"],
)
def test_the_standfirst_above_the_text_belongs_to_it(standfirst):
    inner = f"<header><h1>{TITLE}</h1>{standfirst}</header><div class='article-body'>{paragraphs()}"
    assert read(f"<article>{inner}</div></article>") == [STANDFIRST, *PARAGRAPHS]


def test_a_standfirst_is_known_by_the_description_of_the_page():
    head = f'<meta name="description" content="{STANDFIRST}">'
    inner = f"<div><h1>{TITLE}</h1><div>{STANDFIRST}</div></div><div class='text'>{paragraphs()}"
    assert read(inner + "</div>", head) == [STANDFIRST, *PARAGRAPHS]


def test_headings_lists_quotes_and_tables_of_the_article_stay():
    inner = (
        f"<p>{PARAGRAPHS[0]}</p><h2>What is known</h2><ul><li>Two arrests</li>"
        "<li>One note</li></ul>"
        f"<blockquote class='widget'><p>We were not told.</p></blockquote><p>{PARAGRAPHS[1]}</p>"
        f"<table><tr><td>Arrests</td><td>2</td></tr></table><p>{PARAGRAPHS[2]}</p>"
    )
    text = "\n".join(read(f"<article><h1>{TITLE}</h1>{inner}</article>"))
    for line in ("What is known", "Two arrests", "One note", "We were not told.", "Arrests\n2"):
        assert line in text


def test_a_paragraph_that_is_mostly_links_stays_and_a_line_of_links_goes():
    named = '<p><a href="/1">Anna Bell</a> and <a href="/2">Carl Dunn</a> contributed to this.</p>'
    inner = (
        f"{paragraphs(PARAGRAPHS[:1])}{named}<p>{PARAGRAPHS[1]}</p><p><a href='/3'>All news</a></p>"
    )
    text = read(f"<article><h1>{TITLE}</h1>{inner}</article>")
    assert text == [PARAGRAPHS[0], "Anna Bell and Carl Dunn contributed to this.", PARAGRAPHS[1]]


def stated(text):
    return (
        '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "'
        f'{TITLE}", "articleBody": "{text}"}}</script>'
    )


def test_a_stated_body_tells_what_on_the_page_is_not_the_article():
    promotion = "<p>Follow us on every channel, so that you never miss what we have to say.</p>"
    inner = f"<article><h1>{TITLE}</h1>{paragraphs()}{promotion}</article>"
    assert read(inner, stated(" ".join(PARAGRAPHS))) == PARAGRAPHS


def test_a_stated_body_that_was_cut_takes_nothing_away():
    cut = " ".join(PARAGRAPHS)[: len(" ".join(PARAGRAPHS)) * 9 // 10]
    inner = f"<article><h1>{TITLE}</h1>{paragraphs()}</article>"
    assert read(inner, stated(cut)) == PARAGRAPHS


def test_a_page_that_shows_its_text_by_script_gives_what_it_states():
    inner = f"<h1>{TITLE}</h1><div id='app'>Loading</div>"
    assert "note of protest" in " ".join(read(inner, stated(" ".join(PARAGRAPHS * 2))))


def test_what_stands_above_the_headline_is_no_part_of_the_article():
    ticker = "".join(
        f"<li><a href='/t{n}'>A ticker line</a> and the whole of its first sentence, to be read by "
        "those who pass. It goes on for a while.</li>"
        for n in range(3)
    )
    inner = f"<div class='main-content'><ul>{ticker}</ul><h2>{TITLE}</h2>{paragraphs()}</div>"
    assert read(inner) == PARAGRAPHS


def test_a_piece_of_short_news_is_not_mistaken_for_the_banner_beside_it():
    banner = AROUND["cookie banner"]
    inner = f"<div><h1>{TITLE}</h1><div><p>{PARAGRAPHS[0]}</p></div></div>{banner}"
    assert read(inner) == PARAGRAPHS[:1]


def test_a_page_that_puts_its_article_where_none_belongs_is_still_read():
    inner = f"<div class='sidebar'><div class='comments'>{paragraphs()}</div></div>"
    assert read(inner) == PARAGRAPHS


def test_a_selector_that_somebody_gave_decides_where_the_article_stands():
    page = (
        "<html><body><h1>Harbour council</h1><div class=lead>The council met at noon.</div>"
        "<div class=box><p>Read the other stories of this week, all of them, now.</p></div>"
        "<div class=text><p>It heard the pilots.</p><div class=text><p>Then it voted.</p></div>"
        "</div>"
        "</body></html>"
    )
    url = "https://paper.example/news/1"
    chosen = extract(page, url, selector=".lead, .text")
    assert chosen.text == "The council met at noon.\nIt heard the pilots.\nThen it voted."
    assert extract(page, url, selector=".none").text == extract(page, url).text


def test_a_body_in_several_marked_pieces_is_read_whole():
    half = len(PARAGRAPHS) // 2
    pieces = '<section><a href="/x">More of it</a></section>'.join(
        f'<div class="rich-text">{paragraphs(texts)}</div>'
        for texts in (PARAGRAPHS[:half], PARAGRAPHS[half:])
    )
    assert read(f"<h1>{TITLE}</h1><main><div>{pieces}</div></main>") == PARAGRAPHS


def test_a_body_stated_in_one_run_gives_way_to_the_paragraphs_that_are_shown():
    inner = (
        f'<div itemprop="articleBody">{" ".join(PARAGRAPHS)}</div><h1>{TITLE}</h1>'
        f'<div class="article__body">{paragraphs()}</div>'
    )
    assert read(inner) == PARAGRAPHS


def test_the_next_article_of_a_page_that_scrolls_on_is_left_out():
    other = "<p>Another ministry has published its plans for roads and bridges in the region.</p>"
    inner = (
        f"<article><h1>{TITLE}</h1>{paragraphs()}</article>"
        f"<article><h1>Plans for roads</h1>{other * 6}</article>"
    )
    assert read(inner) == PARAGRAPHS


def test_of_two_marked_bodies_the_first_is_read():
    other = "<p>" + " ".join(PARAGRAPHS).replace("ambassador", "minister") + "</p>"
    inner = (
        f'<h1>{TITLE}</h1><div><div class="article-body">{paragraphs()}</div></div>'
        f'<div><div>Plans</div><div class="article-body">{other}</div></div>'
    )
    assert read(inner) == PARAGRAPHS


@pytest.mark.parametrize(
    "signature", ["the.foreign.desk@paper.example", "Автор: Анна Белова-Заречная"]
)
def test_a_signature_below_the_text_is_no_part_of_it(signature):
    lines = "<br><br>".join([*PARAGRAPHS, signature])
    assert read(f"<h1>{TITLE}</h1><div>{lines}</div>") == PARAGRAPHS


def test_a_date_and_the_headline_that_run_into_the_text_are_no_part_of_it():
    lines = "<br><br>".join(PARAGRAPHS)
    inner = f"<table><tr><td>28 June 2025, 09:14<br><b>{TITLE}</b><br><br>{lines}</td></tr></table>"
    assert read(inner) == PARAGRAPHS


def test_a_date_in_a_span_of_its_own_is_no_word_of_the_text():
    span = '<span class="news-date-time">28.06.2025</span>'
    inner = f"<h1>{TITLE}</h1><div>{span}{'<br><br>'.join(PARAGRAPHS)}</div>"
    assert read(inner) == PARAGRAPHS


def test_a_teaser_text_below_the_headline_is_its_standfirst():
    head = f'<meta name="description" content="{PARAGRAPHS[0]}">'
    inner = (
        f'<article><header><h1>{TITLE}</h1><p class="teaser-text">{PARAGRAPHS[0]}</p></header>'
        f'<div class="rich-text">{paragraphs(PARAGRAPHS[1:])}</div></article>'
    )
    assert read(inner, head) == PARAGRAPHS
