"""What may leave today: caps, permits and quotas."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xenotime.engine.chain.compiled.options import rule

if TYPE_CHECKING:
    from xenotime.engine.chain.layout import Levels, State, Wiring


@rule
def _ration(t: int, net: Wiring, at: Levels, now: State) -> None:
    """Scale requests that share a quota to what is left of it in the period."""
    n = now.flow.shape[1]
    flow, total, used, carried = now.flow, now.quota_total, now.quota_used, now.quota_carried
    tonnes = at.quota_tonnes
    for u in range(total.shape[0]):
        if net.quota_opens[u, t] > 0:
            for j in range(n):
                before = np.float64(tonnes[u, t - 1, j]) if t > 0 else np.inf
                left = max(0.0, before + carried[u, j] - used[u, j])
                carried[u, j] = net.quota_carry[u] * left if before < np.inf else 0.0
                used[u, j] = 0.0
        for j in range(n):
            total[u, j] = 0.0
    for i in range(net.quoted.shape[0]):
        link = net.quoted[i]
        u, weight = net.link_quota[link], net.quota_weight[link]
        for j in range(n):
            total[u, j] += weight * flow[link, j]
    for u in range(total.shape[0]):
        for j in range(n):
            left = max(0.0, np.float64(tonnes[u, t, j]) + carried[u, j] - used[u, j])
            total[u, j] = left / total[u, j] if total[u, j] > left else 1.0
    for i in range(net.quoted.shape[0]):
        link = net.quoted[i]
        u = net.link_quota[link]
        for j in range(n):
            flow[link, j] = flow[link, j] * total[u, j]


@rule
def request(t: int, net: Wiring, at: Levels, now: State) -> None:
    """Turn orders into what may leave today: caps, then what is left of permits, then of quotas."""
    n = now.flow.shape[1]
    flow, base_flow, total = now.flow, at.base_flow, now.class_total
    cap, granted, used, lapsed = at.cap_multiple, at.granted, now.permit_used, now.permit_lapsed
    for c in range(total.shape[0]):
        now.class_capped[c] = 0
        now.class_limited[c] = 0
        for j in range(n):
            now.class_capped[c] += cap[c, t, j] < np.inf
            now.class_limited[c] += t >= net.volume_from[c] and granted[c, t, j] < np.inf
            total[c, j] = 0.0
    for i in range(net.controlled.shape[0]):
        link = net.controlled[i]
        c = net.link_class[link]
        if now.class_capped[c] > 0:
            for j in range(n):
                most = cap[c, t, j] * base_flow[link, j]
                # inf * 0 is nan, which compares false: min keeps its first argument, the order
                flow[link, j] = min(flow[link, j], most)
        if now.class_limited[c] > 0:
            for j in range(n):
                total[c, j] += flow[link, j]
    for c in range(total.shape[0]):
        if now.class_limited[c] == 0:
            continue
        old = t - net.validity[c]
        for j in range(n):
            scale = 1.0
            volume = np.float64(granted[c, t, j])
            if volume < np.inf:
                if old >= 0:
                    past = np.float64(granted[c, old, j]) - used[c, j] - lapsed[c, j]
                    if 0.0 < past < np.inf:
                        lapsed[c, j] += past
                left = max(0.0, volume - used[c, j] - lapsed[c, j])
                if total[c, j] > left:
                    scale = left / total[c, j]
            total[c, j] = scale
    for i in range(net.controlled.shape[0]):
        link = net.controlled[i]
        c = net.link_class[link]
        if now.class_limited[c] > 0:
            for j in range(n):
                flow[link, j] = flow[link, j] * total[c, j]
    _ration(t, net, at, now)
