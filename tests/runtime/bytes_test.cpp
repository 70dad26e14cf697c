#include <doctest/doctest.h>
#include <emlc/bytes.h>

#include <algorithm>
#include <array>
#include <cstdint>

TEST_CASE("bytes: numbers are little-endian at any address") {
  const std::array<std::uint8_t, 9> bytes = {0xAA, 0x02, 0x01, 0xFF, 0xFE, 0x00, 0x00, 0xC0, 0xBF};
  CHECK(emlc_read_u16(&bytes[1]) == 0x0102);
  CHECK(emlc_read_u32(&bytes[1]) == 0xFEFF0102U);
  CHECK(emlc_read_i32(&bytes[1]) == -16842494);
  CHECK(emlc_read_f32(&bytes[5]) == -1.5F);
}

TEST_CASE("bytes: the CRC-32 has the published check value") {
  const char* text = "123456789";
  std::array<std::uint8_t, 9> bytes{};
  std::copy(text, text + 9, bytes.begin());
  CHECK(emlc_crc32(bytes.data(), bytes.size()) == 0xCBF43926U);
  CHECK(emlc_crc32(bytes.data(), 0) == 0U);
}
