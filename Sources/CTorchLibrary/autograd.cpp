#include "ctorch_autograd.h"
#include "handle.hpp"

#include <ATen/Functions.h>
#include <ATen/autocast_mode.h>
#include <c10/core/GradMode.h>
#include <c10/core/InferenceMode.h>

ms_status ms_requires_grad_set(ms_tensor *tensor, bool value) {
    return ms::guarded([&] { tensor->value.set_requires_grad(value); });
}

bool ms_requires_grad(const ms_tensor *tensor) { return tensor->value.requires_grad(); }

ms_status ms_backward(const ms_tensor *scalar) {
    return ms::guarded([&] { scalar->value.backward(); });
}

ms_status ms_backward_from(const ms_tensor *tensor, const ms_tensor *gradient) {
    return ms::guarded([&] { tensor->value.backward(gradient->value); });
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

struct ms_autocast_scope {
    c10::DeviceType kind;
    bool was_enabled;
    at::ScalarType former;

    ms_autocast_scope(c10::DeviceType device, at::ScalarType dtype)
        : kind(device), was_enabled(at::autocast::is_autocast_enabled(device)),
          former(at::autocast::get_autocast_dtype(device)) {
        at::autocast::increment_nesting();
        at::autocast::set_autocast_dtype(kind, dtype);
        at::autocast::set_autocast_enabled(kind, true);
    }

    ~ms_autocast_scope() {
        // Copies of parameters in the lower precision live as long as the outermost scope.
        if (at::autocast::decrement_nesting() == 0) {
            at::autocast::clear_cache();
        }
        at::autocast::set_autocast_enabled(kind, was_enabled);
        at::autocast::set_autocast_dtype(kind, former);
    }
};

ms_status ms_autocast_enter(int32_t device_kind, int32_t dtype, ms_autocast_scope **out) {
    return ms::guarded([&] {
        *out = new ms_autocast_scope(ms::device({device_kind, 0}).type(), ms::scalar_type(dtype));
    });
}

void ms_autocast_leave(ms_autocast_scope *scope) { delete scope; }
