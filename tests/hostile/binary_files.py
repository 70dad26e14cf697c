"""Bad blobs, made of a good one, and files of other tools."""

import struct
import zlib

AT_SIZE, AT_CRC, HEADER = 44, 48, 64


def sealed(blob):
    """With the size and the checksum that it should have: what is wrong is then found by its meaning."""
    blob = bytearray(blob)
    struct.pack_into("<I", blob, AT_SIZE, len(blob))
    struct.pack_into("<I", blob, AT_CRC, zlib.crc32(bytes(blob[:AT_CRC] + blob[AT_CRC + 4 :])))
    return bytes(blob)


def with_bytes(blob, at, form, *values):
    changed = bytearray(blob)
    struct.pack_into(form, changed, at, *values)
    return bytes(changed)


def blobs(good):
    size = len(good)
    for at in (3, 11, 40, 63, 100, size - 9, size - 1):
        yield f"tmdl-cut-at-{at}.tmdl", good[:at]
        if at > HEADER:
            yield f"tmdl-cut-at-{at}-sealed.tmdl", sealed(good[:at])
    yield "tmdl-bytes-behind.tmdl", good + bytes(8)
    yield "tmdl-bytes-behind-sealed.tmdl", sealed(good + bytes(8))
    yield "tmdl-byte-changed.tmdl", with_bytes(good, size // 2, "B", good[size // 2] ^ 1)
    yield "tmdl-magic.tmdl", b"MAIY" + good[4:]
    for name, at, form, value in [
        ("no-layer", 10, "<H", 0), ("many-layers", 10, "<H", 65535), ("container-9", 40, "<H", 9), ("flags", 42, "<H", 0xffff),
        ("reserved", 60, "<I", 7), ("layer-type", HEADER, "<H", 99), ("layer-size-0", HEADER + 4, "<I", 0),
        ("layer-size-odd", HEADER + 4, "<I", 49), ("layer-size-huge", HEADER + 4, "<I", 0xfffffff8),
        ("layer-in-dims", HEADER + 22, "<H", 65535), ("layer-out-dims", HEADER + 30, "<H", 0),
        ("layer-offset", HEADER + 12, "<I", 0xfffffff8), ("body", HEADER + 48, "<I", 0xffffffff),
        ("body-end", size - 8, "<Q", 0xffffffffffffffff),
    ]:
        yield f"tmdl-{name}.tmdl", sealed(with_bytes(good, at, form, value))


def blobs_in_c(good):
    """The blob as a C source, with something else in the place of its byte 70, cut off, or around it."""
    numbers = [f"0x{byte:02x}" for byte in good]
    source = lambda words: "/* a blob */\nconst unsigned char blob[] = {\n  " + ",\n  ".join(words) + "\n};\n"
    instead = lambda word: source([*numbers[:70], word, *numbers[71:]])
    for name, word in [("large", "256"), ("negative", "-1"), ("octal", "017"), ("word", "none"), ("text", '"EMLC"'), ("two", "1 2"),
                       ("nothing", ""), ("huge", "9" * 1000), ("hex", "0x"), ("comment", "/*"), ("byte", "\xff")]:
        yield f"blob-c-{name}.c", instead(word)
    for at in (1, 3, 4, 70, len(good) - 1):
        yield f"blob-c-cut-at-{at}.c", source(numbers[:at])
    yield "blob-c-open.c", source(numbers).replace("}", "")
    yield "blob-c-many-comments.c", "= /*" * 10000 + ", ".join(numbers)
    yield "blob-c-many-equals.c", "=" * 60000
    yield "blob-c-late.c", " " * 70000 + source(numbers)


def catboost(good):
    """Files of CatBoost: `good`, with the splits of its first tree at `splits`, and with numbers of its tables changed."""
    splits = good.index(struct.pack("<4i", 70, 23, 49, 16))
    (root,) = struct.unpack_from("<I", good, 8)
    for at in (4, 7, 12, 4000, len(good) - 200):
        yield f"catboost-cut-at-{at}.cbm", good[:at]
    yield "catboost-size.cbm", with_bytes(good, 4, "<I", 0xffffffff)
    yield "catboost-root-beyond.cbm", with_bytes(good, 8, "<I", 0x7ffffff0)
    yield "catboost-fields-beyond.cbm", with_bytes(good, 8 + root, "<i", -0x7fffffff)
    yield "catboost-fields-before.cbm", with_bytes(good, 8 + root, "<i", 0x7fffffff)
    yield "catboost-version.cbm", good.replace(b"FlabuffersModel_v1", b"FlabuffersModel_v9")
    yield "catboost-split-beyond.cbm", with_bytes(good, splits, "<i", 4096)
    yield "catboost-splits-many.cbm", with_bytes(good, splits - 4, "<I", 0x3fffffff)
    yield "catboost-splits-few.cbm", with_bytes(good, splits - 4, "<I", 7)


def others():
    """The beginnings of what other tools write, with what they are known by."""
    yield "other-pickle.pkl", b"\x80\x04\x95\x10\0\0\0\0\0\0\0\x8c\x16sklearn.ensemble\x94."
    yield "other-joblib.joblib", b"\x80\x04\x95\0\0\0\0joblib.numpy_pickle\x94\x8c\x11NumpyArrayWrapper\x94."
    yield "other-joblib-compressed.joblib", zlib.compress(b"joblib" * 100)
    yield "other-gzip.json", b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + bytes(20)
    yield "other-xgboost.bin", struct.pack("<fIi", 0.5, 4, 0) + bytes(124) + struct.pack("<Q", 15) + b"binary:logistic" \
        + struct.pack("<Q", 6) + b"gbtree" + bytes(160)
    yield "other-hdf5.h5", b"\x89HDF\r\n\x1a\n" + bytes(60)
    yield "other-keras.keras", b"PK\x03\x04" + bytes(26) + b"metadata.json" + bytes(40) + b"model.weights.h5" + bytes(30)
    yield "other-keras.json", b'{"class_name":"Sequential","config":{"layers":[]}}'
    yield "other-tflite.tflite", b"\x1c\0\0\0TFL3" + bytes(40)
    yield "other-torch.pt", b"PK\x03\x04" + bytes(26) + b"archive/data.pkl" + bytes(40)
    yield "other-pmml.pmml", b'<?xml version="1.0"?>\n<PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4"></PMML>\n'
    yield "other-header.h", b"/*\n * tiny: tree ensemble.\n * Generated by emlc 0.1.0.\n */\n"
    yield "other-project.json", b'{"schema": "emlc.project/1", "models": []}'
    yield "other-table.npy", b"\x93NUMPY\x01\0" + bytes(60)
    yield "other-tables.npz", b"PK\x03\x04" + bytes(26) + b"arr_0.npy" + bytes(40)
    yield "other-empty", b""
    yield "other-text.txt", b"a model\n"
    yield "other-zeros.bin", bytes(5000)
    yield "other-random.bin", bytes((i * i * 31 + i) % 251 for i in range(5000))
    yield "other-png.png", b"\x89PNG\r\n\x1a\n" + bytes(60)
    yield "other-elf.o", b"\x7fELF\x02\x01\x01" + bytes(60)
    yield "other-name-\x1b[31m-with-\"quotes\"-and-'others'.csv", b"1,2\n"
