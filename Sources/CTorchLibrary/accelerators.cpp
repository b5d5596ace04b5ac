#include <ATen/Context.h>
#include <dlfcn.h>

#include <string>

// A libtorch for CUDA brings its device as a library of its own, beside libtorch_cpu. It is loaded when it is there,
// so that one program runs with either libtorch; before anything else, because libtorch looks for devices only once.
namespace {

void load_accelerators() {
    Dl_info found;
    if (dladdr(reinterpret_cast<void *>(&at::globalContext), &found) == 0) { return; }
    const std::string path = found.dli_fname;
    const auto slash = path.rfind('/');
    if (slash == std::string::npos) { return; }
    for (const char *name : {"libc10_cuda.so", "libtorch_cuda.so"}) {
        dlopen((path.substr(0, slash + 1) + name).c_str(), RTLD_NOW | RTLD_GLOBAL);
    }
}

[[maybe_unused]] const bool loaded = (load_accelerators(), true);

} // namespace
