#pragma once

#include <emlc/signal.h>

#include <array>
#include <utility>

#include "codegen/model/number_type.hpp"
#include "codegen/signal/decision/decision.hpp"
#include "codegen/signal/plan.hpp"

/// What a plan calls things and the numbers that a layer of a signal has for them; `sos` has one for each kind of
/// numbers, `quantile` one for each method.
namespace emlc::formats {

inline constexpr std::array<std::pair<signal::Operation, int>, 17> operation_codes = {{
    {signal::Operation::channel, EMLC_CHANNEL},
    {signal::Operation::difference, EMLC_DIFFERENCE},
    {signal::Operation::absolute, EMLC_ABSOLUTE},
    {signal::Operation::square, EMLC_SQUARE},
    {signal::Operation::norm1, EMLC_NORM1},
    {signal::Operation::norm2, EMLC_NORM2},
    {signal::Operation::norm2_squared, EMLC_NORM2_SQUARED},
    {signal::Operation::dot, EMLC_DOT},
    {signal::Operation::scale, EMLC_SCALE},
    {signal::Operation::clip, EMLC_CLIP},
    {signal::Operation::median3, EMLC_MEDIAN3},
    {signal::Operation::median5, EMLC_MEDIAN5},
    {signal::Operation::moving_average, EMLC_MOVING_AVERAGE},
    {signal::Operation::moving_sum, EMLC_MOVING_SUM},
    {signal::Operation::decimate, EMLC_DECIMATE},
    {signal::Operation::remove_mean, EMLC_REMOVE_MEAN},
    {signal::Operation::cumulative_sum, EMLC_CUMULATIVE_SUM},
}};

inline constexpr std::array<std::pair<signal::Statistic, int>, 27> statistic_codes = {{
    {signal::Statistic::mean, EMLC_MEAN},
    {signal::Statistic::sum, EMLC_SUM},
    {signal::Statistic::minimum, EMLC_MINIMUM},
    {signal::Statistic::maximum, EMLC_MAXIMUM},
    {signal::Statistic::range, EMLC_SPAN},
    {signal::Statistic::median, EMLC_MEDIAN},
    {signal::Statistic::quantile, EMLC_QUANTILE},
    {signal::Statistic::iqr, EMLC_IQR},
    {signal::Statistic::variance, EMLC_VARIANCE},
    {signal::Statistic::deviation, EMLC_DEVIATION},
    {signal::Statistic::rms, EMLC_RMS},
    {signal::Statistic::energy, EMLC_ENERGY},
    {signal::Statistic::mean_absolute, EMLC_MEAN_ABSOLUTE},
    {signal::Statistic::mad, EMLC_MAD},
    {signal::Statistic::skewness, EMLC_SKEWNESS},
    {signal::Statistic::kurtosis, EMLC_KURTOSIS},
    {signal::Statistic::zero_crossings, EMLC_ZERO_CROSSINGS},
    {signal::Statistic::mean_crossings, EMLC_MEAN_CROSSINGS},
    {signal::Statistic::slope_sign_changes, EMLC_SLOPE_CHANGES},
    {signal::Statistic::waveform_length, EMLC_WAVEFORM_LENGTH},
    {signal::Statistic::crest_factor, EMLC_CREST_FACTOR},
    {signal::Statistic::argmax, EMLC_ARGMAX},
    {signal::Statistic::correlation, EMLC_CORRELATION},
    {signal::Statistic::autocorrelation, EMLC_AUTOCORRELATION},
    {signal::Statistic::mobility, EMLC_MOBILITY},
    {signal::Statistic::complexity, EMLC_COMPLEXITY},
    {signal::Statistic::entropy, EMLC_ENTROPY},
}};

inline constexpr std::array<std::pair<signal::Smoothing, int>, 3> smoothing_codes = {{
    {signal::Smoothing::none, EMLC_SMOOTHING_NONE},
    {signal::Smoothing::majority, EMLC_SMOOTHING_MAJORITY},
    {signal::Smoothing::exponential, EMLC_SMOOTHING_EXPONENTIAL},
}};

inline constexpr std::array<std::pair<model::NumberType, int>, 5> sample_codes = {{
    {model::NumberType::float32, EMLC_TYPE_F32},
    {model::NumberType::int8, EMLC_TYPE_I8},
    {model::NumberType::uint8, EMLC_TYPE_U8},
    {model::NumberType::int16, EMLC_TYPE_I16},
    {model::NumberType::int32, EMLC_TYPE_I32},
}};

}  // namespace emlc::formats
