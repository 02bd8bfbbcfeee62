/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/contents.h"

#include <string.h>

#include "base/error.h"
#include "support.h"
#include "test-hdf5.h"

/* Scans in files as facilities write them: what belongs together is found by classes and attributes, not by names. */

#define N      6
#define ROWS   2
#define WIDTH  3
#define PIXELS (N * ROWS * WIDTH)

static const gsize shape[3] = { N, ROWS, WIDTH };
static const double keys[N] = { 2, 1, 0, 0, 0, 0 };
static const double degrees[N] = { 0, 0, 0, 45, 90, 135 };
static const double values[PIXELS];

typedef struct
{
  char *folder;
  char *file;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->folder = test_folder_new ();
  fixture->file = g_build_filename (fixture->folder, "scan.nxs", NULL);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_free (fixture->file);
  test_folder_remove (fixture->folder);
}

static ReconContents *
open_contents (const Fixture *fixture,
               const char    *object)
{
  g_autofree char *path = object != NULL ? g_strconcat (fixture->file, ":", object, NULL) : g_strdup (fixture->file);
  g_autoptr (GError) error = NULL;
  ReconContents *contents = recon_contents_open (path, &error);

  g_assert_no_error (error);

  return contents;
}

static void
assert_refused (const Fixture *fixture,
                const char    *first,
                ...)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ReconContents) contents = recon_contents_open (fixture->file, &error);
  va_list args;

  g_assert_null (contents);
  va_start (args, first);
  for (const char *text = first; text != NULL; text = va_arg (args, const char *))
    if (strstr (error->message, text) == NULL)
      g_error ("“%s” does not contain “%s”", error->message, text);
  va_end (args);
}

static gboolean
is_noted (const ReconContents *contents,
          const char          *text)
{
  for (guint i = 0; i < contents->notes->len; i++)
    if (strstr (g_ptr_array_index (contents->notes, i), text) != NULL)
      return TRUE;

  return FALSE;
}

static void
assert_note (const ReconContents *contents,
             const char          *text)
{
  if (!is_noted (contents, text))
    g_error ("No note says “%s”", text);
}

/* 4 projections from frame 2 on, their angles, a dark and a flat. */
static void
assert_scan (const Fixture *fixture,
             ReconContents *contents,
             const char    *dataset)
{
  g_autofree char *path = g_strconcat (fixture->file, ":", dataset, NULL);

  g_assert_cmpstr (contents->layout, ==, "NXtomo");
  g_assert_cmpstr (recon_reader_get_path (recon_frames_get_reader (contents->projections)), ==, path);
  g_assert_cmpuint (recon_frames_get_n (contents->projections), ==, 4);
  g_assert_cmpuint (recon_frames_get_index (contents->projections)[0], ==, 2);
  g_assert_nonnull (contents->darks);
  g_assert_nonnull (contents->flats);
  g_assert_no_error (contents->angles_error);
  g_assert_cmpuint (contents->n_angles, ==, 4);
  for (guint i = 0; i < 4; i++)
    g_assert_cmpfloat_with_epsilon (contents->angles[i], i * G_PI / 4, 1e-12);
}

static void
write_class (const char *file,
             const char *group,
             const char *nx_class)
{
  test_hdf5_group (file, group);
  test_hdf5_attribute (file, group, "NX_class", nx_class);
}

static void
write_angles (const char *file,
              const char *path)
{
  test_hdf5_write_list (file, path, N, degrees);
  test_hdf5_attribute (file, path, "units", "degree");
}

/* A detector of that name in /entry, with keys if wanted. */
static void
write_detector (const char *file,
                const char *name,
                gboolean    with_keys)
{
  g_autofree char *group = g_strconcat ("/entry/instrument/", name, NULL);
  g_autofree char *data = g_strconcat (group, "/data", NULL);
  g_autofree char *key = g_strconcat (group, "/image_key", NULL);

  write_class (file, group, "NXdetector");
  test_hdf5_write (file, data, NULL, 3, shape, values);
  if (with_keys)
    test_hdf5_write_list (file, key, N, keys);
}

static void
write_entry (const char *file)
{
  write_class (file, "/entry", "NXentry");
  test_hdf5_write_string (file, "/entry/definition", "NXtomo");
}

static void
test_detector_name (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autoptr (ReconContents) contents = NULL;
  g_autoptr (ReconContents) by_dataset = NULL;
  g_autoptr (ReconContents) by_group = NULL;

  write_entry (fixture->file);
  write_detector (fixture->file, "pco_imaging", TRUE);
  write_class (fixture->file, "/entry/rod", "NXsample");
  write_angles (fixture->file, "/entry/rod/rotation_angle");

  contents = open_contents (fixture, NULL);
  assert_scan (fixture, contents, "/entry/instrument/pco_imaging/data");
  g_assert_cmpuint (contents->n_warnings, ==, 0);

  by_dataset = open_contents (fixture, "/entry/instrument/pco_imaging/data");
  assert_scan (fixture, by_dataset, "/entry/instrument/pco_imaging/data");
  assert_note (by_dataset, "image keys beside /entry/instrument/pco_imaging/data");
  assert_note (by_dataset, "The angles are taken from /entry/rod/rotation_angle");

  by_group = open_contents (fixture, "/entry");
  assert_scan (fixture, by_group, "/entry/instrument/pco_imaging/data");
}

/* Of several detectors, one serves; the others are told of. */
static void
test_passed_over (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autoptr (ReconContents) contents = NULL;

  write_entry (fixture->file);
  write_class (fixture->file, "/entry/instrument/a_camera", "NXdetector");
  test_hdf5_external_link (fixture->file, "/entry/instrument/a_camera/data", "away.h5", "/data");
  test_hdf5_external_link (fixture->file, "/entry/instrument/detector", "gone.h5", "/detector");
  write_detector (fixture->file, "b_camera", TRUE);
  write_detector (fixture->file, "c_camera", FALSE);
  write_class (fixture->file, "/entry/instrument/d_diode", "NXdetector");
  test_hdf5_write_list (fixture->file, "/entry/instrument/d_diode/data", N, degrees);
  write_angles (fixture->file, "/entry/sample/rotation_angle");

  contents = open_contents (fixture, NULL);
  assert_scan (fixture, contents, "/entry/instrument/b_camera/data");
  assert_note (contents, "/entry/instrument/a_camera is passed over: /entry/instrument/a_camera/data links to "
                         "away.h5:/data");
  assert_note (contents, "/entry/instrument/detector is passed over: /entry/instrument/detector links to "
                         "gone.h5:/detector");
  assert_note (contents, "/entry/instrument/c_camera is passed over for /entry/instrument/b_camera");
  assert_note (contents, "/entry/instrument/d_diode is passed over: /entry/instrument/d_diode/data holds no frames");
}

static void
test_several (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr (ReconContents) contents = NULL;

  write_entry (fixture->file);
  write_detector (fixture->file, "left", TRUE);
  write_detector (fixture->file, "right", TRUE);
  write_angles (fixture->file, "/entry/sample/rotation_angle");
  assert_refused (fixture, "several detectors", "/entry/instrument/left/data", "/entry/instrument/right/data", NULL);

  write_class (fixture->file, "/entry/plot", "NXdata");
  test_hdf5_attribute (fixture->file, "/entry/plot", "signal", "frames");
  test_hdf5_soft_link (fixture->file, "/entry/plot/frames", "/entry/instrument/right/data");
  contents = open_contents (fixture, NULL);
  assert_scan (fixture, contents, "/entry/instrument/right/data");
  assert_note (contents, "/entry/instrument/left is passed over for /entry/instrument/right");
}

/* Without a detector: the NXdata, and what it says of its axes. */
static void
test_data (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr (ReconContents) contents = NULL;

  write_entry (fixture->file);
  write_class (fixture->file, "/entry/plot", "NXdata");
  test_hdf5_attribute (fixture->file, "/entry/plot", "signal", "frames");
  test_hdf5_attribute (fixture->file, "/entry/plot", "axes", "stage:y:x");
  test_hdf5_write (fixture->file, "/entry/plot/frames", NULL, 3, shape, values);
  test_hdf5_write_list (fixture->file, "/entry/plot/image_key", N, keys);
  write_angles (fixture->file, "/entry/plot/stage");

  contents = open_contents (fixture, NULL);
  assert_scan (fixture, contents, "/entry/plot/frames");
  assert_note (contents, "taken from /entry/plot/stage");
}

/* Attributes may be lists of texts. */
static void
write_texts (const char  *file,
             const char  *group,
             const char  *name,
             const char **texts,
             hsize_t      n)
{
  g_autoptr (GRecMutexLocker) lock = recon_hdf5_lock ();
  g_auto (ReconHdf5Id) root = H5Fopen (file, H5F_ACC_RDWR, H5P_DEFAULT);
  g_auto (ReconHdf5Id) type = H5Tcopy (H5T_C_S1);
  g_auto (ReconHdf5Id) space = H5Screate_simple (1, &n, NULL);
  g_auto (ReconHdf5Id) attribute = H5I_INVALID_HID;

  g_assert_cmpint (H5Tset_size (type, H5T_VARIABLE), >=, 0);
  attribute = H5Acreate_by_name (root, group, name, type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  g_assert_cmpint (H5Awrite (attribute, type, texts), >=, 0);
}

static void
test_default (Fixture       *fixture,
              gconstpointer  data)
{
  const char *axes[3] = { "omega", "y", "x" };
  g_autoptr (ReconContents) contents = NULL;

  test_hdf5_write (fixture->file, "/other/frames", NULL, 3, shape, values);
  test_hdf5_write (fixture->file, "/run/plot/frames", NULL, 3, shape, values);
  assert_refused (fixture, "holds several stacks of images", NULL);

  test_hdf5_attribute (fixture->file, "/", "default", "run");
  test_hdf5_attribute (fixture->file, "/run", "default", "plot");
  test_hdf5_attribute (fixture->file, "/run/plot", "NX_class", "NXdata");
  test_hdf5_attribute (fixture->file, "/run/plot", "signal", "frames");
  write_texts (fixture->file, "/run/plot", "axes", axes, 3);
  write_angles (fixture->file, "/run/plot/omega");

  contents = open_contents (fixture, NULL);
  g_assert_cmpuint (recon_frames_get_n (contents->projections), ==, N);
  g_assert_cmpuint (contents->n_angles, ==, N);
  g_assert_cmpuint (contents->n_warnings, ==, 1);
  assert_note (contents, "its default, /run/plot/frames, is taken");
  assert_note (contents, "taken from /run/plot/omega");
}

static void
test_transformations (Fixture       *fixture,
                      gconstpointer  data)
{
  g_autoptr (ReconContents) contents = NULL;

  write_entry (fixture->file);
  write_detector (fixture->file, "detector", TRUE);
  write_class (fixture->file, "/entry/sample", "NXsample");
  write_class (fixture->file, "/entry/sample/motion", "NXtransformations");
  test_hdf5_write_list (fixture->file, "/entry/sample/motion/lift", N, values);
  test_hdf5_attribute (fixture->file, "/entry/sample/motion/lift", "transformation_type", "translation");
  write_angles (fixture->file, "/entry/sample/motion/omega");
  test_hdf5_attribute (fixture->file, "/entry/sample/motion/omega", "transformation_type", "rotation");

  contents = open_contents (fixture, NULL);
  assert_scan (fixture, contents, "/entry/instrument/detector/data");
  assert_note (contents, "taken from /entry/sample/motion/omega");
}

/* Motors by their names, only where nothing better is there, and with a warning. */
static void
test_motors (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr (ReconContents) contents = NULL;

  write_class (fixture->file, "/1.1", "NXentry");
  write_class (fixture->file, "/1.1/instrument", "NXinstrument");
  write_class (fixture->file, "/1.1/instrument/pcolinux", "NXdetector");
  test_hdf5_write (fixture->file, "/1.1/instrument/pcolinux/data", NULL, 3, shape, values);
  test_hdf5_soft_link (fixture->file, "/1.1/measurement/pcolinux", "/1.1/instrument/pcolinux/data");
  write_angles (fixture->file, "/1.1/instrument/hrsrot/value");
  test_hdf5_soft_link (fixture->file, "/1.1/measurement/hrsrot", "/1.1/instrument/hrsrot/value");
  write_angles (fixture->file, "/1.1/measurement/hrsrot_center");
  test_hdf5_write_number (fixture->file, "/1.1/instrument/positioners/srot", 12);

  contents = open_contents (fixture, NULL);
  g_assert_cmpuint (recon_frames_get_n (contents->projections), ==, N);
  g_assert_cmpuint (contents->n_angles, ==, N);
  g_assert_cmpuint (contents->n_warnings, ==, 1);
  assert_note (contents, "taken from /1.1/measurement/hrsrot, by its name");
}

/* Angles of the projections only. */
static void
test_few_angles (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr (ReconContents) contents = NULL;

  write_entry (fixture->file);
  write_detector (fixture->file, "detector", TRUE);
  test_hdf5_write_list (fixture->file, "/entry/sample/rotation_angle", 4, degrees + 2);
  test_hdf5_attribute (fixture->file, "/entry/sample/rotation_angle", "units", "deg");

  contents = open_contents (fixture, NULL);
  assert_scan (fixture, contents, "/entry/instrument/detector/data");
  assert_note (contents, "an angle for each of the 4 projections");
}

/* What says that it is a scan and has nothing that can be one is not answered with a list of what is there. */
static void
test_nothing (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ReconContents) contents = NULL;

  write_entry (fixture->file);
  test_hdf5_write_list (fixture->file, "/entry/list", N, degrees);
  assert_refused (fixture, "no group in it is a detector", NULL);

  /* A single stack is taken wherever it is. */
  test_hdf5_write (fixture->file, "/entry/images/all", NULL, 3, shape, values);
  contents = open_contents (fixture, NULL);
  g_assert_cmpuint (contents->n_warnings, ==, 1);
  assert_note (contents, "its only stack of images, /entry/images/all, is taken");
}

/* A dataset that was chosen among sinograms lies beside the angles of its lines. */
static void
test_sinograms (Fixture       *fixture,
                gconstpointer  data)
{
  const gsize dims[3] = { 2, N, WIDTH };
  g_autoptr (ReconContents) contents = NULL;

  test_hdf5_write (fixture->file, "/exchange/sinograms", NULL, 3, dims, values);
  write_angles (fixture->file, "/exchange/theta");
  contents = open_contents (fixture, "/exchange/sinograms");
  g_assert_cmpuint (contents->n_angles, ==, N);
  g_assert_error (contents->angles_error, RECON_ERROR, RECON_ERROR_INPUT);
  g_assert_nonnull (strstr (contents->angles_error->message, "--sinograms="));
}

static void
test_trial (void)
{
  g_autofree char *folder = test_data_folder ();
  g_autofree char *file = NULL;
  g_autoptr (ReconContents) contents = NULL;
  g_autoptr (GError) error = NULL;

  if (folder == NULL)
    return;

  file = g_build_filename (folder, "trials", "nexus-detector-name", "detname.nxs", NULL);
  if (!g_file_test (file, G_FILE_TEST_EXISTS))
    {
      g_test_skip ("there is no trials/nexus-detector-name");
      return;
    }
  contents = recon_contents_open (file, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (recon_frames_get_n (contents->projections), ==, 150);
  g_assert_cmpuint (recon_frames_get_n (contents->darks), ==, 5);
  g_assert_cmpuint (recon_frames_get_n (contents->flats), ==, 5);
  g_assert_cmpuint (contents->n_angles, ==, 150);
  g_assert_cmpfloat_with_epsilon (contents->angles[149], 178.8 * G_PI / 180, 1e-9);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, function) g_test_add ("/nexus/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("detector-name", test_detector_name);
  ADD ("passed-over", test_passed_over);
  ADD ("several", test_several);
  ADD ("data", test_data);
  ADD ("default", test_default);
  ADD ("transformations", test_transformations);
  ADD ("motors", test_motors);
  ADD ("few-angles", test_few_angles);
  ADD ("nothing", test_nothing);
  ADD ("sinograms", test_sinograms);
  g_test_add_func ("/nexus/trial", test_trial);
#undef ADD

  return g_test_run ();
}
