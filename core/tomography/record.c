/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/error.h"
#include "io/file-record.h"
#include "tomography/tomography-private.h"

/* What the ledger says of a scan, so that the slices of two are never mixed: of each input its files, without reading
 * them, and of the angles their values. */

#define MEMBER        "inputs"
#define ANGLES        "angles"
#define VALUES        "values"
#define PLACE         "place"
#define FILES         "files"
#define BYTES         "bytes"
#define MODIFIED      "modified"
#define SIZES         "sizes"
#define TIMES         "times"

/* Returns: (transfer full) (nullable): what the files of an input are now; %NULL where it is not used */
static ReconFileRecord *
measure (ReconScan      *scan,
         ReconParameter  input)
{
  g_autoptr (GPtrArray) files = recon_scan_list_files (scan, input);

  return files != NULL && files->len > 0 ? recon_file_record_new (files) : NULL;
}

/* Wherever the angles are from, it is they that count. */
static char *
measure_angles (ReconScan *scan)
{
  const ReconGeometry *geometry = recon_scan_get_geometry (scan);

  return g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) geometry->angles,
                                      geometry->n_angles * sizeof (double));
}

/**
 * recon_tomography_note_inputs:
 * @scan: a scan
 * @node: (nullable): the node that reads it, where others may read, too
 * @header: the header of a ledger, to which it is added
 */
void
recon_tomography_note_inputs (ReconScan  *scan,
                              const char *node,
                              JsonObject *header)
{
  JsonObject *inputs = json_object_new ();
  JsonObject *angles = json_object_new ();
  g_autofree char *values = measure_angles (scan);

  for (guint i = 0; i < RECON_N_INPUT_PATHS; i++)
    {
      ReconParameter input = recon_tomography_input_paths[i];
      g_autoptr (ReconFileRecord) record = measure (scan, input);
      JsonObject *object;

      if (record == NULL)
        continue;

      object = json_object_new ();
      json_object_set_string_member (object, PLACE, record->place);
      json_object_set_int_member (object, FILES, (gint64) record->n_files);
      json_object_set_int_member (object, BYTES, (gint64) record->bytes);
      json_object_set_int_member (object, MODIFIED, record->modified);
      json_object_set_string_member (object, SIZES, record->sizes);
      json_object_set_string_member (object, TIMES, record->times);
      json_object_set_object_member (inputs, recon_parameter_get_spec (input)->key, object);
    }

  json_object_set_string_member (angles, VALUES, values);
  json_object_set_object_member (inputs, ANGLES, angles);
  if (node == NULL)
    {
      json_object_set_object_member (header, MEMBER, inputs);
      return;
    }

  if (!json_object_has_member (header, MEMBER))
    json_object_set_object_member (header, MEMBER, json_object_new ());
  json_object_set_object_member (json_object_get_object_member (header, MEMBER), node, inputs);
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
            const char *key,
            const char *place,
            const char *change)
{
  if (changes->len > 0)
    g_string_append (changes, "; ");

  if (place != NULL)
    g_string_append_printf (changes, "input.%s (%s) %s", key, place, change);
  else
    g_string_append_printf (changes, "input.%s %s", key, change);
}

static void
compare_input (ReconScan      *scan,
               JsonObject     *inputs,
               ReconParameter  input,
               GString        *changes)
{
  const char *key = recon_parameter_get_spec (input)->key;
  JsonObject *object = get_object (inputs, key);
  g_autoptr (ReconFileRecord) now = measure (scan, input);
  g_autoptr (ReconFileRecord) earlier = object != NULL ? read_record (object) : NULL;
  g_autofree char *change = NULL;

  if (now == NULL && earlier == NULL)
    return;

  if (now == NULL || earlier == NULL)
    {
      add_change (changes, key, now != NULL ? now->place : earlier->place,
                  now != NULL ? _ ("was not used") : _ ("is not used now"));
      return;
    }

  change = recon_file_record_describe_change (earlier, now);
  if (change != NULL)
    add_change (changes, key, now->place, change);
}

static char *
list_changes (ReconScan  *scan,
              JsonObject *inputs)
{
  JsonObject *angles = get_object (inputs, ANGLES);
  g_autofree char *values = measure_angles (scan);
  GString *changes = g_string_new (NULL);

  for (guint i = 0; i < RECON_N_INPUT_PATHS; i++)
    if (recon_tomography_input_paths[i] != RECON_PARAM_ANGLES)
      compare_input (scan, inputs, recon_tomography_input_paths[i], changes);

  if (angles == NULL ||
      !g_str_equal (values, json_object_get_string_member_with_default (angles, VALUES, "")))
    add_change (changes, ANGLES, NULL, _ ("has other angles now"));

  return g_string_free (changes, FALSE);
}

/**
 * recon_tomography_check_record:
 * @scan: a scan that is read to go on with an earlier run
 * @node: (nullable): as recon_tomography_note_inputs() has got it
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
                               const char   *node,
                               ReconLedger  *ledger,
                               const char   *path,
                               ReconResume   resume,
                               ReconLog     *log,
                               GError      **error)
{
  JsonObject *all = get_object (recon_ledger_get_header (ledger), MEMBER);
  JsonObject *inputs = node != NULL ? get_object (all, node) : all;
  g_autofree char *changes = inputs != NULL ? list_changes (scan, inputs) : NULL;

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
