# Run by cpack on the tree that becomes the package: what Debian's policy wants
# beside what `cmake --install` brings. The version and its date are those of
# the first heading of CHANGELOG.md, "## VERSION (YYYY-MM-DD)".

if(NOT CPACK_GENERATOR STREQUAL DEB)
  return()
endif()
set(share ${CPACK_TEMPORARY_INSTALL_DIRECTORY}/usr/share)
set(doc ${share}/doc/afetch)

function(run)
  execute_process(COMMAND ${ARGN} COMMAND_ERROR_IS_FATAL ANY
    OUTPUT_VARIABLE out OUTPUT_STRIP_TRAILING_WHITESPACE)
  set(out ${out} PARENT_SCOPE)
endfunction()

file(READ ${CPACK_AFETCH_SOURCE}/LICENSE license)
string(REGEX MATCH "Copyright \\(c\\) ([^\n]*)" line "${license}")
set(holder ${CMAKE_MATCH_1})
string(REGEX REPLACE "^.*${holder}\n\n" "" license "${license}")
string(REPLACE "\n\n" "\n.\n" license "${license}")
string(REGEX REPLACE "\n([^\n])" "\n \\1" license " ${license}")
file(WRITE ${doc}/copyright
"Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: afetch

Files: *
Copyright: ${holder}
License: Expat

License: Expat
${license}")

set(news ${CPACK_AFETCH_SOURCE}/CHANGELOG.md)
set(version ${CPACK_PACKAGE_VERSION})
file(STRINGS ${news} headings REGEX "^## ")
list(GET headings 0 heading)
if(NOT heading MATCHES "^## ([0-9.]+) \\(([0-9-]+)\\)$" OR
    NOT CMAKE_MATCH_1 STREQUAL version)
  message(FATAL_ERROR "CHANGELOG.md begins with \"${heading}\", not ${version}")
endif()
run(date -u -R -d ${CMAKE_MATCH_2})
file(WRITE ${doc}/changelog.Debian
"afetch (${version}-${CPACK_DEBIAN_PACKAGE_RELEASE}) unstable; urgency=medium

  * Release ${version}; see changelog.gz.

 -- ${CPACK_PACKAGE_CONTACT}  ${out}
")
configure_file(${news} ${doc}/changelog COPYONLY)
run(gzip -9nf ${doc}/changelog ${doc}/changelog.Debian ${share}/man/man1/afetch.1)

# zsh of Debian looks for those of packages there.
file(RENAME ${share}/zsh/site-functions ${share}/zsh/vendor-completions)

# Whatever the umask of who runs cpack.
set(readable OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ)
file(CHMOD_RECURSE ${share} ${share}/../bin
  DIRECTORY_PERMISSIONS ${readable}
    OWNER_EXECUTE GROUP_EXECUTE WORLD_EXECUTE)
file(CHMOD_RECURSE ${share} FILE_PERMISSIONS ${readable})
file(CHMOD ${share}/.. PERMISSIONS ${readable}
  OWNER_EXECUTE GROUP_EXECUTE WORLD_EXECUTE)
