"""Names that emlc takes."""

import re

# Of C99 to C23 and C++11 to C++20, and names that headers take; as emlc has them.
KEYWORDS = frozenset(
    "alignas alignof and and_eq asm auto bitand bitor bool break case catch char char16_t char32_t char8_t class co_await "
    "co_return co_yield compl concept const const_cast consteval constexpr constinit continue decltype default delete do "
    "double dynamic_cast else enum explicit export extern false float for friend goto if inline int long mutable namespace "
    "new noexcept not not_eq nullptr operator or or_eq private protected public register reinterpret_cast requires restrict "
    "return short signed sizeof static static_assert static_cast struct switch template this thread_local throw true try "
    "typedef typeid typename union unsigned using virtual void volatile wchar_t while xor xor_eq main std typeof linux".split())
LONGEST_NAME = 100


def c_identifier(name):
    """`name`, unless emlc refuses it."""
    if not isinstance(name, str) or not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name):
        raise ValueError("name %r is no C identifier" % (name,))
    if len(name) > LONGEST_NAME:
        raise ValueError("name has %d characters, it may have %d" % (len(name), LONGEST_NAME))
    if name in KEYWORDS:
        raise ValueError("name %r is a keyword of C or C++" % name)
    if name.startswith("_") or name.endswith("_") or "__" in name:
        raise ValueError("name %r would start symbols that C and C++ reserve for compilers: no underscore may be at an end "
                         "or next to another" % name)
    if re.match(r"emlc(_|$)", name, re.IGNORECASE):
        raise ValueError("name %r would start symbols as emlc's runtime does" % name)
    return name
