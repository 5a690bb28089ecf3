"""The message as an HTML mail: one column, styles in place, nothing loaded from anywhere (pure)."""

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from alerts.render_message import Message
from alerts.render_quote import RTL_LANGUAGES
from alerts.render_words import language_in_words, more_stories

_SEVERITY_COLOURS = {"critical": "#b3261e", "warning": "#a85b00", "info": "#1f5fa8"}


def to_html(message: Message) -> str:
    """A complete document; every word in it is escaped."""
    document = _template().render(
        message=message,
        colour=_SEVERITY_COLOURS.get(message.severity, "#444444"),
        more=more_stories(message.more) if message.more else "",
    )
    # A doctype counts only where it comes first.
    return document.strip() + "\n"


@cache
def _template() -> Template:
    # autoescape=True: the usual select_autoescape leaves `.html.j2` unescaped.
    environment = Environment(
        loader=PackageLoader("alerts", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["language_in_words"] = language_in_words
    environment.filters["direction"] = lambda code: "rtl" if code in RTL_LANGUAGES else "ltr"
    return environment.get_template("email.html.j2")
