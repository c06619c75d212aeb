# What `cpack` makes: `cpack -G DEB` a package for the Debian or Ubuntu that
# it is run on, whose libraries it then depends on. A source tarball is made by
# scripts/dist, from what is committed.

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_VENDOR "the afetch authors")
set(CPACK_PACKAGE_CONTACT "the afetch authors <afetch@example.org>" CACHE STRING
  "Maintainer of packages: NAME <ADDRESS>")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)

file(READ ${CMAKE_CURRENT_LIST_DIR}/description.txt description)
string(STRIP "${description}" CPACK_PACKAGE_DESCRIPTION)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY
  "fetch the HTTP response headers of many hosts at once")

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# What https is verified with; without it, --cacert.
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS ca-certificates)

# Files that only the package has; they are made while it is.
set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_CURRENT_LIST_DIR}/debian.cmake)
set(CPACK_AFETCH_SOURCE ${PROJECT_SOURCE_DIR})
include(CPack)
