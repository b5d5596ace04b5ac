// The transforms of Winograd's minimal filtering F(4 x 4, 3 x 3): a tile of 4 x 4 results needs 36
// products per pair of channels instead of 144. Included like simd_vector.hpp.
//
// Source: Lavin and Gray, Fast Algorithms for Convolutional Neural Networks (2015), section 4.3.

constexpr int64_t patch_side = 6; // of the input of a tile
constexpr int64_t tile_side = 4;  // of its result
constexpr int64_t frequencies = patch_side * patch_side;

typedef Vector Patch[patch_side][patch_side];

/// `B^T x`, in place, for six values that lie `Step` vectors apart.
template <int Step> MS_INLINE void forward(Vector *x) {
    const Vector x0 = x[0], x1 = x[Step], x2 = x[2 * Step], x3 = x[3 * Step], x4 = x[4 * Step],
                 x5 = x[5 * Step];
    const Vector even4 = fma(splat(-4.0f), x2, x4), odd4 = fma(splat(-4.0f), x1, x3);
    const Vector even1 = x4 - x2, odd1 = (x3 - x1) * 2.0f;
    x[0] = fma(splat(4.0f), x0, fma(splat(-5.0f), x2, x4));
    x[Step] = even4 + odd4;
    x[2 * Step] = even4 - odd4;
    x[3 * Step] = even1 + odd1;
    x[4 * Step] = even1 - odd1;
    x[5 * Step] = fma(splat(4.0f), x1, fma(splat(-5.0f), x3, x5));
}

/// `A^T m`: six values, `Step` vectors apart, become the first four of them.
template <int Step> MS_INLINE void backward(Vector *m) {
    const Vector plus12 = m[Step] + m[2 * Step], minus12 = m[Step] - m[2 * Step];
    const Vector plus34 = m[3 * Step] + m[4 * Step], minus34 = m[3 * Step] - m[4 * Step];
    const Vector last = m[5 * Step];
    m[0] = m[0] + plus12 + plus34;
    m[Step] = fma(splat(2.0f), minus34, minus12);
    m[2 * Step] = fma(splat(4.0f), plus34, plus12);
    m[3 * Step] = fma(splat(8.0f), minus34, minus12) + last;
}

/// The patch as frequencies.
MS_INLINE void forward_patch(Patch &patch) {
    MS_UNROLL
    for (int column = 0; column < patch_side; ++column) {
        forward<patch_side>(&patch[0][column]);
    }
    MS_UNROLL
    for (int row = 0; row < patch_side; ++row) {
        forward<1>(&patch[row][0]);
    }
}

/// Frequencies as a tile, in the upper left corner.
MS_INLINE void backward_patch(Patch &patch) {
    MS_UNROLL
    for (int column = 0; column < patch_side; ++column) {
        backward<patch_side>(&patch[0][column]);
    }
    MS_UNROLL
    for (int row = 0; row < tile_side; ++row) {
        backward<1>(&patch[row][0]);
    }
}

static int64_t convolution_packed_count(int64_t outputs, int64_t inputs) {
    return frequencies * round_up(outputs, tile_columns) * inputs;
}

/// Transforms some panels of a weight [outputs, inputs, 3, 3] to
/// [frequencies][panels][inputs][tile_columns], in double precision on the way.
static void convolution_pack(const float *weight, int64_t outputs, int64_t inputs,
                             int64_t first_panel, int64_t last_panel, float *packed) {
    static const double g[6][3] = {{1.0 / 4, 0, 0},
                                   {-1.0 / 6, -1.0 / 6, -1.0 / 6},
                                   {-1.0 / 6, 1.0 / 6, -1.0 / 6},
                                   {1.0 / 24, 1.0 / 12, 1.0 / 6},
                                   {1.0 / 24, -1.0 / 12, 1.0 / 6},
                                   {0, 0, 1}};
    const int64_t step = round_up(outputs, tile_columns) * inputs;
    for (int64_t panel = first_panel; panel < last_panel; ++panel) {
        for (int64_t input = 0; input < inputs; ++input) {
            float *to = packed + (panel * inputs + input) * tile_columns;
            for (int64_t column = 0; column < tile_columns; ++column) {
                const int64_t output = panel * tile_columns + column;
                const bool real = output < outputs;
                const float *filter = weight + (output * inputs + input) * 9;
                double rows[6][3];
                for (int i = 0; i < 6; ++i) {
                    for (int j = 0; j < 3; ++j) {
                        rows[i][j] = real ? g[i][0] * filter[j] + g[i][1] * filter[3 + j] +
                                                g[i][2] * filter[6 + j]
                                          : 0.0;
                    }
                }
                for (int i = 0; i < 6; ++i) {
                    for (int j = 0; j < 6; ++j) {
                        to[(i * 6 + j) * step + column] = static_cast<float>(
                            rows[i][0] * g[j][0] + rows[i][1] * g[j][1] + rows[i][2] * g[j][2]);
                    }
                }
            }
        }
    }
}
