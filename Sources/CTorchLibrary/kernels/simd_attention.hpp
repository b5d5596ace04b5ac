// Softmax attention that never holds more than one tile of scores. Included like simd_vector.hpp.
//
// Keys of a window (or of the whole image) are numbered in a grid whose rows are padded to whole
// vectors where a relative position is added, so that one vector of scores has one key row. The
// scores of a tile of queries against one chunk of keys stay in the first-level cache: product,
// softmax (running maximum and sum) and product with the values follow each other there.
// Everything works in powers of two: the factor log2(e) is part of the scale.

constexpr float log2_e = 1.44269504088896340736f;
constexpr float masked = -1e30f;
constexpr int64_t query_stride = 144; // floats between queries in the left factor
constexpr int64_t largest_dim = 128;

struct Geometry {
    int64_t side_h, side_w;       // keys of a window
    int64_t windows_h, windows_w; // windows of the image
    int64_t row;                  // positions per key row
    int64_t keys;                 // positions that carry keys (or gaps inside rows)
    int64_t padded_keys;          // the same in whole panels
    int64_t value_panels;
    int64_t group_floats;     // packed keys and values of one window and head
    bool shared;              // packed once for all threads
    int64_t table_h, table_w; // columns of the relative tables in whole panels
};

static Geometry geometry(const Attention &job) {
    Geometry g;
    g.side_h = job.window ? job.window : job.height;
    g.side_w = job.window ? job.window : job.width;
    g.windows_h = divide_up(job.height, g.side_h);
    g.windows_w = divide_up(job.width, g.side_w);
    g.row = job.relative_h ? round_up(g.side_w, lanes) : g.side_w;
    g.keys = g.side_h * g.row;
    g.padded_keys = round_up(g.keys, tile_columns);
    g.value_panels = divide_up(job.dim, tile_columns);
    g.group_floats = g.padded_keys * (job.dim + g.value_panels * tile_columns);
    g.shared = g.windows_h * g.windows_w == 1;
    g.table_h = job.relative_h ? round_up(2 * g.side_h - 1, tile_columns) : 0;
    g.table_w = job.relative_h ? round_up(2 * g.side_w - 1, tile_columns) : 0;
    return g;
}

/// Offsets of query, key and value of a head inside a row of `qkv`.
struct Offsets {
    int64_t query, key, value;
};

static Offsets offsets(const Attention &job, int64_t head) {
    if (job.interleaved) {
        const int64_t at = head * 3 * job.dim;
        return {at, at + job.dim, at + 2 * job.dim};
    }
    const int64_t channels = job.heads * job.dim, at = head * job.dim;
    return {at, at + channels, at + 2 * channels};
}

/// Packs keys [padded_keys / columns][dim][columns] and values [panels][padded_keys][columns].
static void pack_group(const Attention &job, const Geometry &g, int64_t window_row,
                       int64_t window_column, int64_t head, float *to) {
    const int64_t stride = 3 * job.heads * job.dim;
    const Offsets offset = offsets(job, head);
    float *values = to + g.padded_keys * job.dim;
    __builtin_memset(to, 0, static_cast<size_t>(g.group_floats) * sizeof(float));
    for (int64_t y = 0; y < g.side_h; ++y) {
        for (int64_t x = 0; x < g.side_w; ++x) {
            const int64_t row = window_row * g.side_h + y, column = window_column * g.side_w + x;
            const bool inside = row < job.height && column < job.width;
            const float *from =
                inside ? job.qkv + (row * job.width + column) * stride : job.padding;
            const int64_t position = y * g.row + x;
            float *key =
                to + position / tile_columns * tile_columns * job.dim + position % tile_columns;
            for (int64_t c = 0; c < job.dim; ++c) {
                key[c * tile_columns] = from[offset.key + c];
            }
            for (int64_t c = 0; c < job.dim; c += tile_columns) {
                const int64_t count = job.dim - c < tile_columns ? job.dim - c : tile_columns;
                float *value = values + c * g.padded_keys + position * tile_columns;
                __builtin_memcpy(value, from + offset.value + c,
                                 static_cast<size_t>(count) * sizeof(float));
            }
        }
    }
}

/// Packs a table of relative positions, reversed, so that the entries of neighbouring keys follow
/// each other; scaled by log2(e).
static void pack_table(const float *table, int64_t side, int64_t dim, int64_t columns, float *to) {
    for (int64_t column = 0; column < columns; ++column) {
        const int64_t entry = 2 * side - 2 - column;
        float *out = to + column / tile_columns * tile_columns * dim + column % tile_columns;
        for (int64_t c = 0; c < dim; ++c) {
            out[c * tile_columns] = entry >= 0 ? table[entry * dim + c] * log2_e : 0.0f;
        }
    }
}

static int64_t attention_shared(const Attention &job) {
    const Geometry g = geometry(job);
    return (g.table_h + g.table_w) * job.dim + (g.shared ? job.heads * g.group_floats : 0);
}

static void attention_tables(const Attention &job, float *shared) {
    const Geometry g = geometry(job);
    if (job.relative_h) {
        pack_table(job.relative_h, g.side_h, job.dim, g.table_h, shared);
        pack_table(job.relative_w, g.side_w, job.dim, g.table_w, shared + g.table_h * job.dim);
    }
}

static int64_t attention_pack_units(const Attention &job) {
    return geometry(job).shared ? job.heads : 0;
}

static void attention_pack(const Attention &job, WorkQueue &queue, float *shared) {
    const Geometry g = geometry(job);
    float *groups = shared + (g.table_h + g.table_w) * job.dim;
    int64_t begin, end;
    while (queue.take(begin, end)) {
        for (int64_t head = begin; head < end; ++head) {
            pack_group(job, g, 0, 0, head, groups + head * g.group_floats);
        }
    }
}

// MARK: - One block of queries

constexpr int64_t query_tiles = MS_BLOCK_TILES;
constexpr int64_t query_rows = query_tiles * tile_rows;

/// What a thread holds for a block of queries; all of it inside its scratch memory.
struct Block {
    float *queries;    // [query_rows][query_stride]
    float *scores;     // [tile_rows][chunk_stride]
    float *sums;       // [query_rows][value_panels · tile_columns], the weighted values so far
    float *relative_h; // [query_rows][table_h], the products with the table of rows
    float *relative_w; // [query_rows][table_w]
    float *columns;    // [query_rows][row], the part of relative_w that a query sees
    float *maximum;    // [query_rows], of the scores so far
    float *total;      // [query_rows], of the weights so far
    float *group;      // packed keys and values, where they are not shared
    int64_t image[query_rows];            // the query's position in the image, or -1
    int64_t y[query_rows], x[query_rows]; // and in its window
};

static int64_t block_floats(const Geometry &g) {
    return query_rows * (query_stride + g.value_panels * tile_columns + g.table_h + g.table_w +
                         g.row + lanes + 2) +
           tile_rows * chunk_stride + (g.shared ? 0 : g.group_floats);
}

static Block carve(const Geometry &g, float *scratch) {
    Block block;
    block.queries = scratch;
    block.scores = block.queries + query_rows * query_stride;
    block.sums = block.scores + tile_rows * chunk_stride;
    block.relative_h = block.sums + query_rows * g.value_panels * tile_columns;
    block.relative_w = block.relative_h + query_rows * g.table_h;
    block.columns = block.relative_w + query_rows * g.table_w;
    block.maximum = block.columns + query_rows * (g.row + lanes);
    block.total = block.maximum + query_rows;
    block.group = block.total + query_rows;
    return block;
}

/// `out[rows][columns] = queries · table`, in whole tiles.
static void relative_products(const Block &block, int64_t rows, const float *table, int64_t columns,
                              int64_t dim, float *out) {
    for (int64_t column = 0; column < columns; column += tile_columns) {
        for (int64_t row = 0; row < rows; row += tile_rows) {
            Tile tile;
            clear(tile);
            multiply<tile_vectors, query_stride>(tile, block.queries + row * query_stride,
                                                 table + column * dim, dim);
            store_tile(tile, out + row * columns + column, columns);
        }
    }
}

/// Gathers the queries, computes what depends on them alone, and scales them.
static void start_block(const Attention &job, const Geometry &g, const float *tables, int64_t head,
                        int64_t rows, Block &block) {
    const int64_t stride = 3 * job.heads * job.dim;
    const int64_t offset = offsets(job, head).query;
    for (int64_t row = 0; row < rows; ++row) {
        float *to = block.queries + row * query_stride;
        if (block.image[row] < 0) {
            __builtin_memset(to, 0, static_cast<size_t>(job.dim) * sizeof(float));
        } else {
            __builtin_memcpy(to, job.qkv + block.image[row] * stride + offset,
                             static_cast<size_t>(job.dim) * sizeof(float));
        }
        block.maximum[row] = masked;
        block.total[row] = 0;
    }
    if (job.relative_h) {
        relative_products(block, rows, tables, g.table_h, job.dim, block.relative_h);
        relative_products(block, rows, tables + g.table_h * job.dim, g.table_w, job.dim,
                          block.relative_w);
        for (int64_t row = 0; row < rows; ++row) {
            float *columns = block.columns + row * g.row;
            const float *from = block.relative_w + row * g.table_w + g.side_w - 1 - block.x[row];
            __builtin_memcpy(columns, from, static_cast<size_t>(g.side_w) * sizeof(float));
            for (int64_t x = g.side_w; x < g.row; ++x) {
                columns[x] = masked;
            }
        }
    }
    const float scale = job.scale * log2_e;
    for (int64_t row = 0; row < rows; ++row) {
        for (int64_t c = 0; c < job.dim; ++c) {
            block.queries[row * query_stride + c] *= scale;
        }
    }
}

/// The scores of one tile of queries for the keys `from ..< until`.
static void score(const Attention &job, const Geometry &g, const Block &block, const float *keys,
                  int64_t head, int64_t tile_row, int64_t from, int64_t until) {
    const int64_t area = g.side_h * g.side_w;
    for (int64_t key = from; key < until; key += tile_columns) {
        Tile tile;
        clear(tile);
        if (job.relative_h) {
            MS_UNROLL
            for (int column = 0; column < tile_vectors; ++column) {
                const int64_t at = key + column * lanes;
                const int64_t y = at / g.row, x = at % g.row;
                const bool inside = at < g.keys;
                MS_UNROLL
                for (int i = 0; i < tile_rows; ++i) {
                    const int64_t row = tile_row + i;
                    const float *rows =
                        block.relative_h + row * g.table_h + g.side_h - 1 - block.y[row];
                    tile[i][column] =
                        inside ? load(block.columns + row * g.row + x) + rows[y] : splat(masked);
                }
            }
        }
        multiply<tile_vectors, query_stride>(tile, block.queries + tile_row * query_stride,
                                             keys + key * job.dim, job.dim);
        store_tile(tile, block.scores + (key - from), chunk_stride);
    }
    if (job.relative_h) {
        return;
    }
    for (int64_t i = 0; i < tile_rows; ++i) {
        float *scores = block.scores + i * chunk_stride;
        const int64_t row = tile_row + i;
        const int64_t valid = (until < g.keys ? until : g.keys) - from;
        if (job.bias && block.image[row] >= 0) {
            const int64_t query = block.y[row] * g.side_w + block.x[row];
            const float *bias = job.bias + (head * area + query) * area + from;
            for (int64_t key = 0; key < valid; ++key) {
                scores[key] += bias[key] * log2_e;
            }
        }
        for (int64_t key = valid; key < until - from; ++key) {
            scores[key] = masked;
        }
    }
}

/// Turns `count` scores of a tile into weights; `factors` is by how much earlier sums shrink.
static void weigh(const Block &block, int64_t tile_row, int64_t count, float *factors) {
    for (int64_t i = 0; i < tile_rows; ++i) {
        float *scores = block.scores + i * chunk_stride;
        Vector top = splat(block.maximum[tile_row + i]);
        for (int64_t key = 0; key < count; key += lanes) {
            top = larger(top, load(scores + key));
        }
        const float maximum = largest(top);
        Vector total = splat(0.0f);
        for (int64_t key = 0; key < count; key += lanes) {
            const Vector weight = exponential2(load(scores + key) - maximum);
            total += weight;
            store(scores + key, weight);
        }
        const Vector shrink = exponential2(splat(block.maximum[tile_row + i] - maximum));
        factors[i] = shrink[0];
        block.total[tile_row + i] = block.total[tile_row + i] * factors[i] + sum(total);
        block.maximum[tile_row + i] = maximum;
    }
}

/// Adds the weighted values of one chunk of keys to the sums of a tile of queries.
template <int Columns>
MS_INLINE void add_values(const Block &block, const float *values, int64_t count,
                          const float *factors, bool first, float *sums, int64_t stride) {
    Vector tile[tile_rows][Columns];
    if (first) {
        clear(tile);
    } else {
        load_tile(tile, sums, stride);
        MS_UNROLL
        for (int row = 0; row < tile_rows; ++row) {
            MS_UNROLL
            for (int column = 0; column < Columns; ++column) {
                tile[row][column] *= factors[row];
            }
        }
    }
    multiply<Columns, chunk_stride>(tile, block.scores, values, count);
    store_tile(tile, sums, stride);
}

static void attend(const Attention &job, const Geometry &g, const Block &block, const float *group,
                   int64_t head, int64_t rows) {
    const float *values = group + g.padded_keys * job.dim;
    const int64_t width = g.value_panels * tile_columns;
    for (int64_t from = 0; from < g.padded_keys; from += chunk) {
        const int64_t until = from + chunk < g.padded_keys ? from + chunk : g.padded_keys;
        const int64_t count = (until < g.keys ? until : g.keys) - from;
        for (int64_t row = 0; row < rows; row += tile_rows) {
            float factors[tile_rows];
            score(job, g, block, group, head, row, from, until);
            weigh(block, row, until - from, factors);
            for (int64_t c = 0; c < job.dim; c += tile_columns) {
                const float *panel = values + c * g.padded_keys + from * tile_columns;
                float *sums = block.sums + row * width + c;
                if (job.dim - c <= tile_columns / 2) {
                    add_values<tile_vectors / 2>(block, panel, count, factors, from == 0, sums,
                                                 width);
                } else {
                    add_values<tile_vectors>(block, panel, count, factors, from == 0, sums, width);
                }
            }
        }
    }
}

static void finish_block(const Attention &job, const Geometry &g, const Block &block, int64_t head,
                         int64_t rows) {
    const int64_t width = g.value_panels * tile_columns;
    for (int64_t row = 0; row < rows; ++row) {
        if (block.image[row] < 0) {
            continue;
        }
        const float factor = 1.0f / block.total[row];
        float *to = job.out + (block.image[row] * job.heads + head) * job.dim;
        for (int64_t c = 0; c < job.dim; ++c) {
            to[c] = block.sums[row * width + c] * factor;
        }
    }
}

// MARK: - All blocks

static int64_t attention_scratch(const Attention &job) { return block_floats(geometry(job)); }

/// Shared keys: heads times blocks of queries. Windows: windows times heads.
static int64_t attention_units(const Attention &job) {
    const Geometry g = geometry(job);
    return g.shared ? job.heads * divide_up(job.height * job.width, query_rows)
                    : g.windows_h * g.windows_w * job.heads;
}

static void attend_window(const Attention &job, const Geometry &g, int64_t window_row,
                          int64_t window_column, int64_t head, const float *tables,
                          const float *group, int64_t first, int64_t last, Block &block) {
    const int64_t top = window_row * g.side_h, left = window_column * g.side_w;
    const int64_t width = job.width - left < g.side_w ? job.width - left : g.side_w;
    for (int64_t at = first; at < last; at += query_rows) {
        const int64_t count = last - at < query_rows ? last - at : query_rows;
        const int64_t rows = round_up(count, tile_rows);
        for (int64_t row = 0; row < rows; ++row) {
            const int64_t query = at + row;
            const bool real = row < count;
            block.y[row] = real ? query / width : 0;
            block.x[row] = real ? query % width : 0;
            block.image[row] = real ? (top + block.y[row]) * job.width + left + block.x[row] : -1;
        }
        start_block(job, g, tables, head, rows, block);
        attend(job, g, block, group, head, rows);
        finish_block(job, g, block, head, rows);
    }
}

static void attention(const Attention &job, WorkQueue &queue, const float *shared, float *scratch) {
    const Geometry g = geometry(job);
    const float *groups = shared + (g.table_h + g.table_w) * job.dim;
    Block block = carve(g, scratch);
    int64_t begin, end;
    while (queue.take(begin, end)) {
        for (int64_t unit = begin; unit < end; ++unit) {
            if (g.shared) {
                const int64_t queries = job.height * job.width;
                const int64_t blocks = divide_up(queries, query_rows);
                const int64_t head = unit / blocks, first = unit % blocks * query_rows;
                const int64_t last = first + query_rows < queries ? first + query_rows : queries;
                attend_window(job, g, 0, 0, head, shared, groups + head * g.group_floats, first,
                              last, block);
                continue;
            }
            const int64_t window = unit / job.heads, head = unit % job.heads;
            const int64_t row = window / g.windows_w, column = window % g.windows_w;
            const int64_t height =
                job.height - row * g.side_h < g.side_h ? job.height - row * g.side_h : g.side_h;
            const int64_t width =
                job.width - column * g.side_w < g.side_w ? job.width - column * g.side_w : g.side_w;
            pack_group(job, g, row, column, head, block.group);
            attend_window(job, g, row, column, head, shared, block.group, 0, height * width, block);
        }
    }
}
