// Vectors of MS_LANES floats and the functions on them. Included once per instruction set, inside
// that set's namespace and target; deliberately without an include guard.

#define MS_UNROLL _Pragma("clang loop unroll(full)")
#define MS_INLINE __attribute__((always_inline)) static inline

constexpr int64_t lanes = MS_LANES;
constexpr int tile_rows = MS_ROWS;
constexpr int tile_vectors = MS_VECTORS;
constexpr int64_t tile_columns = lanes * tile_vectors;

typedef float Vector __attribute__((ext_vector_type(MS_LANES)));
typedef float Unaligned __attribute__((ext_vector_type(MS_LANES), aligned(4)));
typedef int32_t Integers __attribute__((ext_vector_type(MS_LANES)));

MS_INLINE Vector load(const float *from) { return *reinterpret_cast<const Unaligned *>(from); }
MS_INLINE void store(float *to, Vector value) { *reinterpret_cast<Unaligned *>(to) = value; }
MS_INLINE Vector splat(float value) { return (Vector)value; }
MS_INLINE Vector fma(Vector a, Vector b, Vector c) { return __builtin_elementwise_fma(a, b, c); }
MS_INLINE Vector larger(Vector a, Vector b) { return a > b ? a : b; }
MS_INLINE Vector smaller(Vector a, Vector b) { return a < b ? a : b; }

MS_INLINE float sum(Vector value) {
    float result[MS_LANES];
    store(result, value);
    for (int64_t width = lanes / 2; width > 0; width /= 2) {
        for (int64_t i = 0; i < width; ++i) {
            result[i] += result[i + width];
        }
    }
    return result[0];
}

MS_INLINE float largest(Vector value) { return __builtin_reduce_max(value); }

/// Two to the power of `exponent`, which is at most 126; far below -126 gives 0 or next to it.
/// The polynomial is a minimax fit of relative error 2e-9, rounding apart.
MS_INLINE Vector exponential2(Vector exponent) {
#if MS_LANES == 16
    const Vector whole = _mm512_roundscale_ps(exponent, 0);
#else
    exponent = larger(exponent, splat(-126.0f));
    const Vector shifted = exponent + 12582912.0f; // 1.5 · 2^23 rounds to the nearest integer
    const Vector whole = shifted - 12582912.0f;
#endif
    const Vector x = exponent - whole;
    Vector p = splat(1.53533605e-04f);
    p = fma(p, x, splat(1.33988755e-03f));
    p = fma(p, x, splat(9.61843737e-03f));
    p = fma(p, x, splat(5.55033247e-02f));
    p = fma(p, x, splat(2.40226479e-01f));
    p = fma(p, x, splat(6.93147203e-01f));
    p = fma(p, x, splat(1.0f));
#if MS_LANES == 16
    return _mm512_scalef_ps(p, whole);
#else
    Integers bits, power;
    __builtin_memcpy(&bits, &p, sizeof bits);
    __builtin_memcpy(&power, &shifted, sizeof power);
    bits += power << 23; // the low bits of `shifted` are the integer; the rest is shifted out
    __builtin_memcpy(&p, &bits, sizeof p);
    return p;
#endif
}

/// `x · Φ(x)`, the exact form of GELU, to about one unit in the last place of `x`.
///
/// `erfc(|x| / √2) = 2^-P(|x|)` with a polynomial P without constant term, fitted so that the
/// absolute error of erfc stays below 2e-8.
MS_INLINE Vector gelu(Vector x) {
    const Vector zero = splat(0.0f);
    const Vector magnitude = smaller(larger(x, zero - x), splat(12.0f));
    Vector p = splat(2.83490792e-06f);
    p = fma(p, magnitude, splat(-3.93775441e-05f));
    p = fma(p, magnitude, splat(1.86179205e-04f));
    p = fma(p, magnitude, splat(1.36939491e-04f));
    p = fma(p, magnitude, splat(-7.06342477e-03f));
    p = fma(p, magnitude, splat(5.24961818e-02f));
    p = fma(p, magnitude, splat(4.59208196e-01f));
    p = fma(p, magnitude, splat(1.15110521f));
    const Vector tail = exponential2(zero - p * magnitude) * 0.5f; // Φ(-|x|)
    return x * (x > zero ? 1.0f - tail : tail);
}
