"""How do I ask in a terminal? Thin: parse, call, show."""

from __future__ import annotations

__all__ = ["main"]


def main() -> None:
    """Run the command line and leave with its exit code (the `xenotime` script calls this)."""
    import sys

    from xenotime.cli.application import command_line

    sys.exit(command_line(sys.argv[1:]))
