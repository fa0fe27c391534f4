# cmake -DIN=portal.html -DOUT=portal_page.c -P embed.cmake: a file as a C array.
file(READ "${IN}" hex HEX)
string(LENGTH "${hex}" digits)
math(EXPR len "${digits} / 2")
string(REGEX REPLACE "(................................)" "\\1\n" hex "${hex}")
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," hex "${hex}")
file(WRITE "${OUT}" "#include \"portal.h\"\n\nconst unsigned char ine__sb_portal_page[] = {\n${hex}};\nconst size_t ine__sb_portal_page_len = ${len};\n")
