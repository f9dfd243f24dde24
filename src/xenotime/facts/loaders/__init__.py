"""Read files that users download themselves: trade statistics, minerals, lists of measures.

Nothing is downloaded here. A file is recognised by its first lines, read whole or refused with
every problem, and becomes claims and measures that `xenotime data load` adds to a workspace.
"""

from xenotime.facts.loaders.loading import Loaded, Loader
from xenotime.facts.loaders.recognising import LOADERS, read, recognise

__all__ = ["LOADERS", "Loaded", "Loader", "read", "recognise"]
