"""PyTorch's losses with masks and weights, a mixture of bivariate Gaussians by its distributions, and BLEU by sacrebleu."""

import sacrebleu
import torch

from .common import Source, lists

F = torch.nn.functional


def case(name, cell, shapes, function, **options):
    """A scalar loss of the inputs, and its gradients."""
    source = Source(len(name))
    given = {k: torch.tensor(source.normal(*shape, scale=1.5), requires_grad=True) for k, shape in shapes.items()}
    result = function(given)
    (result * -1).backward()  # the first weight of `ripple`
    return {
        "name": name,
        "cell": cell,
        "sizes": {},
        "options": options,
        "weights": {},
        "inputs": lists({k: v.detach() for k, v in given.items()}),
        "results": lists({"result": result.detach()}),
        "gradients": lists({k: v.grad for k, v in given.items()}),
    }


def weighed(losses, mask):
    mask = torch.tensor(mask, dtype=torch.float64)
    return (losses * mask).sum() / mask.sum()


def mixture(outputs, moves, pens, M, P, least):
    """-log p of each point, by PyTorch's distributions."""
    weights, x, y, sx, sy, rho = outputs[..., : 6 * M].reshape(*outputs.shape[:-1], 6, M).unbind(-2)
    sx, sy, rho = sx.exp() + least, sy.exp() + least, rho.tanh()
    covariance = torch.stack(
        [torch.stack([sx * sx, rho * sx * sy], -1), torch.stack([rho * sx * sy, sy * sy], -1)], -2
    )
    parts = torch.distributions.MultivariateNormal(torch.stack([x, y], -1), covariance)
    density = torch.distributions.MixtureSameFamily(torch.distributions.Categorical(logits=weights), parts)
    states = torch.distributions.Categorical(logits=outputs[..., 6 * M :])
    return -density.log_prob(moves) - states.log_prob(pens.clamp(min=0))


def cases():
    targets = [[2, 0], [-1, 4], [1, 3]]
    flat = torch.tensor(targets).reshape(6)
    classes = [1.0, 0.5, 2.0, 0.0, 3.0]
    shares = torch.tensor(classes, dtype=torch.float64)
    yield case(
        "cross-entropy, weighted classes", "softmaxCrossEntropy", {"logits": (3, 2, 5)},
        lambda x: F.cross_entropy(x["logits"].reshape(6, 5), flat, weight=shares, ignore_index=-1),
        targets=targets, how={"classes": classes},
    )  # fmt: skip
    yield case(
        "cross-entropy, smoothed labels", "softmaxCrossEntropy", {"logits": (3, 2, 5)},
        lambda x: F.cross_entropy(x["logits"].reshape(6, 5), flat, label_smoothing=0.2, ignore_index=-1),
        targets=targets, how={"smoothing": 0.2},
    )  # fmt: skip
    yield case(
        "cross-entropy, weighted classes and smoothed labels", "softmaxCrossEntropy", {"logits": (3, 2, 5)},
        lambda x: F.cross_entropy(x["logits"].reshape(6, 5), flat, weight=shares, label_smoothing=0.1, ignore_index=-1),
        targets=targets, how={"classes": classes, "smoothing": 0.1},
    )  # fmt: skip
    mask = [[1, 0.5], [0, 2], [1, 0]]
    full = [[2, 0], [1, 4], [1, 3]]
    yield case(
        "cross-entropy, masked", "softmaxCrossEntropy", {"logits": (3, 2, 5)},
        lambda x: weighed(F.cross_entropy(x["logits"].reshape(6, 5), torch.tensor(full).reshape(6), reduction="none").reshape(3, 2), mask),
        targets=full, how={"mask": mask},
    )  # fmt: skip
    pair = {"y": (3, 2), "target": (3, 2)}
    for name, cell, loss, how in [
        ("squared error", "meanSquaredError", lambda y, t: F.mse_loss(y, t, reduction="none"), {}),
        ("absolute error", "meanAbsoluteError", lambda y, t: F.l1_loss(y, t, reduction="none"), {}),
        ("Huber error", "huber", lambda y, t: F.huber_loss(y, t, reduction="none", delta=0.7), {"delta": 0.7}),
    ]:
        yield case(name, cell, pair, lambda x, loss=loss: loss(x["y"], x["target"]).mean(), how=how)
        yield case(
            f"{name}, masked", cell, pair, lambda x, loss=loss: weighed(loss(x["y"], x["target"]), mask), how={**how, "mask": mask}
        )
    share = [[0, 1], [0.25, 1], [0, 0.5]]
    yield case(
        "binary cross-entropy, masked", "binaryCrossEntropy", {"logits": (3, 2)},
        lambda x: weighed(F.binary_cross_entropy_with_logits(x["logits"], torch.tensor(share, dtype=torch.float64), reduction="none"), mask),
        targets=share, how={"mask": mask},
    )  # fmt: skip
    q = torch.tensor([0.1, 0.5, 0.9], dtype=torch.float64)

    def pinball(x):
        e = x["targets"][..., None] - x["y"]
        return weighed(torch.maximum(q * e, (q - 1) * e).mean(-1), mask)

    yield case(
        "quantile loss, masked", "quantileLoss", {"y": (3, 2, 3), "targets": (3, 2)}, pinball, how={"quantiles": q.tolist(), "mask": mask}
    )

    pens = [[0, 2], [1, -1], [2, 0], [1, 1]]
    ids = torch.tensor(pens)
    for least in (0, 0.1):
        yield case(
            f"mixture density, least deviation {least}", "mixtureDensity", {"outputs": (4, 2, 6 * 3 + 3), "moves": (4, 2, 2)},
            lambda x, least=least: mixture(x["outputs"], x["moves"], ids, 3, 3, least)[ids >= 0].mean(),
            pens=pens, how={"components": 3, "pens": 3, "least": least},
        )  # fmt: skip

    labels = [[1, 2, 2, 1], [3], []]
    lengths = [7, 4, 5]

    def ctc(x):
        log_probs = F.log_softmax(x["logits"], -1)
        return F.ctc_loss(
            log_probs, torch.tensor(sum(labels, [])), torch.tensor(lengths), torch.tensor([len(label) for label in labels]), reduction="sum"
        ) / len(labels)

    yield case("CTC of unequal lengths", "ctc", {"logits": (7, 3, 5)}, ctc, targets=labels, how={"lengths": lengths})

    said = ["the cat sat on the mat today", "there is a dog in the red house", "a b c d"]
    truth = [
        ["the cat sat on a mat today", "today the cat sat on the mat"],
        ["there is a dog in that red house", "a dog is in the house that is red"],
        ["a b c d", "a b d c"],
    ]
    score = sacrebleu.corpus_bleu(
        said, [list(r) for r in zip(*truth)], tokenize="none", smooth_method="none", force=True
    ).score
    yield {
        "name": "BLEU", "cell": "bleu", "sizes": {}, "weights": {}, "inputs": {}, "gradients": {},
        "options": {"said": [s.split() for s in said], "truth": [[r.split() for r in refs] for refs in truth]},
        "results": {"result": score},
    }  # fmt: skip
