"""A finding in; how grave it is, and whether a file with it must not be used, out."""

from __future__ import annotations

from csvgate.core.findings import Finding

# What must not be used, whatever else was found; what stands first explains what comes behind it: where a file ends too
# early, its last record lacks cells.
FATAL = ("truncated", "compression-bomb", "field-too-long", "not-csv", "empty-file")
SEVERITIES = ("error", "warning", "info")


def gravity(code: str, severity: str) -> tuple[int, int]:
    """The lower, the graver: to sort findings by it, and so that those alike stay in their order."""
    return FATAL.index(code) if code in FATAL else len(FATAL), SEVERITIES.index(severity)


def is_fatal(finding: Finding) -> bool:
    """Whether a file with it must not be used; where only the last line breaks off, the lines before it can be."""
    return finding.code in FATAL and (finding.code, finding.severity) != ("truncated", "warning")
