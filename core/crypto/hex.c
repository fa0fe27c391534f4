#include "crypto/hex.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

void ine__hex_encode(char *out, const void *data, size_t len)
{
    static const char digits[] = "0123456789abcdef";
    const unsigned char *bytes = data;
    for (size_t i = 0; i < len; i++) {
        out[2 * i] = digits[bytes[i] >> 4];
        out[2 * i + 1] = digits[bytes[i] & 15];
    }
}

/* 0 to 15, or a value with bit 8 set. Arithmetic only: no branch and no table depends on the digit
 * (A1). */
static uint32_t digit_value(unsigned char c)
{
    const uint32_t lower = c | 0x20u;
    /* All ones in the upper bits where the range does not hold. */
    const uint32_t not_digit = ((uint32_t)(c - '0') | (uint32_t)('9' - c)) >> 31;
    const uint32_t not_letter = ((lower - 'a') | ('f' - lower)) >> 31;
    const uint32_t number = (uint32_t)(c - '0') & (not_digit - 1u);
    const uint32_t letter = (lower - 'a' + 10u) & (not_letter - 1u);
    return number | letter | ((not_digit & not_letter) << 8);
}

#if defined(__SSE2__)

/* All ones where low <= v <= high; never for a byte with its top bit. */
static __m128i between(__m128i v, char low, char high)
{
    return _mm_and_si128(_mm_cmpgt_epi8(v, _mm_set1_epi8((char)(low - 1))),
                         _mm_cmpgt_epi8(_mm_set1_epi8((char)(high + 1)), v));
}

/* Eight bytes from sixteen digits; bytes that are no digits leave a mark in `bad`. */
static __m128i decode_vector(const char *digits, __m128i *bad)
{
    const __m128i v = _mm_loadu_si128((const __m128i *)(const void *)digits);
    const __m128i lower = _mm_or_si128(v, _mm_set1_epi8(0x20));
    const __m128i is_digit = between(v, '0', '9');
    const __m128i is_letter = between(lower, 'a', 'f');
    const __m128i values =
        _mm_or_si128(_mm_and_si128(is_digit, _mm_sub_epi8(v, _mm_set1_epi8('0'))),
                     _mm_and_si128(is_letter, _mm_sub_epi8(lower, _mm_set1_epi8('a' - 10))));
    *bad =
        _mm_or_si128(*bad, _mm_cmpeq_epi8(_mm_or_si128(is_digit, is_letter), _mm_setzero_si128()));
    /* The first digit of a pair stands in the low half of a 16-bit lane. */
    const __m128i both = _mm_or_si128(_mm_slli_epi16(values, 4), _mm_srli_epi16(values, 8));
    return _mm_and_si128(both, _mm_set1_epi16(0xff));
}

/* As many bytes as whole vectors give. */
static size_t decode_vectors(unsigned char *bytes, size_t len, const char *digits, uint32_t *seen)
{
    __m128i bad = _mm_setzero_si128();
    size_t i = 0;
    for (; len - i >= 16; i += 16) {
        const __m128i first = decode_vector(digits + 2 * i, &bad);
        const __m128i second = decode_vector(digits + 2 * i + 16, &bad);
        _mm_storeu_si128((__m128i *)(void *)(bytes + i), _mm_packus_epi16(first, second));
    }
    *seen |= (uint32_t)(_mm_movemask_epi8(bad) != 0) << 8;
    return i;
}

#else

static size_t decode_vectors(unsigned char *bytes, size_t len, const char *digits, uint32_t *seen)
{
    (void)bytes, (void)len, (void)digits, (void)seen;
    return 0;
}

#endif

bool ine__hex_decode(void *out, size_t len, ine_str digits)
{
    unsigned char *bytes = out;
    uint32_t seen = 0;
    if (len > SIZE_MAX / 2 || digits.len != 2 * len)
        return false;
    for (size_t i = decode_vectors(bytes, len, digits.ptr, &seen); i < len; i++) {
        const uint32_t high = digit_value((unsigned char)digits.ptr[2 * i]);
        const uint32_t low = digit_value((unsigned char)digits.ptr[2 * i + 1]);
        bytes[i] = (unsigned char)((high << 4 | low) & 0xffu);
        seen |= high | low;
    }
    return (seen & 0x100u) == 0;
}
