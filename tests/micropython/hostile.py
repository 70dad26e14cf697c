# Blobs with random bytes, whose checksum is right: FOLDER SEED. Each is refused by a ValueError or runs, whatever the input;
# nothing else is raised, and nothing outside is read or written, or this interpreter would not live. Prints how many of each.
import binascii
import sys
from array import array

import emlc

folder, seed = sys.argv[1], int(sys.argv[2])
N_BLOBS = 2000


def number(end):
    global seed
    seed = (seed * 1103515245 + 12345) & 0x7FFFFFFF
    return (seed >> 8) % end


def changed(blob):
    blob = bytearray(blob)
    for _ in range(1 + number(3)):
        blob[36 + number(min(len(blob), 300) - 36)] = (0, 1, 255, 128, number(256))[number(5)]
    crc = binascii.crc32(blob[52:], binascii.crc32(blob[:48]))
    blob[48:52] = crc.to_bytes(4, "little")
    return bytes(blob)


refused = ran = 0
for name in ("digits.tmdl", "packed.tmdl", "mlp.tmdl", "mlp8.tmdl", "butter.tmdl", "float.tmdl"):
    with open(folder + "/" + name, "rb") as file:
        blob = file.read()
    for _ in range(N_BLOBS):
        try:
            model = emlc.open(changed(blob))
        except ValueError:
            refused += 1
            continue
        ran += 1
        if "filter" in model.info()["kind"]:
            samples = array("h", range(-50, 50))
            model.filter(samples)
        else:
            if model.n_features > 1000 or model.n_outputs > 1000:
                continue
            model.predict(array("f", [number(100) - 50 for _ in range(model.n_features)]))
            model.predict_proba(bytes(model.n_features), array("f", bytes(4 * model.n_outputs)))
print(refused, ran)
