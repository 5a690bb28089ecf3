"""Why a download did not happen.

Exception
├── Refused             an address that is never opened: scheme, credentials, private network
├── TooLarge            the body exceeds what the crawler takes
├── TimeIsUp            the crawl's budget ended before the request's turn; nothing is wrong
├── RobotsDenied        robots.txt disallows the address: permanent while the file stands
├── RobotsUnreachable   robots.txt could not be read: nothing may be fetched for now
├── MovedAway           a page redirects to another host, which has a lane of its own
├── ParserFailed        the answer could not be parsed within the limits
└── DeskError           sink or memory failed: ends the crawl

Every message is a sentence, or a part of one, for people.
"""


class Refused(Exception):
    """The crawler will not open this address."""


class TooLarge(Exception):
    """The body is larger than the crawler takes."""


class TimeIsUp(Exception):
    """The crawl's time budget ended before this request's turn."""


class RobotsDenied(Exception):
    """robots.txt disallows this address."""


class RobotsUnreachable(Exception):
    """robots.txt could not be read: everything is disallowed for now."""


class MovedAway(Exception):
    """The page is on another host now, at `url`."""

    def __init__(self, url: str) -> None:
        super().__init__(f"the page has moved to {url}")
        self.url = url


class ParserFailed(Exception):
    """The answer could not be parsed; `permanent` when its bytes are to blame."""

    def __init__(self, sentence: str, permanent: bool = False) -> None:
        super().__init__(sentence)
        self.permanent = permanent


class DeskError(Exception):
    """The sink or the memory failed; the cause is what it raised.

    It ends the crawl: what cannot be stored must not be fetched, and no source is to blame.
    """
