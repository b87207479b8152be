"""Shell commands for what comes in: pull, articles, show, mark, open, and the sources."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from studytui.cli.base import DONE, FAILED, PARTLY_DONE, Desk, StudyCommand, StudyGroup, pass_desk
from studytui.cli.output import print_json, print_line, print_table, print_text
from studytui.errors import StudyError
from studytui.i18n import N_, _, ngettext, sentences
from studytui.text import clean_line, safe_url

if TYPE_CHECKING:
    from studytui.reading.library.article import ArticleSummary, FeedSummary
    from studytui.reading.pull import PullResult
    from studytui.reading.subscriptions.subscription import Subscription

_JSON = click.option("--json", "as_json", is_flag=True, help=N_("Print JSON for programs."))


@click.command(cls=StudyCommand)
@click.argument("names", nargs=-1, metavar="[NAME]...")
@_JSON
@pass_desk
def pull(desk: Desk, names: tuple[str, ...], as_json: bool) -> int:
    """Ask the sources for new articles."""
    import asyncio

    progress = sys.stderr.isatty() and not as_json

    def show(done: int, total: int, result: PullResult) -> None:
        if progress:
            click.echo(f"\r\x1b[K{done}/{total} {clean_line(result.name, 40)}", nl=False, err=True)
        if not as_json:
            click.echo("\r\x1b[K" if progress else "", nl=False, err=True)
            print_line(_pulled(result))

    results = asyncio.run(desk.study.pull(names or None, show))
    if progress:
        click.echo("\r\x1b[K", nl=False, err=True)
    failed = [result for result in results if result.status in ("failed", "gone")]
    if as_json:
        print_json([_pull_row(result) for result in results])
    else:
        print_line(_summary(results))
    if not failed:
        return DONE
    asked = [result for result in results if result.status != "off"]
    return FAILED if len(failed) == len(asked) else PARTLY_DONE


def _pulled(result: PullResult) -> str:
    if result.error:
        reason = sentences(result.error, result.hint)
        return reason if reason.startswith(result.name) else f"{result.name}: {reason}"
    if result.status == "unchanged":
        return f"{result.name}: " + _("nothing new")
    return f"{result.name}: " + _("{new} new, {updated} updated").format(
        new=result.new, updated=result.updated
    )


def _summary(results: list[PullResult]) -> str:
    new = sum(result.new for result in results)
    unchanged = sum(result.status == "unchanged" for result in results)
    failed = sum(result.status in ("failed", "gone") for result in results)
    return _("New articles: {new}. Sources unchanged: {unchanged}, failed: {failed}.").format(
        new=new, unchanged=unchanged, failed=failed
    )


def _pull_row(result: PullResult) -> dict[str, Any]:
    return {
        "name": result.name,
        "url": result.url,
        "status": result.status,
        "new": result.new,
        "updated": result.updated,
        "title": result.title,
        "entries": result.entries,
        "error": sentences(result.error, result.hint) or None,
    }


@click.command(cls=StudyCommand)
@click.option("--unread", is_flag=True, help=N_("Only what is not read yet."))
@click.option("--starred", is_flag=True, help=N_("Only what has a star."))
@click.option("--feed", metavar="NAME", help=N_("Only the articles of this source."))
@click.option("--limit", type=click.IntRange(1), help=N_("At most this many."))
@click.option("--feed-order", is_flag=True, help=N_("In the order of the feed's document, not newest first."))
@_JSON
@pass_desk
def articles(
    desk: Desk,
    unread: bool,
    starred: bool,
    feed: str | None,
    limit: int | None,
    feed_order: bool,
    as_json: bool,
) -> int:
    """List articles, newest first."""
    found = desk.study.library.articles(
        feed=feed, unread=unread, starred=starred, limit=limit, order="feed" if feed_order else "newest"
    )
    if as_json:
        print_json([article_row(article) for article in found])
    else:
        print_table(
            (
                (article.id, _day(article.published), _marks(article), article.feed, article.heading)
                for article in found
            ),
            _("No articles yet. Ask your sources: studytui pull"),
        )
    return DONE


def article_row(article: ArticleSummary) -> dict[str, Any]:
    """Return the documented JSON of one article."""
    return {
        "id": article.id,
        "title": article.title,
        "feed": article.feed,
        "url": article.url,
        "published": article.published.isoformat() if article.published else None,
        "read": article.read,
        "starred": article.starred,
    }


def _marks(article: ArticleSummary) -> str:
    return (
        ("·" if article.read else "●") + ("*" if article.starred else " ") + ("n" if article.noted else " ")
    )


def _day(moment: datetime | None) -> str:
    return moment.astimezone().strftime("%Y-%m-%d") if moment else "-" * 10


@click.command(cls=StudyCommand, help=N_("Print one article as Markdown."))
@click.argument("article", metavar="ID")
@_JSON
@pass_desk
def show(desk: Desk, article: str, as_json: bool) -> int:
    """Print one article as Markdown."""
    found = desk.study.library.article(article)
    if as_json:
        print_json({**article_row(found), "link": found.link, "author": found.author, "body": found.body})
        return DONE
    print_line("# " + found.heading)
    print_line(" · ".join(filter(None, (found.feed, found.author, _day(found.published), found.link))))
    print_text("\n" + (found.body or _("(The feed gave no text; open the page in your browser.)")))
    return DONE


@click.command(cls=StudyCommand, help=N_("Mark articles as read or starred."))
@click.argument("articles_", metavar="[ID]...", nargs=-1)
@click.option("--read/--unread", default=None, help=N_("Mark as read, or as unread."))
@click.option("--star/--unstar", default=None, help=N_("Give a star, or take it away."))
@click.option("--all-read", is_flag=True, help=N_("Mark everything as read."))
@click.option("--feed", metavar="NAME", help=N_("With --all-read: only this source."))
@pass_desk
def mark(
    desk: Desk,
    articles_: tuple[str, ...],
    read: bool | None,
    star: bool | None,
    all_read: bool,
    feed: str | None,
) -> int:
    """Mark articles as read or starred."""
    if not all_read and (not articles_ or read is star is None):
        raise click.UsageError(_("Name an article and one of --read, --unread, --star, --unstar."))
    library = desk.study.library
    if all_read:
        count = len(library.mark_all_read(feed))
        print_line(ngettext("{n} article marked read.", "{n} articles marked read.", count).format(n=count))
    ids = [library.article(identity).id for identity in articles_]
    if ids and read is not None:
        library.set_read(ids, read)
    if ids and star is not None:
        library.set_starred(ids, star)
    return DONE


@click.command("open", cls=StudyCommand, help=N_("Open an article's page, or a note's, in the web browser."))
@click.argument("name", metavar="ID_OR_NOTE")
@pass_desk
def open_page(desk: Desk, name: str) -> int:
    """Open a page in the web browser."""
    title, address = _page(desk, name)
    if not address:
        raise StudyError(
            _("“{title}” has no web address.").format(title=clean_line(title, 60)),
            _("Its text is here: studytui show ID, or studytui note show NOTE"),
        )
    import webbrowser

    webbrowser.open(address)
    print_line(address)
    return DONE


def _page(desk: Desk, name: str) -> tuple[str, str]:
    """Return the title and the safe address ("" when there is none) of an article or, else, of a note."""
    try:
        article = desk.study.library.article(name)
        return article.heading, article.link
    except StudyError:
        note = desk.study.vault.get(name)
        if note is None:
            raise
        return note.title, safe_url(note.url)


@click.group("feed", cls=StudyGroup, help=N_("Add, rename, pause and remove sources."))
def feed_group() -> None:
    """Hold the commands that edit feeds.yaml."""


@feed_group.command("list", help=N_("List the sources."))
@_JSON
@pass_desk
def feed_list(desk: Desk, as_json: bool) -> int:
    """List the sources."""
    words = {
        "never": _("not yet checked"),
        "ok": _("ok"),
        "failed": _("failed"),
        "gone": _("gone"),
        "later": _("later"),
        "off": _("off"),
        "site": _("to visit"),
    }
    health = {feed.name: feed for feed in desk.study.feeds()}
    rows = [(source, health.get(source.name)) for source in desk.study.subscriptions()]
    if as_json:
        print_json(
            [
                {
                    "name": source.name,
                    "kind": source.kind,
                    "address": source.source,
                    "enabled": source.enabled,
                    "unread": feed.unread if feed else 0,
                    "status": _status(source, feed),
                    "error": (feed.error or None) if feed else None,
                }
                for source, feed in rows
            ]
        )
    else:
        print_table(
            (
                (source.name, words[_status(source, feed)], str(feed.unread if feed else 0), source.source)
                for source, feed in rows
            ),
            _("No sources yet. Add one: studytui feed add URL"),
        )
    return DONE


def _status(source: Subscription, feed: FeedSummary | None) -> str:
    """Return the documented word for how a source is doing: a feed's status, "off", or "site"."""
    if not source.enabled:
        return "off"
    if source.kind == "site":
        return "site"
    return feed.status if feed else "off"


@feed_group.command("add")
@click.argument("url")
@click.option("--name", help=N_("What to call it; its address when left out."))
@click.option("--tag", "tags", multiple=True, help=N_("A tag; may be repeated."))
@click.option("--site", is_flag=True, help=N_("A site without a feed, to be visited."))
@pass_desk
def feed_add(desk: Desk, url: str, name: str | None, tags: tuple[str, ...], site: bool) -> int:
    """Follow a feed or a site."""
    added = desk.study.add_source(url, name=name, tags=tags, site=site)
    print_line(_("Following {name}.").format(name=added.name))
    return DONE


@feed_group.command("find", help=N_("Find the feed of a site by its web address."))
@click.argument("url")
@_JSON
@pass_desk
def feed_find(desk: Desk, url: str, as_json: bool) -> int:
    """Find the feed of a site."""
    import asyncio

    found = asyncio.run(desk.study.find_feeds(url))
    if as_json:
        print_json([{"url": feed.url, "title": feed.title, "entries": feed.entries} for feed in found])
    else:
        print_table(((str(feed.entries), feed.title, feed.url) for feed in found), "")
        print_line(_("Follow one with: studytui feed add URL"))
    return DONE


@feed_group.command("move", help=N_("Follow a source at the new address it told in the last pull."))
@click.argument("name")
@pass_desk
def feed_move(desk: Desk, name: str) -> int:
    """Take over the address that a source has moved to."""
    moved = next((feed.moved_to for feed in desk.study.feeds() if feed.name == name), "")
    if not moved:
        raise StudyError(
            _("“{name}” has not said that it moved.").format(name=clean_line(name, 80)),
            _("To give it another address, edit feeds.yaml."),
        )
    desk.study.move_source(name, moved)
    print_line(_("{name} is followed at {url} now.").format(name=name, url=moved))
    return DONE


@feed_group.command("rename")
@click.argument("name")
@click.argument("new")
@pass_desk
def feed_rename(desk: Desk, name: str, new: str) -> int:
    """Rename a source."""
    desk.study.rename_source(name, new)
    return DONE


@feed_group.command("off")
@click.argument("name")
@pass_desk
def feed_off(desk: Desk, name: str) -> int:
    """Pause a source."""
    desk.study.enable_source(name, False)
    return DONE


@feed_group.command("on", help=N_("Follow a paused source again."))
@click.argument("name")
@pass_desk
def feed_on(desk: Desk, name: str) -> int:
    """Follow a paused source again."""
    desk.study.enable_source(name, True)
    return DONE


@feed_group.command("remove")
@click.argument("name")
@pass_desk
def feed_remove(desk: Desk, name: str) -> int:
    """Stop following a source."""
    desk.study.remove_source(name)
    return DONE


@feed_group.command("import", help=N_("Add the sources of an OPML file from another reader."))
@click.argument("file", type=click.Path(dir_okay=False))
@pass_desk
def feed_import(desk: Desk, file: str) -> int:
    """Add the sources of an OPML file."""
    from pathlib import Path

    added, skipped = desk.study.import_opml(Path(file))
    print_line(_("{added} sources added, {skipped} left out.").format(added=len(added), skipped=len(skipped)))
    for reason in skipped:
        print_line("  " + reason)
    return DONE if not skipped else PARTLY_DONE


@feed_group.command("export", help=N_("Print the sources as OPML for another reader."))
@pass_desk
def feed_export(desk: Desk) -> int:
    """Print the sources as OPML."""
    click.echo(desk.study.export_opml())
    return DONE


@feed_group.command("visited", help=N_("Say that you visited a site that has no feed."))
@click.argument("name")
@pass_desk
def feed_visited(desk: Desk, name: str) -> int:
    """Record a visit to a site."""
    desk.study.visit_site(name)
    return DONE


COMMANDS = (pull, articles, show, mark, open_page, feed_group)
