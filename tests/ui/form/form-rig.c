/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "form-rig.h"

FormRig
form_rig_set_up (void)
{
  FormRig rig = { .document = recon_document_new (), .client = fake_client_new () };

  fake_client_set_state (rig.client, RECON_CLIENT_READY);
  rig.form = RECON_FORM (recon_form_new (rig.document, rig.client));
  rig.window = gtk_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (rig.window), 380, 700);
  gtk_window_set_child (GTK_WINDOW (rig.window), GTK_WIDGET (rig.form));

  return rig;
}

void
form_rig_tear_down (FormRig *rig)
{
  g_object_ref (rig->form);
  gtk_window_destroy (GTK_WINDOW (rig->window));
  form_rig_settle ();
  g_assert_finalize_object (rig->form);
  /* Questions without an answer keep what asks, and with it the rest. */
  g_object_run_dispose (G_OBJECT (rig->client));
  form_rig_settle ();
  g_assert_finalize_object (rig->document);
  g_assert_finalize_object (rig->client);
}

void
form_rig_settle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

void
form_rig_set (FormRig        *rig,
              ReconParameter  parameter,
              const char     *text)
{
  g_autoptr (GError) error = NULL;

  recon_document_set (rig->document, parameter, text, &error);
  g_assert_no_error (error);
}

void
form_rig_assert_text (FormRig        *rig,
                      ReconParameter  parameter,
                      const char     *expected)
{
  g_autofree char *text = recon_config_format (recon_document_get_config (rig->document), parameter);

  g_assert_cmpstr (text, ==, expected);
}

/* Lets the form ask what it has to ask. */
void
form_rig_wait_for_questions (FormRig *rig,
                             guint    n)
{
  while (fake_client_count (rig->client) < n)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (fake_client_count (rig->client), ==, n);
}
