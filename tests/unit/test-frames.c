/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/frames.h"

#include "error.h"

/* A reader that keeps what is asked of it. Sample (f, r, c) is f·100 + r·10 + c. */
#define TEST_TYPE_READER (test_reader_get_type ())
G_DECLARE_FINAL_TYPE (TestReader, test_reader, TEST, READER, ReconReader)

struct _TestReader
{
  ReconReader parent_instance;

  GString *calls;
  guint    bad_frame;
};

G_DEFINE_FINAL_TYPE (TestReader, test_reader, RECON_TYPE_READER)

static gboolean
test_reader_read (ReconReader   *reader,
                  guint          frame,
                  guint          n_frames,
                  guint          row,
                  guint          n_rows,
                  float         *pixels,
                  GCancellable  *cancellable,
                  GError       **error)
{
  TestReader *self = TEST_READER (reader);
  guint width = recon_reader_get_width (reader);

  if (self->bad_frame >= frame && self->bad_frame < frame + n_frames)
    {
      g_set_error (error, RECON_ERROR, RECON_ERROR_READ, "Image %u is damaged.", self->bad_frame);
      return FALSE;
    }

  g_string_append_printf (self->calls, "%u+%u ", frame, n_frames);
  for (guint f = frame; f < frame + n_frames; f++)
    for (guint r = row; r < row + n_rows; r++)
      for (guint c = 0; c < width; c++)
        *pixels++ = (float) (f * 100 + r * 10 + c % 10);

  return TRUE;
}

static void
test_reader_finalize (GObject *object)
{
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

typedef struct
{
  ReconFrames *frames;
  guint        row, n_rows;
  guint        next;
  guint        fail_at;
} Visit;

static gboolean
visit_cb (guint         i,
          const float  *pixels,
          gpointer      user_data,
          GError      **error)
{
  Visit *visit = user_data;
  const guint *index = recon_frames_get_index (visit->frames);
  guint width = recon_reader_get_width (recon_frames_get_reader (visit->frames));

  g_assert_cmpuint (i, ==, visit->next++);
  for (guint r = 0; r < visit->n_rows; r++)
    g_assert_cmpfloat (pixels[r * width + 1], ==, (float) (index[i] * 100 + (visit->row + r) * 10 + 1));

  if (i == visit->fail_at)
    {
      g_set_error_literal (error, RECON_ERROR, RECON_ERROR_WRITE, "Full.");
      return FALSE;
    }

  return TRUE;
}

static void
assert_calls (TestReader  *reader,
              ReconFrames *frames,
              guint        row,
              guint        n_rows,
              const char  *calls)
{
  g_autoptr (GError) error = NULL;
  Visit visit = { frames, row, n_rows, 0, G_MAXUINT };

  g_string_truncate (reader->calls, 0);
  g_assert_true (recon_frames_foreach (frames, row, n_rows, visit_cb, &visit, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (visit.next, ==, recon_frames_get_n (frames));
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

  assert_calls (reader, some, 1, 2, "3+3 9+1 2+1 2+1 19+1 ");
  assert_calls (reader, all, 0, 4, "0+20 ");
  assert_calls (reader, none, 0, 4, "");
  g_assert_cmpuint (recon_frames_scratch_bytes (some, 2), ==, 3 * 2 * 3 * sizeof (float));
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
  assert_calls (reader, few, 0, 1, "5+1 11+1 ");

  /* The frames keep the reader. */
  g_assert_true (recon_frames_get_reader (few) == RECON_READER (reader));
}

static void
test_batches (void)
{
  g_autoptr (TestReader) reader = make_reader (40, 4, 3, 16);
  g_autoptr (ReconFrames) all = recon_frames_new_all (RECON_READER (reader));
  g_autoptr (ReconFrames) part = recon_frames_subset (all, 5, 40, 1);
  g_autoptr (ReconFrames) third = recon_frames_subset (all, 0, 40, 3);

  assert_calls (reader, part, 0, 4, "5+35 ");

  /* What a chunk holds between the wanted ones comes along rather than being unpacked again. */
  assert_calls (reader, third, 0, 4, "0+16 18+13 33+7 ");
  g_assert_cmpuint (recon_frames_scratch_bytes (third, 4), ==, 16 * 4 * 3 * sizeof (float));
}

static void
test_bounds (void)
{
  /* 1 MiB a row: 16 images are 16 MiB, and batches of 6 fit twice. */
  g_autoptr (TestReader) reader = make_reader (30, 200, 1 << 18, 6);
  g_autoptr (ReconFrames) part = recon_frames_new_all (RECON_READER (reader));
  g_autoptr (ReconFrames) late = recon_frames_subset (part, 4, 30, 1);

  assert_calls (reader, part, 0, 1, "0+12 12+12 24+6 ");
  assert_calls (reader, late, 0, 1, "4+8 12+12 24+6 ");
  g_assert_cmpuint (recon_frames_scratch_bytes (part, 1), ==, 12 << 20);

  /* One batch is more than what is good, but no more than the most. */
  g_assert_cmpuint (recon_frames_scratch_bytes (part, 10), ==, 60 << 20);

  /* A batch is more than the most: fewer images then, but at least one. */
  g_assert_cmpuint (recon_frames_scratch_bytes (part, 20), ==, 60 << 20);
  g_assert_cmpuint (recon_frames_scratch_bytes (part, 200), ==, 200 << 20);
}

static void
test_failures (void)
{
  g_autoptr (TestReader) reader = make_reader (20, 4, 3, 1);
  g_autoptr (ReconFrames) all = recon_frames_new_all (RECON_READER (reader));
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  Visit visit = { all, 0, 4, 0, 7 };

  g_assert_false (recon_frames_foreach (all, 0, 4, visit_cb, &visit, NULL, &error));
  g_assert_error (error, RECON_ERROR, RECON_ERROR_WRITE);
  g_assert_cmpuint (visit.next, ==, 8);
  g_clear_error (&error);

  visit.next = 0;
  reader->bad_frame = 3;
  g_assert_false (recon_frames_foreach (all, 0, 4, visit_cb, &visit, NULL, &error));
  g_assert_error (error, RECON_ERROR, RECON_ERROR_READ);
  g_clear_error (&error);

  /* Rows that do not exist. */
  g_assert_false (recon_frames_foreach (all, 2, 3, visit_cb, &visit, NULL, &error));
  g_assert_error (error, RECON_ERROR, RECON_ERROR_READ);
  g_clear_error (&error);

  g_cancellable_cancel (cancellable);
  g_assert_false (recon_frames_foreach (all, 0, 4, visit_cb, &visit, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (visit.next, ==, 0);
}

static void
test_huge (void)
{
  g_autoptr (TestReader) reader = make_reader (2, G_MAXUINT, G_MAXUINT, 1);
  g_autoptr (ReconFrames) all = recon_frames_new_all (RECON_READER (reader));
  g_autoptr (GError) error = NULL;
  Visit visit = { all, 0, 4, 0, 7 };

  g_assert_false (recon_frames_foreach (all, 0, G_MAXUINT, visit_cb, &visit, NULL, &error));
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
  g_test_add_func ("/frames/bounds", test_bounds);
  g_test_add_func ("/frames/failures", test_failures);
  g_test_add_func ("/frames/huge", test_huge);

  return g_test_run ();
}
