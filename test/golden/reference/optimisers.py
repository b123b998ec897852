"""Fifty steps of PyTorch's optimisers and rates. The gradients come from a formula that the test repeats, so that the fixture holds results alone."""

import torch

from .common import Source, lists, ripple

STEPS = 50
optim = torch.optim
rates = torch.optim.lr_scheduler


def gradient(w, step):
    """A pull to 0 and a push that differs for each number and step."""
    return 0.3 * w + torch.tensor(ripple((w.numel() + 11 * step,)))[11 * step :].reshape(w.shape)


def trained(name, cell, make, scheduled=None, losses=None, decay=0, result=None, **options):
    source = Source(3)
    w = {"matrix": torch.tensor(source.normal(2, 3)), "bias": torch.tensor(source.normal(3))}
    before = lists(w)
    groups = [{"params": [w["matrix"]], "weight_decay": decay}, {"params": [w["bias"]], "weight_decay": 0}]
    optimiser = make(groups)
    scheduler = scheduled(optimiser) if scheduled else None
    for step in range(STEPS):
        for weight in w.values():
            weight.grad = gradient(weight, step)
        optimiser.step()
        if losses:
            scheduler.step(losses[step])
        elif scheduler:
            scheduler.step()
    return {
        "name": name,
        "cell": cell,
        "sizes": {},
        "options": {**options, **({"losses": losses} if losses else {})},
        "weights": before,
        "inputs": {},
        "results": lists(result(optimiser, w) if result else w),
        "gradients": {},
    }


def cases():
    SGD, Adam = optim.SGD, optim.Adam
    yield trained("SGD", "sgd", lambda w: SGD(w, lr=0.1), how={"rate": 0.1})
    yield trained("SGD with momentum", "sgd", lambda w: SGD(w, lr=0.1, momentum=0.9), how={"rate": 0.1, "momentum": 0.9})
    yield trained(
        "SGD with weight decay of matrices", "sgd", lambda w: SGD(w, lr=0.1, momentum=0.5), decay=0.2,
        how={"rate": 0.1, "momentum": 0.5, "decay": 0.2},
    )  # fmt: skip
    yield trained(
        "Nesterov's momentum", "nesterov", lambda w: SGD(w, lr=0.1, momentum=0.8, nesterov=True), decay=0.1,
        how={"rate": 0.1, "momentum": 0.8, "decay": 0.1},
    )  # fmt: skip
    yield trained("RMSprop", "rmsprop", lambda w: optim.RMSprop(w, lr=0.02, alpha=0.9), how={"rate": 0.02, "beta": 0.9})
    yield trained("Adagrad", "adagrad", lambda w: optim.Adagrad(w, lr=0.3), decay=0.1, how={"rate": 0.3, "decay": 0.1})
    yield trained("Adam", "adam", lambda w: Adam(w, lr=0.05), how={"rate": 0.05})
    yield trained("AdamW", "adamW", lambda w: optim.AdamW(w, lr=0.05), decay=0.3, how={"rate": 0.05, "decay": 0.3})
    yield trained(
        "averaged SGD", "averaged", lambda w: optim.ASGD(w, lr=0.1, lambd=0, alpha=0, t0=10), how={"rate": 0.1},  # its mean leaves out the first step after t0
        result=lambda o, w: {k: o.state[v]["ax"] for k, v in w.items()},
    )  # fmt: skip
    yield trained(
        "a rate in steps", "sgd", lambda w: SGD(w, lr=0.2), lambda o: rates.StepLR(o, 8, 0.5),
        schedule={"stepDecay": {"rate": 0.2, "every": 8, "factor": 0.5}},
    )  # fmt: skip
    yield trained(
        "a rate along a cosine", "adam", lambda w: Adam(w, lr=0.2), lambda o: rates.CosineAnnealingLR(o, STEPS, 0.01),
        schedule={"cosine": {"rate": 0.2, "steps": STEPS, "last": 0.01}},
    )  # fmt: skip
    yield trained(
        "a rate that warms up", "adam", lambda w: Adam(w, lr=0.2), lambda o: rates.LinearLR(o, 1 / 20, 1, 19),
        schedule={"warmUp": [0.2, 20]},
    )  # fmt: skip
    yield trained(
        "a rate that falls on a plateau", "sgd", lambda w: SGD(w, lr=0.2),
        lambda o: rates.ReduceLROnPlateau(o, factor=0.5, patience=2),
        losses=[5, 4, 4.5, 4.2, 4.1, 4.0, 3.9999, 3] + [3 + (i % 5) / 10 for i in range(42)],
        schedule={"onPlateau": {"rate": 0.2, "factor": 0.5, "patience": 2}},
    )  # fmt: skip
