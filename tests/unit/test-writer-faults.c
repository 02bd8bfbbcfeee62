/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <sys/mman.h>

#include "graph/ledger.h"
#include "fault-injection.h"
#include "support.h"
#include "volume.h"

/* Each writer, with its ledger, is killed at each of its operations on files, and each of these fails: then nothing
 * unfinished has the final name, nothing that was finished is lost, and resuming gives the same bytes as a run that
 * nothing has happened to. */

#define N_SLICES 5
#define N_BLOCK 2

typedef enum
{
  PLACE_FREE,
  PLACE_FOLDER,  /* a folder with a file of others, in which a series is put */
  PLACE_EARLIER, /* an earlier result, to be replaced */
} Place;

typedef struct
{
  const char        *name;
  const char        *file;
  ReconOutputFormat  format;
  ReconCompression   compression;
  Place              place;
} Case;

static const Case cases[] = {
  { "tiff", "out", RECON_OUTPUT_FORMAT_TIFF, RECON_COMPRESSION_NONE, PLACE_FREE },
  { "tiff-folder", "out", RECON_OUTPUT_FORMAT_TIFF, RECON_COMPRESSION_DEFLATE, PLACE_FOLDER },
  { "tiff-earlier", "out", RECON_OUTPUT_FORMAT_TIFF, RECON_COMPRESSION_NONE, PLACE_EARLIER },
  { "tiff-stack", "out.tif", RECON_OUTPUT_FORMAT_TIFF_STACK, RECON_COMPRESSION_NONE, PLACE_FREE },
  { "hdf5", "out.h5", RECON_OUTPUT_FORMAT_HDF5, RECON_COMPRESSION_NONE, PLACE_FREE },
  { "hdf5-compressed", "out.h5", RECON_OUTPUT_FORMAT_HDF5, RECON_COMPRESSION_DEFLATE, PLACE_FREE },
  /* With $RECONSTRUCT_TEST_ALL. */
  { "tiff-stack-earlier", "out.tif", RECON_OUTPUT_FORMAT_TIFF_STACK, RECON_COMPRESSION_LZW, PLACE_EARLIER },
  { "hdf5-earlier", "out.h5", RECON_OUTPUT_FORMAT_HDF5, RECON_COMPRESSION_NONE, PLACE_EARLIER },
};

#define N_USUAL 6

static const struct
{
  const char *name;
  Fault       fault;
  int         code;
  gboolean    again; /* the same process goes on, as a worker does */
} faults[] = {
  { "kill", FAULT_KILL, 0 },
  { "EIO", FAULT_ONCE, EIO, TRUE },
  /* With $RECONSTRUCT_TEST_ALL. */
  { "EIO and end", FAULT_ONCE, EIO },
  { "ENOSPC", FAULT_ONCE, ENOSPC, TRUE },
  { "tear", FAULT_TEAR, 0 },
  { "short", FAULT_SHORT, 0 },
  { "EIO for ever", FAULT_FOREVER, EIO },
  { "ENOSPC for ever", FAULT_FOREVER, ENOSPC },
};

/* What a child tells. */
typedef struct
{
  unsigned long count;
  guint         n_written;
  char          message[1000];
} Report;

typedef struct
{
  const Case *what;
  Volume     *volume;
  char       *root;
  char       *clean; /* a result that nothing has happened to */
  Report     *report;
} Walk;

static gboolean
write_blocks (Walk          *walk,
              ReconWriter   *writer,
              ReconLedger   *ledger,
              const guint8  *finished,
              GError       **error)
{
  for (guint first = 0; first < N_SLICES; first += N_BLOCK)
    {
      guint n = MIN (N_BLOCK, N_SLICES - first);

      if (finished[first])
        continue;
      for (guint i = first; i < first + n; i++)
        {
          if (!volume_write_slice (walk->volume, writer, i, error))
            return FALSE;
          walk->report->n_written++;
        }
      if (!recon_writer_flush (writer, error) || !recon_ledger_record (ledger, first, n, error))
        return FALSE;
    }

  return TRUE;
}

/* As a job does it. */
static gboolean
run (Walk        *walk,
     const char  *path,
     gboolean     resume,
     GError     **error)
{
  g_autoptr (ReconWriter) writer = recon_writer_new (path, walk->what->format, error);
  g_autoptr (JsonNode) header = json_from_string ("{\"slices\": 5}", NULL);
  g_autoptr (ReconLedger) ledger = NULL;
  guint8 finished[N_SLICES] = { 0 };

  recon_writer_set_overwrite (writer, walk->what->place == PLACE_EARLIER);
  if (resume)
    {
      ledger = recon_ledger_open (recon_writer_find_ledger (writer), error);
      if (ledger == NULL)
        return FALSE;
      recon_ledger_get_finished (ledger, finished, N_SLICES);
      if (!recon_writer_open (writer, &walk->volume->volume, finished, error))
        return FALSE;
    }
  else
    {
      if (!recon_writer_open (writer, &walk->volume->volume, NULL, error))
        return FALSE;
      ledger = recon_ledger_create (recon_writer_get_partial_ledger (writer), header, error);
      if (ledger == NULL)
        return FALSE;
    }

  return write_blocks (walk, writer, ledger, finished, error) && recon_writer_finish (writer, error) &&
         recon_ledger_close (ledger, error);
}

static guint
count_recorded (Walk *walk)
{
  g_autofree char *path = g_build_filename (walk->root, walk->what->file, NULL);
  g_autoptr (ReconWriter) writer = recon_writer_new (path, walk->what->format, NULL);
  g_autoptr (ReconLedger) ledger = recon_ledger_open (recon_writer_get_partial_ledger (writer), NULL);
  guint8 finished[N_SLICES] = { 0 };

  return ledger != NULL ? recon_ledger_get_finished (ledger, finished, N_SLICES) : 0;
}

static int
run_in_child (Walk     *walk,
              gboolean  resume)
{
  g_autofree char *path = g_build_filename (walk->root, walk->what->file, NULL);
  g_autoptr (GError) error = NULL;
  gboolean success = run (walk, path, resume, &error);

  walk->report->count = fault_count ();
  if (!success)
    g_strlcpy (walk->report->message, error->message, sizeof walk->report->message);

  return success ? 0 : recon_error_is_usage (error) ? 2 : 1;
}

/* Runs in a child. Returns its exit status, or -1 if it was killed. With @again, it goes on after a failure. */
static int
run_apart (Walk          *walk,
           gboolean       resume,
           Fault          fault,
           unsigned long  at,
           int            code,
           gboolean       again)
{
  pid_t pid;
  int status;

  memset (walk->report, 0, sizeof *walk->report);
  pid = fork ();
  g_assert_cmpint (pid, >=, 0);
  if (pid == 0)
    {
      fault_arm (walk->root, fault, at, code);
      status = run_in_child (walk, resume);
      if (status == 1 && again)
        {
          fault_arm (walk->root, FAULT_NONE, 0, 0);
          status = run_in_child (walk, TRUE);
          if (status == 2 && count_recorded (walk) == 0)
            status = run_in_child (walk, FALSE);
        }
      _exit (status);
    }

  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  if (WIFEXITED (status))
    return WEXITSTATUS (status);
  if (WTERMSIG (status) != SIGKILL)
    g_error ("%s: ended by signal %d", walk->what->name, WTERMSIG (status));

  return -1;
}

static gboolean
same_files (const char *a,
            const char *b)
{
  g_autofree char *first = NULL, *second = NULL;
  gsize n_first, n_second;

  return g_file_get_contents (a, &first, &n_first, NULL) && g_file_get_contents (b, &second, &n_second, NULL) &&
         n_first == n_second && memcmp (first, second, n_first) == 0;
}

static gboolean
is_complete (Walk *walk)
{
  g_autofree char *path = g_build_filename (walk->root, walk->what->file, NULL);

  if (walk->what->format != RECON_OUTPUT_FORMAT_TIFF)
    return same_files (path, walk->clean);

  for (guint i = 0; i < N_SLICES; i++)
    {
      g_autofree char *name = g_strdup_printf ("slice_%05u.tif", walk->volume->numbers[i]);
      g_autofree char *slice = g_build_filename (path, name, NULL);
      g_autofree char *twin = g_build_filename (walk->clean, name, NULL);

      if (!same_files (slice, twin))
        return FALSE;
    }

  return TRUE;
}

/* What stands under the final name, and says that it is complete by its ledger. */
static gboolean
has_final_name (Walk *walk)
{
  g_autofree char *path = g_build_filename (walk->root, walk->what->file, NULL);
  g_autoptr (ReconWriter) writer = recon_writer_new (path, walk->what->format, NULL);

  if (walk->what->format == RECON_OUTPUT_FORMAT_TIFF)
    return g_file_test (recon_writer_get_ledger (writer), G_FILE_TEST_EXISTS);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static void
empty (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        empty (path);
      g_assert_cmpint (g_remove (path), ==, 0);
    }
}

static void
list (const char *folder,
      const char *prefix,
      GPtrArray  *names)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      char *shown = g_strconcat (prefix, name, NULL);

      g_ptr_array_add (names, shown);
      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        list (path, shown, names);
    }
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

/* All names below the root in one text. */
static char *
list_all (Walk *walk)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  list (walk->root, "/", names);
  g_ptr_array_sort (names, compare_names);
  g_ptr_array_add (names, NULL);

  return g_strjoinv (" ", (char **) names->pdata);
}

/* The earlier result that the place holds when a run begins. */
static void
prepare (Walk *walk)
{
  g_autofree char *path = g_build_filename (walk->root, walk->what->file, NULL);
  g_autofree char *notes = g_build_filename (path, "notes.txt", NULL);

  empty (walk->root);
  if (walk->what->place == PLACE_FOLDER)
    {
      g_mkdir (path, 0777);
      store (notes, "keep");
    }
  if (walk->what->place == PLACE_EARLIER)
    {
      g_autoptr (Volume) earlier = volume_new (3, 5, 4, RECON_OUTPUT_TYPE_UINT8, RECON_COMPRESSION_NONE);

      volume_write (earlier, path, walk->what->format);
    }
}

/* After a fault: goes on, or where nothing was finished, begins again. */
static void
go_on (Walk       *walk,
       const char *what,
       const char *expected)
{
  guint n = count_recorded (walk);
  int status = run_apart (walk, TRUE, FAULT_NONE, 0, 0, FALSE);
  g_autofree char *names = NULL;

  if (status == 0 && walk->report->n_written > 0)
    g_assert_cmpuint (walk->report->n_written, ==, N_SLICES - n);
  if (status == 2 && n == 0)
    status = run_apart (walk, FALSE, FAULT_NONE, 0, 0, FALSE);
  if (status != 0)
    g_error ("%s: does not go on (%d, %u finished): %s", what, status, n, walk->report->message);

  names = list_all (walk);
  if (!is_complete (walk) || strcmp (names, expected) != 0)
    g_error ("%s: other slices, or other files than %s: %s", what, expected, names);
}

static void
walk_fault (Walk          *walk,
            guint          fault,
            unsigned long  at,
            const char    *expected)
{
  g_autofree char *what = g_strdup_printf ("%s, %s at %lu", walk->what->name, faults[fault].name, at);
  gboolean kills = faults[fault].fault == FAULT_KILL || faults[fault].fault == FAULT_TEAR;
  int status;

  prepare (walk);
  status = run_apart (walk, FALSE, faults[fault].fault, at, faults[fault].code, faults[fault].again);
  if (kills ? status != -1 : status != 0 && (status != 1 || faults[fault].again))
    g_error ("%s: ended with %d: %s", what, status, walk->report->message);
  if (status == 0 && !is_complete (walk))
    g_error ("%s: ended well without all slices", what);
  if (has_final_name (walk) && !is_complete (walk) && walk->what->place != PLACE_EARLIER)
    g_error ("%s: something unfinished has the final name", what);

  if (status != 0)
    go_on (walk, what, expected);
}

/* Killed in the middle, and again at each operation of the run that resumes. */
static void
walk_resume (Walk          *walk,
             unsigned long  n,
             const char    *expected)
{
  int status = -1;

  for (unsigned long at = 1; status == -1; at++)
    {
      g_autofree char *what = g_strdup_printf ("%s, resuming, kill at %lu", walk->what->name, at);

      prepare (walk);
      g_assert_cmpint (run_apart (walk, FALSE, FAULT_KILL, n * 2 / 3, 0, FALSE), ==, -1);
      status = run_apart (walk, TRUE, FAULT_KILL, at, 0, FALSE);
      if (status == -1)
        go_on (walk, what, expected);
    }
  g_assert_cmpint (status, ==, 0);
}

static void
test_walk (gconstpointer data)
{
  Walk walk = { .what = data };
  char *folder = test_folder_new ();
  g_autofree char *names = NULL;
  unsigned long n;

  /* Here too nothing waits for the disk. */
  fault_arm (folder, FAULT_NONE, 0, 0);
  walk.volume = volume_new (N_SLICES, 5, 6, RECON_OUTPUT_TYPE_FLOAT32, walk.what->compression);
  walk.root = g_build_filename (folder, "root", NULL);
  walk.clean = g_build_filename (folder, walk.what->file, NULL);
  walk.report = mmap (NULL, sizeof (Report), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  g_assert_true (walk.report != MAP_FAILED);
  g_mkdir (walk.root, 0777);

  volume_write (walk.volume, walk.clean, walk.what->format);
  prepare (&walk);
  g_assert_cmpint (run_apart (&walk, FALSE, FAULT_NONE, 0, 0, FALSE), ==, 0);
  g_assert_true (is_complete (&walk));
  n = walk.report->count;
  names = list_all (&walk);
  g_test_message ("%s: %lu operations", walk.what->name, n);
  g_assert_cmpuint (n, >, 20);

  for (guint fault = 0; fault < (test_is_exhaustive () ? G_N_ELEMENTS (faults) : 2); fault++)
    for (unsigned long at = 1; at <= n; at++)
      walk_fault (&walk, fault, at, names);
  if (test_is_exhaustive ())
    walk_resume (&walk, n, names);

  munmap (walk.report, sizeof (Report));
  g_free (walk.volume);
  g_free (walk.root);
  g_free (walk.clean);
  test_folder_remove (folder);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < (test_is_exhaustive () ? G_N_ELEMENTS (cases) : N_USUAL); i++)
    {
      g_autofree char *path = g_strconcat ("/writer-faults/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_walk);
    }

  return g_test_run ();
}
