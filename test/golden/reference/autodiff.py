"""A case from a function: JAX runs it in float64 and differentiates the loss."""

import jax
import jax.numpy as jnp

from .common import lists, ripple

jax.config.update("jax_enable_x64", True)
jax.config.update("jax_platforms", "cpu")


def sigmoid(v):
    return 1 / (1 + jnp.exp(-v))


def case(name, cell, sizes, weights, inputs, function, **more):
    """`function(weights, inputs)` gives results by name; more: lengths, options."""
    leaves = ({k: jnp.asarray(v) for k, v in weights.items()}, {k: jnp.asarray(v) for k, v in inputs.items()})

    def loss(weights, inputs):
        results = function(weights, inputs)
        return sum((y * ripple(y.shape)).sum() for y in results.values()), results

    (by_weight, by_input), results = jax.grad(loss, argnums=(0, 1), has_aux=True)(*leaves)
    return {
        "name": name,
        "cell": cell,
        "sizes": sizes,
        **more,
        "weights": lists(weights),
        "inputs": lists(inputs),
        "results": lists(results),
        "gradients": lists({**by_weight, **by_input}),
    }


def over_time(step, xs, state, lengths=None):
    """A step (x, state) → (output, state) over xs [T, B, D], one sequence of the batch after the other, each to its own length."""
    T, B, _ = xs.shape
    sequences, ends = [], []
    for b in range(B):
        own = {k: v[b] for k, v in state.items()}
        outputs = []
        for t in range(lengths[b] if lengths else T):
            y, own = step(xs[t, b], own)
            outputs.append(y)
        sequences.append(jnp.stack(outputs))
        ends.append(own)
    return {"outputs": batch(sequences, T), **{k: jnp.stack([end[k] for end in ends]) for k in state}}


def batch(sequences, T):
    """Sequences [n, H], each of its own length n, side by side [T, B, H], with zeros after their ends."""
    return jnp.stack([jnp.pad(ys, ((0, T - len(ys)), (0, 0))) for ys in sequences], axis=1)
