"""Networks saved by PyTorch as safetensors, float32, with an input and what they make of it."""

import base64

import torch
from safetensors.torch import save

from .common import lists


class Tagger(torch.nn.Module):
    """An embedding, an LSTM of two layers in both directions, and a projection: names as people give them."""

    def __init__(self):
        super().__init__()
        self.words = torch.nn.Embedding(7, 3)
        self.lstm = torch.nn.LSTM(3, 4, num_layers=2, bidirectional=True)
        self.head = torch.nn.Linear(8, 5)

    def forward(self, ids):
        return self.head(self.lstm(self.words(ids))[0])


class First(torch.nn.Module):
    """The outputs of a recurrent module alone, so that it fits into a Sequential."""

    def __init__(self, inner):
        super().__init__()
        self.inner = inner

    def forward(self, x):
        return self.inner(x)[0]


def saved(name, cell, make, ids=False, run=None, rename=None):
    torch.manual_seed(len(name))
    with torch.no_grad():
        net = make().to(torch.float32)
        x = torch.randint(0, 7, (5, 2)) if ids else torch.randn(5, 2, 3, dtype=torch.float32)
        outputs = run(net, x) if run else net(x)
        outputs = outputs[0] if isinstance(outputs, tuple) else outputs
        tensors = {rename(k) if rename else k: v for k, v in net.state_dict().items()}
    return {
        "name": name,
        "cell": cell,
        "sizes": {},
        "options": {"file": base64.b64encode(save(tensors)).decode()},
        "weights": {},
        "inputs": {"x": x.tolist()},
        "results": lists({"outputs": outputs}),
        "gradients": {},
    }


def cases():
    nn = torch.nn
    yield saved("RNN", "rnn", lambda: nn.RNN(3, 4))
    yield saved("RNN, relu, without biases", "rnn-relu", lambda: nn.RNN(3, 4, nonlinearity="relu", bias=False))
    yield saved("LSTM", "lstm", lambda: nn.LSTM(3, 4))
    yield saved("LSTM with projection", "lstm-projected", lambda: nn.LSTM(3, 4, proj_size=2))
    yield saved("GRU", "gru", lambda: nn.GRU(3, 4))
    yield saved("GRU in both directions", "gru-bidirectional", lambda: nn.GRU(3, 4, bidirectional=True))
    yield saved("LSTM of two layers", "lstm-stacked", lambda: nn.LSTM(3, 4, num_layers=2))
    yield saved("embedding, LSTM of two layers in both directions, linear", "tagger", Tagger, ids=True)
    yield saved(
        "a Sequential of embedding, GRU and linear", "sequential",
        lambda: nn.Sequential(nn.Embedding(7, 3), First(nn.GRU(3, 4)), nn.Linear(4, 5)), ids=True,
        rename=lambda k: k.replace(".inner", ""),
    )  # fmt: skip
