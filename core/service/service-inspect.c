/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "io/contents.h"
#include "io/hdf5-datasets.h"
#include "io/scan-finder.h"
#include "service/service-private.h"

/* What a path holds, and which datasets of its file could be chosen instead. */

/* A file that takes longer to look through is listed in part. */
#define PATIENCE G_USEC_PER_SEC

static const struct
{
  ReconHdf5Uses use;
  const char   *name;
} uses[] = {
  { RECON_HDF5_USE_PROJECTIONS, "projections" },
  { RECON_HDF5_USE_DARKS, "darks" },
  { RECON_HDF5_USE_FLATS, "flats" },
  { RECON_HDF5_USE_FLATS_AFTER, "flats-after" },
};

static void
insert_frames (GVariantDict *dict,
               const char   *key,
               ReconFrames  *frames)
{
  ReconReader *reader;

  if (frames == NULL)
    return;

  reader = recon_frames_get_reader (frames);
  g_variant_dict_insert (dict, key, "(uuus)", recon_frames_get_n (frames), recon_reader_get_height (reader),
                         recon_reader_get_width (reader),
                         recon_sample_type_get_name (recon_reader_get_sample_type (reader)));
}

static void
insert_contents (GVariantDict  *dict,
                 ReconContents *contents)
{
  _recon_service_insert_text (dict, "layout", contents->layout);
  insert_frames (dict, "projections", contents->projections);
  insert_frames (dict, "darks", contents->darks);
  insert_frames (dict, "flats", contents->flats);
  insert_frames (dict, "flats-after", contents->flats_after);
  g_variant_dict_insert (dict, "n-angles", "u", (guint) contents->n_angles);
  if (isfinite (contents->pixel_size))
    g_variant_dict_insert (dict, "pixel-size", "d", contents->pixel_size);
  if (contents->angles_error != NULL)
    recon_contents_note (contents, "%s", contents->angles_error->message);
  _recon_service_insert_texts (dict, "notes", contents->notes);
}

/* Returns: (transfer floating) */
static GVariant *
new_dataset (const ReconHdf5Dataset *dataset)
{
  GVariantBuilder dims = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("at"));
  GVariantBuilder names = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("as"));
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);

  for (int i = 0; i < dataset->shape.rank; i++)
    g_variant_builder_add (&dims, "t", (guint64) dataset->shape.dims[i]);
  for (gsize i = 0; i < G_N_ELEMENTS (uses); i++)
    if (dataset->uses & uses[i].use)
      g_variant_builder_add (&names, "s", uses[i].name);

  _recon_service_insert_text (&dict, "path", dataset->path);
  g_variant_dict_insert_value (&dict, "dimensions", g_variant_builder_end (&dims));
  if (dataset->shape.rank > 0)
    g_variant_dict_insert (&dict, "type", "s", recon_sample_type_get_name (dataset->shape.type));
  if (dataset->refusal != NULL)
    _recon_service_insert_text (&dict, "refusal", dataset->refusal);
  if (dataset->chosen)
    g_variant_dict_insert (&dict, "chosen", "b", TRUE);
  g_variant_dict_insert_value (&dict, "uses", g_variant_builder_end (&names));

  return g_variant_dict_end (&dict);
}

static void
insert_datasets (GVariantDict            *dict,
                 const ReconHdf5Datasets *datasets)
{
  GVariantBuilder list = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));

  for (guint i = 0; i < datasets->datasets->len; i++)
    g_variant_builder_add_value (&list, new_dataset (g_ptr_array_index (datasets->datasets, i)));

  g_variant_dict_insert_value (dict, "datasets", g_variant_builder_end (&list));
  g_variant_dict_insert_value (dict, "datasets-left-out",
                               g_variant_new_fixed_array (G_VARIANT_TYPE_UINT32, datasets->n_left_out,
                                                          RECON_HDF5_N_RANKS, sizeof (guint32)));
  g_variant_dict_insert (dict, "datasets-complete", "b", datasets->complete);
  _recon_service_insert_text (dict, "file", datasets->file);
  if (datasets->layout != NULL)
    _recon_service_insert_text (dict, "file-layout", datasets->layout);
}

gpointer
_recon_service_inspect (GVariant  *arguments,
                        GError   **error)
{
  const char *path = _recon_service_get_text (arguments);
  g_autoptr (GError) local_error = NULL;
  g_autoptr (ReconContents) contents = recon_contents_open (path, &local_error);
  g_autoptr (ReconHdf5Datasets) datasets = recon_hdf5_datasets_list (path, contents, PATIENCE);
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);

  /* Where there is something to choose from, that nothing is clear is an answer. */
  if (contents == NULL && (datasets == NULL || datasets->datasets->len == 0))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }

  if (contents != NULL)
    insert_contents (&dict, contents);
  else
    _recon_service_insert_text (&dict, "problem", local_error->message);
  if (datasets != NULL)
    insert_datasets (&dict, datasets);

  return _recon_service_new_answer (&dict);
}

/* What a scan consists of. */

/* Names of files can be any bytes. */
static void
add_pair (GVariantBuilder *builder,
          const char      *name,
          const char      *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);

  g_variant_builder_add (builder, "{ss}", name, valid);
}

static void
insert_findings (GVariantDict *dict,
                 GPtrArray    *findings)
{
  GVariantBuilder values = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a{ss}"));
  GVariantBuilder reasons = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a{ss}"));

  for (guint i = 0; i < findings->len; i++)
    {
      const ReconFinding *finding = g_ptr_array_index (findings, i);
      const char *name = recon_parameter_get_spec (finding->parameter)->name;

      add_pair (&values, name, finding->value);
      add_pair (&reasons, name, finding->reason);
    }

  g_variant_dict_insert_value (dict, "values", g_variant_builder_end (&values));
  g_variant_dict_insert_value (dict, "reasons", g_variant_builder_end (&reasons));
}

static void
insert_questions (GVariantDict *dict,
                  GPtrArray    *questions)
{
  GVariantBuilder list = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));

  for (guint i = 0; i < questions->len; i++)
    {
      const ReconQuestion *question = g_ptr_array_index (questions, i);
      g_auto (GVariantDict) one = G_VARIANT_DICT_INIT (NULL);

      _recon_service_insert_text (&one, "parameter",
                                  question->parameter != RECON_NO_PARAMETER
                                    ? recon_parameter_get_spec (question->parameter)->name
                                    : "");
      _recon_service_insert_text (&one, "text", question->text);
      _recon_service_insert_texts (&one, "candidates", question->candidates);
      g_variant_builder_add_value (&list, g_variant_dict_end (&one));
    }

  g_variant_dict_insert_value (dict, "questions", g_variant_builder_end (&list));
}

gpointer
_recon_service_find_scan (GVariant  *arguments,
                          GError   **error)
{
  g_autoptr (ReconFoundScan) found = recon_scan_find (_recon_service_get_text (arguments), error);
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);

  if (found == NULL)
    return NULL;

  insert_findings (&dict, found->findings);
  insert_questions (&dict, found->questions);
  _recon_service_insert_texts (&dict, "warnings", found->warnings);
  _recon_service_insert_texts (&dict, "notes", found->notes);

  return _recon_service_new_answer (&dict);
}
