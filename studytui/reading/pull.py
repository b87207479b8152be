"""Pull: download, parse, store; one result a feed, errors as values, nothing lost when it is broken off."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, ParamSpec, TypeVar

from studytui.errors import StudyError
from studytui.i18n import _
from studytui.reading.fetch.discover import feed_links
from studytui.reading.fetch.download import FeedClient, FetchResult, Limits, fetch, open_client
from studytui.reading.library.article import FeedState
from studytui.reading.library.library import Library
from studytui.reading.parse.parser import FeedParser, ParseError
from studytui.reading.subscriptions.subscription import Subscription, Subscriptions
from studytui.workspace import Clock, SystemClock, digest

P = ParamSpec("P")
T = TypeVar("T")
Status = Literal["new", "updated", "unchanged", "later", "failed", "gone", "off"]

_GONE_AFTER = timedelta(days=7)
_PATIENCE = 5  # failures in a row before a feed is asked less often
_FIRST_WAIT = timedelta(minutes=10)
_LONGEST_WAIT = timedelta(days=1)
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class PullResult:
    """What came of pulling one feed.

    ``status`` is "new" or "updated" (something was stored), "unchanged", "later" (it is not its time: the
    server asked for peace, or it failed too often), "failed", "gone" (closed, or missing for a week) or "off"
    (paused, no feed, or a route without an RSSHub server).  ``title`` and ``entries`` are what the document
    says, when there was one; ``moved_to`` is where the feed says it has moved for good.
    """

    name: str
    url: str
    status: Status
    new: int = 0
    updated: int = 0
    error: str = ""
    hint: str = ""
    title: str = ""
    entries: int = 0
    moved_to: str = ""


OnResult = Callable[[int, int, PullResult], object]


def followed(subscriptions: Subscriptions) -> list[tuple[str, str, bool]]:
    """Return (name, address, enabled) of every feed in feeds.yaml, for `Library.follow`."""
    return [(item.name, item.source, item.enabled) for item in subscriptions if item.kind != "site"]


async def pull(
    library: Library,
    subscriptions: Subscriptions,
    *,
    names: Sequence[str] | None = None,
    on_result: OnResult | None = None,
    clock: Clock | None = None,
    limits: Limits | None = None,
    parser: FeedParser | None = None,
) -> list[PullResult]:
    """Pull the named feeds, or all that are enabled, and return their results in the order of feeds.yaml.

    ``on_result(done, total, result)`` is called as each one is finished.  May be cancelled at any moment:
    a feed is stored whole or not at all.  Raises StudyError for an unknown name, never for a feed, and what
    ``on_result`` raises, which ends the pull.
    """
    if names is None:
        chosen = [item for item in subscriptions if item.enabled and item.kind != "site"]
    else:
        chosen = [subscriptions.by_name(name) for name in dict.fromkeys(names)]
    await asyncio.to_thread(library.follow, followed(subscriptions))
    clock = clock or SystemClock()
    async with parser or FeedParser() as ready, open_client(limits, clock=clock) as client:
        one = _Pull(library, subscriptions, clock, client, ready, impatient=names is not None)
        one.states = await asyncio.to_thread(
            lambda: {item.source: library.feed_state(item.source) for item in chosen}
        )
        done = 0

        async def finish(item: Subscription) -> PullResult:
            nonlocal done
            result = await one.feed(item)
            done += 1
            if on_result is not None:
                on_result(done, len(chosen), result)
            return result

        try:
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(finish(item)) for item in chosen]
        except ExceptionGroup as failed:
            raise failed.exceptions[0] from None
    return [task.result() for task in tasks]


class _Pull:
    """What the feeds of one pull share."""

    def __init__(
        self,
        library: Library,
        subscriptions: Subscriptions,
        clock: Clock,
        client: FeedClient,
        parser: FeedParser,
        impatient: bool,
    ) -> None:
        self.library = library
        self.subscriptions = subscriptions
        self.clock = clock
        self.client = client
        self.parser = parser
        self.impatient = impatient
        self.states: dict[str, FeedState] = {}
        self._writing = asyncio.Lock()

    async def feed(self, item: Subscription) -> PullResult:
        """Pull one feed; whatever goes wrong is its result."""
        url = self.subscriptions.feed_url(item)
        try:
            if not url or not item.enabled:
                return await self._off(item, url)
            if (waiting := self._waiting(item, url)) is not None:
                return waiting
            state = self.states[item.source]
            fetched = await fetch(self.client, url, etag=state.etag, last_modified=state.last_modified)
            if fetched.status == "failed":
                return await self._failed(item, url, fetched.error, fetched.hint, fetched)
            if fetched.status == "unchanged":
                await self._write(self.library.record_unchanged, item.source, now=self.clock.now())
                return PullResult(item.name, url, "unchanged", moved_to=fetched.moved_to)
            return await self._take(item, url, fetched)
        except StudyError as error:
            return PullResult(item.name, url, "failed", error=error.message, hint=error.hint)
        except Exception:
            _log.exception("pulling %s", url)
            sentence = _("Something unexpected went wrong with this feed.")
            hint = _("Its articles are kept; the log says more.")
            return PullResult(item.name, url, "failed", error=sentence, hint=hint)

    async def _take(self, item: Subscription, url: str, fetched: FetchResult) -> PullResult:
        """Parse and store a document that differs from the last one."""
        body_digest = digest(fetched.body)
        now = self.clock.now()
        if body_digest == self.states[item.source].digest:
            validators = (fetched.etag, fetched.last_modified)
            await self._write(self.library.record_unchanged, item.source, now=now, validators=validators)
            return PullResult(item.name, url, "unchanged", moved_to=fetched.moved_to)
        try:
            parsed = await self.parser.parse(fetched.body, fetched.charset, fetched.final_url or url, now)
        except ParseError as problem:
            return await self._failed(item, url, *await _unparsed(problem, url, fetched), None)
        stored = await self._write(
            self.library.store,
            item.source,
            parsed,
            now=now,
            body_digest=body_digest,
            etag=fetched.etag,
            last_modified=fetched.last_modified,
            moved_to=fetched.moved_to,
        )
        return PullResult(
            item.name,
            url,
            "new" if stored.new else "updated" if stored.updated else "unchanged",
            stored.new,
            stored.updated,
            title=parsed.title,
            entries=len(parsed.entries),
            moved_to=fetched.moved_to,
        )

    async def _failed(
        self, item: Subscription, url: str, error: str, hint: str, fetched: FetchResult | None
    ) -> PullResult:
        """Record a failure and when to ask again; no article changes."""
        now, state = self.clock.now(), self.states[item.source]
        code, asked_for = (fetched.code, fetched.retry_after) if fetched is not None else (0, None)
        missing = code == 404 and state.failing_since is not None and now - state.failing_since >= _GONE_AFTER
        status: Literal["failed", "gone", "later"] = "gone" if code == 410 or missing else "failed"
        wait = _backoff(state.failures + 1)
        if asked_for:
            status, wait = "later", min(asked_for, _LONGEST_WAIT)
        await self._write(
            self.library.record_failure,
            item.source,
            now=now,
            error=error,
            hint=hint,
            status=status,
            retry_at=now + wait if wait else None,
        )
        return PullResult(item.name, url, status, error=error, hint=hint)

    async def _off(self, item: Subscription, url: str) -> PullResult:
        if item.kind == "site":
            error = _("{name} is a site without a feed.").format(name=item.name)
            hint = _("It comes due for a visit; open it in your browser.")
        elif not item.enabled:
            error = _("{name} is paused in feeds.yaml.").format(name=item.name)
            hint = _('Follow it again with: studytui feed on "{name}"').format(name=item.name)
        else:
            error = _("{name} comes through RSSHub, and no RSSHub server is set.").format(name=item.name)
            hint = _("Write “rsshub: https://…” at the top of feeds.yaml, or leave this feed off.")
            await self._write(self.library.record_off, item.source, error=error, hint=hint)
        return PullResult(item.name, url, "off", error=error, hint=hint)

    def _waiting(self, item: Subscription, url: str) -> PullResult | None:
        """Return "later" while a feed is to be left alone; naming a feed overrides all but its own wish."""
        state, now = self.states[item.source], self.clock.now()
        # A time further off than the longest wait comes from a clock that was wrong.
        if state.retry_at is None or not now < state.retry_at <= now + _LONGEST_WAIT:
            return None
        time = _clock_time(state.retry_at, now)
        if state.status == "later":
            error = _("{name} asked to be left alone until {time}.").format(name=item.name, time=time)
            return PullResult(item.name, url, "later", error=error, hint=_("It is asked again after that."))
        if self.impatient:
            return None
        error = _("{name} failed {n} times in a row; it is asked again at {time}.").format(
            name=item.name, n=state.failures, time=time
        )
        return PullResult(item.name, url, "later", error=error, hint=_("Pull it by name to try at once."))

    async def _write(self, write: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run one write to the library off the event loop, one at a time."""
        async with self._writing:
            return await asyncio.to_thread(write, *args, **kwargs)


def _backoff(failures: int) -> timedelta | None:
    if failures < _PATIENCE:
        return None
    return min(_FIRST_WAIT * (1 << min(failures - _PATIENCE, 10)), _LONGEST_WAIT)


def _clock_time(at: datetime, now: datetime) -> str:
    local = at.astimezone(now.tzinfo)
    return local.strftime("%H:%M" if local.date() == now.date() else "%Y-%m-%d %H:%M")


async def _unparsed(problem: ParseError, url: str, fetched: FetchResult) -> tuple[str, str]:
    """Return what a document that gave no feed means, and what to do next."""
    if problem.reason == "html":
        links = await asyncio.to_thread(feed_links, fetched.body, fetched.final_url or url, fetched.charset)
        return (
            _("{url} is a web page, not a feed.").format(url=url),
            _("The page names this feed: {url}. Put it into feeds.yaml instead.").format(url=links[0].url)
            if links
            else _("It names no feed either. You can list it as a site: to visit."),
        )
    if problem.reason == "slow":
        return (
            _("Reading this feed took too long, so it was given up."),
            _("The other feeds are not affected. Try again later, or pause the feed."),
        )
    if problem.reason == "broken":
        _log.warning("parsing %s: %s", url, problem.detail)
        return (
            _("This feed is broken in a way that cannot be read."),
            _("The other feeds are not affected. Tell the site, or pause the feed."),
        )
    return (
        _("{url} is in no feed format (RSS, Atom, JSON Feed).").format(url=url),
        _("Check the address in a browser; it may have changed."),
    )
