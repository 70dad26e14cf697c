# A sound level meter: A-weighting of 16-bit samples block by block, in integers, and the level of every second.
import array
import math

import weighting

RATE = 16000
BLOCK = 1000  # samples: 62.5 ms
HEADER = 44  # bytes of a wave file in front of its samples
FULL_SCALE = 120.0  # dB of a sine of full scale, by the data sheet of the microphone


def power(samples):
    """Mean of the squares. Both sums stay small enough for MicroPython's small integers: nothing is allocated."""
    high = low = 0
    for value in samples:
        square = value * value
        high += square >> 16
        low += square & 0xFFFF
    return (high * 65536.0 + low) / len(samples)


def decibel(mean_square):
    return FULL_SCALE + 10.0 * math.log10(max(mean_square, 1e-3) * 2.0 / (32768.0 * 32768.0))


def main():
    samples = array.array("h", bytearray(2 * BLOCK))
    state = weighting.new_state()
    second, flat, weighted = 0, 0.0, 0.0
    n_blocks = RATE // BLOCK
    with open("noise.wav", "rb") as microphone:
        microphone.read(HEADER)
        n = 0
        while microphone.readinto(samples) == 2 * BLOCK:
            flat += power(samples)
            weighting.filter(samples, state)  # in place; what the next block needs is in the state
            weighted += power(samples)
            n += 1
            if n == n_blocks:
                level = decibel(weighted / n)
                print("%2d s %6.1f dB %6.1f dB(A) %s" % (second, decibel(flat / n), level, "#" * int(level / 2)))
                second, n, flat, weighted = second + 1, 0, 0.0, 0.0


main()
