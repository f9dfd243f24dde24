"""The `xenotime` command: its tree of commands, and what each outcome does to the exit code.

Exit codes: 0 done, 1 the run failed, 2 the request was wrong, 130 interrupted.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Annotated

import typer
from typer.exceptions import TyperException

from xenotime import __version__
from xenotime.cli import (
    data,
    explain,
    facts,
    facts_add,
    licence,
    network,
    observe,
    policy,
    policy_add,
    results,
    run,
    scenario,
    sweep,
    workspace,
)
from xenotime.cli.writing import say
from xenotime.facts.problems import RequestError
from xenotime.workspace.problems import WorkspaceError

__all__ = ["application", "command_line"]

_EPILOG = "Start with: xenotime run april-2025"

application = typer.Typer(
    name="xenotime",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,  # plain help: quick, and the same in a file as on a terminal
    pretty_exceptions_enable=False,
    epilog=_EPILOG,
)


def _show_version(wanted: bool) -> None:
    if wanted:
        print(f"xenotime {__version__}")
        raise typer.Exit


@application.callback()
def root(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_show_version, is_eager=True, help="Print the version and leave."
        ),
    ] = False,
) -> None:
    """Stress-test rare-earth supply chains under dated export licences.

    From licences to stopped lines: monthly magnet exports by destination, shortages by element,
    which industries stop where and when, each with its uncertainty and its sources.
    """


application.command("run")(run.run)
application.command("sweep")(sweep.sweep)
application.command("results")(results.results)
application.command("explain")(explain.explain)
facts.commands.command("add")(facts_add.add)
application.add_typer(facts.commands, name="facts")
policy.commands.command("add")(policy_add.add)
application.add_typer(policy.commands, name="policy")
application.add_typer(licence.commands, name="licence")
application.add_typer(observe.commands, name="observe")
application.add_typer(data.commands, name="data")
application.add_typer(network.commands, name="network")
application.add_typer(scenario.commands, name="scenario")
application.add_typer(workspace.commands, name="workspace")


def command_line(arguments: Sequence[str]) -> int:
    """Run one command.

    Parameters
    ----------
    arguments
        The words after `xenotime`.

    Returns
    -------
    int
        The exit code.

    Examples
    --------
    >>> import contextlib, io
    >>> with contextlib.redirect_stdout(io.StringIO()) as printed:
    ...     code = command_line(["--version"])
    >>> code, printed.getvalue().strip() == f"xenotime {__version__}"
    (0, True)
    """
    _write_utf8()
    try:
        code = application(args=list(arguments), prog_name="xenotime", standalone_mode=False)
        sys.stdout.flush()
    except TyperException as error:
        say(f"xenotime: {error.format_message()}")
        say(f"Try: xenotime {_command_of(arguments)}--help")
        return error.exit_code
    except (RequestError, WorkspaceError) as error:
        say(f"xenotime: {error}")
        return 1 if isinstance(error, WorkspaceError) and error.kind == "failure" else 2
    except (KeyboardInterrupt, typer.Abort):
        return _interrupted()
    except BrokenPipeError:
        # The reader (`| head`) has what it wanted; Python would complain once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:
        if os.environ.get("XENOTIME_DEBUG"):
            raise
        say(f"xenotime: failed with {type(error).__name__}: {error}")
        say("Nothing half-done was kept. Set XENOTIME_DEBUG=1 and repeat to see where it failed.")
        return 1
    # Typer answers an exit inside a command with the code, and a finished command with None.
    if code == 130:
        return _interrupted()
    return code if isinstance(code, int) else 0


def _interrupted() -> int:
    say("xenotime: interrupted; nothing half-done was kept")
    return 130


def _command_of(arguments: Sequence[str]) -> str:
    """Words that name the command, e.g. `facts show `, as far as they are right."""
    tree = {
        group.name: {command.name for command in group.typer_instance.registered_commands}
        for group in application.registered_groups
        if group.typer_instance is not None
    }
    words = [word for word in arguments if not word.startswith("-")][:2]
    if words and words[0] in tree:
        right = words if len(words) > 1 and words[1] in tree[words[0]] else words[:1]
    else:
        commands = {command.name for command in application.registered_commands}
        right = words[:1] if words and words[0] in commands else []
    return "".join(f"{word} " for word in right)


def _write_utf8() -> None:
    """Write UTF-8 whatever the console's code page; replace what it cannot show."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="replace")
