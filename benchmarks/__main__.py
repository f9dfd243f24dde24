"""Run benchmarks: ``PYTHONPATH=src python -m benchmarks [--smoke] [name ...]``."""

import argparse

from benchmarks.registry import BENCHMARKS


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(BENCHMARKS))
    parser.add_argument("--smoke", action="store_true", help="tiny sizes: does everything run?")
    asked = parser.parse_args()
    unknown = [name for name in asked.names if name not in BENCHMARKS]
    if unknown:
        parser.error(f"unknown: {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}")
    for name in asked.names or BENCHMARKS:
        print(f"{name}: {BENCHMARKS[name].__doc__}")
        for label, value in BENCHMARKS[name](asked.smoke).items():
            print(f"  {label:<20} {value:10.3f}")


if __name__ == "__main__":
    main()
