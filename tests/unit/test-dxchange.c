/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/contents.h"

#include <math.h>
#include <string.h>

#include "io/turned-reader.h"
#include "support.h"
#include "test-hdf5.h"

/* Data Exchange files as they are written: metadata of the acquisition, and stacks in the order of sinograms. */

#define ANGLES 6
#define ROWS   3
#define WIDTH  4

#define ROTATION "/process/acquisition/rotation/"

static const gsize shape[3] = { ANGLES, ROWS, WIDTH };
static const gsize rows_first[3] = { ROWS, ANGLES, WIDTH };
static const double degrees[ANGLES] = { 0, 30, 60, 90, 120, 150 };

typedef struct
{
  char  *folder;
  char  *file;
  double values[ANGLES * ROWS * WIDTH];  /* angles × rows × columns */
  double swapped[ANGLES * ROWS * WIDTH]; /* the same as rows × angles × columns */
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->folder = test_folder_new ();
  fixture->file = g_build_filename (fixture->folder, "scan.h5", NULL);
  for (guint a = 0; a < ANGLES; a++)
    for (guint r = 0; r < ROWS; r++)
      for (guint c = 0; c < WIDTH; c++)
        {
          fixture->values[(a * ROWS + r) * WIDTH + c] = a * 100 + r * 10 + c;
          fixture->swapped[(r * ANGLES + a) * WIDTH + c] = a * 100 + r * 10 + c;
        }
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_free (fixture->file);
  test_folder_remove (fixture->folder);
}

static ReconContents *
open_contents (const Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  ReconContents *contents = recon_contents_open (fixture->file, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (contents->layout, ==, "DXchange");

  return contents;
}

static void
assert_note (const ReconContents *contents,
             const char          *text)
{
  for (guint i = 0; i < contents->notes->len; i++)
    if (strstr (g_ptr_array_index (contents->notes, i), text) != NULL)
      return;

  g_error ("No note says “%s”", text);
}

static void
assert_angles (const ReconContents *contents,
               double               start,
               double               step)
{
  g_assert_no_error (contents->angles_error);
  g_assert_cmpuint (contents->n_angles, ==, ANGLES);
  for (guint i = 0; i < ANGLES; i++)
    g_assert_cmpfloat_with_epsilon (contents->angles[i], (start + i * step) * G_PI / 180, 1e-12);
}

static void
test_rotation (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr (ReconContents) contents = NULL;

  test_hdf5_write (fixture->file, "/exchange/data", NULL, 3, shape, fixture->values);
  test_hdf5_write_number (fixture->file, ROTATION "rotation_start", -90);
  test_hdf5_write_number (fixture->file, ROTATION "rotation_step", 2.5);
  test_hdf5_attribute (fixture->file, ROTATION "rotation_step", "units", "degrees");
  test_hdf5_write_number (fixture->file, ROTATION "num_angles", ANGLES);
  contents = open_contents (fixture);
  assert_angles (contents, -90, 2.5);
  assert_note (contents, "rotation_start -90 and rotation_step 2.5");
  g_assert_cmpuint (contents->n_warnings, ==, 0);
  g_clear_pointer (&contents, recon_contents_free);

  /* A list comes first. */
  test_hdf5_write_list (fixture->file, "/exchange/theta", ANGLES, degrees);
  test_hdf5_attribute (fixture->file, "/exchange/theta", "units", "deg");
  contents = open_contents (fixture);
  assert_angles (contents, 0, 30);
  g_assert_cmpuint (contents->notes->len, ==, 0);
}

static void
test_stopped (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr (ReconContents) contents = NULL;

  test_hdf5_write (fixture->file, "/exchange/data", NULL, 3, shape, fixture->values);
  test_hdf5_write_number (fixture->file, ROTATION "rotation_step", 10);
  test_hdf5_attribute (fixture->file, ROTATION "rotation_step", "units", "deg");
  test_hdf5_write_number (fixture->file, ROTATION "num_angles", 18);
  contents = open_contents (fixture);
  assert_angles (contents, 0, 10);
  g_assert_cmpuint (contents->n_warnings, ==, 2);
  assert_note (contents, "18 projections were planned (num_angles), there are 6");
  assert_note (contents, "no rotation_start");
}

/* A list elsewhere, by its name; nothing is called missing then. */
static void
test_elsewhere (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr (ReconContents) contents = NULL;

  test_hdf5_write (fixture->file, "/exchange/data", NULL, 3, shape, fixture->values);
  test_hdf5_write_list (fixture->file, "/measurement/instrument/sample_motor_stack/rotary", ANGLES, degrees);
  test_hdf5_attribute (fixture->file, "/measurement/instrument/sample_motor_stack/rotary", "units", "deg");
  contents = open_contents (fixture);
  assert_angles (contents, 0, 30);
  g_assert_cmpuint (contents->notes->len, ==, 1);
  assert_note (contents, "taken from /measurement/instrument/sample_motor_stack/rotary, by its name");
}

static void
assert_uniform (ReconFrames *frames,
                double       value)
{
  float pixels[ROWS * WIDTH];

  g_assert_cmpuint (recon_frames_get_n (frames), ==, 1);
  g_assert_true (recon_reader_read (recon_frames_get_reader (frames), 0, 1, 0, ROWS, pixels, NULL, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (pixels); i++)
    g_assert_cmpfloat (pixels[i], ==, (float) value);
}

static void
test_values (Fixture       *fixture,
             gconstpointer  data)
{
  const gsize none[3] = { 0, ROWS, WIDTH };
  g_autoptr (ReconContents) contents = NULL;

  test_hdf5_write (fixture->file, "/exchange/data", NULL, 3, shape, fixture->values);
  test_hdf5_write (fixture->file, "/exchange/data_dark", NULL, 3, none, NULL);
  test_hdf5_write_number (fixture->file, "/process/acquisition/dark_fields/dark_field_value", 200);
  test_hdf5_write_number (fixture->file, "/process/acquisition/flat_fields/flat_field_value", 0);
  contents = open_contents (fixture);
  assert_uniform (contents->darks, 200);
  g_assert_null (contents->flats);
  assert_note (contents, "/exchange/data_dark is empty");
  assert_note (contents, "no dark frames: 200 everywhere is taken");
}

static void
test_pixel_size (Fixture       *fixture,
                 gconstpointer  data)
{
  const char *resolution = "/measurement/instrument/detection_system/objective/resolution";
  g_autoptr (ReconContents) contents = NULL;

  test_hdf5_write (fixture->file, "/exchange/data", NULL, 3, shape, fixture->values);
  test_hdf5_write_number (fixture->file, "/measurement/instrument/detector/pixel_size", 3.45);
  test_hdf5_attribute (fixture->file, "/measurement/instrument/detector/pixel_size", "units", "microns");
  contents = open_contents (fixture);
  g_assert_true (isnan (contents->pixel_size));
  assert_note (contents, "there is no magnification");
  g_clear_pointer (&contents, recon_contents_free);

  test_hdf5_write_number (fixture->file, "/measurement/instrument/detection_system/objective/magnification", 5);
  contents = open_contents (fixture);
  g_assert_cmpfloat_with_epsilon (contents->pixel_size, 0.69, 1e-12);
  g_clear_pointer (&contents, recon_contents_free);

  test_hdf5_write_number (fixture->file, resolution, 0.000701);
  test_hdf5_attribute (fixture->file, resolution, "units", "mm");
  contents = open_contents (fixture);
  g_assert_cmpfloat_with_epsilon (contents->pixel_size, 0.701, 1e-12);
}

/* Reads some frames, rows and columns in an order that cannot be read in one go. */
static void
assert_projections (const Fixture *fixture,
                    ReconContents *contents)
{
  static const guint frames[] = { 5, 0, 2, 4, 3, 3 };
  ReconReader *reader = recon_frames_get_reader (contents->projections);
  float pixels[G_N_ELEMENTS (frames) * 2 * 8];
  const ReconReading reading = { .frames = frames, .n_frames = G_N_ELEMENTS (frames), .lines = { 0, 1, 2, 2 },
                                 .column = 1, .n_columns = 3, .pixels = pixels, .frame_pitch = 16, .row_pitch = 8 };
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (recon_frames_get_n (contents->projections), ==, ANGLES);
  g_assert_cmpuint (recon_reader_get_height (reader), ==, ROWS);
  g_assert_cmpuint (recon_reader_get_width (reader), ==, WIDTH);
  g_assert_true (recon_reader_read_lines (reader, &reading, NULL, &error));
  g_assert_no_error (error);
  for (guint f = 0; f < G_N_ELEMENTS (frames); f++)
    for (guint k = 0; k < 2; k++)
      for (guint c = 0; c < 3; c++)
        g_assert_cmpfloat (pixels[f * 16 + k * 8 + c], ==,
                           (float) fixture->values[(frames[f] * ROWS + 2 * k) * WIDTH + c + 1]);
  g_assert_true (recon_reader_check (reader, frames, G_N_ELEMENTS (frames), 1, 2, &error));
}

static void
test_rows_first (Fixture       *fixture,
                 gconstpointer  data)
{
  const gsize darks[3] = { 2, ROWS, WIDTH };
  const gsize flats[3] = { ROWS, 4, WIDTH };
  const TestHdf5Storage packed = { .type = H5T_STD_U16LE, .chunk = { 2, 3, 4 }, .deflate = 1 };
  g_autoptr (ReconContents) contents = NULL;

  test_hdf5_write (fixture->file, "/exchange/data", &packed, 3, rows_first, fixture->swapped);
  test_hdf5_write (fixture->file, "/exchange/data_dark", NULL, 3, darks, fixture->values);
  test_hdf5_write (fixture->file, "/exchange/data_white", NULL, 3, flats, fixture->swapped);
  test_hdf5_write_list (fixture->file, "/exchange/theta", ANGLES, degrees);
  test_hdf5_attribute (fixture->file, "/exchange/theta", "units", "deg");
  contents = open_contents (fixture);
  assert_projections (fixture, contents);
  assert_angles (contents, 0, 30);
  assert_note (contents, "3 × 6 lines and 6 angles: it is read as sinograms, rows first");
  g_assert_cmpuint (recon_frames_get_n (contents->darks), ==, 2);
  g_assert_cmpuint (recon_frames_get_n (contents->flats), ==, 4);
  g_assert_cmpuint (recon_reader_get_height (recon_frames_get_reader (contents->flats)), ==, ROWS);
}

/* Older programs name references by when they were taken. */
static void
test_before_and_after (Fixture       *fixture,
                       gconstpointer  data)
{
  const gsize stack[3] = { ANGLES, ROWS, WIDTH };
  const gsize darks[3] = { 2, ROWS, WIDTH };
  const gsize flats[3] = { 3, ROWS, WIDTH };
  g_autoptr (ReconContents) contents = NULL;
  g_autoptr (ReconContents) usual = NULL;

  test_hdf5_write (fixture->file, "/exchange/data", NULL, 3, stack, fixture->values);
  test_hdf5_write (fixture->file, "/exchange/data_dark_pre", NULL, 3, darks, fixture->values);
  test_hdf5_write (fixture->file, "/exchange/data_white_pre", NULL, 3, flats, fixture->values);
  test_hdf5_write (fixture->file, "/exchange/data_white_post", NULL, 3, darks, fixture->values);
  contents = open_contents (fixture);
  g_assert_cmpuint (recon_frames_get_n (contents->darks), ==, 2);
  g_assert_cmpuint (recon_frames_get_n (contents->flats), ==, 3);
  g_assert_cmpuint (recon_frames_get_n (contents->flats_after), ==, 2);

  g_clear_pointer (&contents, recon_contents_free);

  /* The usual name comes first. */
  test_hdf5_write (fixture->file, "/exchange/data_white", NULL, 3, darks, fixture->values);
  usual = open_contents (fixture);
  g_assert_cmpuint (recon_frames_get_n (usual->flats), ==, 2);
  g_assert_null (usual->flats_after);
}

/* The order that the file states counts where the angles do not say otherwise. */
static void
test_stated_order (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autofree char *other = g_build_filename (fixture->folder, "other.h5", NULL);
  g_autoptr (ReconContents) contents = NULL;

  test_hdf5_write (fixture->file, "/exchange/data", NULL, 3, rows_first, fixture->swapped);
  test_hdf5_attribute (fixture->file, "/exchange/data", "axes", "y:theta:x");
  contents = open_contents (fixture);
  assert_projections (fixture, contents);
  assert_note (contents, "“y:theta:x”: it is read as sinograms");
  g_clear_pointer (&contents, recon_contents_free);

  g_free (fixture->file);
  fixture->file = g_strdup (other);
  test_hdf5_write (fixture->file, "/exchange/data", NULL, 3, shape, fixture->values);
  test_hdf5_attribute (fixture->file, "/exchange/data", "axes", "y:theta:x");
  test_hdf5_write_list (fixture->file, "/exchange/theta", ANGLES, degrees);
  contents = open_contents (fixture);
  assert_projections (fixture, contents);
  g_assert_cmpuint (contents->n_warnings, ==, 1);
  assert_note (contents, "the first is that of the projections");
}

static void
test_trials (void)
{
  g_autofree char *folder = test_data_folder ();
  g_autofree char *tomoscan = NULL;
  g_autofree char *four = NULL;
  g_autoptr (ReconContents) contents = NULL;
  g_autoptr (GError) error = NULL;

  if (folder == NULL)
    return;

  tomoscan = g_build_filename (folder, "trials", "tomoscan-metadata", "tomoscan.h5", NULL);
  four = g_build_filename (folder, "trials", "four-dimensions", "fourd.h5", NULL);
  if (!g_file_test (tomoscan, G_FILE_TEST_EXISTS) || !g_file_test (four, G_FILE_TEST_EXISTS))
    {
      g_test_skip ("there are no trials/tomoscan-metadata and four-dimensions");
      return;
    }

  contents = recon_contents_open (tomoscan, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (contents->n_angles, ==, 150);
  g_assert_cmpfloat_with_epsilon (contents->angles[149], 149 * 2.4 * G_PI / 180, 1e-9);
  g_assert_nonnull (contents->darks);
  g_clear_pointer (&contents, recon_contents_free);

  contents = recon_contents_open (four, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (recon_frames_get_n (contents->projections), ==, 150);
  g_assert_cmpuint (contents->n_angles, ==, 150);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, function) g_test_add ("/dxchange/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("rotation", test_rotation);
  ADD ("stopped", test_stopped);
  ADD ("elsewhere", test_elsewhere);
  ADD ("values", test_values);
  ADD ("pixel-size", test_pixel_size);
  ADD ("rows-first", test_rows_first);
  ADD ("stated-order", test_stated_order);
  ADD ("before-and-after", test_before_and_after);
  g_test_add_func ("/dxchange/trials", test_trials);
#undef ADD

  return g_test_run ();
}
