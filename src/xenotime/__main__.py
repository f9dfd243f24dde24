"""`python -m xenotime` is the `xenotime` command."""

from xenotime.cli import main

if __name__ == "__main__":
    main()
