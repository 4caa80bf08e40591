"""Find or get a browser for the tests: `python -m tests.chromium` gets one, `find()` finds it.

In this order: CHROMIUM, an installed Chromium or Chrome, Playwright's own download, the system's packages when root.
"""

import os
import shutil
import subprocess
import sys

from playwright.sync_api import Error, Playwright, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
# Anybody may write to /dev/shm in containers, but it is too small there for a browser.
OPTIONS = ["--disable-dev-shm-usage"]
NONE_FOUND = (
    "No browser for the browser tests: no Chromium or Chrome is installed, Playwright's download and the system's "
    "packages gave none. Install one, or name it: CHROMIUM=/path/to/chromium make test. BROWSER=0 leaves them out."
)


def main() -> None:
    """Get a browser; without one the browser tests fail, and this says so."""
    if not (is_found() or download() or install_packages()):
        print(NONE_FOUND, file=sys.stderr)


def find(playwright: Playwright) -> str | None:
    """The path of the first browser that starts, or None."""
    for path in candidates(playwright):
        if starts(playwright, path):
            return path
    return None


def candidates(playwright: Playwright) -> list[str]:
    """The browsers there are, best first."""
    named = os.environ.get("CHROMIUM")
    installed = [path for name in NAMES if (path := shutil.which(name))]
    downloaded = playwright.chromium.executable_path
    return [*([named] if named else []), *installed, *([downloaded] if os.path.exists(downloaded) else [])]  # noqa: PTH110


def starts(playwright: Playwright, path: str) -> bool:
    """True when the browser shows an empty page; a download may lack system libraries, a package may be a stub."""
    try:
        playwright.chromium.launch(executable_path=path, args=OPTIONS, timeout=30_000).close()
    except Error:
        return False
    return True


def is_found() -> bool:
    """True when some browser starts."""
    with sync_playwright() as playwright:
        return find(playwright) is not None


def download() -> bool:
    """Playwright's own browser, with the system libraries it needs when root."""
    print("No browser found; Playwright downloads Chromium ...", flush=True)
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    if os.geteuid() == 0 and shutil.which("apt-get"):
        command.insert(4, "--with-deps")
    return run(command) and is_found()


def install_packages() -> bool:
    """The system's Chromium, when root on Debian and its kin."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    print("Installing the system's Chromium ...", flush=True)
    run(["apt-get", "update", "-qq"])
    packages = ["chromium", "fonts-dejavu-core", "fonts-liberation"]
    return run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]) and is_found()


def run(command: list[str]) -> bool:
    """True when the command succeeded; its output is shown only when it did not."""
    try:
        result = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        print(error, file=sys.stderr)
        return False
    if result.returncode != 0:
        print(*(result.stdout + result.stderr).splitlines()[-5:], sep="\n", file=sys.stderr)
    return result.returncode == 0


if __name__ == "__main__":
    main()
