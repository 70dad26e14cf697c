# What the module refuses, and in which words: FOLDER has digits.tmdl (trees of uint8), mlp.tmdl, butter.tmdl (q15) and
# float.tmdl (a filter). A line each: what was asked, the exception, its sentence.
import io
import sys
from array import array

import emlc

folder = sys.argv[1]


def blob(name):
    with open(folder + "/" + name, "rb") as file:
        return file.read()


def refused(what, call, *arguments):
    try:
        print(what, "| taken:", call(*arguments))
    except Exception as error:
        print(what, "|", type(error).__name__, "|", error)


digits = emlc.open(blob("digits.tmdl"), ("zero", "one"))
mlp = emlc.open(blob("mlp.tmdl"))
butter = emlc.open(blob("butter.tmdl"))
in_float = emlc.open(blob("float.tmdl"))
x = bytes(64)
out = array("f", [0] * 10)

refused("a list", digits.predict, [0] * 64)
refused("None", digits.predict, None)
refused("too few", digits.predict, bytes(63))
refused("too many", mlp.predict, array("h", range(65)))
refused("doubles", digits.predict, array("d", range(64)))
refused("no target", digits.predict, x, 1)
refused("a target below 0", digits.predict, x, -1)
refused("out of h", digits.predict_proba, x, array("h", range(10)))
refused("out too short", digits.predict_proba, x, array("f", [0] * 9))
refused("out of bytes", digits.predict_proba, x, bytes(40))
refused("out a list", digits.predict_proba, x, [0.0] * 10)
refused("a filter that predicts", butter.predict, x)
refused("trees that filter", digits.filter, array("h", [0]))
refused("floats in q15", butter.filter, array("f", [0.0]))
refused("i in q15", butter.filter, array("i", [0]))
refused("bytes to filter", butter.filter, b"1234")
refused("bytes in float", in_float.filter, bytearray(4))
refused("a list to filter", butter.filter, [1, 2])
refused("an attribute", lambda: digits.nothing)
refused("setting one", setattr, digits, "n_features", 3)

refused("open of a list", emlc.open, [1])
refused("open of h", emlc.open, array("h", [1]))
refused("open of text", emlc.open, "MAIX")
refused("open of nothing", emlc.open, b"")
refused("open of zeros", emlc.open, bytes(100))
refused("cut off", emlc.open, blob("digits.tmdl")[:-8])
refused("a changed byte", emlc.open, blob("digits.tmdl")[:200] + b"\xff" + blob("digits.tmdl")[201:])
refused("a newer version", emlc.open, blob("digits.tmdl")[:40] + b"\x09" + blob("digits.tmdl")[41:])
refused("int16 of TinyMaix", emlc.open, blob("digits.tmdl")[:4] + b"\x01" + blob("digits.tmdl")[5:])

refused("level of a low rate", emlc.Level, 100)
refused("level of B", emlc.Level, 16000, "B")
refused("level of no time", emlc.Level, 16000, "A", 0)
refused("level of NaN", emlc.Level, float("nan"))
refused("level of bytes", emlc.Level(16000).add, b"12")
refused("level without a rate", emlc.Level)

HEAD = "f,2\nc,2\nlb,0\nl,0\nl,1\nr,0\n"
for what, text in (
    ("no file", ""),
    ("no trees", HEAD),
    ("soft votes", "f,2\nc,2\nlb,8\n"),
    ("a regression", "f,2\nc,0\nlb,32\n"),
    ("words", HEAD + "n,0,x,-1,-2\n"),
    ("a large threshold", HEAD + "n,0,32768,-1,-2\n"),
    ("an exponent", HEAD + "n,0,1e3,-1,-2\n"),
    ("no feature", HEAD + "n,2,3,-1,-2\n"),
    ("feature -1", HEAD + "n,-1,3,-1,-2\n"),
    ("no leaf", HEAD + "n,0,3,-1,-3\n"),
    ("a loop", HEAD + "n,0,3,0,-1\n"),
    ("a jump behind the end", HEAD + "n,0,3,1,-1\n"),
    ("a class", "f,2\nc,2\nl,2\n"),
    ("few fields", HEAD + "n,0,3,-1\n"),
    ("many fields", HEAD + "n,0,3,-1,-2,7\n"),
    ("a root behind the end", HEAD + "r,1\nn,0,3,-1,-2\n"),
    ("a first root", "f,2\nc,2\nl,0\nr,1\nn,0,3,-1,-1\nn,0,3,-1,-1\n"),
    ("order", "c,2\nf,2\nl,0\n"),
    ("a second c", "f,2\nc,2\nc,3\n"),
    ("a leaf late", HEAD + "n,0,3,-1,-2\nl,1\n"),
    ("too many features", "f,40000\n"),
):
    refused("csv: " + what, emlc.load_csv, io.StringIO(text))
refused("csv: no lines", emlc.load_csv, 7)

print(emlc.load_csv(io.StringIO(HEAD + "n,1,2.5,-1,-2")).predict(array("h", [0, 3])), "above 2.5")
print(digits.class_names, mlp.class_names, digits.info()["kind"], mlp.info()["kind"], butter.info()["kind"])
writable = bytearray(blob("digits.tmdl"))
copied = emlc.open(writable)
answer = copied.predict(x)
for i in range(len(writable)):
    writable[i] = 255
print(copied.predict(x) == answer == digits.predict(x), "after the blob was overwritten")
odd = memoryview(b"123" + blob("digits.tmdl"))[3:]
print(emlc.open(odd).predict(x) == answer, "at an odd address")
