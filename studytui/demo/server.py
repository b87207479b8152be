"""A tiny feed server on the loopback address, with validators so that a second pull is unchanged."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from studytui.workspace import digest


@contextlib.contextmanager
def serve(pages: Mapping[str, tuple[str, bytes]]) -> Iterator[str]:
    """Serve ``pages`` (path to content type and body) on 127.0.0.1; yield the base address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            """Answer one page, 304 when the reader already has it."""
            page = pages.get(self.path)
            if page is None:
                self.send_error(404)
                return
            content_type, body = page
            etag = f'"{digest(body)[:16]}"'
            unchanged = self.headers.get("If-None-Match") == etag
            self.send_response(304 if unchanged else 200)
            self.send_header("ETag", etag)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", "0" if unchanged else str(len(body)))
            self.end_headers()
            if not unchanged:
                self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
            """Say nothing: the terminal belongs to the screens."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
