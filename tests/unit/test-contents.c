/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/contents.h"

#include <math.h>
#include <string.h>
#include <tiffio.h>

#include "base/error.h"
#include "support.h"
#include "test-hdf5.h"

#define N      8
#define ROWS   2
#define WIDTH  3
#define PIXELS (N * ROWS * WIDTH)

#define NONE G_MAXUINT

static const gsize shape[3] = { N, ROWS, WIDTH };
static const double degrees[N] = { 0, 22.5, 45, 67.5, 90, 112.5, 135, 157.5 };

typedef struct
{
  char  *folder;
  char  *file;
  double values[PIXELS];
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->folder = test_folder_new ();
  fixture->file = g_build_filename (fixture->folder, "scan.nxs", NULL);
  for (guint i = 0; i < PIXELS; i++)
    fixture->values[i] = i;
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_free (fixture->file);
  test_folder_remove (fixture->folder);
}

static ReconContents *
open_contents (const char *path,
               const char *layout)
{
  g_autoptr (GError) error = NULL;
  ReconContents *contents = recon_contents_open (path, &error);

  g_assert_no_error (error);
  g_assert_nonnull (contents);
  g_assert_cmpstr (contents->layout, ==, layout);
  g_assert_cmpstr (contents->path, ==, path);
  g_assert_nonnull (contents->projections);

  return contents;
}

static void
assert_refused (const char *path,
                int         code,
                const char *message)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ReconContents) contents = recon_contents_open (path, &error);

  g_assert_error (error, RECON_ERROR, code);
  g_assert_null (contents);
  if (strstr (error->message, message) == NULL)
    g_error ("“%s” does not contain “%s”", error->message, message);
}

/* The rest of the file serves: only who needs its angles is refused. */
static void
assert_angles_refused (const char *path,
                       const char *message)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ReconContents) contents = recon_contents_open (path, &error);

  g_assert_no_error (error);
  g_assert_null (contents->angles);
  g_assert_cmpuint (contents->n_angles, ==, 0);
  g_assert_error (contents->angles_error, RECON_ERROR, RECON_ERROR_INPUT);
  if (strstr (contents->angles_error->message, message) == NULL)
    g_error ("“%s” does not contain “%s”", contents->angles_error->message, message);
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

/* @... are the numbers of the frames, then NONE. */
static void
assert_frames (const ReconFrames *frames,
               guint              first,
               ...)
{
  va_list args;
  guint n = 0;

  if (first == NONE)
    {
      g_assert_null (frames);
      return;
    }

  g_assert_nonnull (frames);
  va_start (args, first);
  for (guint i = first; i != NONE; i = va_arg (args, guint), n++)
    {
      g_assert_cmpuint (n, <, recon_frames_get_n (frames));
      g_assert_cmpuint (recon_frames_get_index (frames)[n], ==, i);
    }
  va_end (args);
  g_assert_cmpuint (recon_frames_get_n (frames), ==, n);
}

static void
assert_path (ReconFrames *frames,
             const char  *file,
             const char  *dataset)
{
  g_autofree char *path = g_strconcat (file, ":", dataset, NULL);

  g_assert_cmpstr (recon_reader_get_path (recon_frames_get_reader (frames)), ==, path);
}

static void
test_dxchange (Fixture       *fixture,
               gconstpointer  data)
{
  const gsize three[3] = { 3, ROWS, WIDTH };
  const gsize two[3] = { 2, ROWS, WIDTH };
  const TestHdf5Storage uint16 = { .type = H5T_STD_U16LE };
  g_autofree char *group = g_strconcat (fixture->file, ":/exchange", NULL);
  g_autofree char *dataset = g_strconcat (fixture->file, ":/exchange/data_dark", NULL);
  g_autoptr (ReconContents) contents = NULL;
  g_autoptr (ReconContents) by_group = NULL;
  g_autoptr (ReconContents) alone = NULL;

  test_hdf5_write (fixture->file, "/exchange/data", &uint16, 3, shape, fixture->values);
  test_hdf5_write (fixture->file, "/exchange/data_dark", &uint16, 3, three, fixture->values);
  test_hdf5_write (fixture->file, "/exchange/data_white", &uint16, 3, two, fixture->values);
  test_hdf5_write_list (fixture->file, "/exchange/theta", N, degrees);
  test_hdf5_attribute (fixture->file, "/exchange/theta", "units", "deg");
  test_hdf5_write_number (fixture->file, "/measurement/instrument/detector/pixel_size_x", 6.5);
  test_hdf5_attribute (fixture->file, "/measurement/instrument/detector/pixel_size_x", "units", "um");
  test_hdf5_write_number (fixture->file, "/measurement/instrument/detection_system/objective/magnification", 10);

  contents = open_contents (fixture->file, "DXchange");
  assert_frames (contents->projections, 0, 1, 2, 3, 4, 5, 6, 7, NONE);
  assert_frames (contents->darks, 0, 1, 2, NONE);
  assert_frames (contents->flats, 0, 1, NONE);
  assert_frames (contents->flats_after, NONE);
  g_assert_cmpuint (contents->n_angles, ==, N);
  for (guint i = 0; i < N; i++)
    g_assert_cmpfloat_with_epsilon (contents->angles[i], degrees[i] * G_PI / 180, 1e-15);
  g_assert_cmpfloat_with_epsilon (contents->pixel_size, 0.65, 1e-12);
  g_assert_cmpuint (contents->notes->len, ==, 0);

  by_group = open_contents (group, "DXchange");
  assert_frames (by_group->darks, 0, 1, 2, NONE);

  /* A dataset is that and nothing else. */
  alone = open_contents (dataset, "HDF5 dataset");
  assert_path (alone->projections, fixture->file, "/exchange/data_dark");
  assert_frames (alone->projections, 0, 1, 2, NONE);
  assert_frames (alone->darks, NONE);
  g_assert_cmpuint (alone->n_angles, ==, 0);
  g_assert_true (isnan (alone->pixel_size));
}

static void
test_dxchange_radians (Fixture       *fixture,
                       gconstpointer  data)
{
  const double small[N] = { 0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7 };
  g_autofree char *other = g_build_filename (fixture->folder, "other.h5", NULL);
  double radians[N];
  g_autoptr (ReconContents) contents = NULL;

  /* An arc of half a turn, whatever the layout means. */
  for (guint i = 0; i < N; i++)
    radians[i] = i * G_PI / N;
  test_hdf5_write (fixture->file, "/exchange/data", NULL, 3, shape, fixture->values);
  test_hdf5_write_list (fixture->file, "/exchange/theta", N, radians);
  contents = open_contents (fixture->file, "DXchange");
  g_assert_cmpfloat (contents->angles[7], ==, radians[7]);
  assert_note (contents, "name no unit, which means degrees. But being 8 values from 0 to 2.74889");
  g_assert_cmpuint (contents->n_warnings, ==, 1);
  g_assert_no_error (contents->unit_error);
  g_clear_pointer (&contents, recon_contents_free);

  /* What may be either is for the user to say. */
  test_hdf5_write (other, "/exchange/data", NULL, 3, shape, fixture->values);
  test_hdf5_write_list (other, "/exchange/theta", N, small);
  contents = open_contents (other, "DXchange");
  g_assert_cmpfloat_with_epsilon (contents->angles[7], 0.7 * G_PI / 180, 1e-15);
  g_assert_error (contents->unit_error, RECON_ERROR, RECON_ERROR_INPUT);
  assert_note (contents, "may be degrees or radians. Say which with --angle-unit=degree or --angle-unit=radian.");
  g_clear_pointer (&contents, recon_contents_free);

  test_hdf5_attribute (other, "/exchange/theta", "units", "rad");
  contents = open_contents (other, "DXchange");
  g_assert_cmpfloat (contents->angles[7], ==, 0.7);
  g_assert_cmpuint (contents->notes->len, ==, 0);
}

/* No unit is degrees if they look so, which is said. One of neither kind is judged so too. */
static void
test_dxchange_units (Fixture       *fixture,
                     gconstpointer  data)
{
  const double radians[N] = { 0, 0.4, 0.8, 1.2, 1.6, 2, 2.4, G_PI };
  g_autofree char *other = g_build_filename (fixture->folder, "other.h5", NULL);
  g_autoptr (ReconContents) contents = NULL;

  test_hdf5_write (fixture->file, "/exchange/data", NULL, 3, shape, fixture->values);
  test_hdf5_write_list (fixture->file, "/exchange/theta", N, degrees);
  contents = open_contents (fixture->file, "DXchange");
  assert_note (contents, "/exchange/theta name no unit. Being 8 values from 0 to 157.5");
  g_assert_cmpuint (contents->n_warnings, ==, 0);
  g_clear_pointer (&contents, recon_contents_free);

  test_hdf5_attribute (fixture->file, "/exchange/theta", "units", "counts");
  contents = open_contents (fixture->file, "DXchange");
  g_assert_cmpfloat_with_epsilon (contents->angles[7], degrees[7] * G_PI / 180, 1e-15);
  g_assert_cmpuint (contents->n_warnings, ==, 1);
  assert_note (contents, "“counts”, neither degrees nor radians");
  assert_note (contents, "are taken as degrees. If that is wrong");
  g_clear_pointer (&contents, recon_contents_free);

  test_hdf5_write (other, "/exchange/data", NULL, 3, shape, fixture->values);
  test_hdf5_write_list (other, "/exchange/theta", N, radians);
  test_hdf5_attribute (other, "/exchange/theta", "units", "mm");
  contents = open_contents (other, "DXchange");
  g_assert_cmpfloat (contents->angles[7], ==, G_PI);
  assert_note (contents, "the angles are taken as radians");
  g_clear_pointer (&contents, recon_contents_free);

  test_hdf5_attribute (other, "/exchange/theta", "units", "gon");
  contents = open_contents (other, "DXchange");
  g_assert_cmpfloat_with_epsilon (contents->angles[7], radians[7] * G_PI / 200, 1e-12);
  g_assert_cmpfloat (contents->angle_scale, ==, 0.9);
  g_assert_no_error (contents->unit_error);
  assert_note (contents, "“gon”: 0.9 degrees");
}

static void
test_dxchange_pieces (Fixture       *fixture,
                      gconstpointer  data)
{
  g_autofree char *lacking = g_build_filename (fixture->folder, "lacking.h5", NULL);
  double angles[N] = { 0 };
  g_autoptr (ReconContents) contents = NULL;

  test_hdf5_write (lacking, "/exchange/data", NULL, 3, shape, fixture->values);
  test_hdf5_attribute (lacking, "/exchange/data", "axes", "y:theta:x");
  test_hdf5_write_number (lacking, "/measurement/instrument/detector/pixel_size_x", 6.5);
  contents = open_contents (lacking, "DXchange");
  assert_frames (contents->darks, NONE);
  assert_frames (contents->flats, NONE);
  g_assert_cmpuint (contents->n_angles, ==, 0);
  g_assert_null (contents->angles);
  g_assert_true (isnan (contents->pixel_size));
  assert_note (contents, "There is no /exchange/theta");
  assert_note (contents, "“y:theta:x”");
  assert_note (contents, "not a length with a unit");
  g_clear_pointer (&contents, recon_contents_free);

  test_hdf5_write_list (lacking, "/exchange/theta", N - 1, degrees);
  assert_angles_refused (lacking, "has 7 angles, but there are 2 projections");

  test_hdf5_write (fixture->file, "/exchange/data", NULL, 3, shape, fixture->values);
  angles[5] = (double) NAN;
  test_hdf5_write_list (fixture->file, "/exchange/theta", N, angles);
  assert_angles_refused (fixture->file, "angle 5 (counted from 0) is not finite");
}

/* The file of a facility: a detector with keys, angles of the sample, below @entry. */
static void
write_nxtomo (const Fixture *fixture,
              const char    *file,
              const char    *entry,
              const double  *keys)
{
  g_autofree char *definition = g_strconcat (entry, "/definition", NULL);
  g_autofree char *frames = g_strconcat (entry, "/instrument/detector/data", NULL);
  g_autofree char *key = g_strconcat (entry, "/instrument/detector/image_key", NULL);
  g_autofree char *angle = g_strconcat (entry, "/sample/rotation_angle", NULL);
  const TestHdf5Storage uint16 = { .type = H5T_STD_U16LE };

  test_hdf5_write (file, frames, &uint16, 3, shape, fixture->values);
  test_hdf5_write_string (file, definition, "NXtomo");
  test_hdf5_write_list (file, key, N, keys);
  test_hdf5_write_list (file, angle, N, degrees);
  test_hdf5_attribute (file, angle, "units", "degree");
}

static void
test_nxtomo (Fixture       *fixture,
             gconstpointer  data)
{
  const double keys[N] = { 2, 1, 1, 0, 0, 3, 0, 1 };
  g_autoptr (ReconContents) contents = NULL;

  write_nxtomo (fixture, fixture->file, "/entry", keys);
  test_hdf5_write_number (fixture->file, "/entry/instrument/detector/x_pixel_size", 2.5e-6);

  contents = open_contents (fixture->file, "NXtomo");
  assert_path (contents->projections, fixture->file, "/entry/instrument/detector/data");
  assert_frames (contents->projections, 3, 4, 6, NONE);
  assert_frames (contents->darks, 0, NONE);
  assert_frames (contents->flats, 1, 2, NONE);
  assert_frames (contents->flats_after, 7, NONE);
  g_assert_cmpuint (contents->n_angles, ==, 3);
  g_assert_cmpfloat_with_epsilon (contents->angles[0], 67.5 * G_PI / 180, 1e-15);
  g_assert_cmpfloat_with_epsilon (contents->angles[1], G_PI / 2, 1e-15);
  g_assert_cmpfloat_with_epsilon (contents->angles[2], 135 * G_PI / 180, 1e-15);
  g_assert_cmpfloat_with_epsilon (contents->pixel_size, 2.5, 1e-12);
  assert_note (contents, "1 frames are marked as invalid");
  assert_note (contents, "x_pixel_size names no unit: it is taken as metres, 2.5 µm");
  g_assert_cmpuint (contents->notes->len, ==, 2);
}

/* A number without a unit that is no pixel in metres. */
static void
test_nxtomo_no_unit (Fixture       *fixture,
                     gconstpointer  data)
{
  const double keys[N] = { 2, 1, 1, 0, 0, 0, 0, 1 };
  const double sizes[] = { 3.25, 0.00325 };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autofree char *file = g_strdup_printf ("%s/pixel-%u.h5", fixture->folder, i);
      g_autoptr (ReconContents) contents = NULL;

      write_nxtomo (fixture, file, "/entry", keys);
      test_hdf5_write_number (file, "/entry/instrument/detector/x_pixel_size", sizes[i]);
      contents = open_contents (file, "NXtomo");
      g_assert_true (isnan (contents->pixel_size));
      assert_note (contents, "without a unit, and is not taken");
      assert_note (contents, i == 0 ? "x_pixel_size is 3.25" : "x_pixel_size is 0.00325");
    }
}

static void
test_nxtomo_flats (Fixture       *fixture,
                   gconstpointer  data)
{
  const double after_only[N] = { 2, 0, 0, 0, 0, 0, 1, 1 };
  const double between[N] = { 0, 1, 0, 0, 0, 1, 5, 0 };
  g_autofree char *other = g_build_filename (fixture->folder, "other.h5", NULL);
  g_autoptr (ReconContents) contents = NULL;

  write_nxtomo (fixture, fixture->file, "/entry", after_only);
  contents = open_contents (fixture->file, "NXtomo");
  assert_frames (contents->flats, 6, 7, NONE);
  assert_frames (contents->flats_after, NONE);
  g_clear_pointer (&contents, recon_contents_free);

  write_nxtomo (fixture, other, "/entry", between);
  contents = open_contents (other, "NXtomo");
  assert_frames (contents->projections, 0, 2, 3, 4, 7, NONE);
  assert_frames (contents->flats, 1, NONE);
  assert_frames (contents->flats_after, 5, NONE);
  assert_note (contents, "2 flats were taken between projections");
  assert_note (contents, "1 frames have an image_key other than 0 to 3");
}

static void
test_nxtomo_units (Fixture       *fixture,
                   gconstpointer  data)
{
  const double keys[N] = { 0 };
  const double control[N] = { 0, 0, 0, 0, 0, 0, -1, -1 };
  g_autoptr (ReconContents) contents = NULL;

  write_nxtomo (fixture, fixture->file, "/entry", keys);
  test_hdf5_attribute (fixture->file, "/entry/sample/rotation_angle", "units", "rad");
  test_hdf5_write_list (fixture->file, "/entry/instrument/detector/image_key_control", N, control);
  test_hdf5_write_number (fixture->file, "/entry/instrument/detector/x_pixel_size", 6.5);
  test_hdf5_attribute (fixture->file, "/entry/instrument/detector/x_pixel_size", "units", "µm");
  test_hdf5_write_number (fixture->file, "/entry/instrument/detector/magnification", 4);

  contents = open_contents (fixture->file, "NXtomo");
  assert_frames (contents->projections, 0, 1, 2, 3, 4, 5, NONE);
  g_assert_cmpuint (contents->n_angles, ==, 6);
  g_assert_cmpfloat (contents->angles[1], ==, 22.5);
  assert_note (contents, "2 alignment frames");
  assert_note (contents, "x_pixel_size 6.5 µm and magnification 4");
  g_assert_true (isnan (contents->pixel_size));
  g_clear_pointer (&contents, recon_contents_free);

  test_hdf5_write_number (fixture->file, "/entry/sample/x_pixel_size", 0.0016);
  test_hdf5_attribute (fixture->file, "/entry/sample/x_pixel_size", "units", "mm");
  contents = open_contents (fixture->file, "NXtomo");
  g_assert_cmpfloat_with_epsilon (contents->pixel_size, 1.6, 1e-12);
}

/* A master file: a subentry full of links to the entry, which has links to another file. */
static void
test_nxtomo_links (Fixture       *fixture,
                   gconstpointer  data)
{
  const double keys[N] = { 2, 1, 0, 0, 0, 0, 0, 0 };
  const char *raw_name = "raw.h5";
  g_autofree char *raw = g_build_filename (fixture->folder, raw_name, NULL);
  g_autoptr (ReconContents) contents = NULL;

  test_hdf5_write (raw, "/images", NULL, 3, shape, fixture->values);
  test_hdf5_external_link (fixture->file, "/entry1/instrument/camera/data", raw_name, "/images");
  test_hdf5_write_list (fixture->file, "/entry1/instrument/key", N, keys);
  test_hdf5_write_list (fixture->file, "/entry1/before_scan/angle", N, degrees);
  test_hdf5_write_string (fixture->file, "/entry1/tomo_entry/definition", "NXtomo");
  test_hdf5_soft_link (fixture->file, "/entry1/tomo_entry/instrument/detector/data", "/entry1/instrument/camera/data");
  test_hdf5_soft_link (fixture->file, "/entry1/tomo_entry/instrument/detector/image_key", "/entry1/instrument/key");
  test_hdf5_hard_link (fixture->file, "/entry1/tomo_entry/sample/rotation_angle", "/entry1/before_scan/angle");

  contents = open_contents (fixture->file, "NXtomo");
  assert_path (contents->projections, fixture->file, "/entry1/tomo_entry/instrument/detector/data");
  assert_frames (contents->projections, 2, 3, 4, 5, 6, 7, NONE);
  assert_frames (contents->darks, 0, NONE);
  g_assert_cmpuint (contents->n_angles, ==, 6);
  g_clear_pointer (&contents, recon_contents_free);

  g_assert_cmpint (remove (raw), ==, 0);
  assert_refused (fixture->file, RECON_ERROR_INPUT,
                  "links to /entry1/instrument/camera/data → raw.h5:/images, which cannot be opened");
}

static void
test_nxtomo_missing_file (Fixture       *fixture,
                          gconstpointer  data)
{
  test_hdf5_write_string (fixture->file, "/entry/definition", "NXtomo");
  test_hdf5_external_link (fixture->file, "/entry/instrument/detector", "away.h5", "/detector");

  assert_refused (fixture->file, RECON_ERROR_INPUT, "/entry/instrument/detector in");
  assert_refused (fixture->file, RECON_ERROR_INPUT, "links to away.h5:/detector");
}

/* Without a definition; and the group's class instead. */
static void
test_nxtomo_by_content (Fixture       *fixture,
                        gconstpointer  data)
{
  const double keys[N] = { 2, 1, 0, 0, 0, 0, 0, 0 };
  g_autofree char *other = g_build_filename (fixture->folder, "other.h5", NULL);
  g_autoptr (ReconContents) contents = NULL;

  test_hdf5_write (fixture->file, "/a/instrument/detector/data", NULL, 3, shape, fixture->values);
  test_hdf5_write_list (fixture->file, "/a/instrument/detector/image_key", N, keys);
  contents = open_contents (fixture->file, "NXtomo");
  assert_frames (contents->flats, 1, NONE);
  g_assert_cmpuint (contents->n_angles, ==, 0);
  assert_note (contents, "There is no rotation_angle in /a");
  g_clear_pointer (&contents, recon_contents_free);

  test_hdf5_write (other, "/b/data/data", NULL, 3, shape, fixture->values);
  test_hdf5_attribute (other, "/b", "NX_class", "NXtomo");
  contents = open_contents (other, "NXtomo");
  assert_frames (contents->projections, 0, 1, 2, 3, 4, 5, 6, 7, NONE);
  assert_note (contents, "There is no image_key");
}

static void
test_nxtomo_entries (Fixture       *fixture,
                     gconstpointer  data)
{
  const double keys[N] = { 2, 1, 0, 0, 0, 0, 0, 0 };
  const double other_keys[N] = { 0 };
  g_autofree char *second = g_strconcat (fixture->file, ":/entry0002", NULL);
  g_autoptr (ReconContents) contents = NULL;

  test_hdf5_write_string (fixture->file, "/entry0000/definition", "NXtomo");
  write_nxtomo (fixture, fixture->file, "/entry0001", keys);
  write_nxtomo (fixture, fixture->file, "/entry0002", other_keys);

  contents = open_contents (fixture->file, "NXtomo");
  assert_path (contents->projections, fixture->file, "/entry0001/instrument/detector/data");
  g_assert_cmpuint (contents->n_warnings, ==, 1);
  assert_note (contents, "/entry0001 is taken, the first of 3 scans");
  assert_note (contents, second);
  g_clear_pointer (&contents, recon_contents_free);

  /* One that has no data is no default. */
  test_hdf5_attribute (fixture->file, "/", "default", "entry0000");
  contents = open_contents (fixture->file, "NXtomo");
  assert_note (contents, "/entry0001 is taken, the first of 3 scans");
  g_clear_pointer (&contents, recon_contents_free);

  contents = open_contents (second, "NXtomo");
  assert_path (contents->projections, fixture->file, "/entry0002/instrument/detector/data");
  assert_frames (contents->darks, NONE);
  g_assert_cmpuint (contents->n_warnings, ==, 0);
}

/* The root's attribute "default" says which is meant. */
static void
test_nxtomo_default (Fixture       *fixture,
                     gconstpointer  data)
{
  const double keys[N] = { 2, 1, 0, 0, 0, 0, 0, 0 };
  g_autofree char *first = g_strconcat (fixture->file, ":/entry1/scan", NULL);
  g_autofree char *other = g_build_filename (fixture->folder, "other.h5", NULL);
  g_autoptr (ReconContents) contents = NULL;

  write_nxtomo (fixture, fixture->file, "/entry1/scan", keys);
  write_nxtomo (fixture, fixture->file, "/entry10/scan", keys);
  write_nxtomo (fixture, fixture->file, "/entry100/scan", keys);
  test_hdf5_attribute (fixture->file, "/", "default", "entry10");
  contents = open_contents (fixture->file, "NXtomo");
  assert_path (contents->projections, fixture->file, "/entry10/scan/instrument/detector/data");
  g_assert_cmpuint (contents->n_warnings, ==, 1);
  assert_note (contents, "/entry10/scan is taken, the default of the 3 scans");
  assert_note (contents, first);
  g_clear_pointer (&contents, recon_contents_free);

  write_nxtomo (fixture, other, "/entry", keys);
  test_hdf5_attribute (other, "/", "default", "entry");
  contents = open_contents (other, "NXtomo");
  g_assert_cmpuint (contents->notes->len, ==, 0);
}

static void
test_nxtomo_lengths (Fixture       *fixture,
                     gconstpointer  data)
{
  const double keys[N] = { 2, 1, 0, 0, 0, 0, 0, 0 };
  const double no_projections[N] = { 2, 1, 1, 1, 1, 1, 1, (double) NAN };
  g_autofree char *other = g_build_filename (fixture->folder, "other.h5", NULL);
  g_autofree char *third = g_build_filename (fixture->folder, "third.h5", NULL);

  test_hdf5_write_string (fixture->file, "/e/definition", "NXtomo");
  test_hdf5_write (fixture->file, "/e/instrument/detector/data", NULL, 3, shape, fixture->values);
  test_hdf5_write_list (fixture->file, "/e/instrument/detector/image_key", N - 2, keys);
  assert_refused (fixture->file, RECON_ERROR_INPUT, "image_key has 6 values, but there are 8 frames");

  test_hdf5_write_string (other, "/e/definition", "NXtomo");
  test_hdf5_write (other, "/e/instrument/detector/data", NULL, 3, shape, fixture->values);
  test_hdf5_write_list (other, "/e/sample/rotation_angle", N - 1, degrees);
  assert_angles_refused (other, "rotation_angle has 7 values, but there are 8 frames");

  write_nxtomo (fixture, third, "/e", no_projections);
  assert_refused (third, RECON_ERROR_INPUT, "None of the 8 frames");
}

static void
test_plain_hdf5 (Fixture       *fixture,
                 gconstpointer  data)
{
  const gsize image[2] = { ROWS, WIDTH };
  g_autofree char *choice = g_strconcat (fixture->file, ":/b (8 × 2 × 3 float64)", NULL);
  g_autofree char *wrong = g_strconcat (fixture->file, ":/c", NULL);
  g_autoptr (ReconContents) contents = NULL;

  test_hdf5_write (fixture->file, "/image", NULL, 2, image, fixture->values);
  test_hdf5_external_link (fixture->file, "/gone", "gone.h5", "/data");
  assert_refused (fixture->file, RECON_ERROR_INPUT, "holds no images");
  assert_refused (fixture->file, RECON_ERROR_INPUT,
                  "/image (2 × 3 float64). Links that lead nowhere: /gone → gone.h5:/data");

  test_hdf5_write (fixture->file, "/a", NULL, 3, shape, fixture->values);
  contents = open_contents (fixture->file, "HDF5 dataset");
  assert_path (contents->projections, fixture->file, "/a");
  assert_note (contents, "its only stack of images, /a, is taken");
  g_clear_pointer (&contents, recon_contents_free);

  test_hdf5_write (fixture->file, "/b", NULL, 3, shape, fixture->values);
  assert_refused (fixture->file, RECON_ERROR_INPUT, choice);
  assert_refused (wrong, RECON_ERROR_INPUT, "has no /c. The datasets are:");
}

static void
test_stopped_early (Fixture       *fixture,
                    gconstpointer  data)
{
  const TestHdf5Storage chunks = { .chunk = { 1, ROWS, WIDTH } };
  const hsize_t start[3] = { 0, 0, 0 };
  const hsize_t count[3] = { 5, ROWS, WIDTH };
  g_autoptr (ReconContents) contents = NULL;

  test_hdf5_write (fixture->file, "/data", &chunks, 3, shape, NULL);
  {
    g_autoptr (GRecMutexLocker) lock = recon_hdf5_lock ();
    g_auto (ReconHdf5Id) root = H5Fopen (fixture->file, H5F_ACC_RDWR, H5P_DEFAULT);
    g_auto (ReconHdf5Id) dataset = H5Dopen2 (root, "/data", H5P_DEFAULT);
    g_auto (ReconHdf5Id) space = H5Dget_space (dataset);
    g_auto (ReconHdf5Id) memory = H5Screate_simple (3, count, NULL);

    g_assert_cmpint (H5Sselect_hyperslab (space, H5S_SELECT_SET, start, NULL, count, NULL), >=, 0);
    g_assert_cmpint (H5Dwrite (dataset, H5T_NATIVE_DOUBLE, memory, space, H5P_DEFAULT, fixture->values), >=, 0);
  }

  contents = open_contents (fixture->file, "HDF5 dataset");
  assert_note (contents, "3 of the 8 chunks of /data were never written");
}

static void
write_tiff (const char *path,
            guint       n_pages)
{
  TIFF *tiff = TIFFOpen (path, "w");
  guint8 row[WIDTH] = { 1, 2, 3 };

  g_assert_nonnull (tiff);
  for (guint page = 0; page < n_pages; page++)
    {
      TIFFSetField (tiff, TIFFTAG_IMAGEWIDTH, WIDTH);
      TIFFSetField (tiff, TIFFTAG_IMAGELENGTH, 1);
      TIFFSetField (tiff, TIFFTAG_BITSPERSAMPLE, 8);
      TIFFSetField (tiff, TIFFTAG_SAMPLESPERPIXEL, 1);
      TIFFSetField (tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISBLACK);
      g_assert_cmpint (TIFFWriteScanline (tiff, row, 0, 0), ==, 1);
      g_assert_cmpint (TIFFWriteDirectory (tiff), ==, 1);
    }
  TIFFClose (tiff);
}

static void
test_tiff (Fixture       *fixture,
           gconstpointer  data)
{
  g_autofree char *series = g_build_filename (fixture->folder, "series", NULL);
  g_autofree char *first = g_build_filename (series, "a_0.tif", NULL);
  g_autofree char *second = g_build_filename (series, "a_1.tif", NULL);
  g_autofree char *pages = g_build_filename (fixture->folder, "pages.tif", NULL);
  g_autoptr (ReconContents) folder = NULL;
  g_autoptr (ReconContents) stack = NULL;
  g_autoptr (ReconContents) single = NULL;

  g_assert_cmpint (g_mkdir_with_parents (series, 0700), ==, 0);
  write_tiff (first, 1);
  write_tiff (second, 1);
  write_tiff (pages, 3);

  folder = open_contents (series, "TIFF series");
  assert_frames (folder->projections, 0, 1, NONE);
  g_assert_true (isnan (folder->pixel_size));
  stack = open_contents (pages, "multi-page TIFF");
  assert_frames (stack->projections, 0, 1, 2, NONE);
  single = open_contents (first, "TIFF");
  assert_frames (single->projections, 0, NONE);
}

static void
test_nothing (Fixture       *fixture,
              gconstpointer  data)
{
  g_autofree char *text = g_build_filename (fixture->folder, "notes.txt", NULL);
  g_autofree char *missing = g_build_filename (fixture->folder, "missing.h5:/entry/data", NULL);
  g_autofree char *in_text = g_strconcat (text, ":/data", NULL);

  g_assert_true (g_file_set_contents (text, "beam time", -1, NULL));

  assert_refused (text, RECON_ERROR_INPUT, "neither TIFF nor HDF5");
  assert_refused (missing, RECON_ERROR_INPUT, "does not exist");
  assert_refused (in_text, RECON_ERROR_INPUT, "is not an HDF5 file");
  assert_refused ("", RECON_ERROR_INPUT, "does not exist");
}

static void
test_truncated (Fixture       *fixture,
                gconstpointer  data)
{
  const double keys[N] = { 2, 1, 0, 0, 0, 0, 0, 0 };
  g_autofree char *content = NULL;
  gsize length;

  write_nxtomo (fixture, fixture->file, "/entry", keys);
  g_assert_true (g_file_get_contents (fixture->file, &content, &length, NULL));
  g_assert_true (g_file_set_contents (fixture->file, content, (gssize) (length / 2), NULL));

  assert_refused (fixture->file, RECON_ERROR_READ, "is truncated");
}

static void
test_tooth (void)
{
  g_autofree char *folder = test_data_folder ();
  g_autofree char *file = NULL;
  g_autoptr (ReconContents) contents = NULL;
  ReconReader *reader;

  if (folder == NULL)
    return;

  file = g_build_filename (folder, "tooth", "tooth.h5", NULL);
  contents = open_contents (file, "DXchange");
  reader = recon_frames_get_reader (contents->projections);
  g_assert_cmpuint (recon_frames_get_n (contents->projections), ==, 181);
  g_assert_cmpuint (recon_reader_get_height (reader), ==, 2);
  g_assert_cmpuint (recon_reader_get_width (reader), ==, 640);
  g_assert_cmpuint (recon_frames_get_n (contents->darks), ==, 10);
  g_assert_cmpuint (recon_frames_get_n (contents->flats), ==, 10);
  g_assert_cmpuint (contents->n_angles, ==, 181);
  g_assert_cmpfloat_with_epsilon (contents->angles[180] * 180 / G_PI, 179.006, 0.001);
  g_assert_cmpuint (contents->notes->len, ==, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, function) g_test_add ("/contents/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("dxchange", test_dxchange);
  ADD ("dxchange-radians", test_dxchange_radians);
  ADD ("dxchange-units", test_dxchange_units);
  ADD ("dxchange-pieces", test_dxchange_pieces);
  ADD ("nxtomo", test_nxtomo);
  ADD ("nxtomo-flats", test_nxtomo_flats);
  ADD ("nxtomo-units", test_nxtomo_units);
  ADD ("nxtomo-no-unit", test_nxtomo_no_unit);
  ADD ("nxtomo-links", test_nxtomo_links);
  ADD ("nxtomo-missing-file", test_nxtomo_missing_file);
  ADD ("nxtomo-by-content", test_nxtomo_by_content);
  ADD ("nxtomo-entries", test_nxtomo_entries);
  ADD ("nxtomo-default", test_nxtomo_default);
  ADD ("nxtomo-lengths", test_nxtomo_lengths);
  ADD ("plain-hdf5", test_plain_hdf5);
  ADD ("stopped-early", test_stopped_early);
  ADD ("tiff", test_tiff);
  ADD ("nothing", test_nothing);
  ADD ("truncated", test_truncated);
  g_test_add_func ("/contents/tooth", test_tooth);
#undef ADD

  return g_test_run ();
}
