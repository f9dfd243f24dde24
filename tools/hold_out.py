"""Leave each cited tonnage of grade A or B out of the reconciliation and predict it.

Usage: ``python tools/hold_out.py [MEMBERS] [OUT.csv]``. Takes `MEMBERS` + 1 solves for each of some
seventy figures; the defaults are 4 members and ``hold_out.csv`` in the current folder.
"""

from __future__ import annotations

import sys
from pathlib import Path


def main() -> int:
    """Write the table and print how many figures their predictions cover."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))
    from xenotime.networks.chain.holdout import hold_out

    members = int(sys.argv[1]) if len(sys.argv) > 1 else 4
    out = Path(sys.argv[2] if len(sys.argv) > 2 else "hold_out.csv")
    table = hold_out(members=members)
    table.to_csv(out, index=False)
    bare = (table["low"] <= table["given"]) & (table["given"] <= table["high"])
    print(f"{len(table)} figures: {int(bare.sum())} inside the bare interval of the prediction, ")
    print(f"{int(table['covered'].sum())} inside it when widened by two sigma of the figure")
    return 0


if __name__ == "__main__":
    sys.exit(main())
