"""Where things lie on disk, how bytes reach it safely, and the one clock."""

from __future__ import annotations

import contextlib
import hashlib
import os
import socket
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from studytui.errors import StudyError
from studytui.i18n import _

STATE_DIR = ".studytui"


class Clock(Protocol):
    """What time it is; injected so that tests own it."""

    def now(self) -> datetime:
        """Return the current moment, aware, in the learner's local zone."""
        ...


class SystemClock:
    """The machine's clock in its local zone."""

    def now(self) -> datetime:
        return datetime.now().astimezone()


@dataclass(frozen=True)
class Workspace:
    """A folder with ``feeds.yaml`` and ``notes/``; everything else is derived from its root."""

    root: Path

    @property
    def feeds_file(self) -> Path:
        return self.root / "feeds.yaml"

    @property
    def notes(self) -> Path:
        return self.root / "notes"

    @property
    def state(self) -> Path:
        return self.root / STATE_DIR

    @property
    def journal(self) -> Path:
        return self.state / "journal"

    @property
    def trash(self) -> Path:
        return self.state / "trash"

    @property
    def library(self) -> Path:
        return self.state / "library.db"

    @property
    def index(self) -> Path:
        return self.state / "index"

    @property
    def settings(self) -> Path:
        return self.state / "settings.toml"

    @property
    def log(self) -> Path:
        return self.state / "studytui.log"

    def prepare(self) -> None:
        """Create the folders the program writes to; harmless when they exist."""
        try:
            for folder in (self.notes, self.journal, self.trash):
                folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StudyError(
                _("Cannot create folders in {path}: {reason}.").format(path=self.root, reason=error.strerror),
                _("Check that you may write there, or choose another folder with --workspace."),
            ) from error

    def device(self) -> str:
        """Return this machine's name for its journal file, chosen once and kept beside the journal.

        It is kept in a file that names the machine, because machines that share the folder through a
        synchroniser share this file too, and half of all laptops have the same host name.
        """
        host = "".join(c if c.isalnum() else "-" for c in socket.gethostname().lower())[:24] or "device"
        marker = self.state / f"device-{host}-{_machine()}"
        name = f"{host}-{os.urandom(3).hex()}"
        with contextlib.suppress(OSError):
            with contextlib.suppress(FileExistsError), marker.open("x", encoding="utf-8") as handle:
                handle.write(name + "\n")
            return marker.read_text("utf-8").strip() or host
        return host


def _machine() -> str:
    """Return what tells this machine from others of its host name, as far as the system says."""
    for source in ("/etc/machine-id", "/var/lib/dbus/machine-id"):
        with contextlib.suppress(OSError):
            if known := Path(source).read_bytes().strip():
                return digest(known)[:6]
    import uuid

    address = uuid.getnode()
    # Without a network card the number is made up anew each time, and this bit says so.
    return "0" if address >> 40 & 1 else digest(str(address).encode())[:6]


def is_workspace(folder: Path) -> bool:
    """Say whether ``folder`` holds ``feeds.yaml`` and ``notes/``."""
    return (folder / "feeds.yaml").is_file() and (folder / "notes").is_dir()


def find_workspace(
    cwd: Path, home: Path, override: Path | None = None, environ: Mapping[str, str] | None = None
) -> Workspace | None:
    """Return the workspace to open, or None when a first run is due.

    Order: ``override`` (--workspace), STUDYTUI_WORKSPACE, ``cwd`` upward, ``home``/studytui.  A folder that
    was asked for by name and is not a workspace yet gives None too, so that it can be created.
    """
    named = override or _named_by(os.environ if environ is None else environ)
    if named is not None:
        folder = _expanded(named)
        return Workspace(folder) if is_workspace(folder) else None
    for folder in (cwd, *cwd.parents, home / "studytui"):
        if is_workspace(folder):
            return Workspace(folder)
    return None


def default_root(home: Path, override: Path | None, environ: Mapping[str, str] | None = None) -> Path:
    """Return the folder a first run proposes: the one asked for by name, else ``home``/studytui."""
    named = override or _named_by(os.environ if environ is None else environ)
    return _expanded(named) if named else home / "studytui"


def _expanded(named: Path) -> Path:
    """Return the absolute path; a ``~`` that stands for nobody's home stays as it is."""
    with contextlib.suppress(RuntimeError):
        named = named.expanduser()
    return named.absolute()


def _named_by(environ: Mapping[str, str]) -> Path | None:
    value = environ.get("STUDYTUI_WORKSPACE", "")
    return Path(value) if value else None


def digest(content: bytes) -> str:
    """Return the hash by which a file's bytes are recognised (hex SHA-256)."""
    return hashlib.sha256(content).hexdigest()


def write_atomic(path: Path, content: bytes) -> None:
    """Replace ``path`` by ``content`` so that a crash leaves the old bytes or the new, never a mixture.

    Writes a temporary file in the same folder, fsyncs it, renames it over ``path`` and fsyncs the folder.
    The file's permission bits survive.  Raises StudyError when the disk refuses.
    """
    temporary = path.with_name(f".{path.name[:60]}.{os.urandom(4).hex()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        mode = path.stat().st_mode & 0o777 if path.exists() else None
        with temporary.open("xb") as handle:
            handle.write(content)
            handle.flush()
            os.fsync(handle.fileno())
        if mode is not None:
            temporary.chmod(mode)
        temporary.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise StudyError(
            _("Could not write {path}: {reason}.").format(path=path, reason=error.strerror),
            _("The old file is untouched. Free some space or check the permissions, then try again."),
        ) from error


def _sync_folder(folder: Path) -> None:
    """Make a rename durable, where folders can be opened and synced (not on Windows, nor on some network disks)."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextlib.contextmanager
def locked(path: Path, timeout: float = 10.0) -> Iterator[None]:
    """Hold the lock file ``path`` across processes; wait up to ``timeout`` seconds, then raise StudyError."""
    from filelock import FileLock, Timeout

    lock = FileLock(path, timeout=timeout)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout as error:
        raise StudyError(
            _("Another studytui has been holding {path} for {seconds} seconds.").format(
                path=path, seconds=int(timeout)
            ),
            _("Close the other window, or wait until it is done, and try again."),
        ) from error
    except OSError as error:
        raise StudyError(
            _("Could not write {path}: {reason}.").format(path=path, reason=error.strerror),
            _("Nothing was changed. Check that you may write there, then try again."),
        ) from error
    try:
        yield
    finally:
        lock.release()


def starter_root() -> Path:
    """Return the folder with the starter ``feeds.yaml`` and ``notes/``: in the wheel, else the checkout."""
    package = Path(__file__).parent
    bundled = package / "starter"
    return bundled if bundled.is_dir() else package.parent


def create_workspace(root: Path, lang: str) -> Workspace:
    """Fill ``root`` with the starter in ``lang`` ("en" or "zh") and return it; existing files are kept.

    Only notes that carry the matching ``lang:`` are copied, so a learner's own notes in a checkout never
    travel into a new workspace.
    """
    source = starter_root()
    workspace = Workspace(root)
    workspace.prepare()
    for note in sorted((source / "notes").rglob("*.md")):
        target = workspace.notes / note.relative_to(source / "notes")
        if not target.exists() and _note_language(note) == lang:
            write_atomic(target, note.read_bytes())
    # feeds.yaml comes last: a folder becomes a workspace only when everything else is there.
    if not workspace.feeds_file.exists():
        write_atomic(workspace.feeds_file, (source / "feeds.yaml").read_bytes())
    return workspace


def _note_language(note: Path) -> str:
    """Return the ``lang:`` of a starter note's front matter, "" when it has none."""
    with note.open(encoding="utf-8", errors="replace") as lines:
        for number, line in enumerate(lines):
            if (number and line.strip() == "---") or number > 30:
                break
            if line.startswith("lang:"):
                return line.partition(":")[2].strip()
    return ""
