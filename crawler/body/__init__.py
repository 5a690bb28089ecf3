"""The words of an article, out of everything else that stands on its page (pure)."""

from crawler.body.chosen import chosen_text
from crawler.body.scripted import scripted_body
from crawler.body.text import ArticleText, article_text

__all__ = ["ArticleText", "article_text", "chosen_text", "scripted_body"]
