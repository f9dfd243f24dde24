"""Xenotime stress-tests critical-mineral supply chains under dated export licences."""

__version__ = "0.1.0"
