"""A small web site on loopback: what each path answers, and which were asked for."""

import threading
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

STORY = "The council of the port met on Friday and heard what the crews had seen that week. " * 6


@dataclass
class Reply:
    body: str = ""
    status: int = 200
    kind: str = "text/html; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)
    after: threading.Event | None = None  # is answered once this has happened


class Site:
    """Serves `replies` by path, 404 for the rest, from a thread of its own."""

    def __init__(self) -> None:
        self.replies: dict[str, Reply] = {}
        self.asked: list[str] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append(self.path)
                reply = site.replies.get(self.path, Reply(status=404))
                if reply.after:
                    reply.after.wait(30)
                body = reply.body.encode()
                self.send_response(reply.status)
                self.send_header("Content-Type", reply.kind)
                self.send_header("Content-Length", str(len(body)))
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                with suppress(OSError):  # whoever asked may have gone
                    self.end_headers()
                    self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.authority = f"127.0.0.1:{self._server.server_port}"
        self.url = f"http://{self.authority}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def robots(self, *lines: str) -> None:
        self.replies["/robots.txt"] = Reply("\n".join(lines), kind="text/plain")

    def feed(self, path: str, *items: tuple[str, datetime]) -> None:
        """An RSS feed of these pages of the site, each with its path and time."""
        listed = "".join(
            f"<item><title>Report about {page}</title><link>{self.url}{page}</link>"
            f"<pubDate>{format_datetime(moment)}</pubDate></item>"
            for page, moment in items
        )
        text = f'<?xml version="1.0"?><rss version="2.0"><channel>{listed}</channel></rss>'
        self.replies[path] = Reply(text, kind="application/rss+xml")

    def sitemap(self, path: str, *pages: tuple[str, datetime]) -> None:
        """A plain sitemap of these pages, each with its path and when it was last changed."""
        listed = "".join(
            f"<url><loc>{self.url}{page}</loc><lastmod>{moment.isoformat()}</lastmod></url>"
            for page, moment in pages
        )
        space = "http://www.sitemaps.org/schemas/sitemap/0.9"
        self.replies[path] = Reply(
            f'<?xml version="1.0"?><urlset xmlns="{space}">{listed}</urlset>',
            kind="application/xml",
        )

    def page(self, path: str, published: datetime | None = None) -> None:
        """A page with an article, and its time where there is one."""
        time = published.isoformat() if published else ""
        meta = f'<meta property="article:published_time" content="{time}">' if published else ""
        self.replies[path] = Reply(
            f'<html lang="en"><head><title>Report about {path}</title>{meta}</head><body>'
            f"<article><h1>Report about {path}</h1><p>{STORY}</p><p>{STORY}</p></article>"
            "</body></html>"
        )
