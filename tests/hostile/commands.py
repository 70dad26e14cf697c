"""Command lines that are wrong. In the folder are good.json (trees), good.h (its header), good.csv (inputs), filter.csv."""

LONG = "x" * 100000

COMMANDS = [
    "", "convrt good.json -o o.h", "convrt good.json --leaf-bits 8", "--jsn", "--help-me", "-x",
    "convert", "convert good.json", "convert good.json -o", "convert -o o.h", "convert good.json good.csv -o o.h",
    "convert good.json -o a.h -o b.h", "convert good.json -o o.dat", "convert good.json -o o", "convert good.json -o good.json --to c",
    "convert good.json -o o.h --depfile ./o.h", "convert good.json -o o.h --size-report o.h", "convert good.json -o -",
    "convert good.json -o o.h --to cc", "convert good.json -o o.h --from emlc_json", "convert good.json -o o.h --leaf-bits 17",
    "convert good.json -o o.h --leaf-bits -1", "convert good.json -o o.h --leaf-bits 99999999999999999999",
    "convert good.json -o o.h --leaf-clusters many", "convert good.json -o o.h --max-flash 8Kbit",
    "convert good.json -o o.h --max-flash -1", "convert good.json -o o.h --voting hrd", "convert good.json -o o.h --name 9x",
    "convert good.json -o o.h --name __x", "convert good.json -o o.h --name emlc_x", "convert good.json -o o.hpp --name size_t",
    "convert good.json -o o.hpp --name expf", f"convert good.json -o o.h --name {LONG}", f"convert good.json --{LONG} -o o.h",
    f"{LONG}", "convert good.json -o o.h --quiet --verbose", "convert good.json -o o.h --target cortex-m0",
    "convert good.json -o o.csv --target cortex-m0plus", "convert good.json -o o.h --measure", "convert good.json -o o.h --labels good.csv",
    "convert good.json -o o.h --report o.txt", "convert good.json -o o.h --dump-after merge", "convert good.json -o o.h --weights int8",
    "convert good.json -o o.h --arithmetic q15", "convert --all good.json", "convert --all --project good.json",
    "convert good.json -o o.csv --source o.c", "convert good.json -o o.h --source o.cpp", "convert good.json -o o.h --source o.h",
    "convert good.json -o - --to c --source o.c", "convert good.json -o o.h --source a'b.c", "convert good.json -o o.h --source good.json",
    "convert good.json -o o.h --section .data", "convert good.json -o o.h --section a,b", f"convert good.json -o o.h --section {LONG}",
    "convert good.json -o o.tmdl --section .models", "convert good.json -o o.csv --class-names", "verify good.json good.h --source good.csv",
    "inspect", "inspect good.json --plot p.png", "inspect filter.csv --plot p.png", "inspect good.json --plot p.svg",
    "run good.json", "run good.json -i good.json", "run good.json -i good.csv -o good.csv", "run good.json -i good.csv -o ./good.json",
    "run good.json -i good.csv --voting hard", "run - -i -", "verify good.json", "verify good.json good.csv", "verify good.json filter.csv",
    "verify good.json good.h --name other", "check good.json good.json", "check good.json --update", "check good.json --max-growth 2%",
    "check good.json --min-accuracy 2", "check good.json --labels good.csv", "check good.json --data good.csv --labels good.csv",
    "check good.json --also md", "check good.json --also xml=o.xml", "check good.json --also md=good.json",
    "convert good.json -o o.h --summary o.h", "run good.json -i good.csv --labels good.csv --outputs raw",
    "run filter.csv -i good.csv --labels good.csv", "verify good.json good.h --labels good.csv",
    "check good.json --format xml", "list", "list passs", "completions bsh", "manual extra",
]
