// The matrix product that all kernels are made of. Included like simd_vector.hpp.
//
// The left factor lies in rows of a constant stride, cut along the inner axis into chunks, so that
// its addresses are constants of the instruction and no two rows share a cache set. The right
// factor is packed in panels [columns / tile_columns][inner][tile_columns]. A tile of the result
// stays in registers over the whole inner axis; every element is summed in the order of the inner
// axis whatever tile it lies in, so results do not depend on how work is divided.

constexpr int64_t chunk = 256;        // of the inner axis
constexpr int64_t chunk_stride = 272; // floats between rows of the left factor: 17 cache lines

typedef Vector Tile[tile_rows][tile_vectors];

/// `tile += left · right` over `count` steps of the inner axis, for the first `Columns` vectors.
template <int Columns, int64_t Stride>
MS_INLINE void multiply(Vector (&tile)[tile_rows][Columns], const float *left, const float *right,
                        int64_t count) {
    for (int64_t k = 0; k < count; ++k) {
        Vector b[Columns];
        MS_UNROLL
        for (int column = 0; column < Columns; ++column) {
            b[column] = load(right + column * lanes);
        }
        MS_UNROLL
        for (int row = 0; row < tile_rows; ++row) {
            const Vector a = splat(left[row * Stride]);
            MS_UNROLL
            for (int column = 0; column < Columns; ++column) {
                tile[row][column] = fma(a, b[column], tile[row][column]);
            }
        }
        left += 1;
        right += tile_columns;
    }
}

template <int Columns> MS_INLINE void clear(Vector (&tile)[tile_rows][Columns]) {
    MS_UNROLL
    for (int row = 0; row < tile_rows; ++row) {
        MS_UNROLL
        for (int column = 0; column < Columns; ++column) {
            tile[row][column] = splat(0.0f);
        }
    }
}

template <int Columns>
MS_INLINE void load_tile(Vector (&tile)[tile_rows][Columns], const float *from, int64_t stride) {
    MS_UNROLL
    for (int row = 0; row < tile_rows; ++row) {
        MS_UNROLL
        for (int column = 0; column < Columns; ++column) {
            tile[row][column] = load(from + row * stride + column * lanes);
        }
    }
}

template <int Columns>
MS_INLINE void store_tile(const Vector (&tile)[tile_rows][Columns], float *to, int64_t stride) {
    MS_UNROLL
    for (int row = 0; row < tile_rows; ++row) {
        MS_UNROLL
        for (int column = 0; column < Columns; ++column) {
            store(to + row * stride + column * lanes, tile[row][column]);
        }
    }
}

/// One tile of a product whose left factor is cut into chunks `chunk_size` floats apart.
MS_INLINE void multiply_chunks(Tile &tile, const float *left, int64_t chunk_size,
                               const float *right, int64_t inner) {
    for (int64_t at = 0; at < inner; at += chunk) {
        const int64_t count = inner - at < chunk ? inner - at : chunk;
        multiply<tile_vectors, chunk_stride>(tile, left, right, count);
        left += chunk_size;
        right += count * tile_columns;
    }
}

// MARK: - Packing

static int64_t packed_count(int64_t outputs, int64_t inputs) {
    return round_up(outputs, tile_columns) * inputs;
}

/// Packs some panels of a weight [outputs, inputs]; missing outputs become zero.
static void pack(const float *weight, int64_t outputs, int64_t inputs, int64_t first_panel,
                 int64_t last_panel, float *packed) {
    for (int64_t panel = first_panel; panel < last_panel; ++panel) {
        float *to = packed + panel * inputs * tile_columns;
        for (int64_t from = 0; from < inputs; from += 16) {
            const int64_t until = from + 16 < inputs ? from + 16 : inputs;
            for (int64_t column = 0; column < tile_columns; ++column) {
                const int64_t output = panel * tile_columns + column;
                for (int64_t k = from; k < until; ++k) {
                    to[k * tile_columns + column] =
                        output < outputs ? weight[output * inputs + k] : 0.0f;
                }
            }
        }
    }
}
