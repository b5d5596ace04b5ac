/// Nothing to call: a program that this target is linked into has CTorchLibrary, and with it libtorch, in itself, and
/// opens no file.
#ifndef CTORCHLINKED_H
#define CTORCHLINKED_H
#endif
