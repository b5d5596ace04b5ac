#include <stdio.h> // spng.h needs FILE

#include <spng.h>
