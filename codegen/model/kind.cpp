#include "codegen/model/kind.hpp"

#include <algorithm>
#include <array>

namespace emlc::model {

const KindInfo& info(Kind kind) {
  static constexpr std::array rows = {
      KindInfo{Kind::scaler, "scaler", InputForm::features},
      KindInfo{Kind::trees, "tree ensemble", InputForm::features},
      KindInfo{Kind::dense, "dense network", InputForm::features},
      KindInfo{Kind::sos, "sos filter", InputForm::signal},
      KindInfo{Kind::combine, "combination", InputForm::features},
  };
  static_assert(std::variant_size_v<Predictor> == rows.size());
  static_assert(std::all_of(rows.begin(), rows.end(), [](const KindInfo& row) {
    return &row - rows.data() == static_cast<std::ptrdiff_t>(row.kind);
  }));
  return rows.at(static_cast<std::size_t>(kind));
}

Kind kind(const Model& model) { return static_cast<Kind>(model.predictor.index()); }

std::string_view kind_name(const Model& model) { return info(kind(model)).name; }

bool takes_signals(const Model& model) { return info(kind(model)).input == InputForm::signal; }

}  // namespace emlc::model
