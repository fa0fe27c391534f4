# What `cmake --install` puts where: headers, both libraries, the tools, and how others find them.
# tests/abi/test_install.py builds and runs programs against the result.
include(CMakePackageConfigHelpers)
set(INE_CMAKE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/libine)

install(FILES abi/include/ine.h abi/include/ine_experimental.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(TARGETS ine_shared EXPORT libine-targets)
install(TARGETS ine_static ine_testing EXPORT libine-static-targets)
if(INE_TOOLS)
  foreach(tool ine ine-sandbox)
    if(TARGET ${tool})
      install(TARGETS ${tool})
    endif()
  endforeach()
endif()

install(EXPORT libine-targets NAMESPACE libine:: DESTINATION ${INE_CMAKE_DIR})
install(EXPORT libine-static-targets NAMESPACE libine:: DESTINATION ${INE_CMAKE_DIR})
configure_package_config_file(cmake/libine-config.cmake.in ${CMAKE_BINARY_DIR}/libine-config.cmake
  INSTALL_DESTINATION ${INE_CMAKE_DIR} NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(${CMAKE_BINARY_DIR}/libine-config-version.cmake COMPATIBILITY SameMajorVersion)
install(FILES ${CMAKE_BINARY_DIR}/libine-config.cmake ${CMAKE_BINARY_DIR}/libine-config-version.cmake
  DESTINATION ${INE_CMAKE_DIR})

# Relative to where the file lies, so that an installed tree can be moved.
file(RELATIVE_PATH INE_PC_PREFIX /prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig /prefix)
string(REGEX REPLACE "/$" "" INE_PC_PREFIX ${INE_PC_PREFIX})
configure_file(cmake/libine.pc.in ${CMAKE_BINARY_DIR}/libine.pc @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/libine.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
install(FILES LICENSE README.md CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
