"""The runtime as it is packed (scripts/package-runtime), by the tools of the registries that have one: PlatformIO reads
library.json, and library.properties as Arduino's, into its schema; ESP-IDF's component manager packs the component.

    managers.py    with the program EMLC
"""

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


def read_by_platformio(package):
    """{manifest: what PlatformIO makes of it}; an exception where its schema does not allow it."""
    from platformio.package.manifest import parser, schema

    # The list of licences is the one thing that it asks the network for.
    schema.ManifestSchema.load_spdx_licenses = staticmethod(lambda: {"licenses": [{"licenseId": "MIT"}]})
    found = {}
    for name in ("library.json", "library.properties"):
        read = parser.ManifestParserFactory.new_from_file(str(package / name)).as_dict()
        found[name] = schema.ManifestSchema().load_manifest(read)
    return found


def packed_for_esp_idf(package, folder):
    """The names in the archive that would be uploaded."""
    compote = pathlib.Path(sys.executable).parent / "compote"
    subprocess.run([compote, "component", "pack", "--name", "emlc", "--project-dir", package, "--dest-dir", folder],
                   check=True, capture_output=True)
    [archive] = folder.glob("*.tgz")
    with tarfile.open(archive) as packed:
        return [name.removeprefix("./") for name in packed.getnames()]


def main():
    with tempfile.TemporaryDirectory() as work:
        package = unpacked(pathlib.Path(work))
        manifests = read_by_platformio(package)
        versions = {name: manifest["version"] for name, manifest in manifests.items()}
        names = packed_for_esp_idf(package, pathlib.Path(work) / "esp")
        headers = sorted(str(path.relative_to(ROOT / "runtime")) for path in (ROOT / "runtime/src").rglob("*.h"))
    missing = [header for header in headers if header not in names]
    expected = subprocess.run([ROOT / "scripts/set-version"], check=True, capture_output=True, text=True).stdout.strip()
    if missing or set(versions.values()) != {expected}:
        sys.exit(f"ESP-IDF's component lacks {missing}; PlatformIO reads the versions {versions}, emlc's is {expected}")
    print(f"PlatformIO and ESP-IDF take the runtime {expected}: {len(headers)} headers")


if __name__ == "__main__":
    main()
