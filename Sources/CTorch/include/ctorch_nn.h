/// Layers as functions. Every `out` is +1. Images are `[batch, channels, height, width]`.
#ifndef CTORCH_NN_H
#define CTORCH_NN_H

#include "ctorch_core.h"

MS_BEGIN

/// `input @ weight^T + bias`; weight `[outputs, inputs]`, bias optional.
MS_API ms_status ms_linear(const ms_tensor *input, const ms_tensor *weight, const ms_tensor *bias,
                           ms_tensor **out);
/// Two-dimensional convolution with zero padding, the same along both axes; bias optional.
MS_API ms_status ms_conv2d(const ms_tensor *input, const ms_tensor *weight, const ms_tensor *bias,
                           int64_t stride, int64_t padding, int64_t groups, ms_tensor **out);
MS_API ms_status ms_conv_transpose2d(const ms_tensor *input, const ms_tensor *weight,
                                     const ms_tensor *bias, int64_t stride, ms_tensor **out);
/// Normalises the last axis.
MS_API ms_status ms_layer_norm(const ms_tensor *input, const ms_tensor *weight,
                               const ms_tensor *bias, double epsilon, ms_tensor **out);
/// With `use_batch_statistics` the statistics come from the input and, unless null, the running ones
/// are updated in place with `momentum`; otherwise the running ones are used.
MS_API ms_status ms_batch_norm(const ms_tensor *input, const ms_tensor *weight,
                               const ms_tensor *bias, ms_tensor *running_mean,
                               ms_tensor *running_variance, bool use_batch_statistics,
                               double momentum, double epsilon, ms_tensor **out);
/// Per image and channel, without parameters, biased variance.
MS_API ms_status ms_instance_norm(const ms_tensor *input, double epsilon, ms_tensor **out);
/// In this order, each if asked for: doubles the size of an image (bilinear), joins channels to it,
/// ms_instance_norm, ms_conv2d with zero padding that keeps the size, ReLU. On the CPU the result
/// lies channels-last, and nothing in between is kept for the gradients. `appended` and `bias`
/// may be null.
MS_API ms_status ms_recomputing_convolution(const ms_tensor *image, const ms_tensor *appended,
                                            const ms_tensor *weight, const ms_tensor *bias,
                                            bool enlarges, bool normalizes, double epsilon,
                                            bool rectifies, ms_tensor **out);
MS_API ms_status ms_softmax(const ms_tensor *input, int64_t axis, ms_tensor **out);
/// Softmax(query key^T * scale + bias) value; `[batch, heads, length, dimensions]`, bias optional.
MS_API ms_status ms_attention(const ms_tensor *query, const ms_tensor *key, const ms_tensor *value,
                              const ms_tensor *bias, double scale, ms_tensor **out);
/// Self-attention of each image of `[batch, height, width, 3 * heads * dim]` with decomposed relative
/// positions, tables `[2 size - 1, dim]`, to `[batch, height, width, heads * dim]`. With gradients,
/// for which nothing of the size tokens x tokens is kept.
MS_API ms_status ms_differentiable_relative_attention(const ms_tensor *qkv,
                                                      const ms_tensor *row_table,
                                                      const ms_tensor *column_table, int64_t heads,
                                                      ms_tensor **out);
/// Bilinear, half-pixel centres (align_corners = false).
MS_API ms_status ms_resize_bilinear(const ms_tensor *input, int64_t height, int64_t width,
                                    bool antialias, ms_tensor **out);
/// Linear along the last axis of `[batch, channels, length]`, half-pixel centres.
MS_API ms_status ms_resize_linear(const ms_tensor *input, int64_t length, ms_tensor **out);
MS_API ms_status ms_max_pool2d(const ms_tensor *input, int64_t kernel, int64_t stride,
                               int64_t padding, ms_tensor **out);
MS_API ms_status ms_avg_pool2d(const ms_tensor *input, int64_t kernel, int64_t stride,
                               int64_t padding, ms_tensor **out);
/// Zeroes elements with the given probability and scales the rest; random numbers of the device.
MS_API ms_status ms_dropout(const ms_tensor *input, double probability, ms_tensor **out);

MS_END

#endif
