# What push refuses, and in which words: FOLDER has gesture.tmdl (three channels of int16) and digits.tmdl, which has no signal.
import sys
from array import array

import emlc


def opened(name):
    with open(sys.argv[1] + "/" + name, "rb") as file:
        return emlc.open(file.read())


def refused(call, *arguments):
    try:
        print("taken:", call(*arguments))
    except Exception as error:
        print(type(error).__name__, error)


gesture, digits = opened("gesture.tmdl"), opened("digits.tmdl")
refused(digits.push, array("h", [0, 0, 0]))
refused(gesture.push, array("f", [0, 0, 0]))
refused(gesture.push, array("h", [0, 0]))
refused(gesture.push, [0, 0, 0])
refused(gesture.push, array("h"))
