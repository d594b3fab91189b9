"""Fine-tunes the sentence encoder on labelled letters: which tokens must go, why, and of whom.

Development only (needs torch, transformers and the encoder's weights; see README.md beside this file). One run trains one model:
`train.py --hold-out e,h,surgery_desk_2 --out FOLDER` leaves whole writers and files of passages out and writes what the model makes of
them, token by token; `train.py --out FOLDER` trains on all.
"""

from __future__ import annotations

import argparse
import json
import math
import pickle
import random
import sys
import time
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import nn
from transformers import AutoModel

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))
sys.path.insert(0, str(Path(__file__).resolve().parent))
import examples as examples_of
from augment import Joiner, Renamer, Salt, noisy

CATEGORIES = examples_of.CATEGORIES
ABOUT = examples_of.ABOUT
MASK = 103


class Marker(nn.Module):
    """The encoder with three heads over its tokens: goes or stays, category, about."""

    def __init__(self, weights: str) -> None:
        super().__init__()
        # dropout inside the encoder triples the time on a CPU; masked words and changed names do its work. Attention spelled out is a
        # fifth quicker there, forwards and backwards, than the fused kind.
        self.encoder = AutoModel.from_pretrained(
            weights, add_pooling_layer=False, attn_implementation="eager", hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0
        )
        self.drop = nn.Dropout(0.1)
        self.encoder.embeddings.word_embeddings.weight.requires_grad_(False)  # rare clinical words keep what they meant
        width = self.encoder.config.hidden_size
        self.heads = nn.Linear(width, 1 + len(CATEGORIES) + len(ABOUT))

    def forward(self, ids, mask):
        """Answers for every token."""
        hidden = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        return self.heads(self.drop(hidden))


def batches(windows, size, rng):
    """Windows of like length together, the batches in random order."""
    windows = sorted(windows, key=lambda w: len(w.ids) + rng.random() * 40)
    groups = [windows[i : i + size] for i in range(0, len(windows), size)]
    rng.shuffle(groups)
    return groups


def padded(group):
    """The windows of a batch as tensors of one length."""
    longest = max(len(w.ids) for w in group)
    shape = (len(group), longest)
    ids = np.zeros(shape, np.int64)
    mask = np.zeros(shape, np.int64)
    goes = np.full(shape, -1.0, np.float32)
    weight = np.zeros(shape, np.float32)
    category = np.full(shape, -1, np.int64)
    about = np.full(shape, -1, np.int64)
    clause = np.full(shape, -1, np.int64)
    for row, w in enumerate(group):
        n = len(w.ids)
        ids[row, :n] = w.ids
        mask[row, :n] = 1
        goes[row, w.skip : n] = w.goes
        weight[row, w.skip : n] = w.weight
        category[row, w.skip : n] = w.category
        about[row, w.skip : n] = w.about
        clause[row, w.skip : n] = w.clause
    return [torch.from_numpy(a) for a in (ids, mask, goes, weight, category, about, clause)]


def loss_of(out, goes, weight, category, about, clause):
    """What is to be made small: tokens, clauses, category and about together."""
    logit = out[..., 0]
    valid = goes >= 0
    target = goes.clamp(0, 1)
    per = nn.functional.binary_cross_entropy_with_logits(logit, target * 0.97 + 0.01, reduction="none", pos_weight=torch.tensor(1.5))
    token = (per * weight * valid).sum() / (weight * valid).sum().clamp(min=1)
    # the mean logit of a clause must say the same as its label: what is cut are clauses, not words
    key = (clause + torch.arange(clause.shape[0])[:, None] * 10_000)[valid & (clause >= 0)]
    names, place = torch.unique(key, return_inverse=True)
    flat = logit[valid & (clause >= 0)]
    count = torch.zeros(len(names)).index_add_(0, place, torch.ones_like(flat)).clamp(min=1)
    mean = torch.zeros(len(names)).index_add_(0, place, flat) / count
    share = torch.zeros(len(names)).index_add_(0, place, target[valid & (clause >= 0)]) / count
    pooled = nn.functional.binary_cross_entropy_with_logits(mean, share * 0.97 + 0.01, pos_weight=torch.tensor(2.0)) if len(names) else 0.0
    kinds = category >= 0
    which = nn.functional.cross_entropy(out[..., 1 : 1 + len(CATEGORIES)][kinds], category[kinds]) if kinds.any() else 0.0
    of_whom = nn.functional.cross_entropy(out[..., 1 + len(CATEGORIES) :][about >= 0], about[about >= 0]) if (about >= 0).any() else 0.0
    return token + pooled + 0.2 * which + 0.1 * of_whom


def _is_among(document, known):
    """Whether the document's letter, or the file of passages it stands in, is among what is named."""
    return document.letter in known or document.file in known


def _expected(window, document, known, again):
    """How many times a window is seen in an epoch, on average."""
    seen = (0.4 if document.kind == "body" and not document.marked else 1.0) * (again if _is_among(document, known) else 1.0)
    return seen * (1.0 if (window.goes == 1).any() or (window.weight > 1).any() else 0.6)


def _seen_anew(document, tokenizer, rng, arguments, changers):
    """The windows of a document as it is met in one epoch: sometimes left out, and cut, named, salted and damaged differently each time."""
    renamer, salt, joiner = changers
    plain_body = document.kind == "body" and not document.marked
    if (plain_body and rng.random() < 0.6) or (_is_among(document, arguments.seen) and rng.random() > arguments.again):
        return []
    changed = document
    if rng.random() < 0.6:
        changed = renamer.renamed(changed, rng)
    if document.kind != "body" and rng.random() < 0.6:
        changed = salt.salted(changed, rng)
    if document.kind != "body" and rng.random() < 0.5:
        changed = joiner.joined(changed, rng)
    if rng.random() < 0.15:
        changed = noisy(changed, rng)
    cut = examples_of.windows_of(changed, tokenizer, offset=rng.randrange(0, 240), body=rng.choice(examples_of.BODIES))
    # a window in which nothing goes and nothing is marked as to be kept teaches little twice
    return [w for w in cut if (w.goes == 1).any() or (w.weight > 1).any() or rng.random() < 0.6]


def train(model, documents, tokenizer, arguments):
    """Learns from the documents, each epoch cut, named and damaged differently."""
    rng = random.Random(arguments.seed)
    decay = [p for n, p in model.named_parameters() if p.requires_grad and p.ndim > 1 and "embedding" not in n]
    still = [p for n, p in model.named_parameters() if p.requires_grad and not (p.ndim > 1 and "embedding" not in n)]
    optimiser = torch.optim.AdamW([{"params": decay, "weight_decay": 0.01}, {"params": still, "weight_decay": 0.0}], lr=arguments.rate)
    changers = Renamer(), Salt(), Joiner()
    per_epoch = (
        sum(_expected(w, d, arguments.seen, arguments.again) for d in documents for w in examples_of.windows_of(d, tokenizer))
        * 1.5  # shorter windows than the longest, which are more
        / arguments.batch
    )
    total = per_epoch * arguments.epochs
    step, began = 0, time.time()
    model.train()
    learner = nn.parallel.DistributedDataParallel(model) if arguments.workers > 1 else model
    for epoch in range(arguments.epochs):
        made = [window for d in documents for window in _seen_anew(d, tokenizer, rng, arguments, changers)]
        for group in batches(made, arguments.batch, rng):
            at = min(step / max(total, 1), 1.0)
            rate = arguments.rate * (min(1.0, at / 0.08) if at < 0.08 else 0.5 * (1 + math.cos(math.pi * (at - 0.08) / 0.92)))
            for g in optimiser.param_groups:
                g["lr"] = max(rate, arguments.rate * 0.02)
            tensors = padded(group[arguments.rank :: arguments.workers] or group[:1])
            hide = (torch.rand(tensors[0].shape) < 0.08) & (tensors[0] > MASK)
            tensors[0][hide] = MASK
            with torch.autocast("cpu", dtype=torch.bfloat16):
                out = learner(tensors[0], tensors[1])
            loss = loss_of(out.float(), *tensors[2:])
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            step += 1
            if step % 10 == 0:
                print(f"epoch {epoch} step {step}/{total:.0f} loss {loss.item():.4f} {time.time() - began:.0f} s", flush=True)
        torch.save(model.state_dict(), arguments.out / "model.pt")


@torch.no_grad()
def predict(model, documents, tokenizer):
    """Token logits of whole documents, averaged where windows overlap."""
    model.eval()
    return [
        examples_of.assemble(
            d, tokenizer, lambda ids: model(torch.tensor([ids]), torch.ones(1, len(ids), dtype=torch.long))[0].float().numpy()
        )
        for d in documents
    ]


def asked() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", required=True, help="folder of the encoder to start from")
    parser.add_argument("--begin", type=Path, help="a model of an earlier run to go on from")
    parser.add_argument("--seen", default="", help="letters, and files of passages, that the earlier run has seen")
    parser.add_argument("--again", type=float, default=0.5, help="how often those are seen, of what is new")
    parser.add_argument("--freeze", type=int, default=0, help="lowest layers left as the earlier run made them, which is quicker")
    parser.add_argument("--hold-out", default="", help="letters and files of passages left out, such as e,h,surgery_desk_2")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--rate", type=float, default=1.5e-4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument(
        "--workers", type=int, default=1, help="processes that share each batch, one core each; start as many, with their --rank"
    )
    parser.add_argument("--rank", type=int, default=0)
    parser.add_argument("--meet", default="tcp://127.0.0.1:29531", help="where the workers meet")
    parser.add_argument("--limit", type=int, default=0)
    return parser.parse_args()


def main() -> None:
    """One run."""
    arguments = asked()
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(arguments.seed)
    if arguments.workers > 1:
        torch.distributed.init_process_group("gloo", init_method=arguments.meet, rank=arguments.rank, world_size=arguments.workers)
    arguments.out.mkdir(parents=True, exist_ok=True)
    tokenizer = Tokenizer.from_file(str(Path(arguments.weights) / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    held = set(filter(None, arguments.hold_out.split(",")))
    documents = examples_of.training_documents()
    learn = [d for d in documents if not _is_among(d, held)]
    test = [d for d in documents if _is_among(d, held)]
    if arguments.limit:
        learn, test = learn[: arguments.limit], test[:4]
    print(f"{len(learn)} documents to learn from, {len(test)} held out", flush=True)
    model = Marker(arguments.weights)
    if arguments.begin:
        model.load_state_dict(torch.load(arguments.begin, weights_only=True))
    arguments.seen = set(filter(None, arguments.seen.split(",")))
    for part in [model.encoder.embeddings, *model.encoder.encoder.layer[: arguments.freeze]] if arguments.freeze else []:
        part.requires_grad_(False)
    train(model, learn, tokenizer, arguments)
    torch.save(model.state_dict(), arguments.out / "model.pt")
    (arguments.out / "run.json").write_text(json.dumps({k: str(v) for k, v in vars(arguments).items()}))
    if test:
        results = [(d.case, d.name, logits) for d, logits in zip(test, predict(model, test, tokenizer), strict=True)]
        (arguments.out / "held_out.pkl").write_bytes(pickle.dumps(results))


if __name__ == "__main__":
    main()
