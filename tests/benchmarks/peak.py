"""How much memory a process of a benchmark took at most."""

import resource
import sys
from pathlib import Path

STATUS = Path("/proc/self/status")


def megabytes() -> int:
    """Of this process since it began. getrusage would hand down the peak of the process that started it."""
    if STATUS.exists():
        (line,) = (line for line in STATUS.read_text("ascii").splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) // 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1024 * 1024 if sys.platform == "darwin" else 1024)
