// libfmt for EMLC_STATIC: its sources are in its headers, and this compiles them once, with what callers expect to be
// instantiated there. All other objects are those of a build with the shared library.
#include <fmt/format-inl.h>

FMT_BEGIN_NAMESPACE
namespace detail {
template thousands_sep_result<char> thousands_sep_impl<char>(locale_ref);
template char decimal_point_impl<char>(locale_ref);
template dragonbox::decimal_fp<float> dragonbox::to_decimal<float>(float);
template dragonbox::decimal_fp<double> dragonbox::to_decimal<double>(double);
}  // namespace detail
FMT_END_NAMESPACE
