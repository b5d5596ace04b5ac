#include "CTorchLibrary.h"

#include "ctorch_functions.h"

namespace {

#define MS_ADDRESS(name) &name,

constexpr ms_functions functions = {MS_INTERFACE, MS_FUNCTIONS(MS_ADDRESS)};

} // namespace

const ms_functions *ms_torch_library(void) { return &functions; }
