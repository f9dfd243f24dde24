"""How a run is asked for: laziness, progress, options, and what stays untouched."""

import subprocess
import sys
import zlib
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose

import xenotime.engine
from reference.engine.small_chains import three_nodes
from xenotime.engine import ChainArrays, ChainOutcome, kernel_is_compiled, mass_balance, simulate
from xenotime.engine.chain import kernel, layout
from xenotime.engine.chain.outcome import TileResults


def repeated(chain: ChainArrays, draws: int) -> ChainArrays:
    """The chain with its one draw several times."""
    wide = {
        field.name: np.repeat(value, draws, axis=-1)
        for field in fields(chain)
        if (value := getattr(chain, field.name)) is not None
        and np.ndim(value) >= 2
        and field.name not in ("demand_index", "capacity_loss")
    }
    return replace(chain, **wide)


def test_importing_the_engine_and_running_the_twin_load_no_compiler():
    code = (
        "import sys\n"
        "import xenotime.engine\n"
        "from xenotime.engine import simulate, problems_of, mass_balance\n"
        "from xenotime.engine.chain import twin\n"
        "heavy = {'numba', 'pandas', 'scipy', 'pyarrow'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    path = [entry for entry in sys.path if entry]
    subprocess.run(
        [sys.executable, "-W", "error", "-c", f"import sys; sys.path[:0] = {path!r}\n{code}"],
        check=True,
    )


def test_public_names_load_and_unknown_ones_do_not():
    for name in xenotime.engine.__all__:
        assert getattr(xenotime.engine, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'simulat'"):
        _ = xenotime.engine.simulat


def test_progress_reports_every_tile_in_the_calling_thread():
    calls = []
    chain = repeated(three_nodes(5), 5)
    simulate(chain, tile=2, threads=2, progress=lambda *call: calls.append(call))
    assert calls == [("chain", 1, 3), ("chain", 2, 3), ("chain", 3, 3)]


def test_an_error_in_progress_reaches_the_caller():
    def stop(*_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        simulate(repeated(three_nodes(5), 4), tile=1, threads=1, progress=stop)


def test_arrays_are_left_as_they_were_and_may_be_read_only():
    chain = repeated(three_nodes(20, ore={"control": 0}), 3)
    before = {}
    for field in fields(chain):
        value = getattr(chain, field.name)
        if isinstance(value, np.ndarray):
            value.setflags(write=False)
            before[field.name] = value.copy()
    simulate(chain, tile=3)
    simulate(chain, backend="twin")
    for name, value in before.items():
        assert (getattr(chain, name) == value).all(), name


def test_the_kernel_is_known_to_be_compiled_after_a_run():
    simulate(three_nodes(3), dtype="float32")
    assert kernel_is_compiled("float32")


def test_a_kernel_that_nobody_compiled_is_not_called_compiled(monkeypatch):
    class Fresh:
        signatures = ()

    monkeypatch.setattr(kernel, "run_tile", Fresh())
    assert not kernel_is_compiled("float32")


@pytest.mark.parametrize("backend", ["kernel", "twin"])
def test_optional_parts_may_be_missing(backend):
    chain = replace(
        three_nodes(20),
        capacity_loss=None,
        stock_ptr=None,
        stock_group=None,
        stock_weight=None,
        producer_sector=np.full(3, -1),
        activity_group=np.full(3, -1),
        group_ptr=np.array([0]),
        group_link=np.zeros(0, int),
        group_weight=np.zeros(0),
    )
    outcome = simulate(chain, backend=backend)
    assert outcome.stock_daily.shape == (0, 20, 1)
    assert outcome.flows.shape == (0, 20, 1)
    assert outcome.output_share_daily.shape == (0, 20, 1)
    assert mass_balance(chain, outcome).max() < 1e-6


@pytest.mark.parametrize("backend", ["kernel", "twin"])
def test_trailing_groups_without_members_keep_their_place(backend):
    chain = replace(three_nodes(4), sectors=3, activity_groups=5, shortages=4, stock_groups=6)
    outcome = simulate(chain, backend=backend)
    assert outcome.days_lost.shape == (3, 1)
    assert outcome.activity.shape == (5, 4, 1)
    assert outcome.unmet.shape == (4, 4, 1)
    assert outcome.stock_daily.shape == (6, 4, 1)
    assert_allclose(outcome.output_share_daily[2], 1)
    assert (outcome.first_stop[2] == -1).all()


def test_months_collect_their_days():
    chain = replace(three_nodes(40), month_of_day=np.repeat([0, 2], [10, 30]))
    outcome = simulate(chain)
    assert_allclose(outcome.flows[0, :, 0], [10, 0, 30], rtol=1e-6)
    assert_allclose(outcome.planned[0, :, 0], [10, 0, 30], rtol=1e-6)


@pytest.mark.parametrize("backend", ["kernel", "twin"])
def test_a_draw_with_a_dead_link_does_not_spoil_the_others(backend):
    # inf times nothing: an open cap on a link that carries nothing in this draw
    chain = repeated(three_nodes(10, ore={"control": 0}), 2)
    dead = {
        name: getattr(chain, name) * np.array([1.0, 0.0])
        for name in ("base_flow", "base_activity", "target_in")
    }
    outcome = simulate(replace(chain, **dead), dtype="float64", backend=backend)
    assert_allclose(outcome.shipped, [[10, 0], [10, 0]], rtol=1e-9)
    assert not outcome.violations.any()


def test_the_compiled_kernel_knows_the_layout_it_was_compiled_for():
    # numba's cache sees edits of kernel.py only; LAYOUT makes a change of layout one
    parts = (layout.Wiring, layout.Levels, layout.State, TileResults, layout.Constants)
    names = ",".join(name for part in parts for name in part._fields)
    assert zlib.crc32(names.encode()) == kernel.LAYOUT


def test_the_compiled_kernel_knows_the_rules_it_was_compiled_from():
    # nor does the cache see edits of the files that kernel.py calls; RULES makes them one
    folder = Path(kernel.__file__).parent / "compiled"
    text = "".join(file.read_text(encoding="utf-8") for file in sorted(folder.glob("*.py")))
    assert zlib.crc32(text.encode()) == kernel.RULES, f"RULES = {zlib.crc32(text.encode()):#010X}"


def test_outcome_holds_every_result_of_a_tile():
    names = {field.name for field in fields(ChainOutcome)}
    assert names == {*TileResults._fields, "sector_base", "dtype", "backend"}
