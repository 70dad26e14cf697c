#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "cli/job.hpp"

/// A page about a converted model: what is on it, apart from how it is written. Nothing in it depends on the day, the
/// machine or the directory.
namespace emlc::cli::report {

struct Table {
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;  ///< as wide as the header; the first cell is a name
};
/// Numbers with names.
struct Bars {
  std::string unit;
  std::vector<std::pair<std::string, double>> bars;
};
/// Numbers along an axis: bins of equal width from first to last.
struct Histogram {
  std::string x, y;  ///< what the axes show
  double first = 0.0, last = 1.0;
  std::vector<double> heights;
};
/// Decibels over x, x on a logarithmic axis.
struct Curve {
  std::string x, y;
  std::vector<std::pair<double, double>> points;  ///< x above 0 and rising
};
/// counts[expected][decided]
struct Confusion {
  std::vector<std::string> classes;
  std::vector<std::vector<std::size_t>> counts;
};
struct Commands {
  std::vector<std::string> lines;
};
using Block = std::variant<Table, Bars, Histogram, Curve, Confusion, Commands>;

struct Section {
  std::string title, text;  ///< text may be empty
  std::vector<Block> blocks;
};
struct Report {
  std::string title, text;
  std::vector<Section> sections;
};

/// @param labels_path  the true labels of the rows of --data, or empty. Throws Error when they do not fit.
Report build(const Job& job, const Converted& converted, const std::string& labels_path);

/// How the answers to --data compare with the true labels: a confusion matrix per target, or the errors of a
/// regression.
Section compare_with_labels(const Converted& converted, const std::string& labels_path);

/// A way to write a page.
struct Format {
  std::string_view extension;
  std::string (*write)(const Report&);
};
std::span<const Format> all_formats();
/// The one that the extension of `path` means; throws Error when there is none.
const Format& format_of_file(const std::string& path);

std::string html(const Report& report);      ///< one file, no scripts, nothing from the network
std::string markdown(const Report& report);  ///< charts as tables
std::string json(const Report& report);      ///< schema emlc.report/1: keys are added, never changed

/// Charts as SVG elements whose colours come from the page.
std::string svg(const Bars& bars);
std::string svg(const Histogram& chart);
std::string svg(const Curve& curve);

std::string number(double value);  ///< short: whole numbers as such, others with 4 digits

}  // namespace emlc::cli::report
