/// Written by Scripts/interface.py from the declarations in the other headers; not to be edited.
///
/// The table by which callers find the implementation, and the functions that call through it.
#ifndef CTORCH_FUNCTIONS_H
#define CTORCH_FUNCTIONS_H

// clang-format off
#include "ctorch_autograd.h"
#include "ctorch_core.h"
#include "ctorch_device.h"
#include "ctorch_kernels.h"
#include "ctorch_math.h"
#include "ctorch_memory.h"
#include "ctorch_nn.h"
#include "ctorch_optim.h"
#include "ctorch_shape.h"
#include "ctorch_tensor.h"
#include "ctorch_library.h"

/// Tells the declarations apart from those of other versions: a hash of their text without comments.
#define MS_INTERFACE UINT64_C(0xb91baed57a991e35)

/// Everything that is implemented, as `apply(name)`.
#define MS_FUNCTIONS(apply) \
    apply(ms_requires_grad_set) \
    apply(ms_requires_grad) \
    apply(ms_backward) \
    apply(ms_backward_from) \
    apply(ms_grad) \
    apply(ms_grad_set) \
    apply(ms_detach) \
    apply(ms_grad_enabled_set) \
    apply(ms_grad_enabled) \
    apply(ms_inference_enter) \
    apply(ms_inference_leave) \
    apply(ms_autocast_enter) \
    apply(ms_autocast_leave) \
    apply(ms_last_error) \
    apply(ms_libtorch_version) \
    apply(ms_device_count) \
    apply(ms_device_synchronize) \
    apply(ms_device_unused_memory) \
    apply(ms_thread_count) \
    apply(ms_thread_count_set) \
    apply(ms_seed_all) \
    apply(ms_kernels_name) \
    apply(ms_perform) \
    apply(ms_linear_pack) \
    apply(ms_has_int8) \
    apply(ms_linear_pack_int8) \
    apply(ms_has_bfloat16) \
    apply(ms_linear_pack_bfloat16) \
    apply(ms_fused_linear) \
    apply(ms_fused_perceptron) \
    apply(ms_vit_attention) \
    apply(ms_window_attention) \
    apply(ms_convolution_pack) \
    apply(ms_fused_convolution) \
    apply(ms_fused_convolution_head) \
    apply(ms_fused_pointwise) \
    apply(ms_part_moments) \
    apply(ms_token_exchange) \
    apply(ms_mask_upscaling) \
    apply(ms_neg) \
    apply(ms_abs) \
    apply(ms_exp) \
    apply(ms_log) \
    apply(ms_sqrt) \
    apply(ms_rsqrt) \
    apply(ms_sin) \
    apply(ms_cos) \
    apply(ms_tanh) \
    apply(ms_sigmoid) \
    apply(ms_relu) \
    apply(ms_gelu) \
    apply(ms_round) \
    apply(ms_floor) \
    apply(ms_isfinite) \
    apply(ms_logical_not) \
    apply(ms_add) \
    apply(ms_sub) \
    apply(ms_mul) \
    apply(ms_div) \
    apply(ms_maximum) \
    apply(ms_minimum) \
    apply(ms_greater) \
    apply(ms_greater_equal) \
    apply(ms_equal) \
    apply(ms_logical_and) \
    apply(ms_logical_or) \
    apply(ms_add_scalar) \
    apply(ms_mul_scalar) \
    apply(ms_pow_scalar) \
    apply(ms_greater_scalar) \
    apply(ms_less_scalar) \
    apply(ms_equal_scalar) \
    apply(ms_clamp) \
    apply(ms_where) \
    apply(ms_add_in_place) \
    apply(ms_mul_in_place) \
    apply(ms_relu_in_place) \
    apply(ms_gelu_in_place) \
    apply(ms_sigmoid_in_place) \
    apply(ms_sum) \
    apply(ms_mean) \
    apply(ms_max) \
    apply(ms_min) \
    apply(ms_variance_mean) \
    apply(ms_argmax) \
    apply(ms_top) \
    apply(ms_matmul) \
    apply(ms_add_matmul) \
    apply(ms_memory_cache_limit_set) \
    apply(ms_memory_cache_limit) \
    apply(ms_memory_cached_bytes) \
    apply(ms_memory_used_bytes) \
    apply(ms_memory_peak_used_bytes) \
    apply(ms_memory_cache_release) \
    apply(ms_linear) \
    apply(ms_conv2d) \
    apply(ms_conv_transpose2d) \
    apply(ms_layer_norm) \
    apply(ms_batch_norm) \
    apply(ms_instance_norm) \
    apply(ms_recomputing_convolution) \
    apply(ms_softmax) \
    apply(ms_attention) \
    apply(ms_differentiable_relative_attention) \
    apply(ms_resize_bilinear) \
    apply(ms_resize_linear) \
    apply(ms_max_pool2d) \
    apply(ms_avg_pool2d) \
    apply(ms_dropout) \
    apply(ms_adamw_step) \
    apply(ms_reshape) \
    apply(ms_permute) \
    apply(ms_transpose) \
    apply(ms_unsqueeze) \
    apply(ms_squeeze) \
    apply(ms_expand) \
    apply(ms_slice) \
    apply(ms_select) \
    apply(ms_index_select) \
    apply(ms_gather) \
    apply(ms_cat) \
    apply(ms_stack) \
    apply(ms_flip) \
    apply(ms_repeat_interleave) \
    apply(ms_pad) \
    apply(ms_nonzero) \
    apply(ms_tensor_release) \
    apply(ms_tensor_retain) \
    apply(ms_tensor_from_bytes) \
    apply(ms_tensor_from_memory) \
    apply(ms_tensor_full) \
    apply(ms_tensor_arange) \
    apply(ms_tensor_rand) \
    apply(ms_tensor_randn) \
    apply(ms_generator_new) \
    apply(ms_generator_release) \
    apply(ms_tensor_rank) \
    apply(ms_tensor_shape) \
    apply(ms_tensor_dtype) \
    apply(ms_tensor_device) \
    apply(ms_tensor_count) \
    apply(ms_tensor_is_contiguous) \
    apply(ms_tensor_is_channels_last) \
    apply(ms_tensor_copy_to) \
    apply(ms_tensor_data) \
    apply(ms_tensor_to) \
    apply(ms_tensor_contiguous) \
    apply(ms_tensor_channels_last) \
    apply(ms_tensor_clone) \
    apply(ms_tensor_copy_in_place) \
    apply(ms_tensor_equal)

#define MS_FIELD(name) __typeof__(&name) name;

struct ms_functions {
    /// MS_INTERFACE, as the implementation was compiled.
    uint64_t interface;
    MS_FUNCTIONS(MS_FIELD)
};

#undef MS_FIELD

#ifndef CTORCH_LIBRARY

#define MS_CALL(name, ...) const ms_functions *library = ms_library(); if (library) library->name(__VA_ARGS__)
#define MS_RETURN(otherwise, name, ...) \
    const ms_functions *library = ms_library(); return library ? library->name(__VA_ARGS__) : (otherwise)
// A handle is there, and so is the library that made it.
#define MS_RETURN_OF_HANDLE(name, ...) return ms_library_functions->name(__VA_ARGS__)

static inline ms_status ms_requires_grad_set(ms_tensor *tensor, bool value) { MS_RETURN(MS_UNAVAILABLE, ms_requires_grad_set, tensor, value); }
static inline bool ms_requires_grad(const ms_tensor *tensor) { MS_RETURN_OF_HANDLE(ms_requires_grad, tensor); }
static inline ms_status ms_backward(const ms_tensor *scalar) { MS_RETURN(MS_UNAVAILABLE, ms_backward, scalar); }
static inline ms_status ms_backward_from(const ms_tensor *tensor, const ms_tensor *gradient) { MS_RETURN(MS_UNAVAILABLE, ms_backward_from, tensor, gradient); }
static inline ms_status ms_grad(const ms_tensor *tensor, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_grad, tensor, out); }
static inline ms_status ms_grad_set(ms_tensor *tensor, const ms_tensor *gradient) { MS_RETURN(MS_UNAVAILABLE, ms_grad_set, tensor, gradient); }
static inline ms_status ms_detach(const ms_tensor *tensor, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_detach, tensor, out); }
static inline bool ms_grad_enabled_set(bool enabled) { MS_RETURN(true, ms_grad_enabled_set, enabled); }
static inline bool ms_grad_enabled(void) { MS_RETURN(true, ms_grad_enabled); }
static inline ms_status ms_inference_enter(ms_inference_scope **out) { MS_RETURN(MS_UNAVAILABLE, ms_inference_enter, out); }
static inline void ms_inference_leave(ms_inference_scope *scope) { MS_CALL(ms_inference_leave, scope); }
static inline ms_status ms_autocast_enter(int32_t device_kind, int32_t dtype, ms_autocast_scope **out) { MS_RETURN(MS_UNAVAILABLE, ms_autocast_enter, device_kind, dtype, out); }
static inline void ms_autocast_leave(ms_autocast_scope *scope) { MS_CALL(ms_autocast_leave, scope); }
static inline const char *ms_last_error(void) { MS_RETURN(ms_library_problem(), ms_last_error); }
static inline const char *ms_libtorch_version(void) { MS_RETURN("none", ms_libtorch_version); }
static inline int32_t ms_device_count(int32_t kind) { MS_RETURN(kind == MS_CPU, ms_device_count, kind); }
static inline ms_status ms_device_synchronize(ms_device device) { MS_RETURN(MS_UNAVAILABLE, ms_device_synchronize, device); }
static inline ms_status ms_device_unused_memory(ms_device device, int64_t *out) { MS_RETURN(MS_UNAVAILABLE, ms_device_unused_memory, device, out); }
static inline int32_t ms_thread_count(void) { MS_RETURN(1, ms_thread_count); }
static inline ms_status ms_thread_count_set(int32_t count) { MS_RETURN(MS_UNAVAILABLE, ms_thread_count_set, count); }
static inline ms_status ms_seed_all(uint64_t seed) { MS_RETURN(MS_UNAVAILABLE, ms_seed_all, seed); }
static inline const char *ms_kernels_name(void) { MS_RETURN("none", ms_kernels_name); }
static inline void ms_perform(int64_t count, void *context, void (*body)(void *context, int64_t index)) { MS_CALL(ms_perform, count, context, body); else ms_perform_in_turn(count, context, body); }
static inline ms_status ms_linear_pack(const ms_tensor *weight, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_linear_pack, weight, out); }
static inline bool ms_has_int8(void) { MS_RETURN(false, ms_has_int8); }
static inline ms_status ms_linear_pack_int8(const ms_tensor *weight, ms_tensor **out, ms_tensor **scales) { MS_RETURN(MS_UNAVAILABLE, ms_linear_pack_int8, weight, out, scales); }
static inline bool ms_has_bfloat16(void) { MS_RETURN(false, ms_has_bfloat16); }
static inline ms_status ms_linear_pack_bfloat16(const ms_tensor *weight, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_linear_pack_bfloat16, weight, out); }
static inline ms_status ms_fused_linear(const ms_tensor *input, const ms_layer_norm_parameters *norm, const ms_packed_linear *layer, int32_t activation, const ms_tensor *residual, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_fused_linear, input, norm, layer, activation, residual, out); }
static inline ms_status ms_fused_perceptron(const ms_tensor *input, const ms_layer_norm_parameters *norm, const ms_packed_linear *first, const ms_packed_linear *second, const ms_tensor *residual, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_fused_perceptron, input, norm, first, second, residual, out); }
static inline ms_status ms_vit_attention(const ms_tensor *qkv, const ms_tensor *padding, const ms_tensor *relative_h, const ms_tensor *relative_w, int64_t heads, int64_t window, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_vit_attention, qkv, padding, relative_h, relative_w, heads, window, out); }
static inline ms_status ms_window_attention(const ms_tensor *qkv, const ms_tensor *padding, const ms_tensor *bias, int64_t heads, int64_t window, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_window_attention, qkv, padding, bias, heads, window, out); }
static inline ms_status ms_convolution_pack(const ms_tensor *weight, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_convolution_pack, weight, out); }
static inline ms_status ms_fused_convolution(const ms_image_part *parts, int32_t count, const ms_packed_linear *layer, bool relu, ms_tensor **out, ms_tensor **moments) { MS_RETURN(MS_UNAVAILABLE, ms_fused_convolution, parts, count, layer, relu, out, moments); }
static inline ms_status ms_fused_convolution_head(const ms_image_part *parts, int32_t count, const ms_packed_linear *layer, bool relu, const ms_tensor *head_weight, const ms_tensor *head_bias, int64_t height, int64_t width, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_fused_convolution_head, parts, count, layer, relu, head_weight, head_bias, height, width, out); }
static inline ms_status ms_fused_pointwise(const ms_image_part *part, const ms_packed_linear *layer, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_fused_pointwise, part, layer, out); }
static inline ms_status ms_part_moments(const ms_image_part *part, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_part_moments, part, out); }
static inline ms_status ms_token_exchange(const ms_token_exchange_input *input, int64_t heads, ms_tensor **image, ms_tensor **attended) { MS_RETURN(MS_UNAVAILABLE, ms_token_exchange, input, heads, image, attended); }
static inline ms_status ms_mask_upscaling(const ms_tensor *image, const ms_packed_linear *first, const ms_layer_norm_parameters *norm, const ms_packed_linear *second, const ms_tensor *weights, const int64_t *objects, int64_t count, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_mask_upscaling, image, first, norm, second, weights, objects, count, out); }
static inline ms_status ms_neg(const ms_tensor *a, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_neg, a, out); }
static inline ms_status ms_abs(const ms_tensor *a, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_abs, a, out); }
static inline ms_status ms_exp(const ms_tensor *a, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_exp, a, out); }
static inline ms_status ms_log(const ms_tensor *a, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_log, a, out); }
static inline ms_status ms_sqrt(const ms_tensor *a, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_sqrt, a, out); }
static inline ms_status ms_rsqrt(const ms_tensor *a, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_rsqrt, a, out); }
static inline ms_status ms_sin(const ms_tensor *a, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_sin, a, out); }
static inline ms_status ms_cos(const ms_tensor *a, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_cos, a, out); }
static inline ms_status ms_tanh(const ms_tensor *a, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_tanh, a, out); }
static inline ms_status ms_sigmoid(const ms_tensor *a, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_sigmoid, a, out); }
static inline ms_status ms_relu(const ms_tensor *a, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_relu, a, out); }
static inline ms_status ms_gelu(const ms_tensor *a, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_gelu, a, out); }
static inline ms_status ms_round(const ms_tensor *a, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_round, a, out); }
static inline ms_status ms_floor(const ms_tensor *a, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_floor, a, out); }
static inline ms_status ms_isfinite(const ms_tensor *a, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_isfinite, a, out); }
static inline ms_status ms_logical_not(const ms_tensor *a, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_logical_not, a, out); }
static inline ms_status ms_add(const ms_tensor *a, const ms_tensor *b, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_add, a, b, out); }
static inline ms_status ms_sub(const ms_tensor *a, const ms_tensor *b, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_sub, a, b, out); }
static inline ms_status ms_mul(const ms_tensor *a, const ms_tensor *b, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_mul, a, b, out); }
static inline ms_status ms_div(const ms_tensor *a, const ms_tensor *b, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_div, a, b, out); }
static inline ms_status ms_maximum(const ms_tensor *a, const ms_tensor *b, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_maximum, a, b, out); }
static inline ms_status ms_minimum(const ms_tensor *a, const ms_tensor *b, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_minimum, a, b, out); }
static inline ms_status ms_greater(const ms_tensor *a, const ms_tensor *b, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_greater, a, b, out); }
static inline ms_status ms_greater_equal(const ms_tensor *a, const ms_tensor *b, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_greater_equal, a, b, out); }
static inline ms_status ms_equal(const ms_tensor *a, const ms_tensor *b, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_equal, a, b, out); }
static inline ms_status ms_logical_and(const ms_tensor *a, const ms_tensor *b, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_logical_and, a, b, out); }
static inline ms_status ms_logical_or(const ms_tensor *a, const ms_tensor *b, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_logical_or, a, b, out); }
static inline ms_status ms_add_scalar(const ms_tensor *a, double b, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_add_scalar, a, b, out); }
static inline ms_status ms_mul_scalar(const ms_tensor *a, double b, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_mul_scalar, a, b, out); }
static inline ms_status ms_pow_scalar(const ms_tensor *a, double exponent, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_pow_scalar, a, exponent, out); }
static inline ms_status ms_greater_scalar(const ms_tensor *a, double b, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_greater_scalar, a, b, out); }
static inline ms_status ms_less_scalar(const ms_tensor *a, double b, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_less_scalar, a, b, out); }
static inline ms_status ms_equal_scalar(const ms_tensor *a, double b, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_equal_scalar, a, b, out); }
static inline ms_status ms_clamp(const ms_tensor *a, double low, double high, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_clamp, a, low, high, out); }
static inline ms_status ms_where(const ms_tensor *condition, const ms_tensor *a, const ms_tensor *b, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_where, condition, a, b, out); }
static inline ms_status ms_add_in_place(ms_tensor *target, const ms_tensor *b, double scale) { MS_RETURN(MS_UNAVAILABLE, ms_add_in_place, target, b, scale); }
static inline ms_status ms_mul_in_place(ms_tensor *target, double factor) { MS_RETURN(MS_UNAVAILABLE, ms_mul_in_place, target, factor); }
static inline ms_status ms_relu_in_place(ms_tensor *target) { MS_RETURN(MS_UNAVAILABLE, ms_relu_in_place, target); }
static inline ms_status ms_gelu_in_place(ms_tensor *target) { MS_RETURN(MS_UNAVAILABLE, ms_gelu_in_place, target); }
static inline ms_status ms_sigmoid_in_place(ms_tensor *target) { MS_RETURN(MS_UNAVAILABLE, ms_sigmoid_in_place, target); }
static inline ms_status ms_sum(const ms_tensor *a, const int64_t *axes, int32_t axis_count, bool keep, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_sum, a, axes, axis_count, keep, out); }
static inline ms_status ms_mean(const ms_tensor *a, const int64_t *axes, int32_t axis_count, bool keep, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_mean, a, axes, axis_count, keep, out); }
static inline ms_status ms_max(const ms_tensor *a, const int64_t *axes, int32_t axis_count, bool keep, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_max, a, axes, axis_count, keep, out); }
static inline ms_status ms_min(const ms_tensor *a, const int64_t *axes, int32_t axis_count, bool keep, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_min, a, axes, axis_count, keep, out); }
static inline ms_status ms_variance_mean(const ms_tensor *a, const int64_t *axes, int32_t axis_count, bool keep, ms_tensor **variance, ms_tensor **mean) { MS_RETURN(MS_UNAVAILABLE, ms_variance_mean, a, axes, axis_count, keep, variance, mean); }
static inline ms_status ms_argmax(const ms_tensor *a, int64_t axis, bool keep, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_argmax, a, axis, keep, out); }
static inline ms_status ms_top(const ms_tensor *a, int64_t count, int64_t axis, ms_tensor **values, ms_tensor **indices) { MS_RETURN(MS_UNAVAILABLE, ms_top, a, count, axis, values, indices); }
static inline ms_status ms_matmul(const ms_tensor *a, const ms_tensor *b, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_matmul, a, b, out); }
static inline ms_status ms_add_matmul(const ms_tensor *input, const ms_tensor *a, const ms_tensor *b, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_add_matmul, input, a, b, out); }
static inline void ms_memory_cache_limit_set(int64_t bytes) { MS_CALL(ms_memory_cache_limit_set, bytes); }
static inline int64_t ms_memory_cache_limit(void) { MS_RETURN(0, ms_memory_cache_limit); }
static inline int64_t ms_memory_cached_bytes(void) { MS_RETURN(0, ms_memory_cached_bytes); }
static inline int64_t ms_memory_used_bytes(void) { MS_RETURN(0, ms_memory_used_bytes); }
static inline int64_t ms_memory_peak_used_bytes(void) { MS_RETURN(0, ms_memory_peak_used_bytes); }
static inline void ms_memory_cache_release(void) { MS_CALL(ms_memory_cache_release); }
static inline ms_status ms_linear(const ms_tensor *input, const ms_tensor *weight, const ms_tensor *bias, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_linear, input, weight, bias, out); }
static inline ms_status ms_conv2d(const ms_tensor *input, const ms_tensor *weight, const ms_tensor *bias, int64_t stride, int64_t padding, int64_t groups, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_conv2d, input, weight, bias, stride, padding, groups, out); }
static inline ms_status ms_conv_transpose2d(const ms_tensor *input, const ms_tensor *weight, const ms_tensor *bias, int64_t stride, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_conv_transpose2d, input, weight, bias, stride, out); }
static inline ms_status ms_layer_norm(const ms_tensor *input, const ms_tensor *weight, const ms_tensor *bias, double epsilon, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_layer_norm, input, weight, bias, epsilon, out); }
static inline ms_status ms_batch_norm(const ms_tensor *input, const ms_tensor *weight, const ms_tensor *bias, ms_tensor *running_mean, ms_tensor *running_variance, bool use_batch_statistics, double momentum, double epsilon, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_batch_norm, input, weight, bias, running_mean, running_variance, use_batch_statistics, momentum, epsilon, out); }
static inline ms_status ms_instance_norm(const ms_tensor *input, double epsilon, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_instance_norm, input, epsilon, out); }
static inline ms_status ms_recomputing_convolution(const ms_tensor *image, const ms_tensor *appended, const ms_tensor *weight, const ms_tensor *bias, bool enlarges, bool normalizes, double epsilon, bool rectifies, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_recomputing_convolution, image, appended, weight, bias, enlarges, normalizes, epsilon, rectifies, out); }
static inline ms_status ms_softmax(const ms_tensor *input, int64_t axis, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_softmax, input, axis, out); }
static inline ms_status ms_attention(const ms_tensor *query, const ms_tensor *key, const ms_tensor *value, const ms_tensor *bias, double scale, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_attention, query, key, value, bias, scale, out); }
static inline ms_status ms_differentiable_relative_attention(const ms_tensor *qkv, const ms_tensor *row_table, const ms_tensor *column_table, int64_t heads, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_differentiable_relative_attention, qkv, row_table, column_table, heads, out); }
static inline ms_status ms_resize_bilinear(const ms_tensor *input, int64_t height, int64_t width, bool antialias, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_resize_bilinear, input, height, width, antialias, out); }
static inline ms_status ms_resize_linear(const ms_tensor *input, int64_t length, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_resize_linear, input, length, out); }
static inline ms_status ms_max_pool2d(const ms_tensor *input, int64_t kernel, int64_t stride, int64_t padding, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_max_pool2d, input, kernel, stride, padding, out); }
static inline ms_status ms_avg_pool2d(const ms_tensor *input, int64_t kernel, int64_t stride, int64_t padding, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_avg_pool2d, input, kernel, stride, padding, out); }
static inline ms_status ms_dropout(const ms_tensor *input, double probability, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_dropout, input, probability, out); }
static inline ms_status ms_adamw_step(ms_tensor *parameter, const ms_tensor *gradient, ms_tensor *mean, ms_tensor *mean_square, const ms_adamw *numbers) { MS_RETURN(MS_UNAVAILABLE, ms_adamw_step, parameter, gradient, mean, mean_square, numbers); }
static inline ms_status ms_reshape(const ms_tensor *a, const int64_t *shape, int32_t rank, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_reshape, a, shape, rank, out); }
static inline ms_status ms_permute(const ms_tensor *a, const int64_t *axes, int32_t rank, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_permute, a, axes, rank, out); }
static inline ms_status ms_transpose(const ms_tensor *a, int64_t axis0, int64_t axis1, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_transpose, a, axis0, axis1, out); }
static inline ms_status ms_unsqueeze(const ms_tensor *a, int64_t axis, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_unsqueeze, a, axis, out); }
static inline ms_status ms_squeeze(const ms_tensor *a, int64_t axis, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_squeeze, a, axis, out); }
static inline ms_status ms_expand(const ms_tensor *a, const int64_t *shape, int32_t rank, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_expand, a, shape, rank, out); }
static inline ms_status ms_slice(const ms_tensor *a, int64_t axis, int64_t start, int64_t end, int64_t step, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_slice, a, axis, start, end, step, out); }
static inline ms_status ms_select(const ms_tensor *a, int64_t axis, int64_t index, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_select, a, axis, index, out); }
static inline ms_status ms_index_select(const ms_tensor *a, int64_t axis, const ms_tensor *indices, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_index_select, a, axis, indices, out); }
static inline ms_status ms_gather(const ms_tensor *a, int64_t axis, const ms_tensor *indices, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_gather, a, axis, indices, out); }
static inline ms_status ms_cat(const ms_tensor *const *tensors, int32_t count, int64_t axis, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_cat, tensors, count, axis, out); }
static inline ms_status ms_stack(const ms_tensor *const *tensors, int32_t count, int64_t axis, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_stack, tensors, count, axis, out); }
static inline ms_status ms_flip(const ms_tensor *a, const int64_t *axes, int32_t axis_count, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_flip, a, axes, axis_count, out); }
static inline ms_status ms_repeat_interleave(const ms_tensor *a, int64_t repeats, int64_t axis, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_repeat_interleave, a, repeats, axis, out); }
static inline ms_status ms_pad(const ms_tensor *a, const int64_t *amounts, int32_t count, double value, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_pad, a, amounts, count, value, out); }
static inline ms_status ms_nonzero(const ms_tensor *a, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_nonzero, a, out); }
static inline void ms_tensor_release(ms_tensor *tensor) { MS_CALL(ms_tensor_release, tensor); }
static inline ms_status ms_tensor_retain(const ms_tensor *tensor, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_tensor_retain, tensor, out); }
static inline ms_status ms_tensor_from_bytes(const void *bytes, int64_t byte_count, const int64_t *shape, int32_t rank, int32_t dtype, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_tensor_from_bytes, bytes, byte_count, shape, rank, dtype, out); }
static inline ms_status ms_tensor_from_memory(const void *bytes, const int64_t *shape, const int64_t *strides, int32_t rank, int32_t dtype, void (*release)(void *context), void *context, ms_tensor **out) { MS_RETURN((release(context), MS_UNAVAILABLE), ms_tensor_from_memory, bytes, shape, strides, rank, dtype, release, context, out); }
static inline ms_status ms_tensor_full(const int64_t *shape, int32_t rank, double value, int32_t dtype, ms_device device, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_tensor_full, shape, rank, value, dtype, device, out); }
static inline ms_status ms_tensor_arange(double start, double end, double step, int32_t dtype, ms_device device, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_tensor_arange, start, end, step, dtype, device, out); }
static inline ms_status ms_tensor_rand(const int64_t *shape, int32_t rank, ms_generator *generator, ms_device device, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_tensor_rand, shape, rank, generator, device, out); }
static inline ms_status ms_tensor_randn(const int64_t *shape, int32_t rank, ms_generator *generator, ms_device device, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_tensor_randn, shape, rank, generator, device, out); }
static inline ms_status ms_generator_new(uint64_t seed, ms_device device, ms_generator **out) { MS_RETURN(MS_UNAVAILABLE, ms_generator_new, seed, device, out); }
static inline void ms_generator_release(ms_generator *generator) { MS_CALL(ms_generator_release, generator); }
static inline int32_t ms_tensor_rank(const ms_tensor *tensor) { MS_RETURN_OF_HANDLE(ms_tensor_rank, tensor); }
static inline void ms_tensor_shape(const ms_tensor *tensor, int64_t *shape) { MS_CALL(ms_tensor_shape, tensor, shape); }
static inline int32_t ms_tensor_dtype(const ms_tensor *tensor) { MS_RETURN_OF_HANDLE(ms_tensor_dtype, tensor); }
static inline ms_device ms_tensor_device(const ms_tensor *tensor) { MS_RETURN_OF_HANDLE(ms_tensor_device, tensor); }
static inline int64_t ms_tensor_count(const ms_tensor *tensor) { MS_RETURN_OF_HANDLE(ms_tensor_count, tensor); }
static inline bool ms_tensor_is_contiguous(const ms_tensor *tensor) { MS_RETURN_OF_HANDLE(ms_tensor_is_contiguous, tensor); }
static inline bool ms_tensor_is_channels_last(const ms_tensor *tensor) { MS_RETURN_OF_HANDLE(ms_tensor_is_channels_last, tensor); }
static inline ms_status ms_tensor_copy_to(const ms_tensor *tensor, void *buffer, int64_t byte_count) { MS_RETURN(MS_UNAVAILABLE, ms_tensor_copy_to, tensor, buffer, byte_count); }
static inline ms_status ms_tensor_data(const ms_tensor *tensor, void **out) { MS_RETURN(MS_UNAVAILABLE, ms_tensor_data, tensor, out); }
static inline ms_status ms_tensor_to(const ms_tensor *tensor, int32_t dtype, ms_device device, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_tensor_to, tensor, dtype, device, out); }
static inline ms_status ms_tensor_contiguous(const ms_tensor *tensor, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_tensor_contiguous, tensor, out); }
static inline ms_status ms_tensor_channels_last(const ms_tensor *tensor, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_tensor_channels_last, tensor, out); }
static inline ms_status ms_tensor_clone(const ms_tensor *tensor, ms_tensor **out) { MS_RETURN(MS_UNAVAILABLE, ms_tensor_clone, tensor, out); }
static inline ms_status ms_tensor_copy_in_place(ms_tensor *destination, const ms_tensor *source) { MS_RETURN(MS_UNAVAILABLE, ms_tensor_copy_in_place, destination, source); }
static inline ms_status ms_tensor_equal(const ms_tensor *a, const ms_tensor *b, bool *out) { MS_RETURN(MS_UNAVAILABLE, ms_tensor_equal, a, b, out); }

#undef MS_CALL
#undef MS_RETURN
#undef MS_RETURN_OF_HANDLE

#endif
// clang-format on

#endif
