"""What a decision filter makes of the answers of windows, one after the other (docs/signals.md)."""

import math
import struct

KEYS = ["reject_below", "majority", "exponential", "hold_seconds"]
NONE = -1


def check_keys(decision, output):
    for key in decision:
        if key not in KEYS:
            raise ValueError("decision has the key %r, expected one of %s" % (key, ", ".join(KEYS)))
    if output["decision"]["rule"] == "none" or len(output["targets"]) != 1:
        raise ValueError("decision is for a model that decides between classes, with one target")


def _float32(value):
    return struct.unpack("<f", struct.pack("<f", value))[0]


def margin(values, output):
    """The largest less the second largest; of one its distance to the threshold."""
    if len(values) == 1:
        return _float32(abs(values[0] - output["decision"].get("threshold", 0.0)))
    second, largest = sorted(values)[-2:]
    return _float32(largest - second)


def _hold(decision, hop, rate):
    windows = 0
    while windows * hop / rate < decision.get("hold_seconds", 0):
        windows += 1
    return windows


class Filter:
    """Takes a vote (a class, or NONE) for each window and gives the decision."""

    def __init__(self, decision, n_classes, hop, rate):
        self.declared, self.n_classes, self.hold = decision, n_classes, _hold(decision, hop, rate)
        self.decision, self.since, self.votes, self.weights = NONE, math.inf, [], {}

    def _smoothed(self, vote):
        # NONE is behind all classes, so that of equal weights the first class is taken.
        places = [*range(self.n_classes), NONE]
        if "majority" in self.declared:
            self.votes = [*self.votes, vote][-self.declared["majority"]:]
            weight = {place: self.votes.count(place) for place in places}
        elif "exponential" in self.declared:
            n = self.declared["exponential"] + 1
            step = (2 * 65536 + n // 2) // n
            self.weights = {place: self.weights.get(place, 0) - (self.weights.get(place, 0) * step >> 16)
                            + (step >> 1 if place == vote else 0) for place in places}
            weight = self.weights
        else:
            return vote
        most = max(weight.values())
        return self.decision if weight[self.decision] == most else next(p for p in places if weight[p] == most)

    def take(self, vote):
        wanted = self._smoothed(vote)
        if wanted != self.decision and self.since >= self.hold:
            self.decision, self.since = wanted, 0
        self.since += 1
        return self.decision


def votes(decision, output, rows, classes):
    """Classes, NONE where the margin is too small; nothing where one of them is as near to it as roundings are."""
    least = decision.get("reject_below")
    if least is None:
        return classes
    margins = [margin(row, output) for row in rows]
    # One rounding of float32 apart an honest evaluation may be on the other side; exactly at it, sums of votes are.
    if any(found != _float32(least) and abs(found - least) < 1e-5 * max(1.0, least) for found in margins):
        return None
    return [vote if found >= _float32(least) else NONE for vote, found in zip(classes, margins)]
