"""Bad files of the CSV formats, and tables of numbers."""

EMLEARN = "f,2\nc,2\nl,0\nl,1\nr,0\nn,1,5,1,-2\nn,0,25,-1,-2\n"
TREES = ("emlc,trees,1\nname,tiny\ninput,float32,2\noutput,regression,1\ntarget,1\ntrees,1\nleaves,2,1\nsplits,1\n"
         "l,0.5\nl,1.5\nr,0\nn,1,0.5,-1,-2\nend\n")
MLP = ("emlc,mlp,1\nname,net\ninput,float32,2\noutput,regression,1\ntarget,1\nnetwork,0,1\nlayer,identity,2,1\n"
       "w,1,2\nb,0.5\nend\n")


def replaced(whole, old, new):
    assert whole.count(old) >= 1, old
    return whole.replace(old, new, 1)


def models():
    for name, old, new in [
        ("feature", "n,1,5", "n,7,5"), ("threshold", "n,1,5", "n,1,half"), ("jump-0", "n,1,5,1", "n,1,5,0"),
        ("jump-out", "n,1,5,1", "n,1,5,9"), ("leaf-out", "-1,-2\n", "-1,-9\n"), ("root-out", "r,0", "r,5"),
        ("no-tree", "r,0\n", ""), ("fields-missing", "n,1,5,1,-2", "n,1,5"), ("feature-negative", "n,1,5", "n,-1,5"),
        ("class-out", "l,1", "l,7"), ("row-open", "l,1", "l,[0;1"), ("number-huge", "f,2", "f,99999999999"),
        ("second-f", "f,2", "f,2\nf,2"), ("no-c", "c,2\n", ""),
    ]:
        yield f"emlearn-{name}.csv", replaced(EMLEARN, old, new)
    for name, old, new in [
        ("version", "trees,1", "trees,9"), ("no-end", "end\n", ""), ("behind-end", "end\n", "end\nl,1\n"),
        ("name-reserved", "tiny", "_Tiny"), ("type", "float32", "float16"), ("no-input", "input,float32,2\n", ""),
        ("features-0", "float32,2", "float32,0"), ("output-twice", "output,regression,1\n", "output,regression,1\n" * 2),
        ("targets", "target,1", "target,3"), ("leaves", "leaves,2,1", "leaves,3,1"), ("width", "l,0.5", "l,0.5 1"),
        ("splits", "splits,1", "splits,4"), ("node-early", "input,float32,2\n", "n,1,0.5,-1,-2\ninput,float32,2\n"),
        ("default-2", "-1,-2\n", "-1,-2,2\n"), ("leaf-inf", "l,0.5", "l,inf"), ("record", "splits,1", "splitz,1"),
        ("base", "leaves,2,1", "leaves,2,1\nbase,start,1,2"), ("divide-0", "leaves,2,1", "leaves,2,1\ndivide,0"),
        ("unreached", "splits,1", "splits,2\nn,0,1,-1,-2"),
    ]:
        yield f"trees-{name}.csv", replaced(TREES, old, new)
    for name, old, new in [
        ("layer-width", "layer,identity,2,1", "layer,identity,3,1"), ("activation", "identity", "gelu"),
        ("weights-short", "w,1,2", "w,1"), ("weights-text", "w,1,2", "w,1,two"), ("bias-missing", "b,0.5\n", ""),
        ("bias-twice", "b,0.5\n", "b,0.5\nb,0.5\n"), ("count", "network,0,1", "network,0,2"),
        ("no-network", "network,0,1\n", ""), ("outputs", "output,regression,1\ntarget,1", "output,regression,2\ntarget,2"),
        ("units-huge", "layer,identity,2,1", "layer,identity,2,99999"), ("version", "mlp,1", "mlp,x"),
        ("cut", "w,1,2\nb,0.5\nend\n", "w,1"),
    ]:
        yield f"mlp-{name}.csv", replaced(MLP, old, new)
    for name, text in [
        ("five", "1,0,0,1,0\n"), ("seven", "1,0,0,1,0,0,0\n"), ("word", "1,x,0,1,0,0\n"), ("a0", "1,0,0,0,0,0\n"),
        ("a0-tiny", "1,0,0,1e-300,0,0\n"), ("infinite", "1e999,0,0,1,0,0\n"), ("only-header", "b0,b1,b2,a0,a1,a2\n"),
        ("second-line", "1,0,0,1,0,0\n\n1,0,0,1,0\n"), ("empty-cell", "1,,0,1,0,0\n"),
        ("integers", "# emlearn_iir_q15, times 8192: b0,0,b1,b2,-a1,-a2\n8192,0,0,0,0,0\n"),
        ("long-number", "1" * 41 + ",0,0,1,0,0\n"),
    ]:
        yield f"sos-{name}.csv", text


NPY_HEADER = b"{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2)}\n"


def npy(header, data, version=b"\x01\x00"):
    return b"\x93NUMPY" + version + len(header).to_bytes(2, "little") + header + data


def tables():
    """For a model with two features."""
    for name, text in [
        ("empty", ""), ("header-only", "a,b\n"), ("comment-only", "# nothing\n"), ("three-columns", "1,2,3\n"),
        ("one-column", "1\n2\n"), ("ragged", "1,2\n3\n"), ("word", "1,2\n3,four\n"), ("infinite", "1,inf\n"),
        ("huge", "1,1e999\n"), ("decimal-commas", "a;b\n1,5;2\n"), ("decimal-commas-tab", "1,5\t2\n"),
        ("thousands", "1.234,5;2\n"), ("hex", "0x10,1\n"), ("quotes", '"1","2"\n'),
        ("control-characters", "1,\x1b[2J\n"), ("zero-byte", "1,2\n\0,1\n"), ("cell-of-a-megabyte", "1," + "9x" * 500000 + "\n"),
    ]:
        yield f"table-{name}.csv", text
    good = npy(NPY_HEADER, bytes(8))
    for name, content in [
        ("cut-data", good[:-1]), ("cut-header", good[:20]), ("magic-only", good[:6]), ("bytes-behind", good + b"\0"),
        ("version-3", npy(NPY_HEADER, bytes(8), b"\x03\x00")), ("big-endian", npy(NPY_HEADER.replace(b"<f4", b">f4"), bytes(8))),
        ("objects", npy(NPY_HEADER.replace(b"<f4", b"|O8"), bytes(16))), ("infinite", npy(NPY_HEADER, b"\0\0\x80\x7f" + bytes(4))),
        ("three-dimensions", npy(NPY_HEADER.replace(b"(1, 2)", b"(1, 2, 1)"), bytes(8))),
        ("shape-negative", npy(NPY_HEADER.replace(b"(1, 2)", b"(-1, 2)"), bytes(8))),
        ("shape-huge", npy(NPY_HEADER.replace(b"(1, 2)", b"(2147483647, 2147483647)"), bytes(8))),
        ("key-missing", npy(b"{'descr': '<f4'}", bytes(8))), ("key-twice", npy(b"{'descr': '<f4', 'descr': '<f4'}", bytes(8))),
        ("header-of-another", npy(b"import os", bytes(8))), ("no-columns", npy(NPY_HEADER.replace(b"(1, 2)", b"(1, 0)"), b"")),
    ]:
        yield f"table-{name}.npy", content
