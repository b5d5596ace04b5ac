// 3 x 3 convolutions with what surrounds them. Included like simd_vector.hpp.
//
// A thread takes some tiles at a time: it gathers their patches (enlarging, normalising and joining
// the parts on the way), transforms them, multiplies frequency by frequency, transforms back, and
// finishes the values while they are in cache.

/// Tiles that are worked on together: few channels leave room for the weights in the cache, many
/// channels need many tiles to make use of each weight.
static int64_t convolution_block(const Convolution &job) {
    return round_up(job.inputs > 128 || job.outputs > 128 ? 56 : 28, tile_rows);
}

static int64_t tiles_down(const Convolution &job) {
    return divide_up(job.head_out ? job.head_height : job.height, tile_side);
}

static int64_t tiles_across(const Convolution &job) {
    return divide_up(job.head_out ? job.head_width : job.width, tile_side);
}

static int64_t convolution_units(const Convolution &job) {
    return divide_up(tiles_down(job) * tiles_across(job), convolution_block(job));
}

/// Floats between the rows of the left factor: as for `chunk_stride`, but not more than needed.
static int64_t patch_stride(const Convolution &job) {
    return job.inputs <= 64 ? 80 : job.inputs <= 128 ? 144 : chunk_stride;
}

static int64_t frequency_floats(const Convolution &job) {
    return divide_up(job.inputs, chunk) * convolution_block(job) * patch_stride(job);
}

static int64_t convolution_scratch(const Convolution &job) {
    const int64_t products = convolution_block(job) * round_up(job.outputs, tile_columns);
    return frequencies * (frequency_floats(job) + products) + tile_side * tile_side * job.outputs;
}

// MARK: - Gathering

/// The patch whose upper left corner is (top, left), zero outside the image.
MS_INLINE void gather(const ImagePart &part, const Mapping &map, int64_t height, int64_t width,
                      int64_t top, int64_t left, int64_t channel, Patch &patch) {
    const bool inside =
        top >= 0 && left >= 0 && top + patch_side <= height && left + patch_side <= width;
    const bool plain = !part.factor && !part.relu && !part.offset;
    for (int row = 0; row < patch_side; ++row) {
        const int64_t y = top + row;
        const float *from = part.image + (y * width + left) * part.stride + channel;
        if (inside && plain) {
            MS_UNROLL
            for (int column = 0; column < patch_side; ++column) {
                patch[row][column] = load(from + column * part.stride);
            }
        } else if (inside) {
            MS_UNROLL
            for (int column = 0; column < patch_side; ++column) {
                patch[row][column] = apply(map, load(from + column * part.stride));
            }
        } else {
            for (int column = 0; column < patch_side; ++column) {
                const int64_t x = left + column;
                const bool real = y >= 0 && y < height && x >= 0 && x < width;
                patch[row][column] =
                    real ? apply(map, load(from + column * part.stride)) : splat(0.0f);
            }
        }
    }
}

/// The same from an image of half the size. `top` and `left` are odd.
MS_INLINE void gather_doubled(const ImagePart &part, const Mapping &map, int64_t height,
                              int64_t width, int64_t top, int64_t left, int64_t channel,
                              Patch &patch) {
    const int64_t h = height / 2, w = width / 2;
    const int64_t first_row = (top - 1) / 2, first_column = (left - 1) / 2;
    Vector low[4][patch_side]; // four rows of the small image, enlarged in width
    for (int row = 0; row < 4; ++row) {
        const float *from = part.image + clamp(first_row + row, h) * w * part.stride + channel;
        Vector source[4];
        MS_UNROLL
        for (int column = 0; column < 4; ++column) {
            const int64_t x = clamp(first_column + column, w);
            source[column] = apply(map, load(from + x * part.stride));
        }
        MS_UNROLL
        for (int column = 0; column < patch_side; ++column) {
            low[row][column] = blend(source[column / 2], source[column / 2 + 1], column % 2 == 0);
        }
    }
    MS_UNROLL
    for (int row = 0; row < patch_side; ++row) {
        MS_UNROLL
        for (int column = 0; column < patch_side; ++column) {
            patch[row][column] =
                blend(low[row / 2][column], low[row / 2 + 1][column], row % 2 == 0);
        }
    }
    if (top >= 0 && left >= 0 && top + patch_side <= height && left + patch_side <= width) {
        return;
    }
    for (int row = 0; row < patch_side; ++row) {
        for (int column = 0; column < patch_side; ++column) {
            const int64_t y = top + row, x = left + column;
            if (y < 0 || y >= height || x < 0 || x >= width) {
                patch[row][column] = splat(0.0f);
            }
        }
    }
}

/// Gathers and transforms the patches of the tiles `first ..< last` into the left factors.
static void gather_tiles(const Convolution &job, int64_t first, int64_t last, float *left_factor) {
    const int64_t across = tiles_across(job), stride = patch_stride(job);
    const int64_t block = convolution_block(job), step = frequency_floats(job);
    int64_t base = 0; // first channel of the part
    for (int64_t index = 0; index < job.part_count; ++index) {
        const ImagePart &part = job.parts[index];
        for (int64_t tile = first; tile < last; ++tile) {
            const int64_t top = tile / across * tile_side - 1;
            const int64_t left = tile % across * tile_side - 1;
            for (int64_t c = 0; c < part.channels; c += lanes) {
                Patch patch;
                const Mapping map = mapping(part, c);
                if (part.doubled) {
                    gather_doubled(part, map, job.height, job.width, top, left, c, patch);
                } else {
                    gather(part, map, job.height, job.width, top, left, c, patch);
                }
                forward_patch(patch);
                const int64_t channel = base + c;
                float *to = left_factor + channel / chunk * block * stride +
                            (tile - first) * stride + channel % chunk;
                MS_UNROLL
                for (int i = 0; i < frequencies; ++i) {
                    store(to + i * step, patch[i / patch_side][i % patch_side]);
                }
            }
        }
        base += part.channels;
    }
}

// MARK: - Multiplying

/// The products of all frequencies, [frequencies][block][outputs in whole panels].
template <int64_t Stride>
static void multiply_frequencies(const Convolution &job, int64_t tiles, const float *left_factor,
                                 float *products) {
    const int64_t width = round_up(job.outputs, tile_columns), block = convolution_block(job);
    for (int64_t frequency = 0; frequency < frequencies; ++frequency) {
        const float *left = left_factor + frequency * frequency_floats(job);
        float *out = products + frequency * block * width;
        for (int64_t column = 0; column < width; column += tile_columns) {
            const float *panel = job.weight + (frequency * width + column) * job.inputs;
            for (int64_t row = 0; row < tiles; row += tile_rows) {
                Tile tile;
                clear(tile);
                const float *right = panel;
                for (int64_t at = 0; at < job.inputs; at += chunk) {
                    const int64_t count = job.inputs - at < chunk ? job.inputs - at : chunk;
                    multiply<tile_vectors, Stride>(
                        tile, left + at / chunk * block * Stride + row * Stride, right, count);
                    right += count * tile_columns;
                }
                store_tile(tile, out + row * width + column, width);
            }
        }
    }
}

// MARK: - Finishing

/// The 1 x 1 convolution and logistic function that end a network.
static void finish_head(const Convolution &job, const float *pixels, int64_t top, int64_t left) {
    constexpr int64_t count = tile_side * tile_side;
    for (int64_t output = 0; output < job.head_outputs; ++output) {
        const float *weight = job.head_weight + output * job.outputs;
        float values[count];
        for (int64_t pixel = 0; pixel < count; ++pixel) {
            Vector total = splat(0.0f);
            for (int64_t c = 0; c < job.outputs; c += lanes) {
                total = fma(load(pixels + pixel * job.outputs + c), load(weight + c), total);
            }
            values[pixel] = sum(total) + job.head_bias[output];
        }
        for (int64_t pixel = 0; pixel < count; pixel += lanes) {
            const Vector power = load(values + pixel) * -1.44269504088896340736f;
            const Vector other = exponential2(smaller(power, splat(126.0f)));
            store(values + pixel, 1.0f / (1.0f + other));
        }
        for (int64_t pixel = 0; pixel < count; ++pixel) {
            const int64_t y = top + pixel / tile_side, x = left + pixel % tile_side;
            if (y < job.head_height && x < job.head_width) {
                job.head_out[(output * job.head_height + y) * job.head_width + x] = values[pixel];
            }
        }
    }
}

/// One vector of channels of one tile: back from frequencies, bias, ReLU, sums, result.
MS_INLINE void finish_channels(const Convolution &job, const float *products, int64_t step,
                               int64_t top, int64_t left, int64_t channel, float *sums,
                               float *pixels) {
    Patch patch;
    MS_UNROLL
    for (int i = 0; i < frequencies; ++i) {
        patch[i / patch_side][i % patch_side] = load(products + i * step);
    }
    backward_patch(patch);
    const Vector bias = job.bias ? load(job.bias + channel) : splat(0.0f);
    const Vector floor = splat(job.relu ? 0.0f : -__builtin_inff());
    Vector values = splat(0.0f), squares = splat(0.0f);
    const bool inside = top + tile_side <= job.height && left + tile_side <= job.width;
    for (int row = 0; row < tile_side; ++row) {
        float *to = job.head_out
                        ? pixels + row * tile_side * job.outputs + channel
                        : job.out + ((top + row) * job.width + left) * job.outputs + channel;
        for (int column = 0; column < tile_side; ++column) {
            if (!job.head_out && !inside &&
                (top + row >= job.height || left + column >= job.width)) {
                continue;
            }
            const Vector value = larger(patch[row][column] + bias, floor);
            values += value;
            squares = fma(value, value, squares);
            store(to + column * job.outputs, value);
        }
    }
    if (sums) {
        store(sums + channel, load(sums + channel) + values);
        store(sums + job.outputs + channel, load(sums + job.outputs + channel) + squares);
    }
}

/// The queue counts blocks of tiles.
static void convolution(const Convolution &job, WorkQueue &queue, float *scratch) {
    const int64_t block = convolution_block(job), across = tiles_across(job);
    const int64_t width = round_up(job.outputs, tile_columns), stride = patch_stride(job);
    float *left_factor = scratch;
    float *products = left_factor + frequencies * frequency_floats(job);
    float *pixels = products + frequencies * block * width;
    int64_t begin, end;
    while (queue.take(begin, end)) {
        for (int64_t unit = begin; unit < end; ++unit) {
            const int64_t first = unit * block, all = tiles_down(job) * across;
            const int64_t last = first + block < all ? first + block : all;
            gather_tiles(job, first, last, left_factor);
            if (stride == 80) {
                multiply_frequencies<80>(job, last - first, left_factor, products);
            } else if (stride == 144) {
                multiply_frequencies<144>(job, last - first, left_factor, products);
            } else {
                multiply_frequencies<chunk_stride>(job, last - first, left_factor, products);
            }
            float *sums = job.moments ? job.moments + unit * 2 * job.outputs : nullptr;
            for (int64_t i = 0; sums && i < 2 * job.outputs; ++i) {
                sums[i] = 0;
            }
            for (int64_t tile = first; tile < last; ++tile) {
                const int64_t top = tile / across * tile_side, left = tile % across * tile_side;
                for (int64_t c = 0; c < job.outputs; c += lanes) {
                    finish_channels(job, products + (tile - first) * width + c, block * width, top,
                                    left, c, sums, pixels);
                }
                if (job.head_out) {
                    finish_head(job, pixels, top, left);
                }
            }
        }
    }
}
