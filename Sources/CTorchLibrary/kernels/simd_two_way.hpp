// One exchange between image tokens and prompt tokens, and the upscaling of image tokens to masks.
// Included like simd_vector.hpp.
//
// Image tokens of an object pass through the caches once per exchange: they attend to the prompts, are
// normalised, and the prompts of the next layer attend to them, block by block. What the blocks of a
// span contribute to the prompts is summed with a running maximum; spans are merged at the end, so that
// results do not depend on the number of threads.

constexpr int64_t token_channels = 256; // one chunk
constexpr int64_t token_tiles = MS_BLOCK_TILES / 2;
constexpr int64_t token_rows = token_tiles * tile_rows; // image tokens that a thread works on at a time
constexpr int64_t span_blocks = 10;                     // blocks whose contributions are summed together

struct ExchangeScratch {
    float *left;    // [token_rows][chunk_stride], the left factor of both score products
    float *scores;  // [token_rows][chunk_stride], scores, then shares
    float *tokens;  // [token_rows][token_channels], the new image tokens
    float *panels;  // [token_channels / columns][token_rows][columns], the same as right factor
    float *weights; // [rounded n][chunk_stride], scores of the prompts, transposed
    float *sums;    // [rounded n][token_channels]
    float *maximum, *total, *factors; // [rounded n]
};

static int64_t exchange_width(const Exchange &job) {
    const int64_t wide = round_up(job.count, tile_columns), high = round_up(job.count, tile_rows);
    return wide > high ? wide : high;
}

static int64_t exchange_scratch(const Exchange &job) {
    const int64_t n = exchange_width(job);
    return token_rows * (2 * chunk_stride + 2 * token_channels) +
           n * (chunk_stride + token_channels + 3);
}

static ExchangeScratch carve_exchange(const Exchange &job, float *memory) {
    const int64_t n = exchange_width(job);
    ExchangeScratch s;
    s.left = memory;
    s.scores = s.left + token_rows * chunk_stride;
    s.tokens = s.scores + token_rows * chunk_stride;
    s.panels = s.tokens + token_rows * token_channels;
    s.weights = s.panels + token_rows * token_channels;
    s.sums = s.weights + n * chunk_stride;
    s.maximum = s.sums + n * token_channels;
    s.total = s.maximum + n;
    s.factors = s.total + n;
    return s;
}

static int64_t exchange_spans(const Exchange &job) {
    return divide_up(divide_up(job.tokens, token_rows), span_blocks);
}

/// Floats of the contributions of one span: sums, maximum and total.
static int64_t exchange_partial(const Exchange &job) { return job.count * (token_channels + 2); }

/// `scores[rows][count] = left · right`, in powers of two where the factors hold log2(e).
static void token_scores(const float *left, int64_t rows, const float *right, int64_t count,
                         float *scores) {
    for (int64_t column = 0; column < count; column += tile_columns) {
        for (int64_t row = 0; row < rows; row += tile_rows) {
            Tile tile;
            clear(tile);
            multiply<tile_vectors, chunk_stride>(tile, left + row * chunk_stride,
                                                 right + column * token_channels, token_channels);
            store_tile(tile, scores + row * chunk_stride + column, chunk_stride);
        }
    }
}

/// Softmax over the prompts, head by head; scores are (prompt, head), heads innermost.
static void share_prompts(const Exchange &job, float *scores) {
    constexpr int64_t most_heads = 16;
    float top[most_heads], total[most_heads];
    const int64_t heads = job.heads;
    for (int64_t h = 0; h < heads; ++h) {
        top[h] = masked;
        total[h] = 0;
    }
    for (int64_t at = 0; at < job.count; at += heads) {
        for (int64_t h = 0; h < heads; ++h) {
            scores[at + h] += job.offsets[at + h];
            top[h] = scores[at + h] > top[h] ? scores[at + h] : top[h];
        }
    }
    for (int64_t at = 0; at < job.count; at += heads) {
        for (int64_t h = 0; h < heads; ++h) {
            scores[at + h] -= top[h];
        }
    }
    for (int64_t at = 0; at < round_up(job.count, lanes); at += lanes) {
        store(scores + at, exponential2(load(scores + at)));
    }
    for (int64_t at = 0; at < job.count; at += heads) {
        for (int64_t h = 0; h < heads; ++h) {
            total[h] += scores[at + h];
        }
    }
    for (int64_t h = 0; h < heads; ++h) {
        total[h] = 1.0f / total[h];
    }
    for (int64_t at = 0; at < job.count; at += heads) {
        for (int64_t h = 0; h < heads; ++h) {
            scores[at + h] *= total[h];
        }
    }
}

/// Normalises one new token; writes it to the result and as right factor, and with its position as left
/// factor.
static void settle_token(const Exchange &job, const float *from, int64_t token, int64_t row,
                         float *out, const ExchangeScratch &s) {
    Vector total = splat(0.0f);
    for (int64_t k = 0; k < token_channels; k += lanes) {
        total += load(from + k);
    }
    const float mean = sum(total) / token_channels;
    total = splat(0.0f);
    for (int64_t k = 0; k < token_channels; k += lanes) {
        const Vector centred = load(from + k) - mean;
        total = fma(centred, centred, total);
    }
    const float factor = 1.0f / __builtin_sqrtf(sum(total) / token_channels + job.epsilon);
    const float *position = job.positions + token * token_channels;
    for (int64_t k = 0; k < token_channels; k += lanes) {
        const Vector centred = (load(from + k) - mean) * factor;
        const Vector value = fma(centred, load(job.norm_weight + k), load(job.norm_bias + k));
        store(out + token * token_channels + k, value);
        store(s.left + row * chunk_stride + k, value + load(position + k));
        const int64_t panel = k / tile_columns;
        store(s.panels + (panel * token_rows + row) * tile_columns + k % tile_columns, value);
    }
}

/// The image tokens `first ..< last` attend to the prompts and are normalised.
static void renew_tokens(const Exchange &job, int64_t object, int64_t first, int64_t last,
                         const ExchangeScratch &s) {
    const int64_t count = last - first, rows = round_up(count, tile_rows);
    const float *image = job.image + (job.shared ? 0 : object * job.tokens * token_channels);
    for (int64_t row = 0; row < count; ++row) {
        const float *from = image + (first + row) * token_channels;
        const float *position = job.positions + (first + row) * token_channels;
        for (int64_t k = 0; k < token_channels; k += lanes) {
            store(s.left + row * chunk_stride + k, load(from + k) + load(position + k));
        }
    }
    for (int64_t row = count; row < rows; ++row) {
        __builtin_memset(s.left + row * chunk_stride, 0, token_channels * sizeof(float));
    }
    Exchange prompts = job;
    prompts.offsets = job.offsets + object * job.count;
    token_scores(s.left, rows, job.keys + object * job.packed_keys, job.count, s.scores);
    for (int64_t row = 0; row < rows; ++row) {
        share_prompts(prompts, s.scores + row * chunk_stride);
    }
    const float *values = job.values + object * job.packed_values;
    for (int64_t column = 0; column < token_channels; column += tile_columns) {
        for (int64_t row = 0; row < rows; row += tile_rows) {
            Tile tile;
            for (int i = 0; i < tile_rows; ++i) {
                const bool real = row + i < count;
                const float *from = image + (first + row + i) * token_channels + column;
                for (int v = 0; v < tile_vectors; ++v) {
                    const Vector bias = load(job.bias + column + v * lanes);
                    tile[i][v] = real ? bias + load(from + v * lanes) : bias;
                }
            }
            multiply<tile_vectors, chunk_stride>(tile, s.scores + row * chunk_stride,
                                                 values + column * job.count, job.count);
            store_tile(tile, s.tokens + row * token_channels + column, token_channels);
        }
    }
    float *out = job.out + object * job.tokens * token_channels;
    for (int64_t row = 0; row < count; ++row) {
        settle_token(job, s.tokens + row * token_channels, first + row, row, out, s);
    }
}

/// The prompts attend to the new image tokens of a block; `count` rows are in `left` and `panels`.
static void attend_tokens(const Exchange &job, int64_t object, int64_t count,
                          const ExchangeScratch &s) {
    const int64_t width = round_up(job.count, lanes);
    token_scores(s.left, round_up(count, tile_rows), job.queries + object * job.packed_keys,
                 job.count, s.scores);
    for (int64_t at = 0; at < width; at += lanes) {
        const Vector before = load(s.maximum + at);
        Vector top = before;
        for (int64_t row = 0; row < count; ++row) {
            top = larger(top, load(s.scores + row * chunk_stride + at));
        }
        const Vector factor = exponential2(before - top);
        Vector total = load(s.total + at) * factor;
        for (int64_t row = 0; row < count; ++row) {
            float line[lanes];
            const Vector weight = exponential2(load(s.scores + row * chunk_stride + at) - top);
            total += weight;
            store(line, weight);
            for (int64_t i = 0; i < lanes; ++i) {
                s.weights[(at + i) * chunk_stride + row] = line[i];
            }
        }
        store(s.maximum + at, top);
        store(s.total + at, total);
        store(s.factors + at, factor);
    }
    for (int64_t column = 0; column < token_channels; column += tile_columns) {
        const float *panel = s.panels + column * token_rows;
        for (int64_t row = 0; row < job.count; row += tile_rows) {
            Tile tile;
            float *sums = s.sums + row * token_channels + column;
            load_tile(tile, sums, token_channels);
            for (int i = 0; i < tile_rows; ++i) {
                for (int v = 0; v < tile_vectors; ++v) {
                    tile[i][v] *= s.factors[row + i];
                }
            }
            multiply<tile_vectors, chunk_stride>(tile, s.weights + row * chunk_stride, panel,
                                                 count);
            store_tile(tile, sums, token_channels);
        }
    }
}

/// The queue counts objects times spans.
static void exchange(const Exchange &job, WorkQueue &queue, float *memory) {
    const ExchangeScratch s = carve_exchange(job, memory);
    const int64_t spans = exchange_spans(job), n = exchange_width(job);
    int64_t begin, end;
    while (queue.take(begin, end)) {
        for (int64_t unit = begin; unit < end; ++unit) {
            const int64_t object = unit / spans, span = unit % spans;
            // Rows beyond the prompts stay zero, so that they are harmless.
            __builtin_memset(s.weights, 0,
                             static_cast<size_t>(n * (chunk_stride + token_channels + 3)) *
                                 sizeof(float));
            for (int64_t i = 0; i < n; ++i) {
                s.maximum[i] = masked;
            }
            for (int64_t block = span * span_blocks; block < (span + 1) * span_blocks; ++block) {
                const int64_t first = block * token_rows;
                const int64_t last =
                    first + token_rows < job.tokens ? first + token_rows : job.tokens;
                if (first >= last) {
                    break;
                }
                renew_tokens(job, object, first, last, s);
                attend_tokens(job, object, last - first, s);
            }
            float *partial = job.partials + unit * exchange_partial(job);
            const auto bytes = static_cast<size_t>(job.count) * sizeof(float);
            __builtin_memcpy(partial, s.sums, bytes * token_channels);
            __builtin_memcpy(partial + job.count * token_channels, s.maximum, bytes);
            __builtin_memcpy(partial + job.count * (token_channels + 1), s.total, bytes);
        }
    }
}

/// Adds up the spans of one object; the queue counts objects.
static void exchange_merge(const Exchange &job, WorkQueue &queue, float *) {
    const int64_t spans = exchange_spans(job), n = job.count;
    int64_t begin, end;
    while (queue.take(begin, end)) {
        for (int64_t row = begin * n; row < end * n; ++row) {
            const int64_t object = row / n, i = row % n;
            const float *first = job.partials + object * spans * exchange_partial(job);
            float top = masked, total = 0;
            for (int64_t span = 0; span < spans; ++span) {
                const float value = first[span * exchange_partial(job) + n * token_channels + i];
                top = value > top ? value : top;
            }
            float *to = job.attended + row * token_channels;
            for (int64_t k = 0; k < token_channels; k += lanes) {
                store(to + k, splat(0.0f));
            }
            for (int64_t span = 0; span < spans; ++span) {
                const float *partial = first + span * exchange_partial(job);
                const float *ends = partial + n * token_channels + i;
                const Vector factor = exponential2(splat(ends[0] - top));
                total += factor[0] * ends[n];
                for (int64_t k = 0; k < token_channels; k += lanes) {
                    const Vector value = load(partial + i * token_channels + k);
                    store(to + k, fma(value, factor, load(to + k)));
                }
            }
            for (int64_t k = 0; k < token_channels; k += lanes) {
                store(to + k, load(to + k) * (1.0f / total));
            }
        }
    }
}

// MARK: - Upscaling

constexpr int64_t first_channels = 64;  // of the pixels after the first upscaling
constexpr int64_t second_channels = 32; // and after the second

/// Floats of the arranged weights of up to `tile_columns` masks.
constexpr int64_t mask_panel = second_channels * tile_columns;

static int64_t upscaling_scratch(const Upscaling &) {
    return token_rows * 2 * chunk_stride + tile_rows * 4 * second_channels + mask_panel;
}

static int64_t upscaling_blocks(const Upscaling &job) {
    return divide_up(job.side * job.side, token_rows);
}

/// Normalises the four pixels of a token in place, and applies GELU.
static void settle_pixels(const Upscaling &job, float *pixels) {
    for (int64_t pixel = 0; pixel < 4; ++pixel, pixels += first_channels) {
        Vector total = splat(0.0f);
        for (int64_t k = 0; k < first_channels; k += lanes) {
            total += load(pixels + k);
        }
        const float mean = sum(total) / first_channels;
        total = splat(0.0f);
        for (int64_t k = 0; k < first_channels; k += lanes) {
            const Vector centred = load(pixels + k) - mean;
            total = fma(centred, centred, total);
        }
        const float factor = 1.0f / __builtin_sqrtf(sum(total) / first_channels + job.epsilon);
        for (int64_t k = 0; k < first_channels; k += lanes) {
            const Vector centred = (load(pixels + k) - mean) * factor;
            store(pixels + k,
                  gelu(fma(centred, load(job.norm_weight + k), load(job.norm_bias + k))));
        }
    }
}

/// The second upscaling and the product with the masks for one tile of tokens and one of the four
/// pixels that the first upscaling made of each.
static void finish_pixels(const Upscaling &job, const float *left, int64_t first_token,
                          int64_t count, int64_t quarter, int64_t first_mask, int64_t masks,
                          const float *panel, float *features) {
    constexpr int64_t width = 4 * second_channels;
    for (int64_t column = 0; column < width; column += tile_columns) {
        Tile tile;
        for (int v = 0; v < tile_vectors; ++v) {
            const Vector bias = load(job.second_bias + column + v * lanes);
            for (int i = 0; i < tile_rows; ++i) {
                tile[i][v] = bias;
            }
        }
        multiply<tile_vectors, chunk_stride>(tile, left + quarter * first_channels,
                                             job.second + column * first_channels, first_channels);
        for (int i = 0; i < tile_rows; ++i) {
            for (int v = 0; v < tile_vectors; ++v) {
                store(features + i * width + column + v * lanes, gelu(tile[i][v]));
            }
        }
    }
    const int64_t full = 4 * job.side;
    for (int64_t part = 0; part < 4; ++part) {
        Vector logits[tile_rows][1];
        clear(logits);
        multiply<1, width>(logits, features + part * second_channels, panel, second_channels);
        for (int64_t i = 0; i < count; ++i) {
            const int64_t token = first_token + i;
            const int64_t y = token / job.side * 4 + quarter / 2 * 2 + part / 2;
            const int64_t x = token % job.side * 4 + quarter % 2 * 2 + part % 2;
            float line[lanes];
            store(line, logits[i][0]);
            for (int64_t mask = 0; mask < masks; ++mask) {
                job.out[((first_mask + mask) * full + y) * full + x] = line[mask];
            }
        }
    }
}

/// The queue counts groups of masks times blocks of tokens.
static void upscaling(const Upscaling &job, WorkQueue &queue, float *memory) {
    float *left = memory, *pixels = left + token_rows * chunk_stride;
    float *features = pixels + token_rows * chunk_stride;
    float *panel = features + tile_rows * 4 * second_channels;
    const int64_t tokens = job.side * job.side, blocks = upscaling_blocks(job);
    int64_t begin, end;
    while (queue.take(begin, end)) {
        for (int64_t unit = begin; unit < end; ++unit) {
            const MaskGroup &group = job.groups[unit / blocks];
            const int64_t first = unit % blocks * token_rows;
            const int64_t last = first + token_rows < tokens ? first + token_rows : tokens;
            const int64_t rows = round_up(last - first, tile_rows);
            const float *image = job.image + group.object * tokens * token_channels;
            for (int64_t row = 0; row < rows; ++row) {
                float *to = left + row * chunk_stride;
                if (first + row < last) {
                    __builtin_memcpy(to, image + (first + row) * token_channels,
                                     token_channels * sizeof(float));
                } else {
                    __builtin_memset(to, 0, token_channels * sizeof(float));
                }
            }
            for (int64_t column = 0; column < token_channels; column += tile_columns) {
                for (int64_t row = 0; row < rows; row += tile_rows) {
                    Tile tile;
                    for (int v = 0; v < tile_vectors; ++v) {
                        const Vector bias = load(job.first_bias + column + v * lanes);
                        for (int i = 0; i < tile_rows; ++i) {
                            tile[i][v] = bias;
                        }
                    }
                    multiply<tile_vectors, chunk_stride>(tile, left + row * chunk_stride,
                                                         job.first + column * token_channels,
                                                         token_channels);
                    store_tile(tile, pixels + row * chunk_stride + column, chunk_stride);
                }
            }
            for (int64_t row = 0; row < rows; ++row) {
                settle_pixels(job, pixels + row * chunk_stride);
            }
            __builtin_memset(panel, 0, mask_panel * sizeof(float));
            for (int64_t mask = 0; mask < group.count; ++mask) {
                for (int64_t k = 0; k < second_channels; ++k) {
                    panel[k * tile_columns + mask] =
                        job.weights[(group.first + mask) * second_channels + k];
                }
            }
            for (int64_t row = 0; row < last - first; row += tile_rows) {
                const int64_t count = last - first - row < tile_rows ? last - first - row : tile_rows;
                for (int64_t quarter = 0; quarter < 4; ++quarter) {
                    finish_pixels(job, pixels + row * chunk_stride, first + row, count, quarter,
                                  group.first, group.count, panel, features);
                }
            }
        }
    }
}
