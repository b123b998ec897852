"""Networks over trees, a transcription of each paper's equations: one node after the other, by recursion.

A tree is [label, child, …]; null is an empty place. A graph gives its nodes names, and its children are names.
"""

import jax.numpy as jnp

from .autodiff import case, sigmoid
from .common import Source


def pre(w, gate, x, h):
    return x @ w[f"W{gate}"] + h @ w[f"U{gate}"] + w[f"b{gate}"]


def recursive(places):
    """Goller and Küchler 1996: a matrix for each place; the nil vector is zeros."""

    def node(w, x, children):
        H = w["b"].shape[0]
        a = x @ w["W"] + w["b"]
        for k, child in enumerate(children):
            if child:
                a = a + child["h"] @ w["U"][k * H : (k + 1) * H]
        return {"h": jnp.tanh(a)}

    return node


def child_sum(w, x, children):
    """Tai, Socher and Manning 2015, equations 2 to 8."""
    H = w["bi"].shape[0]
    children = [child for child in children if child]
    total = sum((child["h"] for child in children), jnp.zeros(H))
    i, o = sigmoid(pre(w, "i", x, total)), sigmoid(pre(w, "o", x, total))
    u = jnp.tanh(pre(w, "u", x, total))
    c = i * u
    for child in children:
        c = c + sigmoid(pre(w, "f", x, child["h"])) * child["c"]
    return {"h": o * jnp.tanh(c), "c": c}


def nary(places):
    """Tai, Socher and Manning 2015, equations 9 to 14: U of each gate by place, and of each forget gate by place once more."""

    def node(w, x, children):
        H = w["bi"].shape[0]
        there = [(k, child) for k, child in enumerate(children) if child]

        def gate(W, U, b):
            return x @ W + b + sum((child["h"] @ U[k * H : (k + 1) * H] for k, child in there), jnp.zeros(H))

        i = sigmoid(gate(w["Wi"], w["Ui"], w["bi"]))
        o = sigmoid(gate(w["Wo"], w["Uo"], w["bo"]))
        u = jnp.tanh(gate(w["Wu"], w["Uu"], w["bu"]))
        c = i * u
        for k, child in there:
            f = sigmoid(gate(w["Wf"], w[f"Uf{k + 1}"], w["bf"]))
            c = c + f * child["c"]
        return {"h": o * jnp.tanh(c), "c": c}

    return node


def fold(node, w, inputs, tree):
    """A tree by recursion; a node that a graph shares is computed anew for each parent: that is what it means."""
    if tree is None:
        return None
    label, *children = tree
    return node(w, inputs[label], [fold(node, w, inputs, child) for child in children])


def lstm_weights(source, D, H, places):
    made = {}
    for gate in "iou":
        made |= {f"W{gate}": source.normal(D, H), f"U{gate}": source.normal(places * H, H), f"b{gate}": source.normal(H)}
    return made | {"Wf": source.normal(D, H), "bf": source.normal(H)}


def cases():
    D, H, V = 3, 3, 6
    shared = [4, [0], [1]]
    trees = [
        [5, [4, [0], [1]], [2]],
        [3],
        [4, None, [5, [0], [1, [2], [2]]]],
        [2, [3, shared, shared], shared],
    ]

    def forest(name, cell, node, seed, make, trees, places):
        source = Source(seed)
        weights = make(source)

        def run(w, given):
            roots = [fold(node, w, given["inputs"], tree) for tree in trees]
            return {"outputs": jnp.stack([root["h"] for root in roots])}

        inputs = {"inputs": source.normal(V, D, scale=1)}
        return case(name, cell, {"D": D, "H": H}, weights, inputs, run, options={"trees": trees, "places": places})

    def recursive_weights(places):
        return lambda s: {"W": s.normal(D, H), "U": s.normal(places * H, H), "b": s.normal(H)}

    def nary_weights(places):
        return lambda s: lstm_weights(s, D, H, places) | {f"Uf{k}": s.normal(places * H, H) for k in range(1, places + 1)}

    three = [[1, [0], [2, [3]], [4, None, [5], [0]]], [2, [1]]]
    many = trees + [[0, [1], [2], [3, [4], [5], [4], [0]], [1], [2]]]
    yield forest("recursive network", "recursive", recursive(2), 1, recursive_weights(2), trees, 2)
    yield forest("recursive network, three places", "recursive", recursive(3), 2, recursive_weights(3), three, 3)
    yield forest(
        "child-sum Tree-LSTM", "childSumLstm", child_sum, 3, lambda s: lstm_weights(s, D, H, 1) | {"Uf": s.normal(H, H)}, many, 0
    )
    yield forest("binary Tree-LSTM", "naryLstm", nary(2), 4, nary_weights(2), trees, 2)
    yield forest("Tree-LSTM with three places", "naryLstm", nary(3), 5, nary_weights(3), three, 3)
