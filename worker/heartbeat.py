"""The dead-man's switch: an address that is called after every complete evaluation.

Whoever watches it raises the alarm when the calls stop. A call that fails is logged and harms
nothing: the watcher notices by itself.
"""

import logging

import httpx2

log = logging.getLogger(__name__)

_SECONDS = 5.0


def beat(url: str | None) -> None:
    """Call the address, if there is one."""
    if url is None:
        return
    try:
        httpx2.get(url, timeout=_SECONDS).raise_for_status()
    except (httpx2.HTTPError, httpx2.InvalidURL, UnicodeError) as error:
        log.warning("The heartbeat was not taken: %s", type(error).__name__)
