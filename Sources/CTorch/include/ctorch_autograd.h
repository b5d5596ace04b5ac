/// Gradients and the thread-local modes around them.
#ifndef CTORCH_AUTOGRAD_H
#define CTORCH_AUTOGRAD_H

#include "ctorch_core.h"

MS_BEGIN

/// Marks a leaf as something to differentiate by.
MS_API ms_status ms_requires_grad_set(ms_tensor *tensor, bool value);
MS_API bool ms_requires_grad(const ms_tensor *tensor);
/// Accumulates the gradients of a scalar into its leaves.
MS_API ms_status ms_backward(const ms_tensor *scalar);
/// The same for a tensor of any shape, from the gradient of something by it.
MS_API ms_status ms_backward_from(const ms_tensor *tensor, const ms_tensor *gradient);
/// The gradient accumulated so far; out: +1, or null if there is none.
MS_API ms_status ms_grad(const ms_tensor *tensor, ms_tensor **out);
/// Replaces the accumulated gradient; null removes it.
MS_API ms_status ms_grad_set(ms_tensor *tensor, const ms_tensor *gradient);
/// The same values, cut off from the graph; out: +1.
MS_API ms_status ms_detach(const ms_tensor *tensor, ms_tensor **out);

/// Turns recording of gradients on or off on this thread and returns the former setting.
MS_API bool ms_grad_enabled_set(bool enabled) MS_ELSE(true);
MS_API bool ms_grad_enabled(void) MS_ELSE(true);

/// Inference mode of this thread, nested: each enter needs its leave, on the same thread, in
/// reverse order. Tensors made inside can never take part in a gradient.
typedef struct ms_inference_scope ms_inference_scope;
MS_API ms_status ms_inference_enter(ms_inference_scope **out);
MS_API void ms_inference_leave(ms_inference_scope *scope);

/// Lower precision on this thread: products and convolutions on devices of the kind take operands of
/// `dtype`, results that need it stay in float32. Each enter needs its leave, on the same thread, in
/// reverse order.
typedef struct ms_autocast_scope ms_autocast_scope;
MS_API ms_status ms_autocast_enter(int32_t device_kind, int32_t dtype, ms_autocast_scope **out);
MS_API void ms_autocast_leave(ms_autocast_scope *scope);

MS_END

#endif
