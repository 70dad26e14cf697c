#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/console/files.hpp"
#include "tests/cli/program.hpp"
#include "tests/cli/texts.hpp"
#include "tests/cli/tiny_model.hpp"

namespace emlc::cli_test {

inline bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// Stand-ins for the tools of a cross compiler, the only programs in PATH: what they say decides what emlc finds.
class Tools {
 public:
  explicit Tools(const Scratch& scratch) : directory_(scratch / "bin") {
    std::filesystem::create_directories(directory_);
  }
  /// A shell script; it may use nothing but what the shell has itself.
  void put(const std::string& name, const std::string& script) const {
    const std::string path = directory_ + "/" + name;
    cli::write_files(std::vector<cli::OutputFile>{{path, "#!/bin/sh\n" + script}});
    std::filesystem::permissions(path, std::filesystem::perms::owner_all);
  }
  /// gcc `version` whose programs have these sizes with the model, and 100, 10 and 20 without; the model's function
  /// takes 12 bytes of stack and calls memset.
  void put_toolchain(const std::string& prefix, const std::string& version, const std::string& sizes) const {
    put(prefix + "gcc",
        "case \"$*\" in\n"
        "*-dumpversion*) echo " +
            version +
            ";;\n"
            "*-fcallgraph-info*) exit 1;;\n"
            "*\"-o with.o\"*) printf 'size.c:9:1:emlc_call_model\\t12\\tstatic\\nsize.c:19:5:main\\t40\\tstatic\\n' > "
            "with.su;;\n"
            "esac\n");
    put(prefix + "size",
        "echo '   text    data     bss     dec     hex filename'\n"
        "if [ $1 = with ]; then echo '" +
            sizes + "'; else echo '100 10 20 130 82 without'; fi\n");
    put(prefix + "nm", "if [ $2 = with.o ]; then echo '         U memset'; fi\n");
  }
  /// The compiler of put_toolchain() as one that refuses the program of the model tiny, and nothing else.
  void put_refusing(const std::string& compiler, const std::string& message) const {
    std::filesystem::rename(directory_ + "/" + compiler, directory_ + "/" + compiler + "-that-works");
    put(compiler,
        "case \"$*\" in *size.c*)\n"
        "  while read -r line; do case \"$line\" in *TINY_*) echo \"" +
            message +
            "\" >&2; exit 1;; esac; done < model.h;;\n"
            "esac\n"
            "exec " +
            directory_ + "/" + compiler + "-that-works \"$@\"\n");
  }
  [[nodiscard]] std::vector<std::string> environment() const { return {"PATH=" + directory_}; }

 private:
  std::string directory_;
};

/// A directory with tiny.json, and no program in PATH but stand-ins.
struct Bench {
  explicit Bench(const std::string& name) : scratch(name), tools(scratch) {
    put(scratch / "tiny.json", std::string(tiny_model));
  }
  [[nodiscard]] cli::Finished check(std::vector<std::string> options) const {
    options.insert(options.begin(), "check");
    return run_emlc(options, {}, scratch.path(), tools.environment());
  }
  [[nodiscard]] nlohmann::ordered_json json(std::vector<std::string> options) const {
    options.insert(options.end(), {"--format", "json"});
    return nlohmann::ordered_json::parse(check(options).out)["models"][0];
  }

  Scratch scratch;
  Tools tools;
};

}  // namespace emlc::cli_test
