// Instance normalisation of whole batches on the CPU. Images lie channels-last.
#pragma once

#include <ATen/core/Tensor.h>

namespace ms::kernels {

/// Whether the kernels can work with images of this kind; otherwise libtorch's operators can.
bool normalizes(const at::Tensor &image, int64_t channels);

/// Means and reciprocal deviations, `[batch, 2, channels]` in float32.
at::Tensor normalization_statistics(const at::Tensor &image, double epsilon);

/// Normalises in place.
void normalize(at::Tensor &image, const at::Tensor &statistics);

/// Turns the gradient of the normalised image, in place, into that of the image.
void normalization_backward(at::Tensor &gradient, const at::Tensor &normalized,
                            const at::Tensor &statistics);

} // namespace ms::kernels
