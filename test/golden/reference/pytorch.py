"""PyTorch's own recurrent networks, with its weights under the names of this project's equations.

PyTorch stacks the gates in the rows of weight_ih [G·H, D] and weight_hh [G·H, H] (LSTM i f g o; GRU r z n) and has two biases.
Here each gate has W [D, H], U [H, H] and one bias b, the sum of the two: the gradients of both are that of the sum. Only the
candidate of its GRU needs both: b outside the reset gate, c inside.
"""

import numpy as np
import torch

from .common import Source, lists, ripple

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)

GATES = {"RNN": [""], "LSTM": ["i", "f", "g", "o"], "GRU": ["r", "z", ""]}


def ours(kind, get, suffix):
    """The tensors of one layer and direction, read by `get(name)` (weights or gradients), under our names."""
    gates = GATES[kind]
    W = np.split(get(f"weight_ih{suffix}"), len(gates))
    U = np.split(get(f"weight_hh{suffix}"), len(gates))
    b = np.split(get(f"bias_ih{suffix}"), len(gates))
    b2 = np.split(get(f"bias_hh{suffix}"), len(gates))
    named = {}
    for k, gate in enumerate(gates):
        named[f"W{gate}"] = W[k].T
        named[f"U{gate}"] = U[k].T
        named[f"b{gate}"] = (b[k], b2[k])
    if kind == "GRU":
        named["b"], named["c"] = named["b"]
    return named


def one_bias(named, join):
    return {k: join(*v) if isinstance(v, tuple) else v for k, v in named.items()}


def summed(first, second):
    return np.round(first + second, 2)


def same(first, second):
    assert np.allclose(first, second, rtol=1e-12, atol=1e-14)
    return first


def places(layers, bidirectional):
    """PyTorch's suffix and our prefix for each layer and direction."""
    for layer in range(layers):
        ahead = f"{layer}." if layers > 1 else ""
        if not bidirectional:
            yield f"_l{layer}", ahead
        else:
            yield f"_l{layer}", f"{ahead}forward."
            yield f"_l{layer}_reverse", f"{ahead}backward."


def network(seed, kind, name, D, H, B, T, layers=1, bidirectional=False, lengths=None, start=True, projected=None, **options):
    source = Source(seed)
    net = getattr(torch.nn, kind)(
        D, H, num_layers=layers, bidirectional=bidirectional, **({"proj_size": projected} if projected else {}), **options
    )
    for p in net.parameters():
        p.data = torch.tensor(source.normal(*p.shape))
    xs = torch.tensor(source.normal(T, B, D, scale=1), requires_grad=True)
    count = layers * (2 if bidirectional else 1)
    state = {"h": torch.tensor(source.normal(count, B, projected or H), requires_grad=True)}
    if kind == "LSTM":
        state["c"] = torch.tensor(source.normal(count, B, H), requires_grad=True)
    given = (tuple(state.values()) if kind == "LSTM" else state["h"]) if start else None

    fed = xs
    if lengths:
        fed = torch.nn.utils.rnn.pack_padded_sequence(xs, lengths, enforce_sorted=False)
    out, end = net(fed, given)
    if lengths:
        out, _ = torch.nn.utils.rnn.pad_packed_sequence(out, total_length=T)
    ends = dict(zip(state, end if kind == "LSTM" else (end,)))

    results = {"outputs": out, **ends}
    sum((y * torch.tensor(ripple(y.shape))).sum() for y in results.values()).backward()

    weights, gradients = {}, {}
    parameters = dict(net.named_parameters())
    for suffix, prefix in places(layers, bidirectional):
        w = one_bias(ours(kind, lambda n: parameters[n].detach().numpy(), suffix), summed)
        g = one_bias(ours(kind, lambda n: parameters[n].grad.numpy(), suffix), same)
        if projected:
            w["P"] = parameters[f"weight_hr{suffix}"].detach().numpy().T
            g["P"] = parameters[f"weight_hr{suffix}"].grad.numpy().T
        weights |= {prefix + k: v for k, v in w.items()}
        gradients |= {prefix + k: v for k, v in g.items()}
    inputs = {"xs": xs.detach()}
    gradients["xs"] = xs.grad
    if start:
        inputs |= {k: v.detach() for k, v in state.items()}
        gradients |= {k: v.grad for k, v in state.items()}
    return {
        "name": name,
        "cell": kind.lower() + ("-" + options["nonlinearity"] if kind == "RNN" else ""),
        "sizes": {"D": D, "H": H, "B": B, "T": T} | ({"P": projected} if projected else {}),
        **({"layers": layers} if layers > 1 else {}),
        **({"bidirectional": True} if bidirectional else {}),
        **({"lengths": lengths} if lengths else {}),
        "weights": lists(weights),
        "inputs": lists(inputs),
        "results": lists({k: v.detach() for k, v in results.items()}),
        "gradients": lists(gradients),
    }


def cases():
    for n, (kind, label, options) in enumerate(
        [
            ("RNN", "RNN tanh", {"nonlinearity": "tanh"}),
            ("RNN", "RNN relu", {"nonlinearity": "relu"}),
            ("LSTM", "LSTM", {}),
            ("GRU", "GRU", {}),
        ]
    ):
        at = 100 * n
        yield network(at + 1, kind, f"{label}: one unit", 1, 1, 1, 3, **options)
        yield network(at + 2, kind, f"{label}: from a state", 3, 4, 2, 4, **options)
        yield network(at + 3, kind, f"{label}: from nothing", 4, 2, 3, 3, start=False, **options)
        yield network(at + 4, kind, f"{label}: packed, unequal lengths", 2, 3, 4, 5, lengths=[2, 5, 1, 3], **options)
        yield network(at + 5, kind, f"{label}: bidirectional", 2, 3, 2, 3, bidirectional=True, **options)
        yield network(
            at + 6, kind, f"{label}: bidirectional, packed", 2, 3, 3, 4, bidirectional=True, lengths=[3, 1, 4], **options
        )
        yield network(at + 7, kind, f"{label}: two layers", 3, 2, 2, 3, layers=2, **options)
        # wider than the eight columns that a kernel takes at a time, and odd
        yield network(at + 8, kind, f"{label}: nine units", 5, 9, 3, 2, lengths=[2, 1, 2], **options)
    yield network(
        309, "GRU", "GRU: two layers, bidirectional, packed", 2, 2, 3, 4, layers=2, bidirectional=True, lengths=[2, 4, 1]
    )
    yield network(209, "LSTM", "LSTM: projected", 3, 4, 2, 3, projected=2)
    yield network(210, "LSTM", "LSTM: projected, packed", 2, 3, 3, 4, projected=2, lengths=[1, 4, 2])
