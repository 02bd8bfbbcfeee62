/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "form/form-private.h"

/* Projections without flats: those that lie around them are offered. Nothing is taken unasked: somebody has chosen the
 * projections alone. */

static const ReconParameter offered[] = { RECON_PARAM_DARKS, RECON_PARAM_FLATS, RECON_PARAM_FLATS_AFTER };

static gboolean
is_empty (ReconForm      *self,
          ReconParameter  parameter)
{
  return *recon_config_get_text (recon_document_get_config (self->document), parameter) == '\0';
}

/* What was found for a row that is empty; the container owns it. */
static const char *
look_up (ReconForm      *self,
         GVariant       *values,
         ReconParameter  parameter)
{
  const char *value = NULL;

  if (is_empty (self, parameter))
    g_variant_lookup (values, recon_parameter_get_spec (parameter)->name, "&s", &value);

  return value;
}

static void
update_row (ReconForm *self)
{
  g_autoptr (GVariant) values = NULL;
  g_autoptr (GString) text = g_string_new (NULL);

  if (self->nearby != NULL)
    values = g_variant_lookup_value (self->nearby, "values", G_VARIANT_TYPE ("a{ss}"));
  for (gsize i = 0; values != NULL && i < G_N_ELEMENTS (offered); i++)
    {
      const char *value = look_up (self, values, offered[i]);

      if (value != NULL)
        g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "", value);
    }

  adw_action_row_set_subtitle (self->nearby_row, text->str);
  gtk_widget_set_visible (GTK_WIDGET (self->nearby_row), text->len > 0);
}

typedef struct
{
  GWeakRef      form;
  GCancellable *cancellable; /* tells this question from newer ones */
} Question;

static void
found_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  Question *question = user_data;
  g_autoptr (ReconForm) self = g_weak_ref_get (&question->form);
  g_autoptr (GVariant) found = recon_client_answer_finish (RECON_CLIENT (object), result, NULL);

  if (self != NULL && found != NULL && !g_cancellable_is_cancelled (question->cancellable))
    {
      self->nearby = g_steal_pointer (&found);
      update_row (self);
    }

  g_weak_ref_clear (&question->form);
  g_object_unref (question->cancellable);
  g_free (question);
}

static void
forget (ReconForm *self)
{
  g_cancellable_cancel (self->nearby_cancellable);
  g_clear_object (&self->nearby_cancellable);
  g_clear_pointer (&self->nearby_path, g_free);
  g_clear_pointer (&self->nearby, g_variant_unref);
}

/* Called whenever something is known of the whole. Each projections' path is asked about once. */
void
_recon_form_look_nearby (ReconForm *self,
                         gboolean   lacks_flats)
{
  const char *path = recon_config_get_text (recon_document_get_config (self->document), RECON_PARAM_PROJECTIONS);
  Question *question;

  if (!lacks_flats || *path == '\0' || !is_empty (self, RECON_PARAM_FLATS) || self->client == NULL ||
      recon_client_get_state (self->client) != RECON_CLIENT_READY)
    {
      forget (self);
      update_row (self);
      return;
    }

  if (g_strcmp0 (path, self->nearby_path) == 0)
    {
      update_row (self);
      return;
    }

  forget (self);
  self->nearby_path = g_strdup (path);
  self->nearby_cancellable = g_cancellable_new ();
  question = g_new0 (Question, 1);
  g_weak_ref_init (&question->form, self);
  question->cancellable = g_object_ref (self->nearby_cancellable);
  recon_client_find_scan_async (self->client, path, self->nearby_cancellable, found_cb, question);
}

/* Fills the rows that are empty, as one step. */
void
_recon_form_use_nearby (ReconForm *self)
{
  g_autoptr (GVariant) values = NULL;

  if (self->nearby == NULL)
    return;

  values = g_variant_lookup_value (self->nearby, "values", G_VARIANT_TYPE ("a{ss}"));
  recon_document_begin_group (self->document, _ ("Darks and Flats"));
  for (gsize i = 0; values != NULL && i < G_N_ELEMENTS (offered); i++)
    {
      const char *value = look_up (self, values, offered[i]);

      if (value != NULL)
        recon_document_set (self->document, offered[i], value, NULL);
    }
  recon_document_end_group (self->document);
}
