/// Measured kernels that libtorch lacks. Each is exact in float32, unless it says otherwise, and answers MS_NOT_SUPPORTED where
/// it does not apply (not on the CPU, not float32, gradients wanted), so that the caller can fall
/// back to composed operators.
///
/// Results do not depend on the number of threads nor on what else is in a batch. They use AVX-512
/// or AVX2 where the processor has it.
#ifndef CTORCH_KERNELS_H
#define CTORCH_KERNELS_H

#include "ctorch_core.h"

MS_BEGIN

/// The instruction set in use: "AVX-512", "AVX2" or "portable". A static string.
MS_API const char *ms_kernels_name(void) MS_ELSE("none");

/// Calls `body` with each of 0 ..< count, on the threads that the kernels use, and waits. `body` must not
/// fail, and may be called on several threads at once.
MS_API void ms_perform(int64_t count, void *context,
                       void (*body)(void *context, int64_t index))
    MS_ELSE(ms_perform_in_turn(count, context, body));

/// Arranges a weight [outputs, inputs] for the kernels; out: +1, a float32 vector.
/// The arrangement belongs to this machine and this run: it is never to be stored.
MS_API ms_status ms_linear_pack(const ms_tensor *weight, ms_tensor **out);

/// Whether the processor multiplies 8-bit integers fast enough for `ms_linear_pack_int8` to pay.
MS_API bool ms_has_int8(void) MS_ELSE(false);

/// Rounds a weight [outputs, inputs] to 8-bit integers, one scale for each output, and arranges it;
/// out: +1, a uint8 vector; scales: +1, a float32 vector. `inputs` must be a multiple of 16.
///
/// A layer with this weight rounds each row of its input to 8-bit integers, too, with a scale of its
/// own, and is not exact. Answers MS_NOT_SUPPORTED also where `ms_has_int8` is false.
MS_API ms_status ms_linear_pack_int8(const ms_tensor *weight, ms_tensor **out, ms_tensor **scales);

/// Whether the processor multiplies bfloat16 fast enough for `ms_linear_pack_bfloat16` to pay.
MS_API bool ms_has_bfloat16(void) MS_ELSE(false);

/// Rounds a weight [outputs, inputs] to bfloat16; out: +1, a bfloat16 tensor of the same shape.
///
/// A layer with this weight rounds its input to bfloat16, too, sums in single precision, and rounds sums to bfloat16
/// before it adds the residual. Input and residual may be in bfloat16.
MS_API ms_status ms_linear_pack_bfloat16(const ms_tensor *weight, ms_tensor **out);

/// A linear layer whose weight was arranged by one of the functions `ms_linear_pack…`.
typedef struct ms_packed_linear {
    const ms_tensor *weight;
    const ms_tensor *scales; // of `ms_linear_pack_int8`, or null
    const ms_tensor *bias;   // [outputs], or null
    int64_t inputs;
    int64_t outputs;
} ms_packed_linear;

/// Normalisation of the last axis, with weight and bias.
typedef struct ms_layer_norm_parameters {
    const ms_tensor *weight;
    const ms_tensor *bias;
    double epsilon;
} ms_layer_norm_parameters;

enum { MS_ACTIVATION_NONE = 0, MS_ACTIVATION_GELU = 1, MS_ACTIVATION_RELU = 2 };

/// `activation(norm(input) · weight^T + bias) + residual`, [..., inputs] -> [..., outputs]; out: +1.
/// `norm` and `residual` may be null; the residual may be shorter and then repeats over the rows.
/// GELU is the exact form, to rounding.
MS_API ms_status ms_fused_linear(const ms_tensor *input, const ms_layer_norm_parameters *norm,
                                 const ms_packed_linear *layer, int32_t activation,
                                 const ms_tensor *residual, ms_tensor **out);

/// `gelu(norm(input) · first^T + b) · second^T + b + residual` without the hidden layer ever
/// leaving the cache; out: +1. Both layers have weights of the same kind.
MS_API ms_status ms_fused_perceptron(const ms_tensor *input, const ms_layer_norm_parameters *norm,
                                     const ms_packed_linear *first, const ms_packed_linear *second,
                                     const ms_tensor *residual, ms_tensor **out);

/// Attention of SAM's image encoder, from the output of the qkv layer.
///
/// `qkv` is [batch, height, width, 3 · channels], all queries first, then keys, then values; the
/// result is [batch, height, width, channels]; out: +1. `window` is the side of the windows, or 0.
/// Window positions outside the image hold `padding` [3 · channels], which is the bias of the qkv
/// layer; they take part as keys, but nothing is computed for them as queries. `relative_h` and
/// `relative_w` are [2 · side - 1, channels / heads].
MS_API ms_status ms_vit_attention(const ms_tensor *qkv, const ms_tensor *padding,
                                  const ms_tensor *relative_h, const ms_tensor *relative_w,
                                  int64_t heads, int64_t window, ms_tensor **out);

/// Attention of TinyViT in windows, from the output of the qkv layer.
///
/// As `ms_vit_attention`, but per head [q | k | v], and with `bias` [heads, window², window²], or
/// null, added to the scores. `padding` is the qkv layer applied to the bias of the normalisation.
MS_API ms_status ms_window_attention(const ms_tensor *qkv, const ms_tensor *padding,
                                     const ms_tensor *bias, int64_t heads, int64_t window,
                                     ms_tensor **out);

/// Channels of an image [height, width, channels of the image], with what happens to a value on the
/// way in: `v = factor * x + shift`, then ReLU if asked for, then `v + offset`.
typedef struct ms_image_part {
    const ms_tensor *image;
    int64_t first_channel;
    int64_t channels;
    const ms_tensor *factor; // [channels], or null; together with shift
    const ms_tensor *shift;  // [channels], or null
    const ms_tensor *offset; // [channels], or null
    bool relu;
    bool doubled; // the image is enlarged to twice its size, bilinearly, before all else
} ms_image_part;

/// Arranges a weight [outputs, inputs, 3, 3] for `ms_fused_convolution`; out: +1. Never to be stored.
MS_API ms_status ms_convolution_pack(const ms_tensor *weight, ms_tensor **out);

/// 3 x 3 convolution with zero padding over one or two parts, whose channels follow each other.
///
/// `layer` has a weight of `ms_convolution_pack`. The result is [height, width, outputs]; out: +1.
/// `moments`, which may be null, receives mean and biased variance of each channel of the result,
/// [2, outputs]; out: +1. All numbers of channels must be multiples of 16. Computed by Winograd's
/// F(4 x 4, 3 x 3), whose rounding errors are some ten times those of a plain sum.
MS_API ms_status ms_fused_convolution(const ms_image_part *parts, int32_t count,
                                      const ms_packed_linear *layer, bool relu, ms_tensor **out,
                                      ms_tensor **moments);

/// The same, then a 1 x 1 convolution with `head_weight` [n, outputs] and `head_bias` [n], and the
/// logistic function. Only the first `height` rows and `width` columns are computed:
/// [n, height, width]; out: +1.
MS_API ms_status ms_fused_convolution_head(const ms_image_part *parts, int32_t count,
                                           const ms_packed_linear *layer, bool relu,
                                           const ms_tensor *head_weight, const ms_tensor *head_bias,
                                           int64_t height, int64_t width, ms_tensor **out);

/// 1 x 1 convolution of a part (not doubled), with a float32 weight of `ms_linear_pack`;
/// [height, width, outputs]; out: +1.
MS_API ms_status ms_fused_pointwise(const ms_image_part *part, const ms_packed_linear *layer,
                                    ms_tensor **out);

/// Mean and biased variance of each channel of a part, [2, channels]; out: +1.
MS_API ms_status ms_part_moments(const ms_image_part *part, ms_tensor **out);

/// What passes between the image tokens and the prompt tokens of the mask decoder in one layer.
/// Prompts are (prompt, head), heads innermost, `count` of them; all projections are folded into them.
typedef struct ms_token_exchange_input {
    const ms_tensor *image;     // [1 or objects, tokens, 256]
    const ms_tensor *positions; // [tokens, 256]
    const ms_tensor *keys;      // [objects, count, 256], scaled
    const ms_tensor *offsets;   // [objects, count], added to the scores
    const ms_tensor *values;    // [objects, count, 256]
    const ms_tensor *bias;      // [256]
    ms_layer_norm_parameters norm;
    const ms_tensor *queries; // [objects, count, 256] of the following attention, scaled
} ms_token_exchange_input;

/// Image tokens attend to the prompts, `t = norm(image + softmax((image + positions) · keys^T + offsets)
/// · values + bias)` with a softmax per head; then the prompts attend to them, `softmax(queries ·
/// (t + positions)^T) · t`. `image` receives t [objects, tokens, 256], `attended` the latter
/// [objects, count, 256]; out: +1 each. At most 256 prompts times heads.
MS_API ms_status ms_token_exchange(const ms_token_exchange_input *input, int64_t heads,
                                   ms_tensor **image, ms_tensor **attended);

/// Image tokens [objects, side · side, 256] to mask logits [masks, 4 · side, 4 · side]; out: +1.
///
/// Two transposed convolutions of 2 x 2, as layers whose outputs are (row, column, channel): `first`
/// 256 -> 4 x 64, normalisation of each pixel, GELU, `second` 64 -> 4 x 32, GELU, and the product with
/// `weights` [masks, 32]. `objects` says for each of the `count` masks whose it is; masks of one object
/// that follow each other share the work.
MS_API ms_status ms_mask_upscaling(const ms_tensor *image, const ms_packed_linear *first,
                                   const ms_layer_norm_parameters *norm,
                                   const ms_packed_linear *second, const ms_tensor *weights,
                                   const int64_t *objects, int64_t count, ms_tensor **out);

MS_END

#endif
