# Warnings, hardening and sanitizers of everything that we compile; docs/security.md says why.
# tests/abi/test_binary.py looks for their traces in what was linked.
add_library(ine_flags INTERFACE)
target_compile_definitions(ine_flags INTERFACE _GNU_SOURCE)
target_compile_options(ine_flags INTERFACE
  -Wall -Wextra -Werror -Wformat=2 -Wconversion -Wsign-conversion -Wnull-dereference -Wshadow -Wvla -Wstrict-prototypes
  -Wmissing-prototypes -Wundef -Wpointer-arith -Wcast-qual -Wwrite-strings
  -fstack-protector-strong -fno-delete-null-pointer-checks -fno-strict-overflow -fno-strict-aliasing
  -fno-omit-frame-pointer)
if(CMAKE_C_COMPILER_ID STREQUAL "GNU")
  target_compile_options(ine_flags INTERFACE -Warith-conversion -Wduplicated-branches -Wlogical-op -Wstringop-overflow=4
    -Wtrampolines -Wbidi-chars=any -ftrivial-auto-var-init=zero)
endif()

if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  target_compile_options(ine_flags INTERFACE -fstack-clash-protection -fcf-protection=full)
elseif(CMAKE_SYSTEM_PROCESSOR MATCHES "aarch64|arm64")
  target_compile_options(ine_flags INTERFACE -fstack-clash-protection -mbranch-protection=standard)
endif()

if(INE_SANITIZE)
  target_compile_options(ine_flags INTERFACE -fsanitize=${INE_SANITIZE} -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${INE_SANITIZE})
  if(INE_FUZZ)
    target_compile_options(ine_flags INTERFACE -fsanitize=fuzzer-no-link)
  endif()
else()
  # A preset of the distribution would make ours a redefinition; without optimisation it has no effect but a warning.
  target_compile_options(ine_flags INTERFACE
    $<$<NOT:$<CONFIG:Debug>>:-U_FORTIFY_SOURCE> $<$<NOT:$<CONFIG:Debug>>:-D_FORTIFY_SOURCE=3>)
  if(NOT APPLE)
    target_link_options(ine_flags INTERFACE -Wl,-z,relro,-z,now,-z,noexecstack)
  endif()
endif()
