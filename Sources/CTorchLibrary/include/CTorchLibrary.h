/// What the library over libtorch exports: its table of functions.
#ifndef CTORCHLIBRARY_H
#define CTORCHLIBRARY_H

#ifdef __cplusplus
extern "C" {
#endif

/// See ctorch_functions.h; a static table, valid for ever.
__attribute__((visibility("default"))) const struct ms_functions *ms_torch_library(void);

#ifdef __cplusplus
}
#endif

#endif
