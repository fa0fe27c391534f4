#include "crypto/base64.h"

/* glibc knows the processor; __builtin_cpu_supports() would bring libgcc's constructor with it. */
#if defined(__x86_64__) && __has_include(<sys/platform/x86.h>)
#define VECTORS 1
#include <immintrin.h>
#include <sys/platform/x86.h>
#endif

/* Two digits for each 12 bits. */
#define PAIR(a, b) {a, b},
/* clang-format off */
#define DIGITS(X, a)                                                                        \
    X(a, 'A') X(a, 'B') X(a, 'C') X(a, 'D') X(a, 'E') X(a, 'F') X(a, 'G') X(a, 'H')         \
    X(a, 'I') X(a, 'J') X(a, 'K') X(a, 'L') X(a, 'M') X(a, 'N') X(a, 'O') X(a, 'P')         \
    X(a, 'Q') X(a, 'R') X(a, 'S') X(a, 'T') X(a, 'U') X(a, 'V') X(a, 'W') X(a, 'X')         \
    X(a, 'Y') X(a, 'Z') X(a, 'a') X(a, 'b') X(a, 'c') X(a, 'd') X(a, 'e') X(a, 'f')         \
    X(a, 'g') X(a, 'h') X(a, 'i') X(a, 'j') X(a, 'k') X(a, 'l') X(a, 'm') X(a, 'n')         \
    X(a, 'o') X(a, 'p') X(a, 'q') X(a, 'r') X(a, 's') X(a, 't') X(a, 'u') X(a, 'v')         \
    X(a, 'w') X(a, 'x') X(a, 'y') X(a, 'z') X(a, '0') X(a, '1') X(a, '2') X(a, '3')         \
    X(a, '4') X(a, '5') X(a, '6') X(a, '7') X(a, '8') X(a, '9') X(a, '+') X(a, '/')
#define ROW(a) DIGITS(PAIR, a)
static const char pairs[4096][2] = {
    ROW('A') ROW('B') ROW('C') ROW('D') ROW('E') ROW('F') ROW('G') ROW('H')
    ROW('I') ROW('J') ROW('K') ROW('L') ROW('M') ROW('N') ROW('O') ROW('P')
    ROW('Q') ROW('R') ROW('S') ROW('T') ROW('U') ROW('V') ROW('W') ROW('X')
    ROW('Y') ROW('Z') ROW('a') ROW('b') ROW('c') ROW('d') ROW('e') ROW('f')
    ROW('g') ROW('h') ROW('i') ROW('j') ROW('k') ROW('l') ROW('m') ROW('n')
    ROW('o') ROW('p') ROW('q') ROW('r') ROW('s') ROW('t') ROW('u') ROW('v')
    ROW('w') ROW('x') ROW('y') ROW('z') ROW('0') ROW('1') ROW('2') ROW('3')
    ROW('4') ROW('5') ROW('6') ROW('7') ROW('8') ROW('9') ROW('+') ROW('/')
};
/* clang-format on */

bool ine__base64_size(size_t len, size_t *out)
{
    const size_t groups = len / 3 + (len % 3 != 0);
    return !__builtin_mul_overflow(groups, (size_t)4, out);
}

size_t ine__base64_encode_scalar(char *out, const void *data, size_t len)
{
    const unsigned char *in = data;
    char *to = out;
    for (; len >= 3; in += 3, len -= 3, to += 4) {
        const uint32_t bits = (uint32_t)in[0] << 16 | (uint32_t)in[1] << 8 | in[2];
        memcpy(to, pairs[bits >> 12], 2);
        memcpy(to + 2, pairs[bits & 0xfff], 2);
    }
    if (len) {
        const uint32_t bits = (uint32_t)in[0] << 16 | (len == 2 ? (uint32_t)in[1] << 8 : 0);
        memcpy(to, pairs[bits >> 12], 2);
        memcpy(to + 2, pairs[bits & 0xfff], 2);
        to[3] = '=';
        if (len == 1)
            to[2] = '=';
        to += 4;
    }
    return (size_t)(to - out);
}

#ifdef VECTORS

/*
 * Vectors: three bytes stand in a 32-bit lane as b c a b, from where two multiplications move the
 * four groups of six bits to the low ends of the lane's four bytes; then each value gets the offset
 * of its range (0-25, 26-51, 52-61, 62, 63) from a small table.
 */
#define SPLIT_HIGH 0x0fc0fc00
#define SHIFT_HIGH 0x04000040
#define SPLIT_LOW  0x003f03f0
#define SHIFT_LOW  0x01000010

__attribute__((target("ssse3"))) static size_t blocks_ssse3(char *out, const unsigned char *in,
                                                            size_t len)
{
    const __m128i spread = _mm_setr_epi8(1, 0, 2, 1, 4, 3, 5, 4, 7, 6, 8, 7, 10, 9, 11, 10);
    const __m128i offsets =
        _mm_setr_epi8('a' - 26, '0' - 52, '0' - 52, '0' - 52, '0' - 52, '0' - 52, '0' - 52,
                      '0' - 52, '0' - 52, '0' - 52, '0' - 52, '+' - 62, '/' - 63, 'A', 0, 0);
    size_t done = 0;
    /* 12 of the 16 bytes that a load takes are used. */
    for (; len - done >= 16; done += 12, out += 16) {
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)(in + done));
        v = _mm_shuffle_epi8(v, spread);
        const __m128i high = _mm_mulhi_epu16(_mm_and_si128(v, _mm_set1_epi32(SPLIT_HIGH)),
                                             _mm_set1_epi32(SHIFT_HIGH));
        const __m128i low =
            _mm_mullo_epi16(_mm_and_si128(v, _mm_set1_epi32(SPLIT_LOW)), _mm_set1_epi32(SHIFT_LOW));
        v = _mm_or_si128(high, low);
        /* 0 for 26-51, 1-10 for digits, 11, 12; 13 for 0-25. */
        const __m128i capital =
            _mm_and_si128(_mm_cmpgt_epi8(_mm_set1_epi8(26), v), _mm_set1_epi8(13));
        const __m128i range = _mm_or_si128(_mm_subs_epu8(v, _mm_set1_epi8(51)), capital);
        v = _mm_add_epi8(v, _mm_shuffle_epi8(offsets, range));
        _mm_storeu_si128((__m128i *)(void *)out, v);
    }
    return done;
}

__attribute__((target("avx2"))) static size_t blocks_avx2(char *out, const unsigned char *in,
                                                          size_t len)
{
    const __m256i spread = _mm256_setr_epi8(1, 0, 2, 1, 4, 3, 5, 4, 7, 6, 8, 7, 10, 9, 11, 10, 1, 0,
                                            2, 1, 4, 3, 5, 4, 7, 6, 8, 7, 10, 9, 11, 10);
    const __m256i offsets = _mm256_broadcastsi128_si256(
        _mm_setr_epi8('a' - 26, '0' - 52, '0' - 52, '0' - 52, '0' - 52, '0' - 52, '0' - 52,
                      '0' - 52, '0' - 52, '0' - 52, '0' - 52, '+' - 62, '/' - 63, 'A', 0, 0));
    size_t done = 0;
    /* Two loads of 16 at a distance of 12: 28 bytes are touched. */
    for (; len - done >= 28; done += 24, out += 32) {
        const __m128i first = _mm_loadu_si128((const __m128i *)(const void *)(in + done));
        const __m128i second = _mm_loadu_si128((const __m128i *)(const void *)(in + done + 12));
        __m256i v = _mm256_inserti128_si256(_mm256_castsi128_si256(first), second, 1);
        v = _mm256_shuffle_epi8(v, spread);
        const __m256i high = _mm256_mulhi_epu16(_mm256_and_si256(v, _mm256_set1_epi32(SPLIT_HIGH)),
                                                _mm256_set1_epi32(SHIFT_HIGH));
        const __m256i low = _mm256_mullo_epi16(_mm256_and_si256(v, _mm256_set1_epi32(SPLIT_LOW)),
                                               _mm256_set1_epi32(SHIFT_LOW));
        v = _mm256_or_si256(high, low);
        const __m256i capital =
            _mm256_and_si256(_mm256_cmpgt_epi8(_mm256_set1_epi8(26), v), _mm256_set1_epi8(13));
        const __m256i range = _mm256_or_si256(_mm256_subs_epu8(v, _mm256_set1_epi8(51)), capital);
        v = _mm256_add_epi8(v, _mm256_shuffle_epi8(offsets, range));
        _mm256_storeu_si256((__m256i *)(void *)out, v);
    }
    return done;
}

size_t ine__base64_encode_with(int32_t vectors, char *out, const void *data, size_t len)
{
    const unsigned char *in = data;
    size_t done = 0;
    if (vectors == INE__BASE64_AVX2 && CPU_FEATURE_ACTIVE(AVX2))
        done = blocks_avx2(out, in, len);
    else if (vectors != INE__BASE64_SCALAR && CPU_FEATURE_ACTIVE(SSSE3))
        done = blocks_ssse3(out, in, len);
    const size_t written = done / 3 * 4;
    return written + ine__base64_encode_scalar(out + written, in + done, len - done);
}

#else

size_t ine__base64_encode_with(int32_t vectors, char *out, const void *data, size_t len)
{
    (void)vectors;
    return ine__base64_encode_scalar(out, data, len);
}

#endif

size_t ine__base64_encode(char *out, const void *data, size_t len)
{
    return len ? ine__base64_encode_with(INE__BASE64_AVX2, out, data, len) : 0;
}

/* Value of a digit, or 0xff. */
static const unsigned char values[256] = {
#define BAD4  0xff, 0xff, 0xff, 0xff
#define BAD16 BAD4, BAD4, BAD4, BAD4
    BAD16, BAD16,
    /* ' ' to '/' */
    BAD4, BAD4, 0xff, 0xff, 0xff, 62, 0xff, 0xff, 0xff, 63,
    /* '0' to '?' */
    52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 0xff, 0xff, BAD4,
    /* '@' to '_' */
    0xff, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24,
    25, 0xff, BAD4,
    /* '`' to DEL */
    0xff, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47,
    48, 49, 50, 51, 0xff, BAD4,
    /* 0x80 and above */
    BAD16, BAD16, BAD16, BAD16, BAD16, BAD16, BAD16, BAD16};

bool ine__base64_decode(void *out, size_t *out_len, ine_str text)
{
    unsigned char *to = out;
    const unsigned char *in = (const unsigned char *)text.ptr;
    *out_len = 0;
    if (text.len % 4)
        return false;
    for (size_t i = 0; i < text.len; i += 4) {
        const bool last = i + 4 == text.len;
        const size_t pad = !last || in[i + 3] != '=' ? 0 : in[i + 2] != '=' ? 1 : 2;
        uint32_t bits = 0;
        for (size_t k = 0; k < 4 - pad; k++) {
            const uint32_t value = values[in[i + k]];
            if (value == 0xff)
                return false;
            bits |= value << (18 - 6 * k);
        }
        /* The bits that the padding leaves over must be zero [RFC 4648 section 3.5]. */
        if (pad && (bits & (pad == 1 ? 0xffu : 0xffffu)))
            return false;
        *to++ = (unsigned char)(bits >> 16);
        if (pad < 2)
            *to++ = (unsigned char)(bits >> 8 & 0xff);
        if (pad < 1)
            *to++ = (unsigned char)(bits & 0xff);
    }
    *out_len = (size_t)(to - (unsigned char *)out);
    return true;
}
