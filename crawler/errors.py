"""Why a download did not happen.

Exception
├── Refused             an address that is never opened: scheme, credentials, private network
├── TooLarge            the body exceeds what the crawler takes
├── TimeIsUp            the crawl's budget ended before the request's turn; nothing is wrong
├── RobotsDenied        robots.txt disallows the address: permanent while the file stands
├── RobotsUnreachable   robots.txt could not be read: nothing may be fetched for now
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


class DeskError(Exception):
    """The sink or the memory failed; the cause is what it raised.

    It ends the crawl: what cannot be stored must not be fetched, and no source is to blame.
    """
