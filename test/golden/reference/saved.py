"""Networks saved by PyTorch as safetensors, float32, with an input and what they make of it."""

import base64

import torch
from safetensors.torch import save

from saved_networks import NETWORKS, TAKES_IDS, outputs_of, renamed

from .common import lists


def cases():
    for cell, (name, make) in NETWORKS.items():
        torch.manual_seed(len(name))
        net = make().to(torch.float32)
        x = torch.randint(0, 7, (5, 2)) if cell in TAKES_IDS else torch.randn(5, 2, 3, dtype=torch.float32)
        yield {
            "name": name,
            "cell": cell,
            "sizes": {},
            "options": {"file": base64.b64encode(save(renamed(net.state_dict()))).decode()},
            "weights": {},
            "inputs": {"x": x.tolist()},
            "results": lists({"outputs": outputs_of(net, x)}),
            "gradients": {},
        }
