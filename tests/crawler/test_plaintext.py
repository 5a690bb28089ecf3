"""Words out of fragments."""

import pytest

from crawler.plaintext import one_line, plain_text, tidy


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a  b\u00a0\u3000c", "a b c"),
        ("a\u200bb\ufeffc", "a b c"),
        (" a \r\n\r\n\n b \n", "a\nb"),
        ("a\u2028b\u2029c", "a\nb\nc"),
        ("a\0b\x07c\x7f", "abc"),
        ("\ud800a", "a"),
        ("", ""),
        ("\n \n", ""),
    ],
)
def test_spaces_and_control_characters(text, expected):
    assert tidy(text) == expected


def test_blocks_become_lines_and_scripts_go():
    html = "<p>One &amp; two</p><script>var x = '<p>no</p>'</script><div>three<br>four</div>"
    assert plain_text(html) == "One & two\nthree\nfour"


def test_a_title_is_one_line():
    assert one_line("<b>One</b><br>\n two &quot;three&quot;") == 'One two "three"'
