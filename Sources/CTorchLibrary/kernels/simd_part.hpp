// Reading channels of images. Included like simd_vector.hpp.

/// What happens to one vector of channels on the way in.
struct Mapping {
    Vector factor, shift, offset, floor;
};

MS_INLINE Mapping mapping(const ImagePart &part, int64_t channel) {
    Mapping map;
    map.factor = part.factor ? load(part.factor + channel) : splat(1.0f);
    map.shift = part.shift ? load(part.shift + channel) : splat(0.0f);
    map.offset = part.offset ? load(part.offset + channel) : splat(0.0f);
    map.floor = splat(part.relu ? 0.0f : -__builtin_inff());
    return map;
}

/// Without a mapping values pass unchanged, as they do with factor 1 and shift 0.
MS_INLINE Vector apply(const Mapping &map, Vector value) {
    return larger(fma(value, map.factor, map.shift), map.floor) + map.offset;
}

/// Writes the channels of a pixel, cut into chunks that are `chunk_size` floats apart.
static void copy_pixel(const ImagePart &part, int64_t pixel, float *to, int64_t chunk_size) {
    const float *from = part.image + pixel * part.stride;
    for (int64_t at = 0; at < part.channels; at += chunk) {
        const int64_t count = part.channels - at < chunk ? part.channels - at : chunk;
        for (int64_t c = 0; c < count; c += lanes) {
            store(to + c, apply(mapping(part, at + c), load(from + at + c)));
        }
        to += chunk_size;
    }
}

/// The bilinear mean of two neighbours; `odd` tells which is nearer.
MS_INLINE Vector blend(Vector before, Vector after, bool odd) {
    return odd ? fma(splat(0.25f), after, before * 0.75f)
               : fma(splat(0.25f), before, after * 0.75f);
}

MS_INLINE int64_t clamp(int64_t value, int64_t count) {
    return value < 0 ? 0 : value >= count ? count - 1 : value;
}

/// A pixel at (y, x) of the doubled image, mapped.
MS_INLINE Vector doubled_pixel(const ImagePart &part, const Mapping &map, int64_t channel,
                               int64_t height, int64_t width, int64_t y, int64_t x) {
    const int64_t h = height / 2, w = width / 2;
    const int64_t y0 = clamp((y - 1) >> 1, h), y1 = clamp(((y - 1) >> 1) + 1, h);
    const int64_t x0 = clamp((x - 1) >> 1, w), x1 = clamp(((x - 1) >> 1) + 1, w);
    const float *image = part.image + channel;
    const Vector top = blend(load(image + (y0 * w + x0) * part.stride),
                             load(image + (y0 * w + x1) * part.stride), x & 1);
    const Vector bottom = blend(load(image + (y1 * w + x0) * part.stride),
                                load(image + (y1 * w + x1) * part.stride), x & 1);
    return apply(map, blend(top, bottom, y & 1));
}

/// Adds the sums of values and squares of row after row to `moments` [rows, 2, channels].
static void part_moments(const ImagePart &part, int64_t height, int64_t width, WorkQueue &queue,
                         float *moments) {
    int64_t begin, end;
    while (queue.take(begin, end)) {
        for (int64_t y = begin; y < end; ++y) {
            float *sums = moments + y * 2 * part.channels;
            for (int64_t c = 0; c < part.channels; c += lanes) {
                const Mapping map = mapping(part, c);
                Vector values = splat(0.0f), squares = splat(0.0f);
                for (int64_t x = 0; x < width; ++x) {
                    const Vector value =
                        part.doubled
                            ? doubled_pixel(part, map, c, height, width, y, x)
                            : apply(map, load(part.image + (y * width + x) * part.stride + c));
                    values += value;
                    squares = fma(value, value, squares);
                }
                store(sums + c, values);
                store(sums + part.channels + c, squares);
            }
        }
    }
}
