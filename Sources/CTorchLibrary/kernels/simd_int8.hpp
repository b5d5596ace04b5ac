// Linear layers and perceptrons whose products are of 8-bit integers. Included like simd_vector.hpp, where
// the processor multiplies four pairs of bytes at once (VNNI).
//
// Each output of a weight has a scale, and each row of the left factor has its own, found when the row is
// read: the values of a row and of an output lie in -127 ... 127. The products are summed exactly, so that
// results depend neither on the division of work nor on the number of threads.
//
// The processor multiplies unsigned by signed bytes, so packed weights are moved up by 128. What that adds,
// 128 times the sum of the row, is taken off again. Panels are [columns / tile_columns][inner / 4]
// [tile_columns][4]; rows of the left factor are cut into chunks like those of floats.

constexpr int64_t byte_stride = 272; // bytes between rows of the left factor
constexpr int32_t weight_offset = 128;
constexpr float largest_byte = 127.0f;

typedef int8_t SignedBytes __attribute__((ext_vector_type(MS_LANES)));
typedef Integers UnalignedIntegers __attribute__((aligned(1)));
typedef Integers IntegerTile[tile_rows][tile_vectors];

/// Rows of the left factor as bytes, with what brings sums of products back to floats.
struct ByteRows {
    int8_t *bytes;
    int64_t chunk_size; // bytes between chunks
    float *scales;      // [rows]
    int32_t *sums;      // [rows], or [rows] of one chunk
};

/// Turns a row into bytes; chunks of the result are `chunk_size` bytes apart.
static void quantize(const float *from, int64_t count, const ByteRows &to, int64_t row) {
    Vector most = splat(0.0f);
    float rest = 0;
    const int64_t whole = count / lanes * lanes;
    for (int64_t k = 0; k < whole; k += lanes) {
        const Vector value = load(from + k);
        most = larger(most, larger(value, splat(0.0f) - value));
    }
    for (int64_t k = whole; k < count; ++k) {
        rest = __builtin_fmaxf(rest, __builtin_fabsf(from[k]));
    }
    const float peak = __builtin_fmaxf(largest(most), rest);
    const float factor = peak > 0 ? largest_byte / peak : 0.0f;
    to.scales[row] = peak / largest_byte;
    Integers total = (Integers)0;
    int32_t sum = 0;
    int8_t *bytes = to.bytes + row * byte_stride;
    for (int64_t at = 0; at < count; at += chunk) {
        const int64_t length = count - at < chunk ? count - at : chunk;
        const int64_t vectors = length / lanes * lanes;
        for (int64_t k = 0; k < vectors; k += lanes) {
            const Vector value = load(from + at + k) * factor;
            const Integers integers =
                __builtin_convertvector(__builtin_elementwise_roundeven(value), Integers);
            total += integers;
            const SignedBytes narrow = __builtin_convertvector(integers, SignedBytes);
            __builtin_memcpy(bytes + k, &narrow, sizeof narrow);
        }
        for (int64_t k = vectors; k < length; ++k) {
            const int32_t integer = static_cast<int32_t>(__builtin_roundevenf(from[at + k] * factor));
            sum += integer;
            bytes[k] = static_cast<int8_t>(integer);
        }
        bytes += to.chunk_size;
    }
    to.sums[row] = sum + __builtin_reduce_add(total);
}

/// `tile += left · right` over `count` steps of the inner axis, a multiple of 4.
MS_INLINE void multiply_bytes(IntegerTile &tile, const int8_t *left, const uint8_t *right,
                              int64_t count) {
    for (int64_t k = 0; k < count; k += 4) {
        Integers b[tile_vectors];
        MS_UNROLL
        for (int column = 0; column < tile_vectors; ++column) {
            b[column] = *reinterpret_cast<const UnalignedIntegers *>(right + column * 4 * lanes);
        }
        MS_UNROLL
        for (int row = 0; row < tile_rows; ++row) {
            int32_t four;
            __builtin_memcpy(&four, left + row * byte_stride, sizeof four);
            const Integers a = (Integers)four;
            MS_UNROLL
            for (int column = 0; column < tile_vectors; ++column) {
                tile[row][column] = MS_MULTIPLY_BYTES(tile[row][column], b[column], a);
            }
        }
        left += 4;
        right += 4 * tile_columns;
    }
}

MS_INLINE void clear_integers(IntegerTile &tile) {
    MS_UNROLL
    for (int row = 0; row < tile_rows; ++row) {
        MS_UNROLL
        for (int column = 0; column < tile_vectors; ++column) {
            tile[row][column] = (Integers)0;
        }
    }
}

/// The sums of a tile as floats, added to `to` if asked.
MS_INLINE void scale_tile(const IntegerTile &tile, const ByteRows &rows, int64_t first_row,
                          const float *scales, float *to, bool adds) {
    MS_UNROLL
    for (int row = 0; row < tile_rows; ++row) {
        const Integers shift = (Integers)(weight_offset * rows.sums[first_row + row]);
        const Vector factor = splat(rows.scales[first_row + row]);
        MS_UNROLL
        for (int column = 0; column < tile_vectors; ++column) {
            float *at = to + row * tile_columns + column * lanes;
            const Vector value = __builtin_convertvector(tile[row][column] - shift, Vector) *
                                 (factor * load(scales + column * lanes));
            store(at, adds ? load(at) + value : value);
        }
    }
}

/// One tile of a product over the whole inner axis.
MS_INLINE void multiply_byte_chunks(IntegerTile &tile, const ByteRows &rows, int64_t first_row,
                                    const uint8_t *right, int64_t inner) {
    const int8_t *left = rows.bytes + first_row * byte_stride;
    for (int64_t at = 0; at < inner; at += chunk) {
        const int64_t count = inner - at < chunk ? inner - at : chunk;
        multiply_bytes(tile, left, right, count);
        left += rows.chunk_size;
        right += count * tile_columns;
    }
}

/// Floats that `bytes` bytes take.
static int64_t floats_for(int64_t bytes) { return divide_up(bytes, 4); }

/// Memory for the left factor, and a row of floats from which its rows are made.
static int64_t byte_rows_count(int64_t inputs) {
    return floats_for(divide_up(inputs, chunk) * block_rows * byte_stride) + 2 * block_rows;
}

static ByteRows byte_rows(float *&scratch, int64_t inputs) {
    ByteRows rows;
    rows.chunk_size = block_rows * byte_stride;
    rows.bytes = reinterpret_cast<int8_t *>(scratch);
    scratch += floats_for(divide_up(inputs, chunk) * block_rows * byte_stride);
    rows.scales = scratch;
    rows.sums = reinterpret_cast<int32_t *>(scratch + block_rows);
    scratch += 2 * block_rows;
    return rows;
}

/// Fills the left factor for the rows `first ..< last`, completing the last tile with zeros.
static void quantize_rows(const Linear &job, int64_t first, int64_t last, const ByteRows &rows,
                          float *line) {
    for (int64_t row = first; row < last; ++row) {
        copy_row(job, row, line, chunk);
        quantize(line, job.inputs, rows, row - first);
    }
    const int64_t count = last - first;
    for (int64_t row = count; row < round_up(count, tile_rows); ++row) {
        for (int64_t at = 0; at < job.inputs; at += chunk) {
            __builtin_memset(rows.bytes + at / chunk * rows.chunk_size + row * byte_stride, 0,
                             chunk);
        }
        rows.scales[row] = 0;
        rows.sums[row] = 0;
    }
}

static int64_t byte_linear_scratch(const Linear &job) {
    return byte_rows_count(job.inputs) + round_up(job.inputs, chunk);
}

/// As `linear`.
static void byte_linear(const Linear &job, WorkQueue &queue, float *scratch) {
    const ByteRows rows = byte_rows(scratch, job.inputs);
    float *line = scratch;
    int64_t begin, end;
    while (queue.take(begin, end)) {
        const int64_t first = begin * tile_rows;
        const int64_t last = end * tile_rows < job.rows ? end * tile_rows : job.rows;
        quantize_rows(job, first, last, rows, line);
        for (int64_t column = 0; column < job.outputs; column += tile_columns) {
            const uint8_t *panel = job.byte_weight + column * job.inputs;
            for (int64_t row = first; row < last; row += tile_rows) {
                IntegerTile tile;
                clear_integers(tile);
                multiply_byte_chunks(tile, rows, row - first, panel, job.inputs);
                float result[tile_rows * tile_columns];
                scale_tile(tile, rows, row - first, job.byte_scales + column, result, false);
                finish_tile(job, result, row, last - row < tile_rows ? last - row : tile_rows,
                            column);
            }
        }
    }
}

// MARK: - Perceptron

static int64_t byte_perceptron_scratch(const Perceptron &job) {
    return byte_rows_count(job.first.inputs) + byte_rows_count(chunk) +
           round_up(job.first.inputs, chunk) + block_rows * chunk_stride +
           block_rows * round_up(job.second.outputs, tile_columns);
}

/// One chunk of the hidden layer, for `count` rows (whole tiles) of the block.
static void hidden_bytes(const Linear &job, const ByteRows &rows, int64_t count, int64_t from,
                         int64_t until, float *hidden, const ByteRows &to) {
    for (int64_t column = from; column < until; column += tile_columns) {
        const uint8_t *panel = job.byte_weight + column * job.inputs;
        float bias[tile_columns] = {};
        for (int64_t i = 0; i < tile_columns && column + i < job.outputs; ++i) {
            bias[i] = job.bias ? job.bias[column + i] : 0.0f;
        }
        for (int64_t row = 0; row < count; row += tile_rows) {
            IntegerTile tile;
            clear_integers(tile);
            multiply_byte_chunks(tile, rows, row, panel, job.inputs);
            float result[tile_rows * tile_columns];
            scale_tile(tile, rows, row, job.byte_scales + column, result, false);
            float *target = hidden + row * chunk_stride + (column - from);
            for (int64_t i = 0; i < tile_rows; ++i) {
                for (int64_t j = 0; j < tile_columns; j += lanes) {
                    const Vector value = load(result + i * tile_columns + j) + load(bias + j);
                    store(target + i * chunk_stride + j, gelu(value));
                }
            }
        }
    }
    for (int64_t row = 0; row < count; ++row) {
        quantize(hidden + row * chunk_stride, until - from, to, row);
    }
}

/// As `perceptron`; each chunk of the hidden layer has a scale of its own in each row.
static void byte_perceptron(const Perceptron &job, WorkQueue &queue, float *scratch) {
    const Linear &first = job.first, &second = job.second;
    const int64_t width = round_up(second.outputs, tile_columns);
    const ByteRows rows = byte_rows(scratch, first.inputs);
    const ByteRows middle = byte_rows(scratch, chunk);
    float *line = scratch;
    float *hidden = line + round_up(first.inputs, chunk);
    float *sums = hidden + block_rows * chunk_stride;
    int64_t begin, end;
    while (queue.take(begin, end)) {
        const int64_t from = begin * tile_rows;
        const int64_t to = end * tile_rows < first.rows ? end * tile_rows : first.rows;
        const int64_t count = round_up(to - from, tile_rows);
        quantize_rows(first, from, to, rows, line);
        for (int64_t at = 0; at < first.outputs; at += chunk) {
            const int64_t until = at + chunk < first.outputs ? at + chunk : first.outputs;
            hidden_bytes(first, rows, count, at, until, hidden, middle);
            for (int64_t column = 0; column < width; column += tile_columns) {
                const uint8_t *panel =
                    second.byte_weight + column * first.outputs + at * tile_columns;
                for (int64_t row = 0; row < count; row += tile_rows) {
                    float *partial = sums + row * width + column * tile_rows;
                    IntegerTile tile;
                    clear_integers(tile);
                    multiply_bytes(tile, middle.bytes + row * byte_stride, panel, until - at);
                    scale_tile(tile, middle, row, second.byte_scales + column, partial, at > 0);
                    if (until == first.outputs) {
                        const int64_t valid = to - from - row;
                        finish_tile(second, partial, from + row,
                                    valid < tile_rows ? valid : tile_rows, column);
                    }
                }
            }
        }
    }
}

// MARK: - Packing

static int64_t byte_packed_count(int64_t outputs, int64_t inputs) {
    return round_up(outputs, tile_columns) * inputs;
}

/// Packs some panels of a weight [outputs, inputs] and finds their scales; missing outputs become zero.
static void byte_pack(const float *weight, int64_t outputs, int64_t inputs, int64_t first_panel,
                      int64_t last_panel, uint8_t *packed, float *scales) {
    for (int64_t output = first_panel * tile_columns; output < last_panel * tile_columns;
         ++output) {
        const float *from = weight + output * inputs;
        float most = 0;
        for (int64_t k = 0; output < outputs && k < inputs; ++k) {
            most = __builtin_fmaxf(most, __builtin_fabsf(from[k]));
        }
        scales[output] = most / largest_byte;
        const float factor = most > 0 ? largest_byte / most : 0.0f;
        uint8_t *to = packed + output / tile_columns * tile_columns * inputs +
                      output % tile_columns * 4;
        for (int64_t k = 0; k < inputs; ++k) {
            const float value = output < outputs ? from[k] * factor : 0.0f;
            const int32_t integer = static_cast<int32_t>(__builtin_roundevenf(value));
            to[k / 4 * 4 * tile_columns + k % 4] = static_cast<uint8_t>(integer + weight_offset);
        }
    }
}
