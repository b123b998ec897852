"""PyTorch's side of networks that go there and back: one JSON line in, `{"cell", "file", "x"}`, and one out, `{"file", "x", "outputs"}`.

With a file, the network of that name loads it, strictly, and runs on x; without one, it has weights and an x of its own and saves them.
"""

import base64
import json
import sys
from pathlib import Path

import torch
from safetensors.torch import load, save

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).parents[2] / "golden"))
from saved_networks import NETWORKS, TAKES_IDS, outputs_of, renamed  # noqa: E402

for line in sys.stdin:
    asked = json.loads(line)
    name, make = NETWORKS[asked["cell"]]
    net = make().to(torch.float32)
    ids = asked["cell"] in TAKES_IDS
    if asked.get("file"):
        given = load(base64.b64decode(asked["file"]))
        own = {new: old for old, new in zip(net.state_dict(), renamed(net.state_dict()))}
        net.load_state_dict({own[new]: t for new, t in given.items() if new in own or "bias" not in new})
        x = torch.tensor(asked["x"]) if ids else torch.tensor(asked["x"], dtype=torch.float32)
    else:
        x = torch.randint(0, 7, (5, 2)) if ids else torch.randn(5, 2, 3)
    file = base64.b64encode(save(renamed(net.state_dict()))).decode()
    print(json.dumps({"file": file, "x": x.tolist(), "outputs": outputs_of(net, x).tolist()}), flush=True)
