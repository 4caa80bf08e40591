"""Collecting static files into DATA_DIR/static, only when one of them changed."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command


def collect() -> bool:
    """Collect, hash and compress the static files; False when nothing has changed since the last time."""
    root = Path(settings.STATIC_ROOT)
    noted = root.with_name("static.collected")
    now = fingerprint()
    if root.is_dir() and noted.exists() and noted.read_text() == now:
        return False
    call_command("collectstatic", interactive=False, verbosity=0)
    noted.write_text(now)
    return True


def fingerprint() -> str:
    """Path, size and time of every static file, in short."""
    return hashlib.sha256("\n".join(sorted(_lines())).encode()).hexdigest()


def _lines() -> Iterator[str]:
    for finder in get_finders():
        for name, storage in finder.list([]):
            state = Path(storage.path(name)).stat()
            yield f"{storage.location} {name} {state.st_size} {state.st_mtime_ns}"
