// Linear layers and perceptrons with what surrounds them. Included like simd_vector.hpp.

constexpr int64_t block_tiles = MS_BLOCK_TILES; // tiles of rows that a thread works on at a time
constexpr int64_t block_rows = block_tiles * tile_rows;

/// Writes one row of the left factor of a product, normalised if asked, in chunks that are
/// `chunk_size` floats apart.
static void copy_row(const Linear &job, int64_t row, float *to, int64_t chunk_size) {
    if (job.part) {
        return copy_pixel(*job.part, row, to, chunk_size);
    }
    const float *from = job.input + row * job.input_stride;
    const int64_t count = job.inputs;
    float mean = 0, factor = 1;
    if (job.norm_weight) {
        const int64_t whole = count / lanes * lanes;
        Vector total = splat(0.0f);
        float rest = 0;
        for (int64_t k = 0; k < whole; k += lanes) {
            total += load(from + k);
        }
        for (int64_t k = whole; k < count; ++k) {
            rest += from[k];
        }
        mean = (sum(total) + rest) / static_cast<float>(count);
        total = splat(0.0f);
        rest = 0;
        for (int64_t k = 0; k < whole; k += lanes) {
            const Vector centred = load(from + k) - mean;
            total = fma(centred, centred, total);
        }
        for (int64_t k = whole; k < count; ++k) {
            rest += (from[k] - mean) * (from[k] - mean);
        }
        const float variance = (sum(total) + rest) / static_cast<float>(count);
        factor = 1.0f / __builtin_sqrtf(variance + job.epsilon);
    }
    for (int64_t at = 0; at < count; at += chunk) {
        const int64_t length = count - at < chunk ? count - at : chunk;
        if (!job.norm_weight) {
            __builtin_memcpy(to, from + at, static_cast<size_t>(length) * sizeof(float));
        } else {
            const float *weight = job.norm_weight + at, *bias = job.norm_bias + at;
            const int64_t whole = length / lanes * lanes;
            for (int64_t k = 0; k < whole; k += lanes) {
                const Vector centred = (load(from + at + k) - mean) * factor;
                store(to + k, fma(centred, load(weight + k), load(bias + k)));
            }
            for (int64_t k = whole; k < length; ++k) {
                to[k] = (from[at + k] - mean) * factor * weight[k] + bias[k];
            }
        }
        to += chunk_size;
    }
}

/// Fills the left factor for the rows `first ..< last`, completing the last tile with zeros.
static void copy_rows(const Linear &job, int64_t first, int64_t last, float *left) {
    for (int64_t row = first; row < last; ++row) {
        copy_row(job, row, left + (row - first) * chunk_stride, block_rows * chunk_stride);
    }
    const int64_t count = last - first;
    for (int64_t row = count; row < round_up(count, tile_rows); ++row) {
        for (int64_t at = 0; at < job.inputs; at += chunk) {
            float *to = left + at / chunk * block_rows * chunk_stride + row * chunk_stride;
            __builtin_memset(to, 0, chunk * sizeof(float));
        }
    }
}

/// Adds bias, applies the activation, adds the residual and writes `rows` of a tile.
static void finish_tile(const Linear &job, const float *tile, int64_t first_row, int64_t rows,
                        int64_t first_column) {
    const int64_t columns =
        job.outputs - first_column < tile_columns ? job.outputs - first_column : tile_columns;
    float bias[tile_columns] = {};
    if (job.bias) {
        __builtin_memcpy(bias, job.bias + first_column,
                         static_cast<size_t>(columns) * sizeof(float));
    }
    for (int64_t row = 0; row < rows; ++row) {
        const float *residual = nullptr;
        if (job.residual) {
            const int64_t at = (first_row + row) % job.residual_rows;
            residual = job.residual + at * job.output_stride + first_column;
        }
        float *to = job.out + (first_row + row) * job.output_stride + first_column;
        float edge[tile_columns];
        if (residual && columns < tile_columns) {
            __builtin_memcpy(edge, residual, static_cast<size_t>(columns) * sizeof(float));
            residual = edge;
        }
        float line[tile_columns];
        float *into = columns == tile_columns ? to : line;
        for (int64_t column = 0; column < tile_columns; column += lanes) {
            Vector value = load(tile + row * tile_columns + column) + load(bias + column);
            if (job.activation == Activation::gelu) {
                value = gelu(value);
            } else if (job.activation == Activation::relu) {
                value = larger(value, splat(0.0f));
            }
            store(into + column, residual ? value + load(residual + column) : value);
        }
        if (into == line) {
            __builtin_memcpy(to, line, static_cast<size_t>(columns) * sizeof(float));
        }
    }
}

static int64_t left_count(int64_t inputs) {
    return divide_up(inputs, chunk) * block_rows * chunk_stride;
}

static int64_t linear_scratch(const Linear &job) { return left_count(job.inputs); }

/// The queue counts tiles of rows.
static void linear(const Linear &job, WorkQueue &queue, float *left) {
    int64_t begin, end;
    while (queue.take(begin, end)) {
        const int64_t first = begin * tile_rows;
        const int64_t last = end * tile_rows < job.rows ? end * tile_rows : job.rows;
        copy_rows(job, first, last, left);
        for (int64_t column = 0; column < job.outputs; column += tile_columns) {
            const float *panel = job.weight + column * job.inputs;
            for (int64_t row = first; row < last; row += tile_rows) {
                Tile tile;
                clear(tile);
                multiply_chunks(tile, left + (row - first) * chunk_stride,
                                block_rows * chunk_stride, panel, job.inputs);
                float result[tile_rows * tile_columns];
                store_tile(tile, result, tile_columns);
                const int64_t rows = last - row < tile_rows ? last - row : tile_rows;
                finish_tile(job, result, row, rows, column);
            }
        }
    }
}

// MARK: - Perceptron

static int64_t perceptron_scratch(const Perceptron &job) {
    return left_count(job.first.inputs) + block_rows * chunk_stride +
           block_rows * round_up(job.second.outputs, tile_columns);
}

/// One chunk of the hidden layer, for `rows` (whole tiles) of the block.
static void hidden_chunk(const Linear &job, const float *left, int64_t rows, int64_t from,
                         int64_t until, float *hidden) {
    for (int64_t column = from; column < until; column += tile_columns) {
        const float *panel = job.weight + column * job.inputs;
        float bias[tile_columns] = {};
        for (int64_t i = 0; i < tile_columns && column + i < job.outputs; ++i) {
            bias[i] = job.bias ? job.bias[column + i] : 0.0f;
        }
        for (int64_t row = 0; row < rows; row += tile_rows) {
            Tile tile;
            clear(tile);
            multiply_chunks(tile, left + row * chunk_stride, block_rows * chunk_stride, panel,
                            job.inputs);
            float result[tile_rows * tile_columns];
            store_tile(tile, result, tile_columns);
            float *to = hidden + row * chunk_stride + (column - from);
            for (int64_t i = 0; i < tile_rows; ++i) {
                for (int64_t j = 0; j < tile_columns; j += lanes) {
                    const Vector value = load(result + i * tile_columns + j) + load(bias + j);
                    store(to + i * chunk_stride + j, gelu(value));
                }
            }
        }
    }
}

/// The queue counts tiles of rows.
static void perceptron(const Perceptron &job, WorkQueue &queue, float *scratch) {
    const Linear &first = job.first, &second = job.second;
    const int64_t width = round_up(second.outputs, tile_columns);
    float *left = scratch;
    float *hidden = left + left_count(first.inputs);
    float *sums = hidden + block_rows * chunk_stride;
    int64_t begin, end;
    while (queue.take(begin, end)) {
        const int64_t from = begin * tile_rows;
        const int64_t to = end * tile_rows < first.rows ? end * tile_rows : first.rows;
        const int64_t rows = round_up(to - from, tile_rows);
        copy_rows(first, from, to, left);
        for (int64_t at = 0; at < first.outputs; at += chunk) {
            const int64_t until = at + chunk < first.outputs ? at + chunk : first.outputs;
            hidden_chunk(first, left, rows, at, until, hidden);
            for (int64_t column = 0; column < width; column += tile_columns) {
                const float *panel = second.weight + column * first.outputs + at * tile_columns;
                for (int64_t row = 0; row < rows; row += tile_rows) {
                    float *partial = sums + row * width + column * tile_rows;
                    Tile tile;
                    if (at == 0) {
                        clear(tile);
                    } else {
                        load_tile(tile, partial, tile_columns);
                    }
                    multiply<tile_vectors, chunk_stride>(tile, hidden + row * chunk_stride, panel,
                                                         until - at);
                    store_tile(tile, partial, tile_columns);
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
