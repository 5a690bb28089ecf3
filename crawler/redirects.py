"""Redirects: Scrapy follows them; a page's that lead to another host are handed back instead."""

from scrapy import Request, Spider
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.http import Response

from crawler.errors import MovedAway
from crawler.guards import refusal_of_url
from crawler.urls import host_of


class HostKeepingRedirects(RedirectMiddleware):
    """Raises MovedAway for a redirect that leaves the host of a request marked `stay_on_host`: the
    other host has its own queue, its own delay, and maybe another machine that crawls it."""

    def process_response(
        self,
        request: Request,
        response: Response,
        spider: Spider | None = None,  # noqa: ARG002 - Scrapy's signature; it gives none any more
    ) -> Request | Response:
        onward: Request | Response = super().process_response(request, response)
        if not isinstance(onward, Request) or not request.meta.get("stay_on_host"):
            return onward
        # An address that the guard will refuse anyway goes on to it, to be refused in its words.
        if not refusal_of_url(onward.url) and host_of(onward.url) != host_of(request.url):
            raise MovedAway(onward.url)
        return onward
