/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "fuzz.h"

#include "io/contents.h"
#include "io/hdf5-datasets.h"
#include "io/lines.h"

/* Bounds of the work on one input: damaged files claim any size. */
#define MAX_FRAMES 4
#define MAX_PIXELS (1 << 20)
#define MAX_BYTES (64 << 20)

typedef struct
{
  guint expected;
  gsize n;
  float sum;
} Seen;

static void
frame_cb (guint        frame,
          guint        line,
          const float *pixels,
          gpointer     user_data)
{
  Seen *seen = user_data;

  g_assert_cmpuint (line, ==, 0);
  g_assert_cmpuint (frame, ==, seen->expected++);
  /* Touches every value, so that the sanitizer sees a buffer that is too short. */
  for (gsize k = 0; k < seen->n; k++)
    seen->sum += pixels[k];
}

static void
read_frames (ReconFrames *frames)
{
  ReconReader *reader = recon_frames_get_reader (frames);
  guint height = recon_reader_get_height (reader);
  guint width = recon_reader_get_width (reader);
  guint n_frames = MIN (recon_frames_get_n (frames), MAX_FRAMES);
  g_autoptr (ReconFrames) some = NULL;
  g_autoptr (ReconTeam) team = NULL;
  guint n_rows;

  g_assert_cmpuint (height, >, 0);
  g_assert_cmpuint (width, >, 0);
  if (n_frames == 0 || width > MAX_PIXELS)
    return;

  some = recon_frames_subset (frames, 0, n_frames, 1);
  team = recon_team_new (2);
  n_rows = MIN (height, MAX_PIXELS / width);

  for (guint pass = 0; pass < 2; pass++)
    {
      g_autoptr (GError) error = NULL;
      guint row = pass == 0 ? 0 : height - n_rows;
      ReconLinesPart part = { { row, n_rows, n_rows, 1 }, some, 0, width };
      Seen seen = { 0, (gsize) n_rows * width, 0.0f };

      if (recon_lines_foreach (&part, team, 2, MAX_BYTES, RECON_LINES_IN_ORDER, frame_cb, &seen, NULL, &error))
        {
          g_assert_no_error (error);
          g_assert_cmpuint (seen.expected, ==, n_frames);
        }
      else
        {
          g_assert_nonnull (error);
        }
    }
}

/* What can be chosen is listed for good files and bad ones. */
static void
list_datasets (const char    *path,
               ReconContents *contents)
{
  g_autoptr (ReconHdf5Datasets) datasets = recon_hdf5_datasets_list (path, contents, G_USEC_PER_SEC);

  for (guint i = 0; datasets != NULL && i < datasets->datasets->len; i++)
    {
      const ReconHdf5Dataset *dataset = g_ptr_array_index (datasets->datasets, i);

      g_assert_true (*dataset->path == '/');
      g_assert_true (dataset->refusal == NULL || g_utf8_validate (dataset->refusal, -1, NULL));
      g_assert_true (dataset->shape.rank > 0 || dataset->refusal != NULL);
    }
}

void
fuzz_contents (const char *path)
{
  g_autoptr (ReconContents) contents = NULL;
  g_autoptr (GError) error = NULL;

  contents = recon_contents_open (path, &error);
  list_datasets (path, contents);
  if (contents == NULL)
    {
      g_assert_nonnull (error);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      return;
    }

  g_assert_no_error (error);
  g_assert_nonnull (contents->projections);
  g_assert_true (contents->n_angles == 0 || contents->n_angles == recon_frames_get_n (contents->projections));

  read_frames (contents->projections);
  if (contents->darks != NULL)
    read_frames (contents->darks);
  if (contents->flats != NULL)
    read_frames (contents->flats);
  if (contents->flats_after != NULL)
    read_frames (contents->flats_after);
}
