"""PyTorch's twins of saved-networks.ts, for the fixtures and for `npm run bench -- elsewhere`."""

import torch


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


nn = torch.nn

# Each network by the name that test/golden/saved-networks.ts gives its twin: what it is, how it is made, and what else is to be known.
NETWORKS = {
    "rnn": ("RNN", lambda: nn.RNN(3, 4)),
    "rnn-relu": ("RNN, relu, without biases", lambda: nn.RNN(3, 4, nonlinearity="relu", bias=False)),
    "lstm": ("LSTM", lambda: nn.LSTM(3, 4)),
    "lstm-projected": ("LSTM with projection", lambda: nn.LSTM(3, 4, proj_size=2)),
    "gru": ("GRU", lambda: nn.GRU(3, 4)),
    "gru-bidirectional": ("GRU in both directions", lambda: nn.GRU(3, 4, bidirectional=True)),
    "lstm-stacked": ("LSTM of two layers", lambda: nn.LSTM(3, 4, num_layers=2)),
    "tagger": ("embedding, LSTM of two layers in both directions, linear", Tagger),
    "sequential": (
        "a Sequential of embedding, GRU and linear",
        lambda: nn.Sequential(nn.Embedding(7, 3), First(nn.GRU(3, 4)), nn.Linear(4, 5)),
    ),
}
TAKES_IDS = {"tagger", "sequential"}


def renamed(tensors):
    """Names as a Sequential has them that needs no `First`."""
    return {name.replace(".inner", ""): t for name, t in tensors.items()}


def outputs_of(net, x):
    """What a network makes of x, without a state."""
    with torch.no_grad():
        outputs = net(x)
    return outputs[0] if isinstance(outputs, tuple) else outputs
