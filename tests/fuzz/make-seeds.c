/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <tiffio.h>

#include "config/config-file.h"

/* Writes small valid inputs for the fuzz targets to start from: make-seeds FOLDER makes FOLDER/config,
 * FOLDER/tiff and FOLDER/hdf5. */

#define WIDTH 6
#define HEIGHT 4

static char *
seed_path (const char *folder,
           const char *kind,
           const char *name)
{
  g_autofree char *dir = g_build_filename (folder, kind, NULL);

  g_assert_cmpint (g_mkdir_with_parents (dir, 0777), ==, 0);

  return g_build_filename (dir, name, NULL);
}

static void
make_config (const char *folder)
{
  static const char *const texts[] = {
    "[input]\nprojections=scan.h5:/entry/data\ny-start=3\ny-stop=end\n\n[reconstruction]\naxis=234.5\nroi=1,2,30,40\n",
    "# comment\n[flat-field]\ncorrect = True\nabsorptivity=0\n[compute]\nmemory-limit=1.5G\nthreads=auto\n",
    "[reconstruction]\nfilter=butterworth\nunknown=1\n[nonsense]\nkey[de]=a;b;\\n\\s\n[output]\nminimum=-1e-300\n",
  };
  g_autoptr (ReconConfig) config = recon_config_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *all = recon_config_to_data (config, TRUE);
  g_autofree char *all_path = seed_path (folder, "config", "all.conf");

  g_file_set_contents (all_path, all, -1, &error);
  g_assert_no_error (error);

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *name = g_strdup_printf ("%u.conf", i);
      g_autofree char *path = seed_path (folder, "config", name);

      g_file_set_contents (path, texts[i], -1, &error);
      g_assert_no_error (error);
    }
}

typedef struct
{
  const char *name;
  const char *mode;
  uint16_t    format;
  uint16_t    bits;
  uint16_t    compression;
  guint       n_pages;
  guint       tile; /* 0 for strips */
} TiffSeed;

static void
write_page (TIFF           *tiff,
            const TiffSeed *seed)
{
  guint8 pixels[16 * 16 * 8];

  for (guint i = 0; i < sizeof pixels; i++)
    pixels[i] = seed->format == SAMPLEFORMAT_IEEEFP ? 0 : i;

  TIFFSetField (tiff, TIFFTAG_IMAGEWIDTH, WIDTH);
  TIFFSetField (tiff, TIFFTAG_IMAGELENGTH, HEIGHT);
  TIFFSetField (tiff, TIFFTAG_SAMPLESPERPIXEL, 1);
  TIFFSetField (tiff, TIFFTAG_BITSPERSAMPLE, seed->bits);
  TIFFSetField (tiff, TIFFTAG_SAMPLEFORMAT, seed->format);
  TIFFSetField (tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISBLACK);
  TIFFSetField (tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
  TIFFSetField (tiff, TIFFTAG_COMPRESSION, seed->compression);
  if (seed->tile > 0)
    {
      TIFFSetField (tiff, TIFFTAG_TILEWIDTH, seed->tile);
      TIFFSetField (tiff, TIFFTAG_TILELENGTH, seed->tile);
      g_assert_cmpint (TIFFWriteTile (tiff, pixels, 0, 0, 0, 0), >, 0);
    }
  else
    {
      TIFFSetField (tiff, TIFFTAG_ROWSPERSTRIP, 3);
      for (guint y = 0; y < HEIGHT; y++)
        g_assert_cmpint (TIFFWriteScanline (tiff, pixels + y, y, 0), ==, 1);
    }

  g_assert_cmpint (TIFFWriteDirectory (tiff), ==, 1);
}

static void
make_tiff (const char *folder)
{
  static const TiffSeed seeds[] = {
    { "u8.tif", "w", SAMPLEFORMAT_UINT, 8, COMPRESSION_NONE, 1, 0 },
    { "i16-big-endian.tif", "wb", SAMPLEFORMAT_INT, 16, COMPRESSION_NONE, 2, 0 },
    { "u16-pages.tif", "w", SAMPLEFORMAT_UINT, 16, COMPRESSION_NONE, 3, 0 },
    { "u16-lzw.tif", "w", SAMPLEFORMAT_UINT, 16, COMPRESSION_LZW, 2, 0 },
    { "u32-tiles.tif", "w", SAMPLEFORMAT_UINT, 32, COMPRESSION_NONE, 1, 16 },
    { "f16.tif", "w", SAMPLEFORMAT_IEEEFP, 16, COMPRESSION_NONE, 1, 0 },
    { "f32-deflate-tiles.tif", "w", SAMPLEFORMAT_IEEEFP, 32, COMPRESSION_ADOBE_DEFLATE, 1, 16 },
    { "f64-bigtiff.tif", "w8", SAMPLEFORMAT_IEEEFP, 64, COMPRESSION_NONE, 2, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (seeds); i++)
    {
      g_autofree char *path = seed_path (folder, "tiff", seeds[i].name);
      TIFF *tiff = TIFFOpen (path, seeds[i].mode);

      g_assert_nonnull (tiff);
      for (guint page = 0; page < seeds[i].n_pages; page++)
        write_page (tiff, &seeds[i]);
      TIFFClose (tiff);
    }
}

/* See fuzz-hdf5.c: the first byte is the layout to start from. */
static void
make_hdf5 (const char *folder)
{
  for (char layout = 0; layout < 4; layout++)
    {
      g_autofree char *name = g_strdup_printf ("layout-%d", layout);
      g_autofree char *path = seed_path (folder, "hdf5", name);
      g_autoptr (GError) error = NULL;

      g_file_set_contents (path, &layout, 1, &error);
      g_assert_no_error (error);
    }
}

int
main (int    argc,
      char **argv)
{
  if (argc != 2)
    {
      g_printerr ("usage: make-seeds FOLDER\n");
      return 2;
    }

  make_config (argv[1]);
  make_tiff (argv[1]);
  make_hdf5 (argv[1]);

  return 0;
}
