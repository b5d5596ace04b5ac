// Linear layers with products in bfloat16.
#pragma once

#include "entry.hpp"

namespace ms::kernels {

/// Whether the weight of a layer was made by `ms_linear_pack_bfloat16`.
bool is_bfloat16(const ms_packed_linear *layer);

/// `ms_fused_linear` for such a layer; input and residual may be in bfloat16, the result is in single precision.
ms_status bfloat16_linear(const ms_tensor *input, const ms_layer_norm_parameters *norm,
                          const ms_packed_linear *layer, int32_t activation,
                          const ms_tensor *residual, ms_tensor **out);

/// `ms_fused_perceptron` for two such layers.
ms_status bfloat16_perceptron(const ms_tensor *input, const ms_layer_norm_parameters *norm,
                              const ms_packed_linear *first, const ms_packed_linear *second,
                              const ms_tensor *residual, ms_tensor **out);

} // namespace ms::kernels
