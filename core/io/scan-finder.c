/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/scan-finder.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/fail.h"
#include "io/contents.h"
#include "io/series.h"
#include "io/finder-private.h"
#include "io/hdf5.h"

/* From a path to the inputs of a scan. How it works: the folders are listed (finder-folders), their files told apart by
 * name (finder-series, finder-words), then images, references and angles are chosen in turn (finder-images,
 * finder-references, finder-angles). Files are opened only to see whether sizes and numbers fit. */

/* Candidates that a message lists. */
#define MAX_LISTED 12

/* What a scan decides: all of it is the scan's, or nobody's. */
static const ReconParameter inputs[] = {
  RECON_PARAM_PROJECTIONS, RECON_PARAM_SINOGRAMS,   RECON_PARAM_DARKS,
  RECON_PARAM_FLATS,       RECON_PARAM_FLATS_AFTER, RECON_PARAM_ANGLES,
};

static void
finding_free (ReconFinding *self)
{
  g_free (self->value);
  g_free (self->reason);
  g_free (self);
}

static void
question_free (ReconQuestion *self)
{
  g_free (self->text);
  g_ptr_array_unref (self->candidates);
  g_free (self);
}

static ReconFoundScan *
found_new (const char *path)
{
  ReconFoundScan *self = g_new0 (ReconFoundScan, 1);

  self->path = g_strdup (path);
  for (gsize n = strlen (path); n > 1 && path[n - 1] == G_DIR_SEPARATOR; n--)
    self->path[n - 1] = '\0';
  self->findings = g_ptr_array_new_with_free_func ((GDestroyNotify) finding_free);
  self->questions = g_ptr_array_new_with_free_func ((GDestroyNotify) question_free);
  self->warnings = g_ptr_array_new_with_free_func (g_free);
  self->notes = g_ptr_array_new_with_free_func (g_free);

  return self;
}

void
recon_found_scan_free (ReconFoundScan *self)
{
  g_free (self->path);
  g_ptr_array_unref (self->findings);
  g_ptr_array_unref (self->questions);
  g_ptr_array_unref (self->warnings);
  g_ptr_array_unref (self->notes);
  g_free (self);
}

/* @reason: (transfer full) */
void
_recon_found_take (ReconFoundScan *self,
                   ReconParameter  parameter,
                   const char     *value,
                   char           *reason)
{
  ReconFinding *finding = g_new (ReconFinding, 1);

  *finding = (ReconFinding) { parameter, g_strdup (value), reason };
  g_ptr_array_add (self->findings, finding);
}

/* @text: (transfer full); @candidates: (transfer full) */
void
_recon_found_ask (ReconFoundScan *self,
                  ReconParameter  parameter,
                  char           *text,
                  GPtrArray      *candidates)
{
  ReconQuestion *question = g_new (ReconQuestion, 1);

  *question = (ReconQuestion) { parameter, text, candidates };
  g_ptr_array_add (self->questions, question);
}

/* Names of files can be any bytes. */
static void
add_text (GPtrArray  *texts,
          const char *format,
          va_list     args)
{
  g_autofree char *text = g_strdup_vprintf (format, args);

  g_ptr_array_add (texts, g_utf8_make_valid (text, -1));
}

void
_recon_found_warn (ReconFoundScan *self,
                   const char     *format,
                   ...)
{
  va_list args;

  va_start (args, format);
  add_text (self->warnings, format, args);
  va_end (args);
}

void
_recon_found_note (ReconFoundScan *self,
                   const char     *format,
                   ...)
{
  va_list args;

  va_start (args, format);
  add_text (self->notes, format, args);
  va_end (args);
}

static void
finder_clear (ReconFinder *self)
{
  g_clear_pointer (&self->found, recon_found_scan_free);
  g_free (self->root);
  g_free (self->focus);
  g_clear_pointer (&self->folders, g_ptr_array_unref);
  g_clear_pointer (&self->series, g_ptr_array_unref);
  g_clear_pointer (&self->beside, g_ptr_array_unref);
  g_clear_pointer (&self->beside_folders, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ReconFinder, finder_clear)

static gboolean
list_series (ReconFinder  *self,
             GError      **error)
{
  self->series = g_ptr_array_new_with_free_func ((GDestroyNotify) recon_finder_series_free);
  self->folders = recon_finder_list_folders (self->root, self->focus == NULL ? RECON_FINDER_EVERYTHING
                                                                             : RECON_FINDER_REFERENCES, error);
  if (self->folders == NULL)
    return FALSE;

  for (guint i = 0; i < self->folders->len; i++)
    recon_finder_add_series (g_ptr_array_index (self->folders, i), self->series);
  recon_finder_decide_roles (self->series);

  return TRUE;
}

static int
compare_findings_cb (gconstpointer a,
                     gconstpointer b)
{
  const ReconFinding *first = *(const ReconFinding *const *) a;
  const ReconFinding *second = *(const ReconFinding *const *) b;

  return (int) first->parameter - (int) second->parameter;
}

/**
 * recon_scan_find:
 * @path: a folder, a file of a scan (any image of a series will do), a pattern, or an HDF5 file:/path
 * @error: return location
 *
 * Finds out what a scan consists of: projections (or sinograms), darks, flats before and after, angles, and what a
 * scanner's log says of step and pixel size. HDF5 files are known by their content. All else goes by names of folders
 * and files, below a folder or beside a file, and beside a folder that holds nothing but projections. Images of
 * another size than the projections' and angles of another number are not taken. What is unclear becomes a question;
 * the paths begin as @path does.
 *
 * Returns: (transfer full): what was found, which may be questions only; or %NULL with #RECON_ERROR_INPUT where there
 *   is nothing to reconstruct, and errors of recon_contents_open() where @path is a file that cannot be read
 */
ReconFoundScan *
recon_scan_find (const char  *path,
                 GError     **error)
{
  g_auto (ReconFinder) self = { 0 };

  g_return_val_if_fail (path != NULL, NULL);

  self.found = found_new (path);
  if (g_file_test (path, G_FILE_TEST_IS_DIR))
    self.root = g_strdup (self.found->path);
  else
    {
      g_autofree char *file = NULL;
      g_autofree char *object = NULL;
      gboolean inside = recon_hdf5_split_path (path, &file, &object);

      self.root = g_path_get_dirname (inside ? file : path);
      self.focus = inside ? g_strdup (path) : g_path_get_basename (path);
      /* A file that is nothing, and one that is not there, is best reported by its reader. */
      if (!inside && !recon_file_series_is_pattern (path))
        {
          g_autoptr (ReconContents) contents = recon_contents_open (path, error);

          if (contents == NULL && !recon_hdf5_is_file (path))
            return NULL;
          g_clear_error (error);
        }
    }

  if (!list_series (&self, error) || !_recon_finder_choose_images (&self, error))
    return NULL;

  if (self.images != NULL)
    {
      _recon_finder_choose_references (&self);
      _recon_finder_choose_angles (&self);
    }
  g_ptr_array_sort (self.found->findings, compare_findings_cb);

  return g_steal_pointer (&self.found);
}

/**
 * recon_found_scan_get:
 * @self: a scan
 * @parameter: one of the input's parameters
 *
 * Returns: (nullable): what the scan gives it
 */
const char *
recon_found_scan_get (ReconFoundScan *self,
                      ReconParameter  parameter)
{
  for (guint i = 0; i < self->findings->len; i++)
    {
      const ReconFinding *finding = g_ptr_array_index (self->findings, i);

      if (finding->parameter == parameter)
        return finding->value;
    }

  return NULL;
}

static gboolean
is_given (const gboolean *given,
          ReconParameter  parameter)
{
  if (given == NULL || parameter >= recon_parameter_count ())
    return FALSE;

  return given[parameter] || (parameter == RECON_PARAM_ANGLES && given[RECON_PARAM_ANGLE_STEP]);
}

static gboolean
images_are_given (const gboolean *given)
{
  return is_given (given, RECON_PARAM_PROJECTIONS) || is_given (given, RECON_PARAM_SINOGRAMS);
}

static gboolean
is_about_images (ReconParameter parameter)
{
  return parameter == RECON_PARAM_PROJECTIONS || parameter == RECON_PARAM_SINOGRAMS ||
         parameter == RECON_NO_PARAMETER;
}

static gboolean
set_question_error (const ReconFoundScan  *self,
                    const ReconQuestion   *question,
                    GError               **error)
{
  g_autoptr (GString) list = g_string_new (NULL);
  g_autofree char *valid = NULL;

  for (guint i = 0; i < question->candidates->len && i < MAX_LISTED; i++)
    g_string_append_printf (list, "%s%s", i > 0 ? ", " : "", (char *) g_ptr_array_index (question->candidates, i));
  if (question->candidates->len > MAX_LISTED)
    g_string_append (list, ", …");

  if (question->parameter != RECON_NO_PARAMETER)
    {
      const ReconParameterSpec *spec = recon_parameter_get_spec (question->parameter);
      const char *name = spec->option;

      if (question->candidates->len > 0)
        g_string_append_printf (list, _ (". Give it with --%s=PATH (%s)."), name, spec->name);
      else
        g_string_append_printf (list, _ ("Give it with --%s=PATH (%s)."), name, spec->name);
    }
  else
    g_string_append (list, _ (". Choose one of them."));

  valid = g_utf8_make_valid (list->str, -1);
  return recon_fail (error, RECON_ERROR_INPUT, "%s: %s %s", self->path, question->text, valid);
}

/* Everything that the scan could decide and that nobody has said otherwise. */
static void
reset_inputs (ReconFoundScan *self,
              ReconConfig    *config,
              const gboolean *given)
{
  if (recon_found_scan_get (self, RECON_PARAM_ANGLES) != NULL && !is_given (given, RECON_PARAM_ANGLE_STEP))
    recon_config_reset (config, RECON_PARAM_ANGLE_STEP);

  for (gsize i = 0; i < G_N_ELEMENTS (inputs); i++)
    if (given == NULL || !given[inputs[i]])
      recon_config_reset (config, inputs[i]);
}

/**
 * recon_found_scan_apply:
 * @self: a scan
 * @config: a configuration
 * @given: (nullable): which parameters are set already, by number
 * @log: (nullable): gets what was taken for what, and what looks wrong
 * @error: return location
 *
 * Puts the inputs of a scan into a configuration. They are all the scan's: those that it does not have become empty.
 * What is given stays, and answers the question that the scan has.
 *
 * Returns: %FALSE with #RECON_ERROR_INPUT where a question is left (the message lists what to choose from), or where
 *   there are warnings and @config is strict
 */
gboolean
recon_found_scan_apply (ReconFoundScan  *self,
                        ReconConfig     *config,
                        const gboolean  *given,
                        ReconLog        *log,
                        GError         **error)
{
  g_autoptr (ReconLog) counting = recon_log_new_for (log);

  for (guint i = 0; i < self->questions->len; i++)
    {
      const ReconQuestion *question = g_ptr_array_index (self->questions, i);

      if (is_given (given, question->parameter) ||
          (is_about_images (question->parameter) && images_are_given (given)))
        continue;

      return set_question_error (self, question, error);
    }

  reset_inputs (self, config, given);
  for (guint i = 0; i < self->findings->len; i++)
    {
      const ReconFinding *finding = g_ptr_array_index (self->findings, i);
      const char *name = recon_parameter_get_spec (finding->parameter)->key;

      if (is_given (given, finding->parameter) ||
          (is_about_images (finding->parameter) && images_are_given (given)))
        continue;

      if (!recon_config_parse (config, finding->parameter, finding->value, error))
        return FALSE;
      if (!g_str_equal (finding->value, self->path))
        recon_log_info (log, "Scan: %s = %s (%s)", name, finding->value, finding->reason);
    }

  for (guint i = 0; i < self->warnings->len; i++)
    recon_log_warning (counting, "%s", (char *) g_ptr_array_index (self->warnings, i));
  for (guint i = 0; i < self->notes->len; i++)
    recon_log_info (log, "Scan: %s", (char *) g_ptr_array_index (self->notes, i));

  return !recon_config_get_boolean (config, RECON_PARAM_STRICT) || recon_log_check (counting, error);
}
