"""Gestures by chance that fit the objects that are there."""

import uuid

from server import ellipse, rectangle

RULES = ("keep", "keepObjects", "overwrite")


class RandomGestures:
    """The next requests of a client; the same generator gives the same ones on the same objects."""

    def __init__(self, random, height, width):
        self.random, self.height, self.width = random, height, width

    def next(self, objects, client, base):
        """The end of the address, and the body."""
        key = str(uuid.UUID(int=self.random.getrandbits(128), version=4))
        who = {"key": key, "client": client}
        choice = self.random.randrange(20)
        if choice < 3:
            return "undo", who
        if choice < 5:
            return "redo", who
        return "gestures", {**who, "base": base, **self.action(objects)}

    def mask(self, largest):
        height = self.random.randint(1, min(largest, self.height))
        width = self.random.randint(1, min(largest, self.width))
        y, x = self.random.randint(0, self.height - height), self.random.randint(0, self.width - width)
        return ellipse(y, x, height, width, hole=self.random.choice((0, 0, 0.4)))

    def object(self):
        value = {"mask": self.mask(70)}
        if self.random.random() < 0.5:
            point = {"type": "point", "y": 3, "x": self.random.randrange(99)}
            value.update(prompts=[point], score=self.random.random(), model="random")
        return value

    def made(self):
        rule = self.random.choice(RULES)
        kind = self.random.randrange(4)
        if kind == 0:
            return {"kind": "paint", "label": 0, "mask": self.mask(40), "rule": rule}
        if kind == 1:
            objects = [self.object() for _ in range(self.random.randint(2, 4))]
            return {"kind": self.random.choice(("commitMany", "accept", "importLabels")), "objects": objects, "rule": rule}
        return {"kind": "commit", "rule": rule, **self.object()}

    def action(self, objects):
        if not objects or self.random.random() < 0.2:
            return self.made()
        one, other = self.random.choice(objects), self.random.choice(objects)["label"]
        label, (y0, x0, y1, x1) = one["label"], one["box"]
        y, x = self.random.randrange(y0, y1), self.random.randrange(x0, x1)
        corner = [self.random.randrange(self.height), self.random.randrange(self.width)]
        hole = rectangle(y, x, min(y1 - y, 5), min(x1 - x, 5))
        rule = self.random.choice(RULES)
        return self.random.choice((
            lambda: {"kind": "commit", "replaces": label, "rule": rule, **self.object()},
            lambda: {"kind": "paint", "label": label, "mask": self.mask(30), "rule": rule},
            lambda: {"kind": "erase", "label": label, "mask": hole},
            lambda: {"kind": "erase", "mask": self.mask(30)},
            lambda: {"kind": "fill", "label": label, "y": y, "x": x},
            lambda: {"kind": "fillHoles", "labels": [label]},
            lambda: {"kind": "smooth", "labels": [label], "radius": self.random.randint(1, 5)},
            lambda: {"kind": "split", "label": label, "line": [[0, 0], [y, x], corner], "width": self.random.randrange(3)},
            lambda: {"kind": "merge", "labels": [label, other]} if label != other else self.made(),
            lambda: {"kind": "delete", "labels": sorted({label, other})},
            lambda: {"kind": "relabel", "from": label, "to": self.random.randint(1, 300)},
            lambda: {"kind": "class", "labels": [label], "class": self.random.choice(("cell", "nucleus", None))},
            lambda: {"kind": "name", "label": label, "name": f"object {self.random.randrange(9)}"},
            lambda: {"kind": "flags", "labels": [label], "locked": self.random.random() < 0.3},
            lambda: {"kind": "status", "status": self.random.choice(("new", "work", "skipped"))},
        ))()
