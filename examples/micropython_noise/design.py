"""Makes weighting.csv: A-weighting for 16 kHz, of two sections that integers of 16 bits hold.

The A curve has two poles at 20.6 Hz, which are nearer to 1 than such coefficients are to one another. These are left
out, and the other four moved so that what a sound level meter is for, 50 Hz to 5 kHz, comes out right. Needs numpy and
scipy."""

import numpy as np
from scipy import optimize, signal

RATE = 16000
FREQUENCIES = np.geomspace(50.0, 5000.0, 200)
EXACT = np.array([31.5, 63.0, 125.0, 250.0, 500.0, 1000.0, 2000.0, 4000.0])


def a_curve(f):
    """IEC 61672-1, in dB, of frequencies in Hz."""
    squares = f**2
    gain = 12194.217**2 * squares**2 / ((squares + 20.598997**2) * (squares + 12194.217**2)
                                        * np.sqrt((squares + 107.65265**2) * (squares + 737.86223**2)))
    return 20.0 * np.log10(gain) + 2.0


def sections(poles):
    """Two zeros at 0 Hz and one at half of the sampling rate, four real poles; 0 dB at 1 kHz."""
    rows = signal.zpk2sos([1.0, 1.0, -1.0, 0.0], poles, 1.0)
    rows[0, :3] /= abs(signal.sosfreqz(rows, [1000.0], fs=RATE)[1][0])
    return rows


def decibels(poles, f):
    return 20.0 * np.log10(np.abs(signal.sosfreqz(sections(poles), f, fs=RATE)[1]))


def main():
    start = [0.958, 0.748, -0.41, -0.3]
    found = optimize.least_squares(lambda poles: decibels(poles, FREQUENCIES) - a_curve(FREQUENCIES), start,
                                   bounds=([0.5, 0.3, -0.95, -0.95], [0.99, 0.95, 0.6, 0.6]))
    np.savetxt("weighting.csv", sections(found.x), delimiter=",")
    for f, off in zip(EXACT, decibels(found.x, EXACT) - a_curve(EXACT)):
        print(f"{f:6.1f} Hz: {off:+.2f} dB off")


if __name__ == "__main__":
    main()
