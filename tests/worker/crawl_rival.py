"""One of several machines that crawl the same sources from one database.

Arguments: the database's URL, a home, the port of the server, how many seconds, and feeds' paths.
Crawls again and again, and prints after each how many sources it was given.
"""

import sys
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from harness.services import services, settings

from crawler.source import Source
from worker import crawling
from worker.storage.database import Database


def main(url: str, home: str, port: str, seconds: str, *paths: str) -> None:
    server = f"127.0.0.1:{port}"
    sources = [
        Source(path.strip("/"), "feed", f"http://{server}{path}", path, path) for path in paths
    ]
    made = services(Database(url), Path(home), sources=sources)
    works = replace(made, settings=settings(Path(home), ALLOWED_PRIVATE_HOSTS=server))
    print("ready", flush=True)
    end = time.monotonic() + float(seconds)
    while time.monotonic() < end:
        report = crawling.crawl_now(works, [s.id for s in sources], timedelta(seconds=1))
        print(len(report.outcomes) if report else 0, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
