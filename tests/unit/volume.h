/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the tests of all writers share: a small volume, and runs that write it. */

#include <glib/gstdio.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "io/grey.h"
#include "io/writer.h"
#include "support.h"

#define CONFIGURATION "[output]\ntype = float32\n"

typedef struct
{
  ReconVolume volume;
  guint       numbers[1024];
  double      rows[1024];
} Volume;

static inline Volume *
volume_new (guint            n_slices,
            guint            height,
            guint            width,
            ReconOutputType  type,
            ReconCompression compression)
{
  Volume *self = g_new0 (Volume, 1);

  g_assert_cmpuint (n_slices, <=, G_N_ELEMENTS (self->numbers));
  for (guint i = 0; i < n_slices; i++)
    {
      self->numbers[i] = 3 + 2 * i;
      self->rows[i] = 3.5 + 2 * i;
    }
  self->volume = (ReconVolume) {
    .n_slices = n_slices, .height = height, .width = width,
    .numbers = self->numbers, .detector_row = self->rows,
    .x0 = 7, .y0 = 5, .pixel_size = 0.0025,
    .type = type, .minimum = -0.1, .maximum = 0.8, .compression = compression,
    .configuration = CONFIGURATION,
  };

  return self;
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Volume, g_free)

/* Smooth, so that it compresses, with noise, and some of it outside of the window. */
static inline float *
volume_make_slice (const Volume *self,
                   guint         slice)
{
  guint height = self->volume.height, width = self->volume.width;
  float *pixels = g_new (float, (gsize) height * width);
  guint state = slice + 1;

  for (guint y = 0; y < height; y++)
    for (guint x = 0; x < width; x++)
      pixels[(gsize) y * width + x] = (float) (y / (double) height - x / (double) width * 0.3 + slice * 0.01 +
                                               0.01 * test_random (&state));

  return pixels;
}

/* The bytes that a slice has in the file. */
static inline GBytes *
volume_make_samples (const Volume *self,
                     guint         slice)
{
  g_autofree float *pixels = volume_make_slice (self, slice);
  gsize n = (gsize) self->volume.height * self->volume.width;
  gsize size = n * recon_output_type_get_bytes (self->volume.type);
  g_autofree gpointer grey = g_malloc (size);

  if (self->volume.type == RECON_OUTPUT_TYPE_FLOAT32)
    return g_bytes_new (pixels, size);
  if (self->volume.type == RECON_OUTPUT_TYPE_UINT16)
    recon_grey_to_uint16 (pixels, n, self->volume.minimum, self->volume.maximum, grey);
  else
    recon_grey_to_uint8 (pixels, n, self->volume.minimum, self->volume.maximum, grey);

  return g_bytes_new (grey, size);
}

static inline gboolean
volume_write_slice (const Volume  *self,
                    ReconWriter   *writer,
                    guint          slice,
                    GError       **error)
{
  g_autofree float *pixels = volume_make_slice (self, slice);

  return recon_writer_write (writer, slice, pixels, error);
}

static inline void
store (const char *path,
       const char *text)
{
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
}

static inline gboolean
exists (const char *folder,
        const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static inline char *
load (const char *folder,
      const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GError) error = NULL;
  char *text = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);

  return text;
}

static inline void
assert_names (const char *folder,
              guint       n)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) dir = g_dir_open (folder, 0, &error);
  guint found = 0;

  g_assert_no_error (error);
  while (g_dir_read_name (dir) != NULL)
    found++;
  g_assert_cmpuint (found, ==, n);
}

static inline void
assert_same_files (const char *a,
                   const char *b)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *first = NULL, *second = NULL;
  gsize n_first, n_second;

  g_file_get_contents (a, &first, &n_first, &error);
  g_assert_no_error (error);
  g_file_get_contents (b, &second, &n_second, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (first, n_first, second, n_second);
}

static inline ReconWriter *
writer_open (const Volume      *volume,
             const char        *path,
             ReconOutputFormat  format,
             const guint8      *finished)
{
  g_autoptr (GError) error = NULL;
  ReconWriter *writer = recon_writer_new (path, format, &error);

  g_assert_no_error (error);
  recon_writer_set_overwrite (writer, TRUE);
  recon_writer_open (writer, &volume->volume, finished, &error);
  g_assert_no_error (error);

  return writer;
}

/* Writes the slices from @start on, with a ledger, as the engine does. */
static inline void
writer_complete (const Volume *volume,
                 ReconWriter  *writer,
                 guint         start)
{
  g_autoptr (GError) error = NULL;

  store (recon_writer_get_partial_ledger (writer), "{}\n");
  for (guint i = start; i < volume->volume.n_slices; i++)
    {
      volume_write_slice (volume, writer, i, &error);
      g_assert_no_error (error);
      /* Not always, as the engine does it for blocks. */
      if (i % 3 == 2)
        recon_writer_flush (writer, &error);
      g_assert_no_error (error);
    }
  recon_writer_finish (writer, &error);
  g_assert_no_error (error);
}

static inline void
volume_write (const Volume      *volume,
              const char        *path,
              ReconOutputFormat  format)
{
  g_autoptr (ReconWriter) writer = writer_open (volume, path, format, NULL);

  writer_complete (volume, writer, 0);
  g_assert_false (g_file_test (recon_writer_get_partial (writer), G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (recon_writer_get_partial_ledger (writer), G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (recon_writer_get_ledger (writer), G_FILE_TEST_EXISTS));
}

/* A process that writes and flushes @n_finished slices, writes @n_more, and is killed. */
static inline void
volume_write_killed (const Volume      *volume,
                     const char        *path,
                     ReconOutputFormat  format,
                     guint              n_finished,
                     guint              n_more)
{
  pid_t pid = fork ();
  int status;

  g_assert_cmpint (pid, >=, 0);
  if (pid == 0)
    {
      ReconWriter *writer = writer_open (volume, path, format, NULL);

      store (recon_writer_get_partial_ledger (writer), "{}\n");
      for (guint i = 0; i < n_finished + n_more; i++)
        {
          if (!volume_write_slice (volume, writer, i, NULL) ||
              (i + 1 == n_finished && !recon_writer_flush (writer, NULL)))
            _exit (1);
        }
      kill (getpid (), SIGKILL);
      _exit (1);
    }
  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  g_assert_true (WIFSIGNALED (status) && WTERMSIG (status) == SIGKILL);
}

/* From now on, files may not be larger: writing fails as on a full disk, but with another errno. */
static inline void
limit_file_size (guint64 bytes)
{
  struct rlimit limit;

  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  limit.rlim_cur = bytes == 0 ? limit.rlim_max : bytes;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
}

static inline void
assert_text_contains (const GError *error,
                      const char   *part)
{
  if (strstr (error->message, part) == NULL)
    g_error ("\"%s\" does not contain \"%s\"", error->message, part);
}
