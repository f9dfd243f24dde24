"""How does the network go into other programs? Tables, maps and graphs of sites and flows."""

from __future__ import annotations

from xenotime.networks.exporting.files import FORMATS, write_export

__all__ = ["FORMATS", "write_export"]
