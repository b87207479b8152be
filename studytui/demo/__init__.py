"""Everything without a network: a throw-away workspace and a loopback server with feeds of our own making."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from studytui.demo.feeds import demo_feeds
from studytui.demo.server import serve
from studytui.workspace import Workspace, create_workspace, write_atomic


@contextlib.contextmanager
def demo_workspace(lang: str, now: datetime) -> Iterator[Workspace]:
    """Yield a starter workspace whose feeds.yaml points at a running loopback server; both end with it.

    The feeds in the language ``lang`` come first.
    """
    feeds = sorted(demo_feeds(now), key=lambda feed: feed.lang != lang)
    with (
        tempfile.TemporaryDirectory(prefix="studytui-demo-", ignore_cleanup_errors=True) as folder,
        serve({feed.path: (feed.content_type, feed.render()) for feed in feeds}) as base,
    ):
        workspace = create_workspace(Path(folder), lang)
        lines = ["feeds:"]
        for feed in feeds:
            lines += [f"  - name: {feed.name}", f"    url: {base}{feed.path}", f"    tags: [{feed.lang}]"]
        write_atomic(workspace.feeds_file, ("\n".join(lines) + "\n").encode())
        yield workspace
