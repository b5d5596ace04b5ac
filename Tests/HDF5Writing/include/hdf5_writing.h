#ifndef MICROSAM_HDF5_WRITING_H
#define MICROSAM_HDF5_WRITING_H

/* Writes HDF5 files for tests, in a child process, so that the library keeps no state in this one.
 *
 * A script has one step a line; names have no spaces, lists no spaces but commas:
 *   userblock BYTES                 before all others: bytes in front that belong to another program
 *   latest                          before all others: the newest version of the format
 *   group NAME
 *   nest NAME COUNT                 groups inside of each other
 *   many COUNT                      links to the root beside each other
 *   data NAME TYPE SHAPE [chunk=SHAPE] [gzip=LEVEL] [offset=NUMBER] [empty] [external=FILE] [virtual=FILE]
 *                                   TYPE is u1, u2, u4, i1, i2, i4, f4 or f8; SHAPE is 3x4; element i is
 *                                   (7 i + 3) mod 251 + offset, or the fill value 9 if empty
 *   link NAME external FILE TARGET
 *   link NAME soft|hard TARGET
 *   text OBJECT ATTRIBUTE variable|fixed VALUE      the value is the rest of the line
 *   texts OBJECT ATTRIBUTE VALUE,VALUE,...
 *   numbers OBJECT ATTRIBUTE NUMBER,NUMBER,...
 *   scales OBJECT NAME,NAME,...     attaches a data set to each dimension
 * Returns 0, or the number of the line that failed. */
int hdf5_write(const char *path, const char *script);

#endif
