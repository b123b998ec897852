"""The references by family: what makes the cases, and the versions it runs on."""

from importlib.metadata import version

from . import attention, losses, networks, optimisers, paper_cases, pytorch, saved, training, trees

by_torch = {"torch": version("torch")}
by_jax = {"jax": version("jax"), "numpy": version("numpy")}

families = {
    "attention": (attention.cases, by_torch),
    "losses": (losses.cases, {**by_torch, "sacrebleu": version("sacrebleu")}),
    "networks": (networks.cases, by_jax),
    "optimisers": (optimisers.cases, by_torch),
    "papers": (paper_cases.cases, by_jax),
    "pytorch": (pytorch.cases, by_torch),
    "saved": (saved.cases, {**by_torch, "safetensors": version("safetensors")}),
    "training": (training.cases, by_torch),
    "trees": (trees.cases, by_jax),
}
