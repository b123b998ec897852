"""The references by family: what makes the cases, and the versions it runs on."""

from importlib.metadata import version

from . import pytorch

torch_versions = {"torch": version("torch")}

families = {
    "pytorch": (pytorch.cases, torch_versions),
}
