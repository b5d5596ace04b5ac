#include "CTorch.h"
#include "CTorchLibrary.h"

__attribute__((constructor)) static void link_library(void) {
    ms_library_register(ms_torch_library());
}
