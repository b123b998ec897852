"""Cells that PyTorch lacks, a transcription of each paper's equations for one sequence at a time.

Vectors are rows, so that x·W has W [D, H]. Written from the papers, not from this project's TypeScript.
"""

import jax.numpy as jnp

from .autodiff import sigmoid


def pre(w, gate, x, h):
    return x @ w[f"W{gate}"] + h @ w[f"U{gate}"] + w[f"b{gate}"]


def elman(squash):
    """Elman 1990: the context is a copy of the hidden units of the step before."""

    def step(w, x, s):
        h = squash(pre(w, "", x, s["h"]))
        return h, {"h": h}

    return step


def gru(w, x, s):
    """Cho et al. 2014, arXiv:1406.1078v3, equations 5 to 8: the reset gate before the product, z keeps."""
    h = s["h"]
    r = sigmoid(pre(w, "r", x, h))
    z = sigmoid(pre(w, "z", x, h))
    proposed = jnp.tanh(pre(w, "", x, r * h))
    h = z * h + (1 - z) * proposed
    return h, {"h": h}


def lstm_cell(w, x, h, c):
    """Gers et al. 2000: the new memory and the output gate."""
    i, f, o = (sigmoid(pre(w, g, x, h)) for g in "ifo")
    g = jnp.tanh(pre(w, "g", x, h))
    return f * c + i * g, o


def lstm(w, x, s):
    """Gers et al. 2000, with tanh where they have logistic functions."""
    c, o = lstm_cell(w, x, s["h"], s["c"])
    h = o * jnp.tanh(c)
    return h, {"h": h, "c": c}


def peephole(w, x, s):
    """Gers and Schmidhuber 2000, Graves 2013 (equations 7 to 11): i and f see the old memory, o the new one."""
    h, c = s["h"], s["c"]
    i = sigmoid(pre(w, "i", x, h) + w["pi"] * c)
    f = sigmoid(pre(w, "f", x, h) + w["pf"] * c)
    c = f * c + i * jnp.tanh(pre(w, "g", x, h))
    o = sigmoid(pre(w, "o", x, h) + w["po"] * c)
    h = o * jnp.tanh(c)
    return h, {"h": h, "c": c}


def lstm1997(w, x, s):
    """Hochreiter and Schmidhuber 1997: no forget gate; g(v) = 4σ(v) − 2 squashes the input, h(v) = 2σ(v) − 1 the memory."""
    i = sigmoid(pre(w, "i", x, s["h"]))
    o = sigmoid(pre(w, "o", x, s["h"]))
    c = s["c"] + i * (4 * sigmoid(pre(w, "g", x, s["h"])) - 2)
    h = o * (2 * sigmoid(c) - 1)
    return h, {"h": h, "c": c}


def zoneout(rate_c, rate_h):
    """Krueger et al. 2017, arXiv:1606.01305, in evaluation: the expected mask; h is made of the cell before it was zoned out."""

    def step(w, x, s):
        fresh, o = lstm_cell(w, x, s["h"], s["c"])
        c = rate_c * s["c"] + (1 - rate_c) * fresh
        h = rate_h * s["h"] + (1 - rate_h) * o * jnp.tanh(fresh)
        return h, {"h": h, "c": c}

    return step


def rhn(depth):
    """Zilly et al. 2017, arXiv:1607.03474, section 4, with the carry gate coupled, c = 1 − t; the input enters at the first layer only."""

    def step(w, x, s):
        h = s["h"]
        for l in range(1, depth + 1):
            first = l == 1
            g = jnp.tanh(h @ w[f"Ug{l}"] + w[f"bg{l}"] + (x @ w["Wg"] if first else 0))
            t = sigmoid(h @ w[f"Ut{l}"] + w[f"bt{l}"] + (x @ w["Wt"] if first else 0))
            h = g * t + h * (1 - t)
        return h, {"h": h}

    return step


def sru2017(w, x, s):
    """Lei and Zhang 2017, arXiv:1709.02755v1, with g = tanh; Wx where x is not as wide as the state."""
    f = sigmoid(x @ w["Wf"] + w["bf"])
    r = sigmoid(x @ w["Wr"] + w["br"])
    c = f * s["c"] + (1 - f) * (x @ w["W"])
    past = x @ w["Wx"] if "Wx" in w else x
    return r * jnp.tanh(c) + (1 - r) * past, {"c": c}


def sru(alpha):
    """Lei et al. 2018, arXiv:1709.02755v5: the gates see the memory, the highway is scaled."""

    def step(w, x, s):
        f = sigmoid(x @ w["Wf"] + w["vf"] * s["c"] + w["bf"])
        r = sigmoid(x @ w["Wr"] + w["vr"] * s["c"] + w["br"])
        c = f * s["c"] + (1 - f) * (x @ w["W"])
        past = x @ w["Wx"] if "Wx" in w else x * alpha
        return r * c + (1 - r) * past, {"c": c}

    return step


def jordan(decay):
    """Jordan 1986: the state is a decaying trace of the outputs."""

    def step(w, x, s):
        hidden = sigmoid(x @ w["W"] + s["s"] @ w["U"] + w["b"])
        y = sigmoid(hidden @ w["V"] + w["c"])
        return y, {"s": decay * s["s"] + y}

    return step


def teacher_forced(decay, K):
    """Jordan 1986 under a teacher: the trace is of what should have come, which stands behind the plan in x."""
    free = jordan(decay)

    def step(w, x, s):
        y, _ = free(w, x[:-K], s)
        return y, {"s": decay * s["s"] + x[-K:]}

    return step


def deep_transition(depth, shortcut):
    """Pascanu et al. 2014, arXiv:1312.6026, section 3.3: several layers from state to state; the shortcut skips those between."""

    def step(w, x, s):
        h = s["h"]
        a = h @ w["U1"] + x @ w["W"] + w["b1"]
        for l in range(2, depth + 1):
            a = jnp.tanh(a) @ w[f"U{l}"] + w[f"b{l}"]
        h = jnp.tanh(a + h @ w["S"] if shortcut else a)
        return h, {"h": h}

    return step


def normalised(v, epsilon=1e-5):
    """Ba et al. 2016, equation 3: less its mean, over its deviation."""
    centred = v - v.sum() / v.size
    return centred / jnp.sqrt((centred**2).sum() / v.size + epsilon)


def layer_norm_lstm(w, x, s):
    """Ba, Kiros and Hinton 2016, arXiv:1607.06450, equations 20 to 22; the shifts of both products are in b."""
    side = lambda letter: jnp.concatenate([w[f"{letter}{g}"] for g in "ifgo"], axis=-1)
    all_gates = w["aW"] * normalised(x @ side("W")) + w["aU"] * normalised(s["h"] @ side("U")) + side("b")
    i, f, g, o = jnp.split(all_gates, 4)
    c = sigmoid(f) * s["c"] + sigmoid(i) * jnp.tanh(g)
    h = sigmoid(o) * jnp.tanh(w["ac"] * normalised(c) + w["bc"])
    return h, {"h": h, "c": c}


def qrnn(w, xs, c, window, pooling):
    """Bradbury et al. 2017, arXiv:1611.01576, section 2: convolutions that see the last `window` inputs, then pooling. One sequence."""

    def convolved(gate):
        W = w[f"W{gate}"].reshape(window, xs.shape[1], -1)  # the oldest input first
        padded = jnp.concatenate([jnp.zeros((window - 1, xs.shape[1])), xs])
        return sum(padded[j : j + len(xs)] @ W[j] for j in range(window)) + w[f"b{gate}"]

    z = jnp.tanh(convolved("z"))
    f = sigmoid(convolved("f"))
    i = sigmoid(convolved("i")) if pooling == "ifo" else 1 - f
    o = sigmoid(convolved("o")) if pooling != "f" else jnp.ones_like(z)
    outputs = []
    for t in range(len(xs)):
        c = f[t] * c + i[t] * z[t]
        outputs.append(o[t] * c)
    return jnp.stack(outputs), c
