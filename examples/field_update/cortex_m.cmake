# For a Cortex-M in QEMU: cmake -DCMAKE_TOOLCHAIN_FILE=cortex_m.cmake [-DCORE=cortex-m3], else a Cortex-M0+. The board has
# a Cortex-M3, which runs the code of both. Semihosting is how the program prints and reads its data.
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR arm)
set(CORE cortex-m0plus CACHE STRING "as -mcpu= has it")
set(CMAKE_TRY_COMPILE_PLATFORM_VARIABLES CORE)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
set(CMAKE_C_COMPILER arm-none-eabi-gcc)
set(CMAKE_C_FLAGS_INIT "-mcpu=${CORE} -mthumb -Os -ffp-contract=off -ffunction-sections -fdata-sections")
set(CMAKE_EXE_LINKER_FLAGS_INIT "--specs=rdimon.specs -T \"${CMAKE_CURRENT_LIST_DIR}/cortex_m.ld\" -Wl,--gc-sections")
set(CMAKE_CROSSCOMPILING_EMULATOR qemu-system-arm -M mps2-an385 -display none -serial none -monitor none
  -semihosting-config enable=on,target=native -kernel)
