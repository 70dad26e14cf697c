"""Makes noise.wav, ten seconds as a microphone could have recorded them, and prints how loud each part is by the
formula of IEC 61672-1: every part is a sum of tones, so that its level is known without a filter."""

import array
import math
import random
import wave

RATE = 16000
FULL_SCALE = 120.0  # dB of the loudest sine, as of a common MEMS microphone
N_TONES = 40
SINE = [math.sin(2.0 * math.pi * i / RATE) for i in range(RATE)]

# what it is, dB, lowest and highest frequency in Hz
PARTS = (("a quiet room", 45.0, 50, 5000), ("a fan that hums", 75.0, 63, 63), ("a whistle", 70.0, 1000, 1000),
         ("traffic", 80.0, 50, 500), ("a drill", 85.0, 1000, 5000))


def a_weight(f):
    """Of the power of a tone."""
    squares = f * f
    gain = 12194.217**2 * squares**2 / ((squares + 20.598997**2) * (squares + 12194.217**2)
                                        * math.sqrt((squares + 107.65265**2) * (squares + 737.86223**2)))
    return gain * gain * 10.0**0.2


def frequencies(low, high):
    """Whole numbers of Hz, so that each second is like the one before; as many in each octave."""
    return sorted({round(low * (high / low) ** (i / (N_TONES - 1))) for i in range(N_TONES)})


def one_second(decibel, tones, generator):
    """Samples of tones that are equally loud and together have that level."""
    amplitude = 32767.0 * 10.0 ** ((decibel - FULL_SCALE) / 20.0) / math.sqrt(len(tones))
    sums = [0.0] * RATE
    for f in tones:
        phase = generator.randrange(RATE)
        for i in range(RATE):
            sums[i] += SINE[(f * i + phase) % RATE]
    return array.array("h", [round(amplitude * value) for value in sums])


def main():
    generator = random.Random(1)
    with wave.open("noise.wav", "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        for number, (name, decibel, low, high) in enumerate(PARTS):
            tones = frequencies(low, high)
            file.writeframes(one_second(decibel, tones, generator).tobytes() * 2)
            weighted = decibel + 10.0 * math.log10(sum(map(a_weight, tones)) / len(tones))
            print(f"{2 * number} to {2 * number + 2} s  {decibel:5.1f} dB  {weighted:5.1f} dB(A)  {name}")


if __name__ == "__main__":
    main()
