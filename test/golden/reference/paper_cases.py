"""The papers' cells with weights, inputs and states: every variant, and batches of unequal lengths where the cell could mind."""

import jax.numpy as jnp
import numpy as np

from .autodiff import batch, case, over_time, sigmoid
from .common import Source
from .papers import (
    deep_transition,
    elman,
    gru,
    jordan,
    layer_norm_lstm,
    lstm1997,
    peephole,
    qrnn,
    rhn,
    sru,
    sru2017,
    teacher_forced,
    zoneout,
)


def gates(source, names, D, H, R=None):
    """Weights of gates by name: W [D, H], U [R, H], b [H]."""
    R = R or H
    made = {}
    for gate in names:
        made |= {f"W{gate}": source.normal(D, H), f"U{gate}": source.normal(R, H), f"b{gate}": source.normal(H)}
    return made


def deep(depth, shortcut, D, H):
    def make(s):
        made = {"W": s.normal(D, H)} | ({"S": s.normal(H, H)} if shortcut else {})
        return made | {k: v for l in range(1, depth + 1) for k, v in [(f"U{l}", s.normal(H, H)), (f"b{l}", s.normal(H))]}

    return make


def sequence(name, cell, step, seed, D, H, make, state, B=2, T=4, lengths=None, **options):
    source = Source(seed)
    weights = make(source)
    inputs = {"xs": source.normal(T, B, D, scale=1)}
    if "context" not in options:  # where the state starts, if not anywhere
        inputs |= {k: source.normal(B, n) for k, n in state.items()}

    def run(w, given):
        start = {k: given[k] if k in given else jnp.full((B, n), options["context"]) for k, n in state.items()}
        return over_time(lambda x, s: step(w, x, s), given["xs"], start, lengths)

    more = {"lengths": lengths} if lengths else {}
    return case(name, cell, {"D": D, "H": H}, weights, inputs, run, options=options, **more)


def cases():
    D, H = 3, 4
    h, hc = {"h": H}, {"h": H, "c": H}
    lengths = [1, 5, 3]

    yield sequence(
        "Elman, from a context of 0.5", "elman", elman(sigmoid), 31, D, H, lambda s: gates(s, [""], D, H), h, 3, 5, lengths,
        activation="sigmoid", context=0.5,
    )  # fmt: skip

    yield sequence("gru, reset before", "gru", gru, 1, D, H, lambda s: gates(s, ["r", "z", ""], D, H), h)
    yield sequence(
        "gru, reset before, unequal lengths", "gru", gru, 2, 2, H, lambda s: gates(s, ["r", "z", ""], 2, H), h, 3, 5, lengths
    )

    def peepholes(s):
        return gates(s, "ifgo", D, H) | {p: s.normal(H) for p in ("pi", "pf", "po")}

    yield sequence("peephole LSTM", "peephole", peephole, 3, D, H, peepholes, hc)
    yield sequence("peephole LSTM, unequal lengths", "peephole", peephole, 4, D, H, peepholes, hc, 3, 5, lengths)
    yield sequence("LSTM of 1997", "lstm1997", lstm1997, 5, D, H, lambda s: gates(s, "igo", D, H), hc)
    yield sequence(
        "LSTM with zoneout, evaluation",
        "zoneout", zoneout(0.5, 0.05), 6, D, H, lambda s: gates(s, "ifgo", D, H), hc, c=0.5, h=0.05,
    )  # fmt: skip

    def normal_gains(s):
        gains = {"aW": 1 + s.normal(4 * H), "aU": 1 + s.normal(4 * H), "ac": 1 + s.normal(H), "bc": s.normal(H)}
        return gates(s, "ifgo", D, H) | {k: np.round(v, 2) for k, v in gains.items()}

    yield sequence("LSTM with layer normalisation", "layerNormLstm", layer_norm_lstm, 16, D, H, normal_gains, hc)
    yield sequence(
        "LSTM with layer normalisation, unequal lengths", "layerNormLstm", layer_norm_lstm, 32, D, H, normal_gains, hc, 3, 5, lengths
    )

    for seed, shortcut in enumerate([False, True]):
        yield sequence(
            f"deep transition{', with a shortcut' * shortcut}", "deepTransition", deep_transition(3, shortcut), 17 + seed, D, H,
            deep(3, shortcut, D, H), h, depth=3, shortcut=shortcut,
        )  # fmt: skip
    yield sequence(
        "deep transition, unequal lengths", "deepTransition", deep_transition(2, True), 33, D, H, deep(2, True, D, H), h, 3, 5, lengths,
        depth=2, shortcut=True,
    )  # fmt: skip

    def highway(depth):
        def make(s):
            made = {"Wg": s.normal(D, H), "Wt": s.normal(D, H)}
            for l in range(1, depth + 1):
                made |= {f"Ug{l}": s.normal(H, H), f"Ut{l}": s.normal(H, H), f"bg{l}": s.normal(H), f"bt{l}": s.normal(H)}
            return made

        return make

    for depth in (1, 3):
        yield sequence(f"RHN of depth {depth}", "rhn", rhn(depth), 6 + depth, D, H, highway(depth), h, depth=depth)
    yield sequence("RHN, unequal lengths", "rhn", rhn(2), 10, D, H, highway(2), h, 3, 5, lengths, depth=2)

    def simple(s, wide=H):
        matrices = ("W", "Wf", "Wr") if wide == H else ("W", "Wf", "Wr", "Wx")
        return {k: s.normal(wide, H) for k in matrices} | {k: s.normal(H) for k in ("bf", "br")}

    def simple2(s, wide=H):
        return simple(s, wide) | {k: s.normal(H) for k in ("vf", "vr")}

    alpha = float(np.sqrt(3))  # √(1 + 2e^b) with the first bias of r, 0
    yield sequence("SRU of 2017", "sru2017", sru2017, 11, H, H, simple, {"c": H})
    yield sequence("SRU of 2017, unequal lengths", "sru2017", sru2017, 12, H, H, simple, {"c": H}, 3, 5, lengths)
    yield sequence("SRU of 2018", "sru", sru(alpha), 13, H, H, simple2, {"c": H})

    yield sequence("SRU of 2018, another width", "sru", sru(alpha), 15, D, H, lambda s: simple2(s, D), {"c": H})
    yield sequence("SRU of 2018, unequal lengths", "sru", sru(alpha), 34, H, H, simple2, {"c": H}, 3, 5, lengths)
    narrow = float(np.sqrt(1 + 2 * np.exp(-1.5)))
    yield sequence("SRU of 2018, another highway", "sru", sru(narrow), 35, H, H, simple2, {"c": H}, highwayBias=-1.5)

    K = 2

    def plan(s):
        return {"W": s.normal(D, H), "U": s.normal(K, H), "b": s.normal(H), "V": s.normal(H, K), "c": s.normal(K)}

    yield sequence("Jordan", "jordan", jordan(0.7), 14, D, H, plan, {"s": K}, decay=0.7, outputs=K)
    yield sequence(
        "Jordan, unequal lengths", "jordan", jordan(0.4), 36, D, H, plan, {"s": K}, 3, 5, lengths, decay=0.4, outputs=K
    )
    yield sequence(
        "Jordan under a teacher", "teacherForced", teacher_forced(0.7, K), 37, D + K, H, plan, {"s": K}, 3, 5, lengths,
        decay=0.7, outputs=K,
    )  # fmt: skip

    for seed, (window, pooling, ends) in enumerate([(1, "f", None), (2, "fo", None), (3, "ifo", None), (3, "fo", lengths)]):
        source = Source(20 + seed)
        T, B = (5, 3) if ends else (4, 2)
        names = {"f": "zf", "fo": "zfo", "ifo": "zfoi"}[pooling]
        weights = {f"W{g}": source.normal(window * D, H) for g in names} | {f"b{g}": source.normal(H) for g in names}
        inputs = {"xs": source.normal(T, B, D, scale=1), "c": source.normal(B, H)}

        def run(w, given):
            own = [given["xs"][:end, b] for b, end in enumerate(ends or [T] * B)]
            done = [qrnn(w, xs, c, window, pooling) for xs, c in zip(own, given["c"])]
            return {"outputs": batch([y for y, _ in done], T), "c": jnp.stack([c for _, c in done])}

        yield case(
            f"QRNN, {pooling}-pooling, window {window}{', unequal lengths' if ends else ''}", "qrnn", {"D": D, "H": H}, weights, inputs,
            run, options={"window": window, "pooling": pooling}, **({"lengths": ends} if ends else {}),
        )  # fmt: skip
