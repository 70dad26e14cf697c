#pragma once

#include <span>
#include <string>
#include <string_view>

#include "cli/gate/result.hpp"

namespace emlc::cli {

/// A form in which `emlc check` tells what it found. Every writer gives the same bytes for the same result.
struct CheckFormat {
  std::string_view name;  ///< as written in --format
  std::string (*write)(const CheckResult&);
};
std::span<const CheckFormat> all_check_formats();

std::string check_text(const CheckResult& result);         ///< tables for a terminal
std::string check_markdown(const CheckResult& result);     ///< tables for a comment or a job summary
std::string check_json(const CheckResult& result);         ///< schema emlc.check/1: keys are added, never changed
std::string check_junit(const CheckResult& result);        ///< a test case per model
std::string check_github(const CheckResult& result);       ///< workflow commands, an annotation per line
std::string check_openmetrics(const CheckResult& result);  ///< gauges, as GitLab and Prometheus read them

}  // namespace emlc::cli
