// What the translation units share: the handle types and the guard around every body.
#pragma once

#include "ctorch_core.h"

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>

#include <exception>
#include <optional>
#include <utility>

struct ms_tensor {
    at::Tensor value;
    explicit ms_tensor(at::Tensor tensor) : value(std::move(tensor)) {}
    ms_tensor(const ms_tensor &) = delete;
    ms_tensor &operator=(const ms_tensor &) = delete;
};

struct ms_generator {
    at::Generator value;
};

namespace ms {

/// Stores the message of the exception in flight and returns its status.
ms_status record_current_exception() noexcept;
ms_status record(ms_status status, const char *message) noexcept;

/// Runs a body; no exception leaves the library.
template <typename Body> ms_status guarded(Body &&body) noexcept {
    try {
        body();
        return MS_OK;
    } catch (...) {
        return record_current_exception();
    }
}

/// Runs a body that makes one tensor, and hands it out.
template <typename Body> ms_status produce(ms_tensor **out, Body &&body) noexcept {
    return guarded([&] { *out = new ms_tensor(body()); });
}

inline at::IntArrayRef list(const int64_t *values, int32_t count) {
    return at::IntArrayRef(values, static_cast<size_t>(count));
}

inline std::optional<at::Tensor> optional(const ms_tensor *tensor) {
    return tensor ? std::optional<at::Tensor>(tensor->value) : std::nullopt;
}

at::ScalarType scalar_type(int32_t dtype);
c10::Device device(ms_device device);
ms_device device(c10::Device device);

} // namespace ms
