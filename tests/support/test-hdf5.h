/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "io/hdf5.h"

G_BEGIN_DECLS

/* Writes and reads HDF5 files for tests. Each function opens the file, creates it or missing groups on the way, and
 * closes it again; whatever fails ends the test. Paths in the file begin with a slash. */

/* How a dataset is stored. All zeros: float64, contiguous. */
typedef struct
{
  hid_t type;     /* such as H5T_STD_I16BE; 0 for float64 */
  gsize chunk[4]; /* all zeros for contiguous */
  int   deflate;  /* level, 0 for none; needs chunks */
} TestHdf5Storage;

/* A dataset of @n_dims dimensions, converted to the type of @storage (which may be %NULL). Without @values it has a
 * size but no data. */
void    test_hdf5_write         (const char            *file,
                                 const char            *path,
                                 const TestHdf5Storage *storage,
                                 guint                  n_dims,
                                 const gsize           *dims,
                                 const double          *values);
void    test_hdf5_write_floats  (const char            *file,
                                 const char            *path,
                                 const TestHdf5Storage *storage,
                                 guint                  n_dims,
                                 const gsize           *dims,
                                 const float           *values);
void    test_hdf5_write_list    (const char            *file,
                                 const char            *path,
                                 guint                  n,
                                 const double          *values);
void    test_hdf5_write_number  (const char            *file,
                                 const char            *path,
                                 double                 value);
void    test_hdf5_write_string  (const char            *file,
                                 const char            *path,
                                 const char            *text);
void    test_hdf5_group         (const char            *file,
                                 const char            *path);

/* A text attribute of a group or dataset that exists; replaces one of that name. */
void    test_hdf5_attribute     (const char            *file,
                                 const char            *path,
                                 const char            *name,
                                 const char            *text);

void    test_hdf5_soft_link     (const char            *file,
                                 const char            *path,
                                 const char            *target);
void    test_hdf5_hard_link     (const char            *file,
                                 const char            *path,
                                 const char            *target);
void    test_hdf5_external_link (const char            *file,
                                 const char            *path,
                                 const char            *target_file,
                                 const char            *target);

/* The values of a dataset with its dimensions (at most 4), and its text or that of an attribute (@name not %NULL), or
 * %NULL where there is none. */
double *test_hdf5_read          (const char            *file,
                                 const char            *path,
                                 guint                 *n_dims,
                                 gsize                  dims[4]);
char   *test_hdf5_read_text     (const char            *file,
                                 const char            *path,
                                 const char            *name);

/* IEEE 754 half precision; to be closed by H5Tclose(). */
hid_t   test_hdf5_float16       (void);

G_END_DECLS
