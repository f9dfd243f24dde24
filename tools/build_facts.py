"""Build the embedded fact tables from the raw folder.

Usage: ``python tools/build_facts.py [RAW] [--check]``. RAW is the folder with
``value_chain``, ``history``, ``policy`` and ``reference``; its default is ``../shared/data``
beside the repository. ``--check`` writes nothing and fails if a table would change. Both fail if
a note shares a run of words with a text of its source.
``parameters.csv`` and ``priors.csv`` are written by hand and not touched.
"""

from __future__ import annotations

import argparse
import itertools
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
DATA = REPOSITORY / "src" / "xenotime" / "facts" / "data"


def main() -> int:
    """Write the tables, or compare them."""
    # The script runs from a checkout, whether or not the package is installed.
    sys.path.insert(0, str(REPOSITORY / "src"))
    from facts_quotes import copied_notes
    from facts_tables import pages, tables

    parser = argparse.ArgumentParser(description="Build the embedded fact tables.")
    parser.add_argument("raw", nargs="?", type=Path, default=REPOSITORY.parent / "shared" / "data")
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    options = parser.parse_args()
    if not (options.raw / "value_chain").is_dir():
        parser.error(f"{options.raw} holds no folder value_chain: give the raw folder")
    changed = []
    # One at a time: the later tables look names up in the countries, written first.
    inside = ((DATA / name, content) for name, content in tables(options.raw))
    outside = ((REPOSITORY / name, content) for name, content in pages(options.raw, REPOSITORY))
    for path, content in itertools.chain(inside, outside):
        if path.exists() and path.read_bytes() == content:
            continue
        changed.append(path.name)
        if not options.check:
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)
    copied = copied_notes(options.raw, DATA)
    if copied:
        print("\n".join(copied))
        return 1
    from xenotime import facts

    facts.search("")  # the strict readers check every row of every table
    print(f"{'would change' if options.check else 'wrote'}: {', '.join(changed) or 'nothing'}")
    return 1 if options.check and changed else 0


if __name__ == "__main__":
    raise SystemExit(main())
