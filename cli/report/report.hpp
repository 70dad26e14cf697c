#pragma once

#include <complex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "cli/compile/job.hpp"
#include "cli/trial/score.hpp"

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
enum class Bins { ranges, whole_numbers };
/// Numbers along an axis: bins of equal width from first to last.
struct Histogram {
  std::string x, y;  ///< what the axes show
  double first = 0.0, last = 1.0;
  std::vector<double> heights;
  Bins bins = Bins::ranges;  ///< whole numbers are inside of a bin, whose edges are halves
};
/// The smallest and the largest number of a bin; the end of a range belongs to the next one.
std::pair<double, double> ends_of_bin(const Histogram& histogram, std::size_t bin);
/// Decibels over x, x on a logarithmic axis.
struct Curve {
  std::string x, y;
  std::vector<std::pair<double, double>> points;  ///< x above 0 and rising
  std::vector<std::pair<double, double>> before;  ///< the same before rounding, or empty
};
/// Poles and zeros in the z plane, both of each pair.
struct Roots {
  std::vector<std::complex<double>> poles, zeros;
};
enum class Scale { linear, logarithmic };
/// Measurements over a number of things, on an axis where each doubling is as wide as the next.
struct Lines {
  struct Series {
    std::string name;
    std::vector<double> values;  ///< as many as xs, 0 or more; NaN: there is none
  };
  std::string x, y;
  std::vector<double> xs;  ///< at least 2, above 0 and rising
  std::vector<Series> series;
  std::optional<double> chosen;  ///< the x of what was converted, one of xs
  Scale scale = Scale::linear;   ///< of y; a logarithmic one leaves out what is 0
};
/// Numbers that a page begins with.
struct Figures {
  struct Figure {
    std::string name, value, note;  ///< the note may be empty
  };
  std::vector<Figure> figures;
};
struct Commands {
  std::vector<std::string> lines;
};
/// A sentence or a fact each.
struct Notes {
  std::vector<std::string> lines;
};
using Block = std::variant<Table, Bars, Histogram, Curve, Roots, Lines, Confusion, Commands, Notes, Figures>;

struct Section {
  std::string title, text;  ///< text may be empty
  std::vector<Block> blocks;
};
struct Report {
  std::string title, text;
  std::vector<Section> sections;
};

/// @param path  of the page itself
Report build(const Job& job, const Converted& converted, const std::string& path, Progress& progress);

/// How good the model is, what it takes, and what it takes on each target.
Section key_figures(const Converted& converted);

/// What is in the model, as trained and after the passes: for each kind of predictor a section after the structure.
std::vector<Section> describe_model(const Converted& converted);

/// What --leaf-clusters N would cost and win for several N, each measured by a conversion of its own. Nothing for
/// models without trees; where it cannot be said, the section says why.
std::optional<Section> compare_clusters(const Job& job, const Converted& converted, Progress& progress);

/// How the answers compare with the true labels: a confusion matrix per target, or the errors of a regression.
Section compare_with_labels(const Converted& converted, const Scores& scores);

/// What summarise() says, as JSON: schema emlc.summary/1, in docs/schemas.
std::string summary(const Job& job, const Converted& converted);

/// The same table without the columns that have nothing in any row.
Table without_empty_columns(const Table& table);

/// Bars that are all equal are no picture: the sentence in their place.
std::optional<std::string> told_in_words(const Bars& bars);
std::optional<std::string> told_in_words(const Histogram& chart);

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
std::string svg(const Roots& roots);
std::string svg(const Lines& lines);

std::string number(double value);  ///< short: whole numbers as such, others with 4 digits

}  // namespace emlc::cli::report
