#include "cli/commands/command.hpp"

#include <array>

namespace emlc::cli {

std::span<const Command> all_commands() {
  static constexpr std::array commands = {
      Command{"convert", "turn a model into a C or C++ header, a CSV, a .tmdl blob or a MicroPython module",
              "emlc convert digits.json -o digits.h\n"
              "emlc convert digits.json -o digits.tmdl --leaf-clusters 16 --leaf-bits 8\n"
              "emlc convert digits.json -o digits.h --voting hard --max-flash 8KiB\n"
              "emlc convert digits.json -o digits_blob.c                the blob in C, with digits_blob.h\n"
              "emlc convert - --to c --name digits -o - < digits.json > digits.h\n"
              "emlc convert --all                                    the models of emlc.json",
              declare_convert},
      Command{"inspect", "show what is in a model",
              "emlc inspect digits.json\n"
              "emlc inspect lowpass.csv --json\n"
              "emlc inspect lowpass.csv --plot lowpass.svg --arithmetic q15",
              declare_inspect},
      Command{"run", "predict with a model on this computer",
              "emlc run digits.json -i X_test.csv -o y.csv\n"
              "emlc run digits.json -i X_test.npy --outputs labels",
              declare_run},
      Command{"verify", "prove or measure that an artifact answers as the model does",
              "emlc verify digits.json digits.h -i X_test.csv\n"
              "emlc verify digits.json digits.tmdl\n"
              "emlc verify digits.json digits.h --voting hard       with the options given to convert",
              declare_verify},
      Command{"check", "compare the sizes of models with a recorded baseline and with limits",
              "emlc check digits.json --baseline sizes.json --update      record\n"
              "emlc check digits.json --baseline sizes.json --max-growth 2%\n"
              "emlc check digits.json --target cortex-m0plus,atmega328p --measure --max-flash 8KiB\n"
              "emlc check --format md                                     all models of emlc.json",
              declare_check},
      Command{"fit", "search the options that make a model smallest for a budget and a loss of accuracy",
              "emlc fit digits.json --data X.csv --labels y.csv --max-flash 4KiB -o digits.h\n"
              "emlc fit digits.json --data X.csv --labels y.csv --target cortex-m0plus --max-ram 512\n"
              "emlc fit digits.json --data X.csv --labels y.csv --pareto pareto.html",
              declare_fit},
      Command{"features", "compute the features of recordings, to train a model on",
              "emlc features gesture.signal.json -i 'data/*.npy' -o X.npy --index rows.csv\n"
              "emlc features gesture.signal.json -i a.csv -i b.csv -o X.csv --gaps restart",
              declare_features},
      Command{"list", "list formats, passes, outputs or targets", "emlc list formats", declare_list},
      Command{"completions", "write the script with which a shell completes this command line",
              "source <(emlc completions bash)\n"
              "emlc completions fish -o ~/.config/fish/completions/emlc.fish",
              declare_completions},
      Command{"manual", "write the manual page",
              "emlc manual -o emlc.1\n"
              "emlc manual | man -l -",
              declare_manual},
  };
  return commands;
}

}  // namespace emlc::cli
