#include "ctorch_autograd.h"
#include "handle.hpp"

#include <ATen/Functions.h>
#include <c10/core/GradMode.h>
#include <c10/core/InferenceMode.h>

ms_status ms_requires_grad_set(ms_tensor *tensor, bool value) {
    return ms::guarded([&] { tensor->value.set_requires_grad(value); });
}

bool ms_requires_grad(const ms_tensor *tensor) { return tensor->value.requires_grad(); }

ms_status ms_backward(const ms_tensor *scalar) {
    return ms::guarded([&] { scalar->value.backward(); });
}

ms_status ms_grad(const ms_tensor *tensor, ms_tensor **out) {
    return ms::guarded([&] {
        const at::Tensor &gradient = tensor->value.grad();
        *out = gradient.defined() ? new ms_tensor(gradient) : nullptr;
    });
}

ms_status ms_grad_set(ms_tensor *tensor, const ms_tensor *gradient) {
    return ms::guarded(
        [&] { tensor->value.mutable_grad() = gradient ? gradient->value : at::Tensor(); });
}

ms_status ms_detach(const ms_tensor *tensor, ms_tensor **out) {
    return ms::produce(out, [&] { return tensor->value.detach(); });
}

bool ms_grad_enabled_set(bool enabled) {
    const bool before = c10::GradMode::is_enabled();
    c10::GradMode::set_enabled(enabled);
    return before;
}

bool ms_grad_enabled(void) { return c10::GradMode::is_enabled(); }

struct ms_inference_scope {
    c10::InferenceMode mode{true};
};

ms_status ms_inference_enter(ms_inference_scope **out) {
    return ms::guarded([&] { *out = new ms_inference_scope(); });
}

void ms_inference_leave(ms_inference_scope *scope) { delete scope; }
