"""Attention: PyTorch's own product attention, without its scale; and Bahdanau's scores, transcribed, with PyTorch's softmax and gradients."""

import numpy as np
import torch

from .common import Source, lists, ripple

S, B, T, Q, M, A = 4, 3, 2, 3, 2, 5
lengths = [2, 4, 1]


def product(w, queries, memory, inside):
    """Luong et al. 2015: s·h, or s·W·h; torch's attention wants [B, T, ·] and keys apart from values."""
    s = queries.transpose(0, 1)
    h = memory.transpose(0, 1)
    asked = s @ w["W"] if "W" in w else s
    context = torch.nn.functional.scaled_dot_product_attention(asked, h, h, attn_mask=inside[:, None, :], scale=1.0)
    weights = torch.nn.functional.scaled_dot_product_attention(
        asked, h, torch.eye(len(memory)).expand(s.shape[0], -1, -1), attn_mask=inside[:, None, :], scale=1.0
    )
    return context.transpose(0, 1), weights.transpose(0, 1)


def additive(w, queries, memory, inside):
    """Bahdanau et al. 2015, section 3.1: e = v·tanh(W s + U h), one query, one sequence and one step at a time."""
    contexts, rows = [], []
    for s in queries:
        for b in range(s.shape[0]):
            steps = [j for j in range(len(memory)) if inside[b, j]]
            e = torch.stack([torch.tanh(s[b] @ w["W"] + memory[j, b] @ w["U"]) @ w["v"][:, 0] for j in steps])
            a = torch.softmax(e, 0)
            contexts.append(sum(a[n] * memory[j, b] for n, j in enumerate(steps)))
            rows.append(torch.cat([a, torch.zeros(len(memory) - len(steps))]))
    shape = queries.shape[:2]
    return torch.stack(contexts).reshape(*shape, -1), torch.stack(rows).reshape(*shape, -1)


def run(name, cell, seed, attend, shapes, queries, ends):
    source = Source(seed)
    w = {k: torch.tensor(source.normal(*shape), requires_grad=True) for k, shape in shapes.items()}
    given = {
        "memory": torch.tensor(source.normal(S, B, M, scale=1), requires_grad=True),
        "queries": torch.tensor(source.normal(T, B, queries, scale=1), requires_grad=True),
    }
    inside = torch.tensor([[j < n for j in range(S)] for n in (ends or [S] * B)])
    context, weights = attend(w, given["queries"], given["memory"], inside)
    results = {"context": context, "weights": weights}
    sum((y * torch.tensor(ripple(y.shape))).sum() for y in results.values()).backward()
    leaves = {**w, **given}
    return {
        "name": name,
        "cell": cell,
        "sizes": {"Q": queries, "M": M, "A": A},
        **({"lengths": ends} if ends else {}),
        "weights": lists({k: v.detach() for k, v in w.items()}),
        "inputs": lists({k: v.detach() for k, v in given.items()}),
        "results": lists({k: v.detach() for k, v in results.items()}),
        "gradients": lists({k: np.asarray(v.grad) for k, v in leaves.items()}),
    }


def cases():
    for n, (ends, label) in enumerate([(None, ""), (lengths, ", unequal lengths")]):
        yield run(f"dot attention{label}", "dotAttention", 10 * n + 1, product, {}, M, ends)
        yield run(f"general attention{label}", "generalAttention", 10 * n + 2, product, {"W": (Q, M)}, Q, ends)
        yield run(
            f"additive attention{label}",
            "additiveAttention",
            10 * n + 3,
            additive,
            {"W": (Q, A), "U": (M, A), "v": (A, 1)},
            Q,
            ends,
        )
