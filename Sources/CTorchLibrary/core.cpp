#include "handle.hpp"

#include <ATen/Context.h>
#include <c10/util/Exception.h>
#include <torch/version.h>

#include <new>
#include <string>

namespace {

thread_local std::string last_error;

// libtorch appends a C++ stack trace to its messages; the user is helped by the first lines only.
std::string without_trace(const c10::Error &error) { return error.what_without_backtrace(); }

bool is_memory_message(const std::string &message) {
    return message.find("DefaultCPUAllocator: ") != std::string::npos ||
           message.find("not enough memory") != std::string::npos ||
           message.find("out of memory") != std::string::npos;
}

} // namespace

namespace ms {

ms_status record(ms_status status, const char *message) noexcept {
    try {
        last_error = message;
    } catch (...) {
        last_error.clear();
    }
    return status;
}

ms_status record_current_exception() noexcept {
    try {
        throw;
    } catch (const c10::OutOfMemoryError &error) {
        return record(MS_OUT_OF_MEMORY, without_trace(error).c_str());
    } catch (const std::bad_alloc &) {
        return record(MS_OUT_OF_MEMORY, "the memory of this computer is exhausted");
    } catch (const c10::Error &error) {
        const std::string message = without_trace(error);
        return record(is_memory_message(message) ? MS_OUT_OF_MEMORY : MS_ERROR, message.c_str());
    } catch (const std::exception &error) {
        const std::string message = error.what();
        return record(is_memory_message(message) ? MS_OUT_OF_MEMORY : MS_ERROR, message.c_str());
    } catch (...) {
        return record(MS_ERROR, "an exception of unknown type");
    }
}

at::ScalarType scalar_type(int32_t dtype) {
    switch (dtype) {
    case MS_UINT8:
        return at::kByte;
    case MS_INT8:
        return at::kChar;
    case MS_INT16:
        return at::kShort;
    case MS_INT32:
        return at::kInt;
    case MS_INT64:
        return at::kLong;
    case MS_FLOAT16:
        return at::kHalf;
    case MS_BFLOAT16:
        return at::kBFloat16;
    case MS_FLOAT32:
        return at::kFloat;
    case MS_FLOAT64:
        return at::kDouble;
    case MS_BOOL:
        return at::kBool;
    default:
        TORCH_CHECK(false, "unknown data type ", dtype);
    }
}

c10::Device device(ms_device device) {
    const auto index = static_cast<c10::DeviceIndex>(device.index);
    switch (device.kind) {
    case MS_CPU:
        return c10::Device(c10::kCPU);
    case MS_CUDA:
        return c10::Device(c10::kCUDA, index);
    case MS_MPS:
        return c10::Device(c10::kMPS, index);
    default:
        TORCH_CHECK(false, "unknown kind of device ", device.kind);
    }
}

ms_device device(c10::Device device) {
    const int32_t index = device.has_index() ? device.index() : 0;
    if (device.is_cuda()) {
        return {MS_CUDA, index};
    }
    return device.is_mps() ? ms_device{MS_MPS, index} : ms_device{MS_CPU, 0};
}

} // namespace ms

const char *ms_last_error(void) { return last_error.c_str(); }
const char *ms_libtorch_version(void) { return TORCH_VERSION; }
