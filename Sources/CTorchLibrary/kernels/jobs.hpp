// The work that the measured kernels do, as plain data, and the table of their implementations.
//
// One implementation per instruction set; `table()` chooses once, at run time. All arrays are
// float32 and row-major unless a stride says otherwise. No job writes what another thread reads.
#pragma once

#include <atomic>
#include <cstdint>

namespace ms::kernels {

/// Hands out ranges of equal work to threads as they become free. The results of all kernels are
/// independent of who computes what.
class WorkQueue {
  public:
    WorkQueue(int64_t count, int64_t step, int threads)
        : count_(count), step_(step < 1 ? 1 : step), threads_(threads) {}

    /// Takes the next range; ranges shrink towards the end, so that threads finish together.
    bool take(int64_t &begin, int64_t &end) {
        int64_t at = next_.load(std::memory_order_relaxed);
        int64_t to = at;
        do {
            if (at >= count_) {
                return false;
            }
            const int64_t share = (count_ - at) / (2 * threads_);
            to = at + (share < 1 ? 1 : share < step_ ? share : step_);
        } while (!next_.compare_exchange_weak(at, to, std::memory_order_relaxed));
        begin = at;
        end = to;
        return true;
    }

  private:
    std::atomic<int64_t> next_{0};
    int64_t count_, step_;
    int threads_;
};

enum class Activation { none, gelu, relu };

struct ImagePart;

/// `out = activation(norm(x) · weightᵀ + bias) + residual`, row by row.
struct Linear {
    const float *input;
    int64_t rows, inputs, input_stride;
    const float *norm_weight, *norm_bias; // layer normalisation of the input rows, or null
    float epsilon;
    const float *weight; // packed; null where there are bytes in its place
    const float *bias;   // [outputs] or null
    int64_t outputs;
    Activation activation;
    const float *residual; // null, or rows like those of `out`; may be `out`
    int64_t residual_rows; // the residual repeats after so many rows
    float *out;
    int64_t output_stride;
    const ImagePart *part; // in place of `input` and normalisation: the rows are its pixels
    const uint8_t *byte_weight; // packed for products of bytes, or null
    const float *byte_scales;   // one for each output, as many as the packed weight has
};

/// `out = gelu(norm(x) · firstᵀ + b1) · secondᵀ + b2 + residual`; the hidden layer stays in cache.
struct Perceptron {
    Linear first;  // activation gelu; out, residual unused
    Linear second; // input unused; rows of `out`
};

/// Softmax attention of one image, whole or in windows.
struct Attention {
    const float *qkv;     // [height, width, 3 · heads · dim]
    const float *padding; // [3 · heads · dim]: what stands at positions outside the image
    int64_t height, width, heads, dim;
    int64_t window;                       // side of the windows, or 0
    bool interleaved;                     // per head q, k, v, instead of all q, all k, all v
    const float *relative_h, *relative_w; // [2S-1, dim] each, or null
    const float *bias;                    // [heads, S·S, S·S] for windows, or null
    float scale;
    float *out; // [height, width, heads · dim]
};

/// Channels of an image, with what happens to a value on the way in:
/// `v = factor · x + shift`, then the larger of v and 0 if `relu`, then `v + offset`.
struct ImagePart {
    const float *image; // at the first channel; [height, width] pixels, `stride` floats apart
    int64_t stride;
    int64_t channels;
    const float *factor, *shift; // per channel; both or neither
    bool relu;
    const float *offset; // per channel, or null
    bool doubled;        // the image has half the size and is enlarged bilinearly
};

/// A 3 x 3 convolution with zero padding over one or two parts, which are its input channels.
struct Convolution {
    ImagePart parts[2];
    int64_t part_count;
    int64_t height, width; // of the result
    const float *weight;   // packed
    int64_t inputs, outputs;
    const float *bias; // [outputs] or null
    bool relu;
    float *out;     // [height, width, outputs], or null
    float *moments; // [units, 2, outputs]: sums of values and of squares, or null
    // A 1 x 1 convolution and a logistic function in place of `out`, of the first rows and columns.
    const float *head_weight, *head_bias; // [head_outputs, outputs], [head_outputs]
    int64_t head_outputs, head_height, head_width;
    float *head_out; // [head_outputs, head_height, head_width], or null
};

/// Image tokens attend to the prompts of their object, and are normalised; the prompts of the next layer
/// attend to the result. Prompts are (prompt, head), heads innermost, `count` of them in all.
///
///     t = norm(image + softmax((image + positions) · keysᵀ + offsets) · values + bias)
///     attended = softmax((t + positions) · queriesᵀ)ᵀ · t
struct Exchange {
    const float *image;     // [1 or objects, tokens, 256]
    bool shared;            // one image for all objects
    const float *positions; // [tokens, 256]
    int64_t objects, tokens, count, heads;
    const float *keys, *queries; // packed, [count, 256] per object; log2(e) is part of them
    int64_t packed_keys;         // floats of one of them
    const float *offsets;        // [objects, count]; log2(e) is part of them
    const float *values;         // packed, [256, count] per object
    int64_t packed_values;
    const float *bias;                    // [256]
    const float *norm_weight, *norm_bias; // [256]
    float epsilon;
    float *out;      // [objects, tokens, 256]
    float *partials; // [objects, spans, ...]
    float *attended; // [objects, count, 256]
};

/// Masks `first ..< first + count` of the result belong to one object.
struct MaskGroup {
    int64_t object, first, count;
};

/// Image tokens of 256 channels to 4 pixels of 64 to 16 pixels of 32, and their products with masks.
struct Upscaling {
    const float *image; // [objects, side · side, 256]
    int64_t side;
    const float *first, *first_bias; // packed [256, 256]: 4 pixels of 64 channels; [256]
    const float *norm_weight, *norm_bias;
    float epsilon;
    const float *second, *second_bias; // packed [128, 64]: 4 pixels of 32 channels; [128]
    const float *weights;              // [masks, 32]
    const MaskGroup *groups;
    int64_t group_count;
    float *out; // [masks, 4 · side, 4 · side]
};

/// Instance normalisation of one image whose channels lie side by side, in blocks of pixels, and
/// its gradient, for which `input` holds the normalised values.
struct Normalization {
    bool half;         // pixels are bfloat16, not float32
    const void *input; // [pixels, channels]
    int64_t pixels, channels, block;
    float *moments;                              // [blocks, 2, channels]
    const float *mean, *scale;                   // per channel; scale: one over the deviation
    const void *gradient;                        // of the normalised values
    const float *gradient_mean, *gradient_slope; // its mean; that of its products with them
    void *out;                                   // like `input`; may be it, or the gradient
};

/// Products of bytes, where the processor has them.
struct ByteKernels {
    int64_t (*packed_count)(int64_t outputs, int64_t inputs);
    void (*pack)(const float *weight, int64_t outputs, int64_t inputs, int64_t first_panel,
                 int64_t last_panel, uint8_t *packed, float *scales);
    int64_t (*linear_scratch)(const Linear &);
    void (*linear)(const Linear &, WorkQueue &, float *scratch);
    int64_t (*perceptron_scratch)(const Perceptron &);
    void (*perceptron)(const Perceptron &, WorkQueue &, float *scratch);
};

/// One implementation of everything.
struct Table {
    const char *name;
    int64_t rows, columns; // of a tile
    int64_t block;         // tiles of rows that a thread takes at a time
    int64_t (*packed_count)(int64_t outputs, int64_t inputs);
    void (*pack)(const float *weight, int64_t outputs, int64_t inputs, int64_t first_panel,
                 int64_t last_panel, float *packed);
    int64_t (*linear_scratch)(const Linear &);
    void (*linear)(const Linear &, WorkQueue &, float *scratch);
    int64_t (*perceptron_scratch)(const Perceptron &);
    void (*perceptron)(const Perceptron &, WorkQueue &, float *scratch);
    /// Floats that all threads share: packed keys and values, and tables.
    int64_t (*attention_shared)(const Attention &);
    int64_t (*attention_scratch)(const Attention &);
    void (*attention_tables)(const Attention &, float *shared);
    /// Units of the packing pass (0 if windows pack their own) and of the attention itself.
    int64_t (*attention_pack_units)(const Attention &);
    void (*attention_pack)(const Attention &, WorkQueue &, float *shared);
    int64_t (*attention_units)(const Attention &);
    void (*attention)(const Attention &, WorkQueue &, const float *shared, float *scratch);
    int64_t (*convolution_packed_count)(int64_t outputs, int64_t inputs);
    void (*convolution_pack)(const float *weight, int64_t outputs, int64_t inputs,
                             int64_t first_panel, int64_t last_panel, float *packed);
    int64_t (*convolution_units)(const Convolution &);
    int64_t (*convolution_scratch)(const Convolution &);
    void (*convolution)(const Convolution &, WorkQueue &, float *scratch);
    /// Sums as a convolution makes them, of a part; the queue counts rows of the (enlarged) image.
    void (*part_moments)(const ImagePart &, int64_t height, int64_t width, WorkQueue &,
                         float *moments);
    /// Spans of an object's tokens, and floats that each of them contributes.
    int64_t (*exchange_spans)(const Exchange &);
    int64_t (*exchange_partial)(const Exchange &);
    int64_t (*exchange_scratch)(const Exchange &);
    void (*exchange)(const Exchange &, WorkQueue &, float *scratch);
    void (*exchange_merge)(const Exchange &, WorkQueue &, float *);
    int64_t (*upscaling_blocks)(const Upscaling &);
    int64_t (*upscaling_scratch)(const Upscaling &);
    void (*upscaling)(const Upscaling &, WorkQueue &, float *scratch);
    /// Queues count blocks. Moments are the mean and the squared deviations of each block; those of
    /// the gradient are sums of it and of its products with the normalised values.
    void (*normalization_moments)(const Normalization &, WorkQueue &);
    void (*normalization_apply)(const Normalization &, WorkQueue &);
    void (*normalization_gradient_moments)(const Normalization &, WorkQueue &);
    void (*normalization_gradient)(const Normalization &, WorkQueue &);
    const ByteKernels *bytes; // null where the processor has no such products
};

const Table *avx512();   // null where the processor or compiler lacks it
const Table *avx2();     // likewise
const Table *portable(); // always there

/// The best implementation on this machine.
const Table &table();

/// Number of tiles of `rows` in `count`.
inline int64_t divide_up(int64_t count, int64_t rows) { return (count + rows - 1) / rows; }
inline int64_t round_up(int64_t count, int64_t unit) { return divide_up(count, unit) * unit; }

} // namespace ms::kernels
