/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "form/contents-text.h"
#include "form/form-private.h"
#include "form/message-words.h"
#include "form/path-row.h"
#include "form/problems.h"

/* What the worker has found goes to the rows that can mend it. */

typedef struct
{
  ReconFieldLevel  level;
  char            *text;
} Finding;

/* Takes the text. The most urgent stays, the later of equals. */
static void
find (Finding         *findings,
      ReconParameter   parameter,
      ReconFieldLevel  level,
      char            *text)
{
  Finding *finding = &findings[parameter];

  if (text == NULL || (finding->text != NULL && finding->level > level))
    {
      g_free (text);
      return;
    }

  g_free (finding->text);
  finding->level = level;
  finding->text = text;
}

static gboolean
is_relative (ReconForm      *self,
             ReconParameter  parameter)
{
  const char *path = recon_config_get_text (recon_document_get_config (self->document), parameter);

  return *path != '\0' && !g_path_is_absolute (path);
}

static char *
describe_error (ReconForm      *self,
                ReconParameter  parameter,
                const char     *message)
{
  g_autofree char *text = recon_message_words_reword (message);
  g_autofree char *folder = NULL;

  if (recon_parameter_get_spec (parameter)->type != RECON_PARAMETER_PATH || !is_relative (self, parameter))
    return g_steal_pointer (&text);

  folder = g_get_current_dir ();

  return g_strdup_printf (_ ("%s The path starts from %s."), text, folder);
}

/* What is at a path, with what its reader remarks. */
static char *
describe_contents (GVariant       *contents,
                   ReconParameter  parameter)
{
  g_autofree char *text = recon_contents_text_new (contents, parameter);
  g_autofree const char **notes = NULL;
  g_autofree char *joined = NULL;

  if (!g_variant_lookup (contents, "notes", "^a&s", &notes) || notes[0] == NULL)
    return g_steal_pointer (&text);

  joined = g_strjoinv (". ", (char **) notes);

  return text != NULL ? g_strdup_printf ("%s. %s", text, joined) : g_steal_pointer (&joined);
}

static void
find_in_paths (ReconForm *self,
               Finding   *findings)
{
  GVariant *projections = recon_checks_get_contents (self->checks, RECON_PARAM_PROJECTIONS);

  for (guint i = 0; i < recon_parameter_count (); i++)
    {
      GVariant *contents = recon_checks_get_contents (self->checks, i);
      const GError *error = recon_checks_get_error (self->checks, i);

      if (error != NULL)
        find (findings, i, RECON_FIELD_ERROR, describe_error (self, i, error->message));
      if (contents == NULL)
        continue;

      find (findings, i, RECON_FIELD_GOOD, describe_contents (contents, i));
      if (projections != NULL && (i == RECON_PARAM_DARKS || i == RECON_PARAM_FLATS || i == RECON_PARAM_FLATS_AFTER))
        find (findings, i, RECON_FIELD_ERROR, recon_contents_text_mismatch (contents, projections, i));
    }
}

static ReconParameter
get_input (ReconForm *self)
{
  return self->sinograms ? RECON_PARAM_SINOGRAMS : RECON_PARAM_PROJECTIONS;
}

static void
find_warnings (ReconForm *self,
               Finding   *findings,
               GVariant  *resolved)
{
  g_autofree const char **warnings = NULL;

  if (!g_variant_lookup (resolved, "warnings", "^a&s", &warnings))
    return;

  for (gsize i = 0; warnings[i] != NULL; i++)
    {
      ReconParameter parameter = get_input (self);

      recon_problems_find_text (recon_document_get_config (self->document), warnings[i], &parameter);
      find (findings, parameter, RECON_FIELD_WARNING, recon_message_words_reword (warnings[i]));
    }
}

/* Whether what lies at the output's place is what the last run has made. */
static gboolean
is_made (ReconForm *self)
{
  const char *path = recon_config_get_text (recon_document_get_config (self->document), RECON_PARAM_OUTPUT_PATH);
  g_autofree char *place = g_canonicalize_filename (path, NULL);

  return g_strcmp0 (place, self->made) == 0;
}

static void
find_in_output (ReconForm *self,
                Finding   *findings,
                GVariant  *resolved)
{
  const ReconParameter output = RECON_PARAM_OUTPUT_PATH;
  gboolean overwrite = recon_config_get_boolean (recon_document_get_config (self->document), RECON_PARAM_OVERWRITE);
  const char *text;
  guint64 bytes;

  if (g_variant_lookup (resolved, "output-exists", "&s", &text) && is_made (self))
    find (findings, output, RECON_FIELD_GOOD, g_strdup_printf (_ ("The result of the last run: %s"), text));
  else if (g_variant_lookup (resolved, "output-exists", "&s", &text))
    find (findings, output, RECON_FIELD_WARNING,
          g_strdup_printf (overwrite ? _ ("Will be replaced: %s")
                                     : _ ("There is an earlier result: %s. Choose another folder, or overwrite it."),
                           text));

  if (g_variant_lookup (resolved, "output-bytes", "t", &bytes) && bytes > self->free_bytes)
    {
      g_autofree char *needed = g_format_size (bytes);
      g_autofree char *available = g_format_size (self->free_bytes);

      find (findings, output, RECON_FIELD_WARNING,
            g_strdup_printf (_ ("The slices need %s, but only %s are free. Choose a folder on another disk."), needed,
                             available));
    }

  if (g_variant_lookup (resolved, "output-problem", "&s", &text))
    {
      ReconParameter parameter = output;

      recon_problems_find_text (recon_document_get_config (self->document), text, &parameter);
      find (findings, parameter, RECON_FIELD_ERROR, describe_error (self, parameter, text));
    }
}

/* (transfer full) */
static char *
describe_resolved (GVariant *resolved)
{
  g_autofree char *slices = NULL;
  g_autofree char *size = NULL;
  guint n_slices, width, height;
  guint64 bytes;

  if (!g_variant_lookup (resolved, "n-slices", "u", &n_slices) ||
      !g_variant_lookup (resolved, "slice-width", "u", &width) ||
      !g_variant_lookup (resolved, "slice-height", "u", &height) ||
      !g_variant_lookup (resolved, "output-bytes", "t", &bytes))
    return g_strdup ("");

  slices = g_strdup_printf (ngettext ("%u slice", "%u slices", n_slices), n_slices);
  size = g_format_size (bytes);

  return g_strdup_printf (_ ("%s, %u × %u, %s"), slices, width, height, size);
}

static void
find_in_whole (ReconForm *self,
               Finding   *findings)
{
  GVariant *resolved = recon_checks_get_resolved (self->checks);
  const GError *error = recon_checks_get_resolve_error (self->checks);
  ReconParameter parameter;

  _recon_form_look_nearby (self, error != NULL &&
                                 recon_problems_find (recon_document_get_config (self->document), error, &parameter) &&
                                 parameter == RECON_PARAM_FLATS);
  if (resolved != NULL)
    {
      find_warnings (self, findings, resolved);
      find_in_output (self, findings, resolved);
      _recon_form_set_summary (self, describe_resolved (resolved));
    }
  else if (error == NULL)
    _recon_form_set_summary (self, g_strdup (""));
  else if (recon_problems_find (recon_document_get_config (self->document), error, &parameter))
    {
      find (findings, parameter, RECON_FIELD_ERROR, describe_error (self, parameter, error->message));
      _recon_form_set_summary (self, g_strdup (""));
    }
  else
    _recon_form_set_summary (self, g_strdup (error->message));
}

static void
update_availability (ReconForm *self)
{
  GVariant *contents = recon_checks_get_contents (self->checks, RECON_PARAM_PROJECTIONS);
  const char *after = recon_config_get_text (recon_document_get_config (self->document), RECON_PARAM_FLATS_AFTER);
  gboolean alone = contents != NULL && *after == '\0' && !recon_contents_text_has (contents, "flats-after");

  recon_field_set_unavailable (self->rows[recon_parameter ("flat-field.interpolate")],
                               alone ? _ ("This scan has no last flats to interpolate with") : NULL);
}

static void
update_datasets (ReconForm *self)
{
  GVariant *projections = recon_checks_get_contents (self->checks, RECON_PARAM_PROJECTIONS);

  for (guint i = 0; i < recon_parameter_count (); i++)
    if (RECON_IS_PATH_ROW (self->rows[i]))
      recon_path_row_set_answer (RECON_PATH_ROW (self->rows[i]), recon_checks_get_answer (self->checks, i),
                                 projections);
}

/* What is wrong with the path of a file that doesn't say which of its datasets is meant, if that is what is wrong: the
 * worker names them all, which the list beside the path does better. (transfer full) (nullable) */
static char *
describe_choice (ReconForm      *self,
                 ReconParameter  parameter)
{
  GVariant *answer = recon_checks_get_answer (self->checks, parameter);
  const char *path = recon_config_get_text (recon_document_get_config (self->document), parameter);
  g_autofree char *name = NULL;
  const char *file, *problem;

  if (answer == NULL || !g_variant_lookup (answer, "problem", "&s", &problem) ||
      !g_variant_lookup (answer, "file", "&s", &file) || !g_str_equal (file, path) ||
      !recon_path_row_has_choices (RECON_PATH_ROW (self->rows[parameter])))
    return NULL;

  name = g_path_get_basename (file);

  return g_strdup_printf (_ ("%s does not say which of its datasets is meant. Choose one in the list beside."), name);
}

/* Says on every row what is known of it. Until there is an answer about the configuration as it stands, that of a
 * moment ago remains, so that nothing flickers as one types. */
void
_recon_form_update_checks (ReconForm *self)
{
  g_autofree Finding *findings = g_new0 (Finding, recon_parameter_count ());
  gboolean known = recon_checks_is_known (self->checks);

  update_datasets (self);
  find_in_paths (self, findings);
  if (known)
    find_in_whole (self, findings);

  for (guint i = 0; i < recon_parameter_count (); i++)
    {
      gboolean is_path = recon_parameter_get_spec (i)->type == RECON_PARAMETER_PATH;

      if (is_path && findings[i].level == RECON_FIELD_ERROR)
        find (findings, i, RECON_FIELD_ERROR, describe_choice (self, i));
      if (known || is_path)
        recon_field_set_check (self->rows[i], findings[i].level, findings[i].text);
      g_free (findings[i].text);
    }

  update_availability (self);
}
