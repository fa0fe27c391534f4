# Warnings, hardening and sanitizers of everything that we compile (facts: docs/security.md).
add_library(ine_flags INTERFACE)
target_compile_options(ine_flags INTERFACE
  -Wall -Wextra -Werror -Wformat=2 -Wconversion -Wsign-conversion -Wnull-dereference -Wshadow -Wvla -Wstrict-prototypes
  -Wmissing-prototypes -Wundef -Wpointer-arith -Wcast-qual -Wwrite-strings
  -fstack-protector-strong -fno-delete-null-pointer-checks -fno-strict-overflow -fno-strict-aliasing
  -fno-omit-frame-pointer)
target_compile_definitions(ine_flags INTERFACE _GNU_SOURCE)
if(CMAKE_C_COMPILER_ID STREQUAL "GNU")
  target_compile_options(ine_flags INTERFACE -Warith-conversion -Wduplicated-branches -Wlogical-op -Wstringop-overflow=4
    -Wtrampolines -Wbidi-chars=any -ftrivial-auto-var-init=zero)
endif()
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  target_compile_options(ine_flags INTERFACE -fstack-clash-protection -fcf-protection=full)
endif()
if(INE_SANITIZE)
  target_compile_options(ine_flags INTERFACE -fsanitize=${INE_SANITIZE} -fno-sanitize-recover=all)
  target_link_options(ine_flags INTERFACE -fsanitize=${INE_SANITIZE})
  add_link_options(-fsanitize=${INE_SANITIZE})
else()
  target_compile_definitions(ine_flags INTERFACE $<$<NOT:$<CONFIG:Debug>>:_FORTIFY_SOURCE=3>)
  target_link_options(ine_flags INTERFACE -Wl,-z,relro,-z,now,-z,noexecstack)
endif()
