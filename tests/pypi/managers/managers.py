"""The runtime as it is packed (scripts/package-runtime), by the tools of the registries that have one.

    managers.py    with the program EMLC

PlatformIO reads library.json, and library.properties as Arduino's, into its schema, and packs the library; ESP-IDF's
component manager packs the component; a reader of Kconfig reads Zephyr's; mpremote installs what package.json names
where a board's files would be. Each form has the headers of runtime/files.txt, those of MicroPython the module.
"""

import json
import os
import pathlib
import subprocess
import sys
import tarfile
import tempfile
import zipfile

ROOT = pathlib.Path(__file__).resolve().parents[3]


def unpacked(folder):
    made = subprocess.run([ROOT / "scripts/package-runtime", "--emlc", os.environ["EMLC"], "--output", folder], check=True,
                          capture_output=True, text=True).stdout.strip()
    with zipfile.ZipFile(made) as archive:
        archive.extractall(folder)
    return folder / "emlc"


def without_network():
    """The list of licences is the one thing that PlatformIO asks the network for."""
    from platformio.package.manifest import schema

    schema.ManifestSchema.load_spdx_licenses = staticmethod(lambda: {"licenses": [{"licenseId": "MIT"}]})
    return schema


def read_by_platformio(package):
    """{manifest: the version that it names}; an exception where the schema does not allow it."""
    from platformio.package.manifest import parser

    schema, found = without_network(), {}
    for name in ("library.json", "library.properties"):
        read = parser.ManifestParserFactory.new_from_file(str(package / name)).as_dict()
        found[name] = schema.ManifestSchema().load_manifest(read)["version"]
    return found


def names_in(archive):
    with tarfile.open(archive) as packed:
        return {name.removeprefix("./") for name in packed.getnames()}


def packed_by_platformio(package, folder):
    from platformio.package.pack import PackagePacker

    without_network()
    folder.mkdir()
    return names_in(PackagePacker(str(package)).pack(str(folder)))


def packed_for_esp_idf(package, folder):
    """The names in the archive that would be uploaded."""
    compote = pathlib.Path(sys.executable).parent / "compote"
    subprocess.run([compote, "component", "pack", "--name", "emlc", "--project-dir", package, "--dest-dir", folder],
                   check=True, capture_output=True)
    [archive] = folder.glob("*.tgz")
    return names_in(archive)


def zephyr_symbols(package):
    import kconfiglib

    read = kconfiglib.Kconfig(str(package / "zephyr/Kconfig"))
    if read.warnings:
        sys.exit(f"Kconfig: {read.warnings}")
    return [symbol.name for symbol in read.unique_defined_syms]


class Board:
    """What mpremote asks of a board's files."""

    def __init__(self):
        self.files = {}

    def fs_exists(self, _path):
        return True

    def fs_writefile(self, path, data, progress_callback=None):
        del progress_callback
        self.files[path] = data


def installed_by_mip(package, folder):
    """The paths on a board, of a folder as scripts/micropython-module fills it."""
    from mpremote import mip

    folder.mkdir()
    (folder / "package.json").write_bytes((package / "micropython/package.json").read_bytes())
    (folder / "emlc.mpy").write_bytes(b"M\6")
    board = Board()
    mip._install_package(board, str(folder / "package.json"), "", "/lib", None, True)
    return sorted(board.files)


def main():
    version = subprocess.run([ROOT / "scripts/set-version"], check=True, capture_output=True, text=True).stdout.strip()
    listed = (ROOT / "runtime/files.txt").read_text().splitlines()
    headers = {line for line in listed if line.startswith("src/")}
    with tempfile.TemporaryDirectory() as work:
        work = pathlib.Path(work)
        package = unpacked(work)
        versions = {**read_by_platformio(package),
                    "package.json": json.loads((package / "micropython/package.json").read_text())["version"]}
        missing = {"PlatformIO": headers - packed_by_platformio(package, work / "pio"),
                   "ESP-IDF": headers - packed_for_esp_idf(package, work / "esp")}
        found = {"Zephyr": zephyr_symbols(package), "mip": installed_by_mip(package, work / "mip")}
    if set(versions.values()) != {version}:
        sys.exit(f"the manifests have the versions {versions}, emlc's is {version}")
    if any(missing.values()):
        sys.exit(f"headers that are missing: {missing}")
    if found != {"Zephyr": ["EMLC"], "mip": ["/lib/emlc.mpy"]}:
        sys.exit(f"Zephyr's symbols and mip's files are {found}")
    print(f"PlatformIO, ESP-IDF, Zephyr's Kconfig and mip take the runtime {version}: {len(headers)} headers")


if __name__ == "__main__":
    main()
