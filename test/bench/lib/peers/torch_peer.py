"""PyTorch's side of the bench: a line of JSON in, {"work", "seconds"}; a line out, {"samples"}."""
import json
import sys
import time

import torch

torch.set_num_threads(1)
cells = {"lstm": torch.nn.LSTM, "gru": torch.nn.GRU, "elman": torch.nn.RNN}


def make(work):
    torch.manual_seed(1)
    if work["kind"] == "text":
        return writer(work)
    if work["kind"] == "generate":
        return generator(work)
    T, B, D, H = (work[name] for name in "TBDH")
    net = cells[work["cell"]](D, H)
    x, y = torch.rand(T, B, D), torch.rand(T, B, H)
    if work["kind"] == "infer":

        def infer():
            with torch.inference_mode():
                net(x)

        return infer
    optimiser = torch.optim.Adam(net.parameters())

    def train():
        optimiser.zero_grad()
        torch.nn.functional.mse_loss(net(x)[0], y).backward()
        optimiser.step()

    return train


class Model(torch.nn.Module):
    def __init__(self, V, H, layers=1):
        super().__init__()
        self.table = torch.nn.Embedding(V, H)
        self.lstm = torch.nn.LSTM(H, H, layers)
        self.out = torch.nn.Linear(H, V)

    def forward(self, ids, state=None):
        h, state = self.lstm(self.table(ids), state)
        return self.out(h), state


def writer(work):
    T, B, V = (work[name] for name in "TBV")
    net = Model(V, work["H"], work["layers"])
    ids, targets = torch.randint(V, (T, B)), torch.randint(V, (T * B,))
    optimiser = torch.optim.Adam(net.parameters())

    def train():
        optimiser.zero_grad()
        logits, _ = net(ids)
        torch.nn.functional.cross_entropy(logits.view(T * B, V), targets).backward()
        optimiser.step()

    return train


def generator(work):
    net = Model(work["V"], work["H"])
    carried = {"id": torch.zeros(1, 1, dtype=torch.long), "state": None}

    def write():
        with torch.inference_mode():
            for _ in range(work["characters"]):
                logits, carried["state"] = net(carried["id"], carried["state"])
                carried["id"][0, 0] = logits.argmax().item()

    return write


made = {}
print(json.dumps({"about": f"PyTorch {torch.__version__}"}), flush=True)
for line in sys.stdin:
    asked = json.loads(line)
    name = asked["name"]
    if name not in made:
        made[name] = make(asked["work"])
        made[name]()
    samples = []
    end = time.perf_counter() + asked["seconds"]
    while not samples or time.perf_counter() < end:
        start = time.perf_counter()
        made[name]()
        samples.append((time.perf_counter() - start) * 1e3)
    print(json.dumps({"samples": samples}), flush=True)
