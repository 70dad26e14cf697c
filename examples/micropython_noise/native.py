# The sound level meter with the native module: emlc.Level weights samples as they come, A and fast, in float.
import array

import emlc

RATE = 16000
BLOCK = 1000  # samples: 62.5 ms
HEADER = 44  # bytes of a wave file in front of its samples
FULL_SCALE = 123.01  # dB of a square wave of full scale; a sine has 120, by the data sheet of the microphone


def main():
    level = emlc.Level(RATE)
    samples = array.array("h", bytearray(2 * BLOCK))
    n = 0
    with open("noise.wav", "rb") as microphone:
        microphone.read(HEADER)
        while microphone.readinto(samples) == 2 * BLOCK:
            level.add(samples)
            n += BLOCK
            if n % RATE == 0:
                loudness = FULL_SCALE + level.decibel()
                print("%2d s %6.1f dB(A) %s" % (n // RATE - 1, loudness, "#" * round(loudness / 2)))


main()
