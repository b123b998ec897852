"""PyTorch's losses, its layer normalisation, and several steps of its optimisers."""

import torch

from .common import Source, lists, ripple


def differentiable(name, cell, shapes, weights, function, **options):
    source = Source(len(name))
    given = {k: torch.tensor(source.normal(*shape, scale=2), requires_grad=True) for k, shape in shapes.items()}
    w = {k: torch.tensor(source.normal(*shape), requires_grad=True) for k, shape in weights.items()}
    result = function(given, w)
    (result * torch.tensor(ripple(tuple(result.shape)))).sum().backward()
    return {
        "name": name,
        "cell": cell,
        "sizes": {},
        "options": options,
        "weights": lists({k: v.detach() for k, v in w.items()}),
        "inputs": lists({k: v.detach() for k, v in given.items()}),
        "results": lists({"result": result.detach()}),
        "gradients": lists({k: v.grad for k, v in {**w, **given}.items()}),
    }


def optimised(name, cell, make, **options):
    """Three steps with gradients that are given; one weight has none in the second, and is left alone there."""
    source = Source(len(name))
    w = {"first": torch.tensor(source.normal(2, 3)), "second": torch.tensor(source.normal(2))}
    before = lists(w)
    optimiser = make(list(w.values()))
    steps = []
    for step in range(3):
        for key, weight in w.items():
            weight.grad = None if step == 1 and key == "second" else torch.tensor(source.normal(*weight.shape, scale=3))
        steps.append(lists({k: v.grad for k, v in w.items() if v.grad is not None}))
        optimiser.step()
    return {
        "name": name,
        "cell": cell,
        "sizes": {},
        "options": {**options, "steps": steps},
        "weights": before,
        "inputs": {},
        "results": lists(w),
        "gradients": {},
    }


def cases():
    F = torch.nn.functional
    targets = [[2, 0], [-1, 4], [1, -1]]
    yield differentiable(
        "cross-entropy, two positions left out", "softmaxCrossEntropy", {"logits": (3, 2, 5)}, {},
        lambda x, _: F.cross_entropy(x["logits"].reshape(6, 5), torch.tensor(targets).reshape(6), ignore_index=-1),
        targets=targets,
    )  # fmt: skip
    yield differentiable(
        "mean squared error", "meanSquaredError", {"y": (3, 2), "target": (3, 2)}, {}, lambda x, _: F.mse_loss(x["y"], x["target"])
    )
    yield differentiable(
        "layer normalisation", "layerNorm", {"x": (3, 2, 5)}, {"g": (5,), "b": (5,)},
        lambda x, w: F.layer_norm(x["x"], (5,), w["g"], w["b"]),
    )  # fmt: skip

    yield optimised("SGD", "sgd", lambda w: torch.optim.SGD(w, lr=0.1), rate=0.1)
    yield optimised("SGD with momentum", "sgd", lambda w: torch.optim.SGD(w, lr=0.1, momentum=0.9), rate=0.1, momentum=0.9)
    yield optimised("Adam", "adam", lambda w: torch.optim.Adam(w, lr=0.05), rate=0.05)
    yield optimised(
        "Adam with other decays", "adam", lambda w: torch.optim.Adam(w, lr=0.1, betas=(0.8, 0.95), eps=1e-4),
        rate=0.1, beta1=0.8, beta2=0.95, epsilon=1e-4,
    )  # fmt: skip
