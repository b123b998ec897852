"""Networks of several layers, transcribed from their papers; cells are those of papers.py, and weights stand under their place."""

import jax.numpy as jnp

from .autodiff import batch, case, over_time, sigmoid
from .common import Source
from .paper_cases import deep, gates
from .papers import deep_transition, elman, gru, lstm


def under(place, weights):
    return {f"{place}.{name}": w for name, w in weights.items()}


def at(place, w):
    return {name.removeprefix(f"{place}."): v for name, v in w.items() if name.startswith(f"{place}.")}


def layer(step, w, xs, sizes, lengths=None):
    """A cell over xs [T, B, D] from a state of zeros."""
    start = {k: jnp.zeros((xs.shape[1], n)) for k, n in sizes.items()}
    return over_time(lambda x, s: step(w, x, s), xs, start, lengths)


def simple(w, xs, lengths):
    return layer(elman(jnp.tanh), w, xs, {"h": w["b"].shape[0]}, lengths)["outputs"]


def residual_stack(every, count, lengths):
    """Prakash et al. 2016, arXiv:1610.03098, section 3.2: after every `every` layers, x is added to what they made of it."""

    def run(w, given):
        x = given["xs"]
        if lengths is not None:  # our layers read zeros past a length
            x = x * (jnp.arange(x.shape[0])[:, None] < jnp.array(lengths))[:, :, None]
        for group in range(count // every):
            y = x
            for l in range(every):
                y = simple(at(f"{group}.{l}" if every > 1 else f"{group}", w), y, lengths)
            x = x + y
        return {"outputs": x}

    return run


def skip_stack(count, lengths):
    """Graves 2013, arXiv:1308.0850, section 2: every layer above the first reads the one below and x."""

    def run(w, given):
        y = simple(at(0, w), given["xs"], lengths)
        for l in range(1, count):
            y = simple(at(l, w), jnp.concatenate([y, given["xs"]], axis=-1), lengths)
        return {"outputs": y}

    return run


def dot_rnn(H, squash):
    """Pascanu et al. 2014, arXiv:1312.6026, section 3.3: a deep transition with a shortcut, and layers from h to y."""

    def run(w, given):
        h = layer(deep_transition(2, True), at(0, w), given["xs"], {"h": H})["outputs"]
        h = squash(h @ w["1.0.W"] + w["1.0.b"])
        h = squash(h @ w["1.2.W"] + w["1.2.b"])
        return {"outputs": h @ w["1.4.W"] + w["1.4.b"]}

    return run


def found(scores, memory):
    """The mean of the memory's steps [n, M], weighed by a softmax of their scores."""
    e = jnp.exp(jnp.stack(scores))
    return sum(a * h for a, h in zip(e / e.sum(), memory))


def bahdanau(w, source, words):
    """Bahdanau et al. 2015, arXiv:1409.0473, section 3, for one sentence; logits from the state alone, and s₀ is ←h₁ as it is."""
    one = source[:, None]
    ahead = layer(gru, at("encoder.forward", w), one, {"h": 3})["outputs"][:, 0]
    back = layer(gru, at("encoder.backward", w), one[::-1], {"h": 2})["outputs"][::-1, 0]
    memory = jnp.concatenate([ahead, back], axis=1)
    s, logits = back[0], []
    W, U, v = w["attention.W"], w["attention.U"], w["attention.v"][:, 0]
    for word in words:
        c = found([v @ jnp.tanh(s @ W + h @ U) for h in memory], memory)
        s, _ = gru(at("decoder.1", w), jnp.concatenate([w["decoder.0.table"][word], c]), {"h": s})
        logits.append(s @ w["output.W"] + w["output.b"])
    return jnp.stack(logits)


def luong(w, source, words):
    """Luong, Pham and Manning 2015, arXiv:1508.04025, section 3.1 ("general") without input feeding, for one sentence."""
    read = layer(lstm, at("encoder", w), source[:, None], {"h": 3, "c": 3})
    memory, state = read["outputs"][:, 0], {k: read[k][0] for k in "hc"}
    logits = []
    for word in words:
        s, state = lstm(at("decoder.1", w), w["decoder.0.table"][word], state)
        c = found([s @ w["attention.W"] @ h for h in memory], memory)
        attentional = jnp.tanh(jnp.concatenate([c, s]) @ w["output.0.W"] + w["output.0.b"])
        logits.append(attentional @ w["output.2.W"] + w["output.2.b"])
    return jnp.stack(logits)


def cases():
    D = 2
    lengths = [1, 4, 3]

    def network(name, cell, seed, make, run, lengths=None, **options):
        source = Source(seed)
        weights = make(source)
        inputs = {"xs": source.normal(4, 3, D, scale=1)}
        more = {"lengths": lengths} if lengths else {}
        return case(name, cell, {"D": D}, weights, inputs, run, options=options, **more)

    def stacked(places):
        """Simple layers from each place's size to the next."""

        def make(s):
            made = [under(place, gates(s, [""], inputs, hidden)) for place, inputs, hidden in places]
            return {name: w for each in made for name, w in each.items()}

        return make

    yield network(
        "residual stack", "residualStack", 1, stacked([("0", D, D), ("1", D, D), ("2", D, D)]),
        residual_stack(1, 3, lengths), lengths, every=1, layers=[[D, D], [D, D], [D, D]],
    )  # fmt: skip
    yield network(
        "residual stack, after every two", "residualStack", 2, stacked([("0.0", D, 3), ("0.1", 3, D), ("1.0", D, 4), ("1.1", 4, D)]),
        residual_stack(2, 4, lengths), lengths, every=2, layers=[[D, 3], [3, D], [D, 4], [4, D]],
    )  # fmt: skip
    yield network(
        "skip connections", "skipStack", 3, stacked([("0", D, 3), ("1", 3 + D, 4), ("2", 4 + D, 2)]),
        skip_stack(3, lengths), lengths, layers=[[D, 3], [3 + D, 4], [4 + D, 2]],
    )  # fmt: skip

    def dense(s, D, K):
        return {"W": s.normal(D, K), "b": s.normal(K)}

    def dot(s):
        return under(0, deep(2, True, D, 3)(s)) | under("1.0", dense(s, 3, 4)) | under("1.2", dense(s, 4, 2)) | under("1.4", dense(s, 2, 3))

    for seed, (activation, squash) in enumerate([("tanh", jnp.tanh), ("sigmoid", sigmoid)]):
        yield network(f"DOT-RNN, {activation}", "deepOutput", 4 + seed, dot, dot_rnn(3, squash), activation=activation)

    target = [[0, 3, 1], [2, 0, 1], [1, 2, 2]]

    def translated(transcription):
        def run(w, given):
            sentences = [given["xs"][:end, b] for b, end in enumerate(lengths)]
            return {"outputs": batch([transcription(w, s, words) for s, words in zip(sentences, zip(*target))], len(target))}

        return run

    def before(s):
        made = under("encoder.forward", gates(s, ["r", "z", ""], D, 3)) | under("encoder.backward", gates(s, ["r", "z", ""], D, 2))
        made |= under("decoder.1", gates(s, ["r", "z", ""], 3 + 5, 2)) | {"decoder.0.table": s.normal(4, 3)}
        made |= under("attention", {"W": s.normal(2, 4), "U": s.normal(5, 4), "v": s.normal(4, 1)})
        return made | under("output", dense(s, 2, 4))

    def after(s):
        made = under("encoder", gates(s, "ifgo", D, 3)) | under("decoder.1", gates(s, "ifgo", 2, 3)) | {"decoder.0.table": s.normal(4, 2)}
        return made | {"attention.W": s.normal(3, 3)} | under("output.0", dense(s, 6, 3)) | under("output.2", dense(s, 3, 4))

    yield network(
        "additive attention before each step", "attendingBefore", 6, before, translated(bahdanau), lengths, target=target
    )
    yield network("general attention after the steps", "attendingAfter", 7, after, translated(luong), lengths, target=target)
