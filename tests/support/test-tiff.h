/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "io/reader.h"

G_BEGIN_DECLS

/* How a TIFF file for a test is written. All members may be 0 except width and height: then it is one page
 * of uint8 in strips, little-endian, not compressed.
 *
 *   test_tiff_write (path, &(TestTiff) { .width = 64, .height = 40, .type = RECON_SAMPLE_UINT16 }, pixels);
 */
typedef struct
{
  guint           width;
  guint           height;
  guint           n_pages;        /* 0: one */
  ReconSampleType type;
  guint           tile_width;     /* a multiple of 16; 0: strips */
  guint           tile_height;    /* a multiple of 16; 0: as wide */
  guint           rows_per_strip; /* 0: what libtiff prefers */
  int             compression;    /* COMPRESSION_… of <tiffio.h>; 0: none */
  int             predictor;      /* 2: differences, 3: floating point; 0: none */
  gboolean        big_endian;
  gboolean        big_tiff;
  const char     *description;    /* (nullable): of the first page */
} TestTiff;

/* Writes n_pages × height × width values, each converted to the type as C does (float16: to the nearest), or
 * test_tiff_value() where pixels is NULL. The test fails if the file cannot be written. */
void   test_tiff_write (const char     *path,
                        const TestTiff *how,
                        const double   *pixels);

/* A value for a pixel which tells page, row and column apart, and which is exact in the type and in float32
 * (float16 for columns below 1024). Signed types get negative values too. */
double test_tiff_value (ReconSampleType type,
                        guint           page,
                        guint           row,
                        guint           column);

/* Cuts a file to so many bytes. */
void   test_file_cut   (const char     *path,
                        gsize           bytes);

G_END_DECLS
