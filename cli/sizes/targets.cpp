#include "cli/sizes/targets.hpp"

#include <algorithm>
#include <array>

#include "cli/console/words.hpp"
#include "formats/text/text.hpp"

namespace emlc::cli {
namespace {

constexpr std::string_view arm_packages = "gcc-arm-none-eabi libnewlib-arm-none-eabi";
constexpr std::string_view no_system_calls = "--specs=nosys.specs";

}  // namespace

std::span<const Target> all_targets() {
  // A program whose size is wanted may be larger than the chip, or than what a linker script takes for one.
  static constexpr std::array targets = {
      Target{"cortex-m0plus", "Arm Cortex-M0+ (RP2040, SAMD21, STM32G0)", "arm-none-eabi-",
             "-mcpu=cortex-m0plus -mthumb --specs=nano.specs", no_system_calls, "Cortex-M0+", arm_packages},
      Target{"cortex-m4f", "Arm Cortex-M4 with FPU (nRF52, STM32F4, SAMD51)", "arm-none-eabi-",
             "-mcpu=cortex-m4 -mthumb -mfloat-abi=hard -mfpu=fpv4-sp-d16 --specs=nano.specs", no_system_calls,
             "Cortex-M4", arm_packages},
      Target{"cortex-m33", "Arm Cortex-M33 with FPU (RP2350, nRF53, STM32U5)", "arm-none-eabi-",
             "-mcpu=cortex-m33 -mthumb -mfloat-abi=hard -mfpu=fpv5-sp-d16 --specs=nano.specs", no_system_calls,
             "Cortex-M4", arm_packages},
      Target{"cortex-m7", "Arm Cortex-M7 with FPU (STM32F7, STM32H7, i.MX RT)", "arm-none-eabi-",
             "-mcpu=cortex-m7 -mthumb -mfloat-abi=hard -mfpu=fpv5-sp-d16 --specs=nano.specs", no_system_calls,
             "Cortex-M4", arm_packages},
      Target{"atmega328p", "Microchip ATmega328P (Arduino Uno, Nano)", "avr-", "-mmcu=atmega328p",
             "-Wl,--defsym=__TEXT_REGION_LENGTH__=0x800000 -Wl,--defsym=__DATA_REGION_LENGTH__=0x800000", "ATmega328P",
             "gcc-avr avr-libc"},
      Target{"rv32imc", "RISC-V RV32IMC (ESP32-C2, ESP32-C3)", "riscv64-unknown-elf-",
             "-march=rv32imc -mabi=ilp32 --specs=picolibc.specs",
             "-Wl,--defsym=__flash_size=0x10000000 -Wl,--defsym=__ram_size=0x1000000", "RV32IMC",
             "gcc-riscv64-unknown-elf picolibc-riscv64-unknown-elf"},
      Target{"esp32", "Xtensa LX6 of the ESP32", "xtensa-esp32-elf-", "-mlongcalls", "-nostartfiles -Wl,--entry=main",
             "", ""},
  };
  return targets;
}

const Target& target_called(std::string_view name) {
  std::vector<std::string_view> names;
  for (const Target& target : all_targets()) names.push_back(target.name);
  return all_targets()[index_of(name, names, "target")];
}

void append_targets(std::vector<const Target*>& targets, std::string_view names) {
  for (const std::string_view name : formats::split_fields(names, ',')) {
    const Target* target = &target_called(formats::trim(name));
    if (std::find(targets.begin(), targets.end(), target) == targets.end()) targets.push_back(target);
  }
}

}  // namespace emlc::cli
