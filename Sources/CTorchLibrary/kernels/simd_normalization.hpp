// Instance normalisation of channels-last images, and its gradient. Included like simd_vector.hpp.
//
// These passes are bound by memory, so float32 and bfloat16 share them: values are float32 in
// registers, whatever they are in memory.

typedef uint16_t Halves __attribute__((ext_vector_type(MS_LANES)));
typedef uint16_t UnalignedHalves __attribute__((ext_vector_type(MS_LANES), aligned(2)));
typedef uint32_t Words __attribute__((ext_vector_type(MS_LANES)));

MS_INLINE Vector load_value(const float *from) { return load(from); }

MS_INLINE Vector load_value(const uint16_t *from) {
    const Halves bits = *reinterpret_cast<const UnalignedHalves *>(from);
    const Words words = __builtin_convertvector(bits, Words) << 16;
    Vector value;
    __builtin_memcpy(&value, &words, sizeof value);
    return value;
}

MS_INLINE void store_value(float *to, Vector value) { store(to, value); }

/// Rounds to the nearest bfloat16, halves to even.
MS_INLINE void store_value(uint16_t *to, Vector value) {
    Words words;
    __builtin_memcpy(&words, &value, sizeof words);
    words = (words + 0x7fff + ((words >> 16) & 1)) >> 16;
    *reinterpret_cast<UnalignedHalves *>(to) = __builtin_convertvector(words, Halves);
}

/// Mean of the values of a block and sum of the squares of what is left, channel by channel; the
/// block stays in the cache between the two.
template <typename Value>
static void block_moments(const Normalization &job, int64_t first, int64_t last, float *moments) {
    const Value *input = static_cast<const Value *>(job.input);
    for (int64_t c = 0; c < job.channels; c += lanes) {
        Vector mean = splat(0.0f), squares = splat(0.0f);
        for (int64_t pixel = first; pixel < last; ++pixel) {
            mean += load_value(input + pixel * job.channels + c);
        }
        mean *= 1.0f / static_cast<float>(last - first);
        for (int64_t pixel = first; pixel < last; ++pixel) {
            const Vector rest = load_value(input + pixel * job.channels + c) - mean;
            squares = fma(rest, rest, squares);
        }
        store(moments + c, mean);
        store(moments + job.channels + c, squares);
    }
}

template <typename Value>
static void block_normalized(const Normalization &job, int64_t first, int64_t last, float *) {
    const Value *input = static_cast<const Value *>(job.input);
    Value *out = static_cast<Value *>(job.out);
    for (int64_t pixel = first; pixel < last; ++pixel) {
        for (int64_t c = 0; c < job.channels; c += lanes) {
            const int64_t at = pixel * job.channels + c;
            store_value(out + at,
                        (load_value(input + at) - load(job.mean + c)) * load(job.scale + c));
        }
    }
}

/// Sums of the gradient, and of its products with the normalised values, which are `input` here.
template <typename Value>
static void block_gradient_moments(const Normalization &job, int64_t first, int64_t last,
                                   float *moments) {
    const Value *input = static_cast<const Value *>(job.input);
    const Value *gradient = static_cast<const Value *>(job.gradient);
    for (int64_t c = 0; c < job.channels; c += lanes) {
        Vector sums = splat(0.0f), products = splat(0.0f);
        for (int64_t pixel = first; pixel < last; ++pixel) {
            const int64_t at = pixel * job.channels + c;
            const Vector value = load_value(gradient + at);
            sums += value;
            products = fma(value, load_value(input + at), products);
        }
        store(moments + c, sums);
        store(moments + job.channels + c, products);
    }
}

/// The gradient of the image from normalised values; `out` may be the gradient that comes in.
template <typename Value>
static void block_gradient(const Normalization &job, int64_t first, int64_t last, float *) {
    const Value *input = static_cast<const Value *>(job.input);
    const Value *gradient = static_cast<const Value *>(job.gradient);
    Value *out = static_cast<Value *>(job.out);
    for (int64_t pixel = first; pixel < last; ++pixel) {
        for (int64_t c = 0; c < job.channels; c += lanes) {
            const int64_t at = pixel * job.channels + c;
            const Vector rest = load_value(gradient + at) - load(job.gradient_mean + c) -
                                load_value(input + at) * load(job.gradient_slope + c);
            store_value(out + at, rest * load(job.scale + c));
        }
    }
}

/// Calls one of the functions above for each block that the queue hands out.
#define MS_BLOCKS(function)                                                                        \
    int64_t begin, end;                                                                            \
    while (queue.take(begin, end)) {                                                               \
        for (int64_t block = begin; block < end; ++block) {                                        \
            const int64_t first = block * job.block;                                               \
            const int64_t last =                                                                   \
                job.pixels < first + job.block ? job.pixels : first + job.block;                   \
            float *moments = job.moments + block * 2 * job.channels;                               \
            if (job.half) {                                                                        \
                function<uint16_t>(job, first, last, moments);                                     \
            } else {                                                                               \
                function<float>(job, first, last, moments);                                        \
            }                                                                                      \
        }                                                                                          \
    }

static void normalization_moments(const Normalization &job, WorkQueue &queue) {
    MS_BLOCKS(block_moments)
}

static void normalization_apply(const Normalization &job, WorkQueue &queue) {
    MS_BLOCKS(block_normalized)
}

static void normalization_gradient_moments(const Normalization &job, WorkQueue &queue) {
    MS_BLOCKS(block_gradient_moments)
}

static void normalization_gradient(const Normalization &job, WorkQueue &queue) {
    MS_BLOCKS(block_gradient)
}

#undef MS_BLOCKS
