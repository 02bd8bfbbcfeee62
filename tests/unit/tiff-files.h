/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the tests of the TIFF reader share: a folder, and reading whole files. */

#include <glib/gstdio.h>
#include <string.h>
#include <tiffio.h>

#include "base/error.h"
#include "io/tiff-reader.h"
#include "support.h"
#include "test-tiff.h"

typedef struct
{
  char *folder;
} Fixture;

static inline void
set_up (Fixture       *self,
        gconstpointer  data)
{
  self->folder = test_folder_new ();
}

static inline void
tear_down (Fixture       *self,
           gconstpointer  data)
{
  test_folder_remove (self->folder);
}

/* Does not wait for the disk, unlike g_file_set_contents(). */
static inline void
write_bytes (const char *path,
             const char *bytes,
             gssize      n)
{
  g_autoptr (GError) error = NULL;

  g_file_set_contents_full (path, bytes, n, G_FILE_SET_CONTENTS_NONE, 0600, &error);
  g_assert_no_error (error);
}

static inline ReconReader *
open_reader (const char *path)
{
  g_autoptr (GError) error = NULL;
  ReconReader *reader = recon_tiff_reader_open (path, RECON_SERIES_UNKNOWN, &error);

  g_assert_no_error (error);
  g_assert_nonnull (reader);

  return reader;
}

/* Opening fails with a message that holds all parts, which are separated by "|". */
static inline void
assert_refused (const char *path,
                ReconError  code,
                const char *parts)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ReconReader) reader = recon_tiff_reader_open (path, RECON_SERIES_UNKNOWN, &error);
  g_auto (GStrv) list = g_strsplit (parts, "|", -1);

  g_assert_null (reader);
  g_assert_error (error, RECON_ERROR, (int) code);
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
  for (guint i = 0; list[i] != NULL; i++)
    if (strstr (error->message, list[i]) == NULL)
      g_error ("“%s” is not in: %s", list[i], error->message);
}

/* Reads @n_rows rows of all pages and compares them with test_tiff_value(). */
static inline void
assert_rows (ReconReader *reader,
             guint        row,
             guint        n_rows)
{
  guint n = recon_reader_get_n_frames (reader), width = recon_reader_get_width (reader);
  ReconSampleType type = recon_reader_get_sample_type (reader);
  gsize length = (gsize) n * n_rows * width;
  g_autofree float *pixels = g_new (float, length + 1);
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i <= length; i++)
    pixels[i] = -12345.5f;

  recon_reader_read (reader, 0, n, row, n_rows, pixels, NULL, &error);
  g_assert_no_error (error);

  for (guint page = 0; page < n; page++)
    for (guint i = 0; i < n_rows; i++)
      for (guint j = 0; j < width; j++)
        g_assert_cmpfloat ((double) pixels[((gsize) page * n_rows + i) * width + j], ==,
                           test_tiff_value (type, page, row + i, j));
  /* Nothing is written behind. */
  g_assert_true (pixels[length] == -12345.5f);
}

/* Reads some lines of a part of the columns of all pages, the last page first. */
static inline void
assert_lines (ReconReader *reader,
              ReconLines   lines,
              guint        column,
              guint        n_columns)
{
  guint n = recon_reader_get_n_frames (reader);
  ReconSampleType type = recon_reader_get_sample_type (reader);
  gsize n_rows = (gsize) lines.n * lines.height, row_pitch = n_columns + 3, frame_pitch = n_rows * row_pitch;
  g_autofree float *pixels = g_new (float, n * frame_pitch);
  g_autofree guint *frames = g_new (guint, n);
  ReconReading reading = { frames, n, lines, column, n_columns, pixels, frame_pitch, row_pitch };
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < n; i++)
    frames[i] = n - 1 - i;
  for (gsize i = 0; i < n * frame_pitch; i++)
    pixels[i] = -12345.5f;

  recon_reader_read_lines (reader, &reading, NULL, &error);
  g_assert_no_error (error);

  for (guint i = 0; i < n; i++)
    for (gsize k = 0; k < n_rows; k++)
      for (guint j = 0; j < row_pitch; j++)
        g_assert_cmpfloat ((double) pixels[i * frame_pitch + k * row_pitch + j], ==,
                           j < n_columns
                             ? test_tiff_value (type, frames[i], recon_lines_get_row (&lines, k), column + j)
                             : -12345.5);
}

static inline void
assert_reads (const char     *path,
              const TestTiff *how)
{
  g_autoptr (ReconReader) reader = NULL;
  const guint ranges[][2] = { { 0, 37 }, { 0, 1 }, { 36, 1 }, { 15, 2 }, { 5, 20 }, { 7, 0 }, { 8, 3 }, { 10, 9 } };

  g_test_message ("%s, compression %d, predictor %d, %s, tiles of %u, strips of %u rows",
                  recon_sample_type_get_name (how->type), how->compression, how->predictor,
                  how->big_endian ? "big-endian" : "little-endian", how->tile_width, how->rows_per_strip);
  test_tiff_write (path, how, NULL);
  reader = open_reader (path);

  g_assert_cmpuint (recon_reader_get_n_frames (reader), ==, MAX (how->n_pages, 1));
  g_assert_cmpuint (recon_reader_get_width (reader), ==, how->width);
  g_assert_cmpuint (recon_reader_get_height (reader), ==, how->height);
  g_assert_cmpint (recon_reader_get_sample_type (reader), ==, how->type);
  g_assert_cmpstr (recon_reader_get_path (reader), ==, path);

  for (guint i = 0; i < G_N_ELEMENTS (ranges); i++)
    assert_rows (reader, ranges[i][0], ranges[i][1]);

  assert_lines (reader, (ReconLines){ 1, 1, 4, 9 }, how->width / 3, (how->width + 1) / 2);
  assert_lines (reader, (ReconLines){ 0, 2, 6, 6 }, 0, how->width);
  assert_lines (reader, (ReconLines){ 3, 30, 30, 1 }, how->width - 1, 1);
}

/* The reader keeps what libtiff says for itself. */
static inline void
fail_on_message_cb (const char *module,
                    const char *format,
                    va_list     arguments)
{
  g_autofree char *text = g_strdup_vprintf (format, arguments);

  g_error ("libtiff printed: %s", text);
}

#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)
