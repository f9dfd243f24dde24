"""Does the mass add up? Balances computed from the ledgers alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from xenotime.engine.chain.arrays import ChainArrays, Floats
    from xenotime.engine.chain.outcome import ChainOutcome

    Doubles = npt.NDArray[np.float64]


def mass_balance(arrays: ChainArrays, outcome: ChainOutcome) -> Doubles:
    """Largest relative mass error of each draw.

    For each input slot and the links into it: initial stock and transit + shipped + released -
    consumed - final stock and transit. For each output slot: initial + produced - discarded -
    shipped - final. Each error is divided by the slot's own initial amount plus throughput.

    Parameters
    ----------
    arrays, outcome
        A chain and its run.

    Returns
    -------
    ndarray
        (D,) relative errors: about 1e-14 for float64 and 1e-7 for float32.

    Examples
    --------
    >>> from xenotime.engine import mass_balance, simulate, smallest_chain
    >>> chain = smallest_chain(mine_stops_on=5)
    >>> bool(mass_balance(chain, simulate(chain, backend="twin")).max() < 1e-5)
    True
    """
    start = _start(arrays, outcome)
    sent = _sum(arrays.link_in, start.transit + outcome.shipped, len(outcome.consumed))
    on_the_road = _sum(arrays.link_in, outcome.final_transit, len(outcome.consumed))
    shipped = _sum(arrays.link_out, outcome.shipped, len(outcome.produced))
    came = start.stock_in + sent + outcome.released
    made = start.stock_out + outcome.produced
    errors = (
        (came - outcome.consumed - outcome.final_stock_in - on_the_road, came),
        (made - outcome.discarded - shipped - outcome.final_stock_out, made),
    )
    worst = np.zeros(outcome.clipped.shape)
    for error, scale in errors:
        relative = np.divide(np.abs(error), scale, out=np.abs(error).copy(), where=scale > 0)
        worst = np.maximum(worst, relative.max(axis=0, initial=0.0))
    return worst


@dataclass(frozen=True, slots=True)
class ElementBalance:
    """Tonnes of each element over a run, shape (E, D) each.

    ``source + released + made_up + relabelled = final_use + discarded + lost + stock_change +
    residual``

    Attributes
    ----------
    source
        In the output of producers without inputs.
    released
        From outside the links, by the content of the slot that it came to.
    final_use
        Consumed by final producers.
    discarded
        Thrown away at output slots.
    lost
        Process losses: what the recipe of a producer takes in and does not put out, times its
        activity (its stated yield).
    made_up
        What recipes called for and producers went without: important inputs within tolerance and
        replaceable inputs. The product is then poorer than `content_out` says.
    relabelled
        Content of arrivals by the receiver's figure less by the supplier's: an input slot that
        blends suppliers has one content.
    stock_change
        In input stocks, finished goods and transit.
    residual
        What is left over.
    relative
        (D,) largest ``|residual| / (source + released + initial stocks)`` over elements.
    negative_loss
        (producers, elements) whose recipe puts out more than it takes in, as index pairs.
    """

    source: Doubles
    released: Doubles
    final_use: Doubles
    discarded: Doubles
    lost: Doubles
    made_up: Doubles
    relabelled: Doubles
    stock_change: Doubles
    residual: Doubles
    relative: Doubles
    negative_loss: tuple[tuple[int, int], ...]


def element_balance(
    arrays: ChainArrays, outcome: ChainOutcome, content_out: Floats, content_in: Floats
) -> ElementBalance:
    """Balance each element from sources to uses.

    Parameters
    ----------
    arrays, outcome
        A chain and its run.
    content_out, content_in
        (O, E) and (K, E), t of element per t of product at output and input slots.

    Returns
    -------
    ElementBalance
        Terms, residual, and recipes that would create an element.

    Raises
    ------
    ValueError
        If the contents have the wrong shapes.

    Examples
    --------
    Ore with 2 % of an element; ten tonnes in stock and three under way reach the works, too:

    >>> import numpy as np
    >>> from xenotime.engine import element_balance, simulate, smallest_chain
    >>> chain = smallest_chain(mine_stops_on=5)
    >>> grade = np.array([[0.02]])
    >>> balance = element_balance(chain, simulate(chain, backend="twin"), grade, grade)
    >>> balance.source.round(6), balance.final_use.round(6), balance.stock_change.round(6)
    (array([[0.1]]), array([[0.36]]), array([[-0.26]]))
    """
    slots_in, slots_out = len(outcome.consumed), len(outcome.produced)
    if content_out.shape[:1] != (slots_out,) or content_in.shape != (
        slots_in,
        *content_out.shape[1:],
    ):
        raise ValueError(
            f"content_out has shape {content_out.shape} and content_in {content_in.shape}; "
            f"expected ({slots_out}, E) and ({slots_in}, E)"
        )
    start = _start(arrays, outcome)
    maker, user = arrays.out_producer, arrays.in_producer
    kind = outcome.dtype
    in_coef = arrays.in_coef.astype(kind).astype(np.float64)
    out_coef = arrays.out_coef.astype(kind).astype(np.float64)
    source_slot = arrays.is_source[maker][:, None]
    final_slot = arrays.is_final[user][:, None]
    called_for: Doubles = in_coef * outcome.activity_total[user]
    # stated loss of producers that have both inputs and outputs, per element
    taken = np.where(final_slot, 0.0, called_for)
    given = np.where(source_slot, 0.0, out_coef * outcome.activity_total[maker])
    lost = content_in.T @ taken - content_out.T @ given
    out_of, into = content_out.astype(np.float64), content_in.astype(np.float64)
    source = out_of.T @ np.where(source_slot, outcome.produced, 0.0)
    final_use = into.T @ np.where(final_slot, outcome.consumed, 0.0)
    made_up = into.T @ np.where(final_slot, 0.0, called_for - outcome.consumed)
    discarded = content_out.T @ outcome.discarded
    link_out, link_in = content_out[arrays.link_out], content_in[arrays.link_in]
    arrived = start.transit + outcome.shipped - outcome.final_transit
    relabelled = (link_in - link_out).T @ arrived
    initial = (
        content_in.T @ start.stock_in + content_out.T @ start.stock_out + link_out.T @ start.transit
    )
    final = (
        content_in.T @ outcome.final_stock_in
        + content_out.T @ outcome.final_stock_out
        + link_out.T @ outcome.final_transit
    )
    released = into.T @ outcome.released
    entered = source + released + made_up + relabelled
    residual = entered - final_use - discarded - lost - (final - initial)
    scale = source + released + initial
    relative = np.divide(np.abs(residual), scale, out=np.abs(residual).copy(), where=scale > 0)
    return ElementBalance(
        source=source,
        released=released,
        final_use=final_use,
        discarded=discarded,
        lost=lost,
        made_up=made_up,
        relabelled=relabelled,
        stock_change=final - initial,
        residual=residual,
        relative=relative.max(axis=0, initial=0.0),
        negative_loss=_created(arrays, content_out, content_in),
    )


def _created(
    arrays: ChainArrays, content_out: Floats, content_in: Floats
) -> tuple[tuple[int, int], ...]:
    """Find producers whose recipe puts out more of an element than it takes in, in a draw."""
    count = len(arrays.is_final)
    found = []
    transforms = ~arrays.is_final & ~arrays.is_source
    for element in range(content_out.shape[1]):
        into = _sum(arrays.in_producer, arrays.in_coef * content_in[:, element, None], count)
        out = _sum(arrays.out_producer, arrays.out_coef * content_out[:, element, None], count)
        more = transforms & (out > into * (1 + 1e-9) + 1e-300).any(axis=1)
        found += [(int(p), element) for p in np.flatnonzero(more)]
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Start:
    stock_in: Doubles
    stock_out: Doubles
    transit: Doubles


def _start(arrays: ChainArrays, outcome: ChainOutcome) -> _Start:
    """Read initial amounts as the state's precision held them."""

    def held(values: Floats) -> Doubles:
        return values.astype(outcome.dtype).astype(np.float64)

    return _Start(
        stock_in=held(arrays.target_in),
        stock_out=held(arrays.target_out),
        transit=held(arrays.base_flow) * arrays.link_transit[:, None],
    )


def _sum(index: Any, values: Floats, count: int) -> Any:
    total = np.zeros((count, values.shape[1]))
    if len(index):
        order = np.argsort(index, kind="stable")
        rows, starts = np.unique(index[order], return_index=True)
        total[rows] = np.add.reduceat(values[order], starts, axis=0)
    return total
