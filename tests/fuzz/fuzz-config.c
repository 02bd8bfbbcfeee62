/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "fuzz.h"

#include "config/config-file.h"

/* What was read must come back from its own text, and say the same again. */
static void
check_round_trip (ReconConfig *config)
{
  g_autoptr (ReconConfig) again = recon_config_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *text = recon_config_to_data (config, TRUE);
  g_autofree char *text_again = NULL;

  recon_config_load_data (again, text, strlen (text), "round trip", NULL, &error);
  g_assert_no_error (error);
  text_again = recon_config_to_data (again, TRUE);
  g_assert_cmpstr (text, ==, text_again);
}

static void
check_json (ReconConfig *config)
{
  g_autoptr (ReconConfig) again = recon_config_new ();
  g_autoptr (JsonNode) node = recon_config_to_json (config);
  g_autoptr (JsonNode) node_again = NULL;
  g_autoptr (GError) error = NULL;

  recon_config_set_json (again, node, &error);
  g_assert_no_error (error);
  node_again = recon_config_to_json (again);
  g_assert_true (json_node_equal (node, node_again));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr (ReconConfig) config = recon_config_new ();
  g_autoptr (ReconLog) log = recon_log_new ();
  g_autoptr (GError) error = NULL;

  if (recon_config_load_data (config, (const char *) data, size, "reco.conf", log, &error))
    {
      g_assert_no_error (error);
      check_round_trip (config);
      check_json (config);
    }
  else
    {
      g_assert_nonnull (error);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
    }

  return 0;
}
