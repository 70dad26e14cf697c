#include "codegen/model/names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "codegen/model/error.hpp"

namespace emlc::model {
namespace {

// Keywords of C99 to C23 and C++11 to C++20 that an identifier could otherwise be, and names that headers take.
constexpr std::string_view keywords =
    " alignas alignof and and_eq asm auto bitand bitor bool break case catch char char16_t char32_t "
    "char8_t class co_await co_return co_yield compl concept const const_cast consteval constexpr "
    "constinit continue decltype default delete do double dynamic_cast else enum explicit export extern "
    "false float for friend goto if inline int long mutable namespace new noexcept not not_eq nullptr "
    "operator or or_eq private protected public register reinterpret_cast requires restrict return short "
    "signed sizeof static static_assert static_cast struct switch template this thread_local throw true "
    "try typedef typeid typename union unsigned using virtual void volatile wchar_t while xor xor_eq "
    "main std typeof linux ";

// What the headers of C declare, with the extensions that g++, clang++ and newlib show by default. Types (`_t`) and
// variants by a suffix are rules, see below; tests/cli/compile/names_test.cpp asks compilers whether the list is whole.
constexpr std::string_view library_names =
    " "
    "L_ctermid L_cuserid L_tmpnam P_tmpdir a64l abort abs acos acosh aligned_alloc alloca arc4random "
    "arc4random_buf arc4random_uniform asctime asin asinh asiprintf asniprintf asnprintf asprintf at_quick_exit "
    "atan atan2 atanh atexit atof atoi atol basename bcmp bcopy bsearch btowc bzero calloc canonicalize "
    "canonicalize_file_name cbrt ceil cfree clearenv clearerr clock clock_adjtime clock_getcpuclockid "
    "clock_getres clock_gettime clock_nanosleep clock_settime copysign cos cosh ctermid ctime cuserid daddl "
    "daylight ddivl dfmal difftime diprintf div dmull dprintf drand48 drand48_data drem dsqrtl dsubl dysize ecvt "
    "eof erand48 erf erfc errno exit exp exp10 exp2 explicit_bzero expm1 fabs fadd fclose fcloseall fcvt fd_mask "
    "fd_set fdim fdiv fdopen feof ferror fflush ffma ffs fgetc fgetpos fgets fgetwc fgetws fileno finite fiprintf "
    "fiscanf flockfile floor fls fma fmax fmaximum fmaximum_mag fmaximum_mag_num fmaximum_num fmaxmag fmemopen "
    "fmin fminimum fminimum_mag fminimum_mag_num fminimum_num fminmag fmod fmul fopen fopencookie fpclassify "
    "fprintf fpurge fputc fputs fputwc fputws fread free freopen frexp fromfp fromfpx fscanf fseek fseeko fsetpos "
    "fsqrt fsub ftell ftello ftrylockfile funlockfile funopen fwide fwprintf fwrite fwscanf gamma gcvt getc "
    "getchar getdate getdate_err getdelim getenv getline getloadavg getpayload getpt gets getsubopt getw getwc "
    "getwchar gmtime grantpt hypot ilogb index infinity initstate iprintf isalnum isalpha isascii isblank iscanf "
    "iscanonical iscntrl isctype isdigit iseqsig isfinite isgraph isgreater isgreaterequal isinf isless "
    "islessequal islessgreater islower isnan isnormal isprint ispunct issignaling isspace isunordered isupper "
    "isxdigit iszero itimerspec itoa j0 j1 jn jrand48 l64a labs lcong48 ldexp ldiv lgamma llabs lldiv llogb "
    "llrint llround localtime log log10 log1p log2 logb lrand48 lrint lround malloc math_errhandling mblen mbrlen "
    "mbrtowc mbsinit mbsnrtowcs mbsrtowcs mbstowcs mbtowc memccpy memchr memcmp memcpy memfrob memmem memmove "
    "mempcpy memrchr memset mkdtemp mkostemp mkostemps mkstemp mkstemps mktemp mktime modf mrand48 nan nanosleep "
    "nearbyint nextafter nextdown nexttoward nextup nrand48 obstack obstack_printf obstack_vprintf on_exit "
    "open_memstream open_wmemstream pclose perror popen posix_memalign posix_openpt pow printf "
    "program_invocation_name program_invocation_short_name pselect ptsname putc putchar putenv puts putw putwc "
    "putwchar qecvt qfcvt qgcvt qsort quick_exit rand random random_data rawmemchr realloc reallocarray realpath "
    "remainder remove remquo rename renameat renameat2 rewind rindex rint round roundeven rpmatch scalb scalbln "
    "scalbn scanf sched_param secure_getenv seed48 select setbuf setbuffer setenv setlinebuf setpayload "
    "setpayloadsig setstate setvbuf sigabbrev_np sigdescr_np sigevent signbit signgam significand sin sincos sinh "
    "siprintf siscanf sniprintf snprintf sprintf sqrt srand srand48 srandom sscanf stderr stdin stdout stpcpy "
    "stpncpy strcasecmp strcasestr strcat strchr strchrnul strcmp strcoll strcpy strcspn strdup strerror "
    "strerrordesc_np strerrorname_np strfromd strfromf strfromf128 strfromf32 strfromf32x strfromf64 strfromf64x "
    "strfroml strfry strftime strlcat strlcpy strlen strlwr strncasecmp strncat strncmp strncpy strndup strnlen "
    "strnstr strpbrk strptime strrchr strsep strsignal strspn strstr strtod strtof strtof128 strtof32 strtof32x "
    "strtof64 strtof64x strtok strtol strtold strtoq strtoul strtouq strupr strverscmp strxfrm suboptarg swprintf "
    "swscanf system tan tanh tempnam tgamma time timegm timelocal timer_create timer_delete timer_getoverrun "
    "timer_gettime timer_settime timespec timespec_get timespec_getres timeval timex timezone timingsafe_bcmp "
    "timingsafe_memcmp tm tmpfile tmpnam toascii tolower totalorder totalordermag toupper trunc tzname tzset "
    "u_char u_int u_long u_short ufromfp ufromfpx uint ulong ungetc ungetwc unix unlockpt unsetenv ushort utoa "
    "va_list valloc vasiprintf vasniprintf vasnprintf vasprintf vdiprintf vdprintf vfiprintf vfiscanf vfprintf "
    "vfscanf vfwprintf vfwscanf viprintf viscanf vprintf vscanf vsiprintf vsiscanf vsniprintf vsnprintf vsprintf "
    "vsscanf vswprintf vswscanf vwprintf vwscanf wcpcpy wcpncpy wcrtomb wcscasecmp wcscat wcschr wcschrnul wcscmp "
    "wcscoll wcscpy wcscspn wcsdup wcsftime wcslcat wcslcpy wcslen wcsncasecmp wcsncat wcsncmp wcsncpy wcsnlen "
    "wcsnrtombs wcspbrk wcsrchr wcsrtombs wcsspn wcsstr wcstod wcstof wcstof128 wcstof32 wcstof32x wcstof64 "
    "wcstof64x wcstok wcstol wcstold wcstombs wcstoq wcstoul wcstouq wcswcs wcswidth wcsxfrm wctob wctomb wcwidth "
    "wmemchr wmemcmp wmemcpy wmemmove wmempcpy wmemset wprintf wscanf y0 y1 yn zeta zu ";

// Macros of headers that a generated header includes, or that are everywhere.
constexpr std::string_view macros =
    " NULL NAN INFINITY EOF FILE BUFSIZ HUGE_VAL MAXFLOAT BIG_ENDIAN LITTLE_ENDIAN BYTE_ORDER PDP_ENDIAN NFDBITS "
    "FD_SETSIZE AVR DECIMAL_DIG ";
constexpr std::array<std::string_view, 9> macro_prefixes = {"M_",   "FP_",   "INT",     "UINT", "MATH_",
                                                            "SNAN", "HUGE_", "PTHREAD", "FLT_"};

constexpr std::array<std::string_view, 12> suffixes = {"f",    "l",    "f16", "f32", "f64",       "f128",
                                                       "f32x", "f64x", "_r",  "_l",  "_unlocked", "64"};

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_in(std::string_view list, std::string_view name) {
  return list.find(fmt::format(" {} ", name)) != std::string_view::npos;
}

bool is_identifier(std::string_view name) {
  const auto may_be_inside = [](char c) { return is_lower(c) || is_upper(c) || is_digit(c) || c == '_'; };
  return !name.empty() && !is_digit(name.front()) && std::all_of(name.begin(), name.end(), may_be_inside);
}

/// `expf` and `lgammaf_r` are `exp` and `lgamma` with suffixes, at most two of them.
bool is_in_library(std::string_view name, int most_suffixes = 2) {
  if (is_in(library_names, name)) return true;
  if (most_suffixes == 0) return false;
  return std::any_of(suffixes.begin(), suffixes.end(), [&](std::string_view suffix) {
    return name.size() > suffix.size() && name.ends_with(suffix) &&
           is_in_library(name.substr(0, name.size() - suffix.size()), most_suffixes - 1);
  });
}

/// `M_PIf` is `M_PI` with a suffix.
bool is_macro(std::string_view name) {
  for (const std::string_view suffix : suffixes) {
    if (is_lower(suffix.front()) && name.ends_with(suffix))
      return is_macro(name.substr(0, name.size() - suffix.size()));
  }
  if (std::any_of(name.begin(), name.end(), is_lower)) return false;
  return is_in(macros, name) || std::any_of(macro_prefixes.begin(), macro_prefixes.end(),
                                            [name](std::string_view prefix) { return name.starts_with(prefix); });
}

/// In any case: macros start with it in upper case.
bool is_of_runtime(std::string_view name) {
  std::string start(name.substr(0, std::string_view("emlc_").size()));
  std::transform(start.begin(), start.end(), start.begin(),
                 [](char c) { return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c; });
  return start == "emlc" || start == "emlc_";
}

}  // namespace

std::string name_problem(std::string_view name) {
  if (name.size() > longest_name) {
    return fmt::format("has {} characters, a name has at most {}", name.size(), longest_name);
  }
  if (!is_identifier(name) || is_in(keywords, name)) {
    return fmt::format("expected a C identifier that is no keyword, found '{}'", printable(name));
  }
  if (name.starts_with('_') || name.ends_with('_') || name.find("__") != std::string_view::npos) {
    return fmt::format(
        "'{}' would start symbols that C and C++ reserve for compilers: no underscore may be at an end or "
        "next to another",
        name);
  }
  if (is_of_runtime(name)) return fmt::format("'{}' would start symbols as emlc's runtime does", name);
  return {};
}

std::string namespace_problem(std::string_view name) {
  const bool is_type = name.ends_with("_t");
  const bool is_extended_type = name.starts_with("f32") || name.starts_with("f64");
  if (!is_type && !is_extended_type && !is_in_library(name) && !is_macro(name)) return {};
  return fmt::format("'{}' is a name of the C library, which the namespace of a C++ header cannot have", name);
}

}  // namespace emlc::model
