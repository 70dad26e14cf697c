"""What docs/signals.md says of decisions, written for clarity: whole histories are looked at again for each window."""

import fractions
import math

import numpy as np

NONE = -1


def margin(outputs, threshold):
    """Of one output the distance to the threshold, of several the distance of the two largest; NaN where one is NaN."""
    if any(math.isnan(value) for value in outputs):
        return math.nan
    if len(outputs) == 1:
        return float(np.float32(abs(outputs[0] - threshold)))
    return float(np.float32(np.sort(outputs)[-1] - np.sort(outputs)[-2]))


def vote(outputs, least, threshold):
    """The first largest output, or none."""
    return int(np.argmax(outputs)) if margin(outputs, threshold) >= float(np.float32(least)) else NONE


def weights(decision, classes, votes):
    """Of each class, and of none, after these votes."""
    if "majority" in decision:
        last = votes[-decision["majority"]:]
        return {one: last.count(one) for one in classes}
    share = fractions.Fraction(2 * 65536, decision["exponential"] + 1)
    k = math.floor(share + fractions.Fraction(1, 2))
    found = dict.fromkeys(classes, 0)
    for cast in votes:
        for one in classes:
            found[one] -= found[one] * k // 65536
        found[cast] += k // 2
    return found


def settled(decision, n_classes, hop, rate, votes):
    """The decision after each vote."""
    classes = [*range(n_classes), NONE]
    hold = next(n for n in range(10**6) if n * hop / rate >= decision["hold_seconds"])
    made, changed_at = [], -math.inf
    for at, cast in enumerate(votes):
        there = made[-1] if made else NONE
        wanted = cast
        if "majority" in decision or "exponential" in decision:
            of_all = weights(decision, classes, votes[max(0, at - 700):at + 1])
            best = [one for one in classes if of_all[one] == max(of_all.values())]
            wanted = there if there in best else best[0]
        if wanted != there and at - changed_at >= hold:
            there, changed_at = wanted, at
        made.append(there)
    return made
