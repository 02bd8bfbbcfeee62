/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "io/scan-finder.h"
#include "service/service-private.h"

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

static gpointer
find_work (gconstpointer   path,
           GError        **error)
{
  g_autoptr (ReconFoundScan) found = recon_scan_find (path, error);
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);

  if (found == NULL)
    return NULL;

  insert_findings (&dict, found->findings);
  insert_questions (&dict, found->questions);
  _recon_service_insert_texts (&dict, "warnings", found->warnings);
  _recon_service_insert_texts (&dict, "notes", found->notes);

  return _recon_service_new_tuple (&dict);
}

static gboolean
find_scan_cb (ReconDBusWorker1      *skeleton,
              GDBusMethodInvocation *invocation,
              const char            *path,
              ReconService          *self)
{
  _recon_service_work (self, invocation, find_work, g_strdup (path), g_free, (GDestroyNotify) g_variant_unref,
                       _recon_service_return_tuple);

  return TRUE;
}

void
_recon_service_connect_find (ReconService *self)
{
  g_signal_connect (self->skeleton, "handle-find-scan", G_CALLBACK (find_scan_cb), self);
}
