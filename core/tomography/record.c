/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/error.h"
#include "io/file-record.h"
#include "tasks/read-scan.h"
#include "tasks/read.h"
#include "tomography/tomography-private.h"

/* What the ledger says of the input, so that the slices of two are never mixed: of each input its files, without
 * reading them, and of the angles their values. */

#define MEMBER        "inputs"
#define ANGLES        "angles"
#define VALUES        "values"
#define PLACE         "place"
#define FILES         "files"
#define BYTES         "bytes"
#define MODIFIED      "modified"
#define SIZES         "sizes"
#define TIMES         "times"

typedef struct
{
  const char      *key;
  char            *name;   /* for messages */
  ReconFileRecord *record; /* (nullable): what its files are now; %NULL where it is not used */
} Input;

/* What is read. */
typedef struct
{
  Input  inputs[RECON_N_INPUT_PATHS];
  guint  n;
  char  *angles; /* (nullable): checksum of their values: wherever they are from, it is these that count */
} Inputs;

static void
inputs_clear (Inputs *self)
{
  for (guint i = 0; i < self->n; i++)
    {
      g_free (self->inputs[i].name);
      g_clear_pointer (&self->inputs[i].record, recon_file_record_free);
    }
  g_free (self->angles);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Inputs, inputs_clear)

/* @files: (transfer full) (nullable) */
static void
add_input (Inputs     *self,
           const char *key,
           const char *name,
           GPtrArray  *files)
{
  self->inputs[self->n++] = (Input) {
    key, g_strdup (name), files != NULL && files->len > 0 ? recon_file_record_new (files) : NULL,
  };
  g_clear_pointer (&files, g_ptr_array_unref);
}

static Inputs
look_at_scan (ReconScan *scan)
{
  const ReconGeometry *geometry = recon_scan_get_geometry (scan);
  Inputs self = { .n = 0 };

  for (guint i = 0; i < RECON_N_INPUT_PATHS; i++)
    {
      const ReconParameter input = recon_tomography_input_paths[i];
      const ReconParameterSpec *spec = recon_parameter_get_spec (input);

      if (input != RECON_PARAM_ANGLES)
        add_input (&self, spec->key, spec->name, recon_scan_list_files (scan, input));
    }
  self.angles = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) geometry->angles,
                                             geometry->n_angles * sizeof (double));

  return self;
}

/* @task: a source */
static Inputs
look_at_source (ReconTask *task)
{
  Inputs self = { .n = 0 };

  if (RECON_IS_READ_SCAN (task))
    return look_at_scan (recon_read_scan_get_scan (RECON_READ_SCAN (task)));
  if (RECON_IS_READ (task))
    add_input (&self, "path", "path", recon_read_list_files (RECON_READ (task)));

  return self;
}

static JsonObject *
record_to_json (const ReconFileRecord *record)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, PLACE, record->place);
  json_object_set_int_member (object, FILES, (gint64) record->n_files);
  json_object_set_int_member (object, BYTES, (gint64) record->bytes);
  json_object_set_int_member (object, MODIFIED, record->modified);
  json_object_set_string_member (object, SIZES, record->sizes);
  json_object_set_string_member (object, TIMES, record->times);

  return object;
}

static JsonObject *
inputs_to_json (const Inputs *self)
{
  JsonObject *object = json_object_new ();

  for (guint i = 0; i < self->n; i++)
    if (self->inputs[i].record != NULL)
      json_object_set_object_member (object, self->inputs[i].key, record_to_json (self->inputs[i].record));
  if (self->angles != NULL)
    {
      JsonObject *angles = json_object_new ();

      json_object_set_string_member (angles, VALUES, self->angles);
      json_object_set_object_member (object, ANGLES, angles);
    }

  return object;
}

/**
 * recon_tomography_note_inputs:
 * @scan: a scan
 * @header: the header of a ledger, to which it is added
 */
void
recon_tomography_note_inputs (ReconScan  *scan,
                              JsonObject *header)
{
  g_auto (Inputs) inputs = look_at_scan (scan);

  json_object_set_object_member (header, MEMBER, inputs_to_json (&inputs));
}

/**
 * recon_tomography_note_source:
 * @task: a task that reads files; others are left alone
 * @node: its name in the graph
 * @header: the header of a ledger, to which it is added
 */
void
recon_tomography_note_source (ReconTask  *task,
                              const char *node,
                              JsonObject *header)
{
  g_auto (Inputs) inputs = look_at_source (task);

  if (inputs.n == 0)
    return;

  if (!json_object_has_member (header, MEMBER))
    json_object_set_object_member (header, MEMBER, json_object_new ());
  json_object_set_object_member (json_object_get_object_member (header, MEMBER), node, inputs_to_json (&inputs));
}

static JsonObject *
get_object (JsonObject *object,
            const char *name)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

/* Returns: (transfer full): the record that the ledger holds; what it lacks is empty, and so a difference */
static ReconFileRecord *
read_record (JsonObject *object)
{
  ReconFileRecord *record = g_new0 (ReconFileRecord, 1);

  record->place = g_strdup (json_object_get_string_member_with_default (object, PLACE, ""));
  record->n_files = (guint64) json_object_get_int_member_with_default (object, FILES, 0);
  record->bytes = (guint64) json_object_get_int_member_with_default (object, BYTES, 0);
  record->modified = json_object_get_int_member_with_default (object, MODIFIED, 0);
  record->sizes = g_strdup (json_object_get_string_member_with_default (object, SIZES, ""));
  record->times = g_strdup (json_object_get_string_member_with_default (object, TIMES, ""));

  return record;
}

static void
add_change (GString    *changes,
            const char *name,
            const char *place,
            const char *change)
{
  if (changes->len > 0)
    g_string_append (changes, "; ");

  if (place != NULL)
    g_string_append_printf (changes, "%s (%s) %s", name, place, change);
  else
    g_string_append_printf (changes, "%s %s", name, change);
}

static void
compare_input (const Input *input,
               JsonObject  *inputs,
               GString     *changes)
{
  JsonObject *object = get_object (inputs, input->key);
  const ReconFileRecord *now = input->record;
  g_autoptr (ReconFileRecord) earlier = object != NULL ? read_record (object) : NULL;
  g_autofree char *change = NULL;

  if (now == NULL && earlier == NULL)
    return;

  if (now == NULL || earlier == NULL)
    {
      add_change (changes, input->name, now != NULL ? now->place : earlier->place,
                  now != NULL ? _ ("was not used") : _ ("is not used now"));
      return;
    }

  change = recon_file_record_describe_change (earlier, now);
  if (change != NULL)
    add_change (changes, input->name, now->place, change);
}

static char *
list_changes (const Inputs *self,
              JsonObject   *earlier)
{
  JsonObject *angles = get_object (earlier, ANGLES);
  GString *changes = g_string_new (NULL);

  for (guint i = 0; i < self->n; i++)
    compare_input (&self->inputs[i], earlier, changes);

  if (self->angles != NULL &&
      (angles == NULL ||
       !g_str_equal (self->angles, json_object_get_string_member_with_default (angles, VALUES, ""))))
    add_change (changes, "input." ANGLES, NULL, _ ("has other angles now"));

  return g_string_free (changes, FALSE);
}

/* @earlier: (nullable): what the ledger says of the same source */
static gboolean
check (const Inputs  *inputs,
       JsonObject    *earlier,
       const char    *path,
       ReconResume    resume,
       ReconLog      *log,
       GError       **error)
{
  g_autofree char *changes = earlier != NULL ? list_changes (inputs, earlier) : NULL;

  if (changes != NULL && *changes == '\0')
    return TRUE;

  if (resume == RECON_RESUME_TRUSTING)
    {
      recon_log_warning (log, "The input is taken as that of the earlier run: %s",
                         changes != NULL ? changes : "its ledger says nothing of it");
      return TRUE;
    }

  if (changes != NULL)
    g_set_error (error, RECON_ERROR, RECON_ERROR_RESUME,
                 _ ("The input is not what it was when the earlier run began: %s. If it holds the same images all the "
                    "same (it was copied again or repaired, say), add --trust-inputs to --resume; otherwise start "
                    "again without --resume, or slices of two scans would be mixed."),
                 changes);
  else
    g_set_error (error, RECON_ERROR, RECON_ERROR_RESUME,
                 _ ("%s, of another version of the program, does not say which files the earlier run has read. If they "
                    "have not changed, add --trust-inputs to --resume; otherwise start again without --resume."),
                 path);

  return FALSE;
}

/**
 * recon_tomography_check_record:
 * @scan: a scan that is read to go on with an earlier run
 * @ledger: that run's ledger
 * @path: where the ledger is, for messages
 * @resume: how it is gone on
 * @log: (nullable): for what the user takes for the same
 * @error: return location
 *
 * Returns: %FALSE with #RECON_ERROR_RESUME if the input is not what it was then, or nothing is known of that, unless
 *   the user says that it holds the same images
 */
gboolean
recon_tomography_check_record (ReconScan    *scan,
                               ReconLedger  *ledger,
                               const char   *path,
                               ReconResume   resume,
                               ReconLog     *log,
                               GError      **error)
{
  g_auto (Inputs) inputs = look_at_scan (scan);

  return check (&inputs, get_object (recon_ledger_get_header (ledger), MEMBER), path, resume, log, error);
}

/**
 * recon_tomography_check_source:
 * @task: a task of a graph
 * @node: its name there
 * @ledger, @path, @resume, @log, @error: as above
 *
 * Returns: %FALSE likewise; %TRUE for a task that reads no files
 */
gboolean
recon_tomography_check_source (ReconTask    *task,
                               const char   *node,
                               ReconLedger  *ledger,
                               const char   *path,
                               ReconResume   resume,
                               ReconLog     *log,
                               GError      **error)
{
  g_auto (Inputs) inputs = look_at_source (task);
  JsonObject *all = get_object (recon_ledger_get_header (ledger), MEMBER);

  return inputs.n == 0 || check (&inputs, get_object (all, node), path, resume, log, error);
}
