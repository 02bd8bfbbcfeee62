/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/lines.h"

#include <string.h>

#include "base/error.h"

/* A reader that keeps what is asked of it. Sample (f, r, c) is f·100 + r·10 + c % 10. */
#define TEST_TYPE_READER (test_reader_get_type ())
G_DECLARE_FINAL_TYPE (TestReader, test_reader, TEST, READER, ReconReader)

struct _TestReader
{
  ReconReader parent_instance;

  GMutex        lock;
  GString      *calls; /* "first-last:rows " of each */
  guint         bad_frame;
  GCancellable *cancel; /* (nullable): when frame 4 is read */
};

G_DEFINE_FINAL_TYPE (TestReader, test_reader, RECON_TYPE_READER)

static float
value (guint frame,
       guint row,
       guint column)
{
  return (float) (frame * 100 + row * 10 + column % 10);
}

static gboolean
test_reader_read (ReconReader         *reader,
                  const ReconReading  *reading,
                  GCancellable        *cancellable,
                  GError             **error)
{
  TestReader *self = TEST_READER (reader);
  gsize n_rows = (gsize) reading->lines.n * reading->lines.height;

  g_mutex_lock (&self->lock);
  g_string_append_printf (self->calls, "%u-%u:%" G_GSIZE_FORMAT " ", reading->frames[0],
                          reading->frames[reading->n_frames - 1], n_rows);
  g_mutex_unlock (&self->lock);

  for (guint i = 0; i < reading->n_frames; i++)
    {
      guint frame = reading->frames[i];

      if (frame == 4 && self->cancel != NULL)
        g_cancellable_cancel (self->cancel);
      if (frame >= self->bad_frame)
        {
          g_set_error (error, RECON_ERROR, RECON_ERROR_READ, "Image %u is damaged.", frame);
          return FALSE;
        }

      for (gsize k = 0; k < n_rows; k++)
        for (guint c = 0; c < reading->n_columns; c++)
          reading->pixels[i * reading->frame_pitch + k * reading->row_pitch + c] =
            value (frame, recon_lines_get_row (&reading->lines, k), reading->column + c);
    }

  return TRUE;
}

static void
test_reader_finalize (GObject *object)
{
  g_mutex_clear (&TEST_READER (object)->lock);
  g_string_free (TEST_READER (object)->calls, TRUE);

  G_OBJECT_CLASS (test_reader_parent_class)->finalize (object);
}

static void
test_reader_class_init (TestReaderClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = test_reader_finalize;
  RECON_READER_CLASS (klass)->read = test_reader_read;
}

static void
test_reader_init (TestReader *self)
{
  g_mutex_init (&self->lock);
  self->calls = g_string_new (NULL);
  self->bad_frame = G_MAXUINT;
}

static TestReader *
make_reader (guint n,
             guint height,
             guint width,
             guint batch)
{
  TestReader *self = g_object_new (TEST_TYPE_READER, NULL);

  recon_reader_set_layout (RECON_READER (self), "test", n, height, width, RECON_SAMPLE_FLOAT32, batch);

  return self;
}

/* All columns of some rows. */
static ReconLinesPart
make_part (ReconFrames *frames,
           guint        row,
           guint        n_rows)
{
  guint width = recon_reader_get_width (recon_frames_get_reader (frames));

  return (ReconLinesPart){ { row, 1, 1, n_rows }, frames, 0, width };
}

#define LIMIT ((gsize) 64 << 20)

typedef struct
{
  const ReconLinesPart *part;
  guint                *next; /* (nullable): frame that is next for each line */
  gint                  n_calls;
} Visit;

static void
visit_cb (guint        frame,
          guint        line,
          const float *rows,
          gpointer     user_data)
{
  Visit *visit = user_data;
  const ReconLinesPart *part = visit->part;
  const ReconLines *lines = &part->lines;

  if (visit->next != NULL)
    g_assert_cmpuint (visit->next[line]++, ==, frame);
  g_atomic_int_inc (&visit->n_calls);

  for (guint y = 0; y < lines->height; y++)
    for (guint c = 0; c < part->n_columns; c += part->n_columns > 100 ? 97 : 1)
      g_assert_cmpfloat (rows[y * part->n_columns + c], ==,
                         value (recon_frames_get_index (part->frames)[frame],
                                lines->first + line * lines->stride + y, part->column + c));
}

/* Every line of every frame comes once, and in order if that is asked for. */
static void
assert_visits (const ReconLinesPart *part,
               guint                 n_threads,
               gsize                 limit,
               ReconLinesOrder       order)
{
  g_autoptr (ReconTeam) team = recon_team_new (n_threads);
  g_autofree guint *next = g_new0 (guint, part->lines.n);
  g_autoptr (GError) error = NULL;
  Visit visit = { part, order == RECON_LINES_IN_ORDER ? next : NULL, 0 };

  g_assert_true (recon_lines_foreach (part, team, n_threads, limit, order, visit_cb, &visit, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpint (visit.n_calls, ==, (int) (recon_frames_get_n (part->frames) * part->lines.n));
}

static void
assert_calls (TestReader  *reader,
              ReconFrames *frames,
              guint        row,
              guint        n_rows,
              const char  *calls)
{
  ReconLinesPart part = make_part (frames, row, n_rows);

  g_string_truncate (reader->calls, 0);
  assert_visits (&part, 1, LIMIT, RECON_LINES_IN_ORDER);
  g_assert_cmpstr (reader->calls->str, ==, calls);
}

static void
test_order (void)
{
  g_autoptr (TestReader) reader = make_reader (20, 4, 3, 1);
  const guint index[] = { 3, 4, 5, 9, 2, 2, 19 };
  g_autoptr (ReconFrames) some = recon_frames_new (RECON_READER (reader), index, G_N_ELEMENTS (index));
  g_autoptr (ReconFrames) all = recon_frames_new_all (RECON_READER (reader));
  g_autoptr (ReconFrames) none = recon_frames_new (RECON_READER (reader), NULL, 0);

  assert_calls (reader, some, 1, 2, "3-19:2 ");
  assert_calls (reader, all, 0, 4, "0-19:4 ");
  assert_calls (reader, none, 0, 4, "");
}

static void
test_subset (void)
{
  g_autoptr (TestReader) reader = make_reader (20, 4, 3, 1);
  g_autoptr (ReconFrames) all = recon_frames_new_all (RECON_READER (reader));
  g_autoptr (ReconFrames) odd = recon_frames_subset (all, 1, 20, 2);
  g_autoptr (ReconFrames) few = recon_frames_subset (odd, 2, 7, 3);
  g_autoptr (ReconFrames) empty = recon_frames_subset (odd, 10, 10, 1);

  g_assert_cmpuint (recon_frames_get_n (odd), ==, 10);
  g_assert_cmpuint (recon_frames_get_n (few), ==, 2);
  g_assert_cmpuint (recon_frames_get_n (empty), ==, 0);
  assert_calls (reader, few, 0, 1, "5-11:1 ");

  /* The frames keep the reader. */
  g_assert_true (recon_frames_get_reader (few) == RECON_READER (reader));
}

/* Batches are read together, and begin a reading. */
static void
test_batches (void)
{
  /* 1 MiB a row: what is good is one row of one frame, less than a batch. */
  g_autoptr (TestReader) reader = make_reader (30, 200, 1 << 18, 6);
  g_autoptr (TestReader) small = make_reader (100, 4, 1 << 12, 6);
  g_autoptr (ReconFrames) all = recon_frames_new_all (RECON_READER (reader));
  g_autoptr (ReconFrames) late = recon_frames_subset (all, 4, 30, 1);
  g_autoptr (ReconFrames) third = recon_frames_subset (all, 0, 30, 3);
  g_autoptr (ReconFrames) all_small = recon_frames_new_all (RECON_READER (small));

  assert_calls (reader, all, 0, 1, "0-5:1 6-11:1 12-17:1 18-23:1 24-29:1 ");
  assert_calls (reader, late, 0, 1, "4-5:1 6-11:1 12-17:1 18-23:1 24-29:1 ");
  assert_calls (reader, third, 0, 1, "0-3:1 6-9:1 12-15:1 18-21:1 24-27:1 ");

  /* 16 KiB a row: 64 of them are good, in whole batches. */
  assert_calls (small, all_small, 0, 1, "0-59:1 60-99:1 ");
  assert_calls (small, all_small, 0, 4, "0-11:4 12-23:4 24-35:4 36-47:4 48-59:4 60-71:4 72-83:4 84-95:4 96-99:4 ");
}

/* What does not fit into the memory is read in several goes, and fewer threads read. */
static void
test_limit (void)
{
  g_autoptr (TestReader) reader = make_reader (12, 40, 1 << 18, 6);
  g_autoptr (ReconFrames) all = recon_frames_new_all (RECON_READER (reader));
  ReconLinesPart part = make_part (all, 3, 25);
  const gsize mib = 1 << 20;

  assert_visits (&part, 1, 60 * mib, RECON_LINES_IN_ORDER);
  g_assert_cmpstr (reader->calls->str, ==, "0-5:10 0-5:10 0-5:5 6-11:10 6-11:10 6-11:5 ");
  g_assert_cmpuint (recon_lines_foreach_scratch_bytes (&part, 1, 60 * mib), ==, 60 * mib);

  /* A batch does not fit: fewer frames. A frame does not fit: one line of it, whatever the limit. */
  g_string_truncate (reader->calls, 0);
  part.lines.n = 2;
  assert_visits (&part, 1, 4 * mib, RECON_LINES_IN_ORDER);
  g_assert_cmpstr (reader->calls->str, ==, "0-3:1 0-3:1 4-5:1 4-5:1 6-9:1 6-9:1 10-11:1 10-11:1 ");
  g_assert_cmpuint (recon_lines_foreach_scratch_bytes (&part, 1, 4 * mib), ==, 4 * mib);
  g_assert_cmpuint (recon_lines_foreach_scratch_bytes (&part, 8, 1), ==, mib);
  part.lines.n = 25;

  for (guint n = 2; n < 20; n += 7)
    {
      assert_visits (&part, n, 60 * mib, RECON_LINES_IN_ORDER);
      assert_visits (&part, n, 60 * mib, RECON_LINES_ANY_ORDER);
      g_assert_cmpuint (recon_lines_foreach_scratch_bytes (&part, n, 60 * mib), <=, 60 * mib);
    }
}

/* Parts of rows and columns, several rows a line, straight into place and through memory, by any number of threads. */
static void
test_lines (void)
{
  enum
  {
    N = 30,
    WIDTH = 11,
    PITCH = 9,
  };
  g_autoptr (TestReader) reader = make_reader (N + 3, 40, 20, 4);
  g_autoptr (ReconFrames) all = recon_frames_new_all (RECON_READER (reader));
  g_autoptr (ReconFrames) frames = recon_frames_subset (all, 2, N + 2, 1);
  const ReconLinesPart part = { { 5, 2, 9, 4 }, frames, 7, WIDTH };
  g_autofree float *pixels = g_new (float, N * PITCH * WIDTH);

  recon_reader_set_pieces (RECON_READER (reader), 8, 0);

  for (guint n = 1; n < 50; n = 3 * n + 1)
    {
      g_autoptr (ReconTeam) team = recon_team_new (n);
      g_autoptr (GError) error = NULL;

      memset (pixels, 0xff, N * PITCH * WIDTH * sizeof (float));
      g_assert_true (recon_lines_read (&part, team, n, pixels, PITCH * WIDTH, WIDTH, NULL, &error));
      g_assert_no_error (error);
      for (guint f = 0; f < N; f++)
        for (guint k = 0; k < PITCH; k++)
          for (guint c = 0; c < WIDTH; c++)
            {
              float pixel = pixels[(f * PITCH + k) * WIDTH + c];

              if (k < 8)
                g_assert_cmpfloat (pixel, ==, value (f + 2, recon_lines_get_row (&part.lines, k), c + 7));
              else
                g_assert_true (pixel != pixel);
            }

      assert_visits (&part, n, LIMIT, RECON_LINES_IN_ORDER);
      assert_visits (&part, n, LIMIT, RECON_LINES_ANY_ORDER);
      assert_visits (&part, n, 100, RECON_LINES_IN_ORDER);
    }
}

static void
assert_fails (const ReconLinesPart *part,
              guint                 n_threads,
              gsize                 limit,
              GCancellable         *cancellable,
              GQuark                domain,
              int                   code,
              const char           *message)
{
  g_autoptr (ReconTeam) team = recon_team_new (n_threads);
  g_autofree float *pixels = g_new (float, 20 * 4 * 3);

  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (GError) error = NULL;
      Visit visit = { part, NULL, 0 };

      if (i < 2)
        g_assert_false (recon_lines_foreach (part, team, n_threads, limit, (ReconLinesOrder) i, visit_cb, &visit,
                                             cancellable, &error));
      else
        g_assert_false (recon_lines_read (part, team, n_threads, pixels, 12, 3, cancellable, &error));

      g_assert_error (error, domain, code);
      if (message != NULL)
        g_assert_cmpstr (error->message, ==, message);
    }
}

/* The first frame that cannot be read is the one that is told of, whatever else fails at the same time. */
static void
test_failures (void)
{
  for (guint n = 1; n < 30; n = 2 * n + 1)
    {
      g_autoptr (TestReader) reader = make_reader (20, 4, 3, 1);
      g_autoptr (ReconFrames) all = recon_frames_new_all (RECON_READER (reader));
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      ReconLinesPart part = make_part (all, 0, 4);
      /* A frame at a time. */
      const gsize limit = 4 * 3 * sizeof (float);

      reader->bad_frame = 7;
      assert_fails (&part, n, limit, NULL, RECON_ERROR, RECON_ERROR_READ, "Image 7 is damaged.");

      reader->bad_frame = 0;
      assert_fails (&part, n, limit, NULL, RECON_ERROR, RECON_ERROR_READ, "Image 0 is damaged.");

      /* Rows that do not exist. */
      reader->bad_frame = G_MAXUINT;
      part.lines.first = 1;
      assert_fails (&part, n, limit, NULL, RECON_ERROR, RECON_ERROR_READ, NULL);
      part.lines.first = 0;

      g_cancellable_cancel (cancellable);
      g_string_truncate (reader->calls, 0);
      assert_fails (&part, n, limit, cancellable, G_IO_ERROR, G_IO_ERROR_CANCELLED, NULL);
      g_assert_cmpstr (reader->calls->str, ==, "");
    }
}

/* Cancelled while it reads, with frames left. */
static void
test_cancelled (void)
{
  for (guint n = 1; n < 9; n += 3)
    for (guint i = 0; i < 2; i++)
      {
        g_autoptr (TestReader) reader = make_reader (100, 4, 1 << 16, 1);
        g_autoptr (ReconFrames) all = recon_frames_new_all (RECON_READER (reader));
        g_autoptr (ReconTeam) team = recon_team_new (n);
        g_autoptr (GCancellable) cancellable = g_cancellable_new ();
        g_autoptr (GError) error = NULL;
        ReconLinesPart part = make_part (all, 0, 4);
        Visit visit = { &part, NULL, 0 };

        reader->cancel = cancellable;
        g_assert_false (recon_lines_foreach (&part, team, n, LIMIT, (ReconLinesOrder) i, visit_cb, &visit, cancellable,
                                             &error));
        g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
        g_assert_cmpint (visit.n_calls, <, 4 * 50);
      }
}

static void
test_huge (void)
{
  g_autoptr (TestReader) reader = make_reader (2, G_MAXUINT, G_MAXUINT, 1);
  g_autoptr (ReconFrames) all = recon_frames_new_all (RECON_READER (reader));
  g_autoptr (ReconTeam) team = recon_team_new (2);
  ReconLinesPart part = { { 0, G_MAXUINT, G_MAXUINT, 1 }, all, 0, G_MAXUINT };
  g_autoptr (GError) error = NULL;
  Visit visit = { &part, NULL, 0 };

  g_assert_false (recon_lines_foreach (&part, team, 2, LIMIT, RECON_LINES_IN_ORDER, visit_cb, &visit, NULL, &error));
  g_assert_error (error, RECON_ERROR, RECON_ERROR_MEMORY);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/frames/order", test_order);
  g_test_add_func ("/frames/subset", test_subset);
  g_test_add_func ("/frames/batches", test_batches);
  g_test_add_func ("/frames/limit", test_limit);
  g_test_add_func ("/frames/lines", test_lines);
  g_test_add_func ("/frames/failures", test_failures);
  g_test_add_func ("/frames/cancelled", test_cancelled);
  g_test_add_func ("/frames/huge", test_huge);

  return g_test_run ();
}
