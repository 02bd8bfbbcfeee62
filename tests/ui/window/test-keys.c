/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <adwaita.h>
#include <string.h>

#include "application/application.h"
#include "window/window.h"

/* The keys that do something are those that the window of shortcuts lists. */

#define OVERLAY "/org/reconstruct/Reconstruct/gtk/help-overlay.ui"

typedef struct
{
  ReconApplication *application;
  ReconWindow      *window;
} KeysFixture;

static void
set_up (KeysFixture   *self,
        gconstpointer  unused)
{
  g_autoptr (GError) error = NULL;

  self->application = recon_application_new ();
  g_application_set_flags (G_APPLICATION (self->application), G_APPLICATION_NON_UNIQUE);
  g_application_register (G_APPLICATION (self->application), NULL, &error);
  g_assert_no_error (error);
  self->window = recon_window_new (ADW_APPLICATION (self->application),
                                   recon_application_get_client (self->application), NULL);
  gtk_window_present (GTK_WINDOW (self->window));
}

static void
tear_down (KeysFixture   *self,
           gconstpointer  unused)
{
  recon_client_stop (recon_application_get_client (self->application));
  gtk_window_destroy (GTK_WINDOW (self->window));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_clear_object (&self->application);
}

/* Keys that mean the same as another one have its name. */
static char *
name_key (guint           key,
          GdkModifierType modifiers)
{
  static const guint same[][2] = {
    { GDK_KEY_equal, GDK_KEY_plus },      { GDK_KEY_KP_Add, GDK_KEY_plus },     { GDK_KEY_KP_Subtract, GDK_KEY_minus },
    { GDK_KEY_KP_0, GDK_KEY_0 },          { GDK_KEY_KP_1, GDK_KEY_1 },          { GDK_KEY_KP_Enter, GDK_KEY_Return },
    { GDK_KEY_KP_Left, GDK_KEY_Left },    { GDK_KEY_KP_Right, GDK_KEY_Right },  { GDK_KEY_KP_Up, GDK_KEY_Up },
    { GDK_KEY_KP_Down, GDK_KEY_Down },    { GDK_KEY_KP_Home, GDK_KEY_Home },    { GDK_KEY_KP_End, GDK_KEY_End },
    { GDK_KEY_KP_Page_Up, GDK_KEY_Page_Up }, { GDK_KEY_KP_Page_Down, GDK_KEY_Page_Down },
    { GDK_KEY_KP_Space, GDK_KEY_space },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (same); i++)
    if (key == same[i][0])
      key = same[i][1];
  if (key == GDK_KEY_plus)
    modifiers &= ~GDK_SHIFT_MASK;

  return gtk_accelerator_name (gdk_keyval_to_lower (key), modifiers);
}

static void
add_accelerator (GHashTable *keys,
                 const char *text)
{
  guint key;
  GdkModifierType modifiers;

  g_assert_true (gtk_accelerator_parse (text, &key, &modifiers));
  g_hash_table_add (keys, name_key (key, modifiers));
}

/* What a class has beyond the one it is derived from, whose shortcuts are the same objects. */
static void
add_own_shortcuts (GHashTable *keys,
                   GtkWidget  *widget,
                   GHashTable *inherited)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GListModel) shortcuts = g_list_model_get_item (controllers, i);

      if (!GTK_IS_SHORTCUT_CONTROLLER (shortcuts))
        continue;
      for (guint j = 0; j < g_list_model_get_n_items (shortcuts); j++)
        {
          g_autoptr (GtkShortcut) shortcut = g_list_model_get_item (shortcuts, j);
          GtkShortcutTrigger *trigger = gtk_shortcut_get_trigger (shortcut);

          if (keys == NULL)
            g_hash_table_add (inherited, shortcut);
          else if (!g_hash_table_contains (inherited, shortcut) && GTK_IS_KEYVAL_TRIGGER (trigger))
            g_hash_table_add (keys, name_key (gtk_keyval_trigger_get_keyval (GTK_KEYVAL_TRIGGER (trigger)),
                                              gtk_keyval_trigger_get_modifiers (GTK_KEYVAL_TRIGGER (trigger))));
        }
    }
}

static void
add_widget_keys (GHashTable *keys,
                 GtkWidget  *widget)
{
  if (g_str_has_prefix (G_OBJECT_TYPE_NAME (widget), "Recon"))
    {
      GType parent = g_type_parent (G_OBJECT_TYPE (widget));
      g_autoptr (GHashTable) inherited = g_hash_table_new (NULL, NULL);
      GtkWidget *plain = g_object_new (G_TYPE_IS_ABSTRACT (parent) ? GTK_TYPE_BOX : parent, NULL);

      g_object_ref_sink (plain);
      add_own_shortcuts (NULL, plain, inherited);
      add_own_shortcuts (keys, widget, inherited);
      if (GTK_IS_WINDOW (plain))
        gtk_window_destroy (GTK_WINDOW (plain));
      g_object_unref (plain);
    }

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    add_widget_keys (keys, child);
}

static GHashTable *
list_bound_keys (KeysFixture *self)
{
  /* What is heard otherwise: while it is held, by the menu button, by underlined letters, where nothing else takes
   * it. */
  static const char *const others[] = { "space", "F10", "<Alt>f", "<Alt>u", "Escape" };
  GtkApplication *application = GTK_APPLICATION (self->application);
  GHashTable *keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_auto (GStrv) actions = gtk_application_list_action_descriptions (application);

  for (gsize i = 0; actions[i] != NULL; i++)
    {
      g_auto (GStrv) texts = gtk_application_get_accels_for_action (application, actions[i]);

      for (gsize j = 0; texts[j] != NULL; j++)
        add_accelerator (keys, texts[j]);
    }
  add_widget_keys (keys, GTK_WIDGET (self->window));
  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    add_accelerator (keys, others[i]);

  return keys;
}

static GHashTable *
list_shown_keys (void)
{
  GHashTable *keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GtkBuilder) builder = gtk_builder_new_from_resource (OVERLAY);
  GSList *list = gtk_builder_get_objects (builder);

  for (GSList *item = list; item != NULL; item = item->next)
    if (GTK_IS_SHORTCUTS_SHORTCUT (item->data))
      {
        g_autofree char *text = NULL;
        g_auto (GStrv) parts = NULL;

        g_object_get (item->data, "accelerator", &text, NULL);
        parts = g_strsplit (text, " ", -1);
        for (gsize i = 0; parts[i] != NULL; i++)
          add_accelerator (keys, parts[i]);
      }
  g_slist_free (list);
  gtk_window_destroy (GTK_WINDOW (gtk_builder_get_object (builder, "help_overlay")));

  return keys;
}

static guint
report_missing (GHashTable *keys,
                GHashTable *others,
                const char *what)
{
  g_autoptr (GList) names = g_list_sort (g_hash_table_get_keys (keys), (GCompareFunc) strcmp);
  guint n = 0;

  for (GList *item = names; item != NULL; item = item->next)
    if (!g_hash_table_contains (others, item->data))
      {
        g_test_message ("%s: %s", (const char *) item->data, what);
        n++;
      }

  return n;
}

static void
test_listed (KeysFixture   *self,
             gconstpointer  unused)
{
  g_autoptr (GHashTable) bound = list_bound_keys (self);
  g_autoptr (GHashTable) shown = list_shown_keys ();
  guint n = report_missing (bound, shown, "does something, but is not listed") +
            report_missing (shown, bound, "is listed, but does nothing");

  g_assert_cmpuint (n, ==, 0);
}

/* Every key of the window belongs to an action that there is. What opens other windows is left out. */
static void
test_actions (KeysFixture   *self,
              gconstpointer  unused)
{
  static const char *const left_out[] = {
    "win.open", "win.save", "win.save-as", "win.run", "win.show-help-overlay", NULL
  };
  GtkApplication *application = GTK_APPLICATION (self->application);
  g_auto (GStrv) actions = gtk_application_list_action_descriptions (application);

  for (gsize i = 0; actions[i] != NULL; i++)
    {
      g_autofree char *name = NULL;
      g_autoptr (GVariant) target = NULL;
      g_autoptr (GError) error = NULL;

      g_action_parse_detailed_name (actions[i], &name, &target, &error);
      g_assert_no_error (error);
      if (g_str_has_prefix (name, "win.") && !g_strv_contains (left_out, name))
        g_assert_true (gtk_widget_activate_action_variant (GTK_WIDGET (self->window), name, target));
    }
}

/* Without a window manager only a window that is not shown yet knows. */
static void
test_fullscreen (KeysFixture   *self,
                 gconstpointer  unused)
{
  ReconWindow *window = recon_window_new (ADW_APPLICATION (self->application),
                                          recon_application_get_client (self->application), NULL);
  gboolean fullscreen;

  for (guint i = 0; i < 3; i++)
    {
      g_object_get (window, "fullscreened", &fullscreen, NULL);
      g_assert_cmpint (fullscreen, ==, i % 2);
      g_assert_true (gtk_widget_activate_action (GTK_WIDGET (window), "win.fullscreen", NULL));
    }
  gtk_window_destroy (GTK_WINDOW (window));
}

/* The popover of a menu button, open. */
static GtkPopover *
open_menu (KeysFixture *self,
           const char  *name)
{
  GObject *button = gtk_widget_get_template_child (GTK_WIDGET (self->window), RECON_TYPE_WINDOW, name);

  gtk_menu_button_popup (GTK_MENU_BUTTON (button));
  while (g_main_context_iteration (NULL, FALSE))
    ;

  return gtk_menu_button_get_popover (GTK_MENU_BUTTON (button));
}

/* After a menu has closed the keys are those of the window again. In a submenu the focus used to stay. */
static void
test_after_menu (KeysFixture   *self,
                 gconstpointer  unused)
{
  GtkPopover *menu = open_menu (self, "menu_button");
  GtkWidget *focus;

  g_object_set (menu, "visible-submenu", "St_yle", NULL);
  gtk_widget_child_focus (GTK_WIDGET (menu), GTK_DIR_TAB_FORWARD);
  focus = gtk_window_get_focus (GTK_WINDOW (self->window));
  g_assert_nonnull (focus);
  g_assert_true (gtk_widget_is_ancestor (focus, GTK_WIDGET (menu)));

  gtk_popover_popdown (menu);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  focus = gtk_window_get_focus (GTK_WINDOW (self->window));
  g_assert_true (focus == NULL || gtk_widget_get_mapped (focus));
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();

  g_test_add ("/keys/listed", KeysFixture, NULL, set_up, test_listed, tear_down);
  g_test_add ("/keys/actions", KeysFixture, NULL, set_up, test_actions, tear_down);
  g_test_add ("/keys/fullscreen", KeysFixture, NULL, set_up, test_fullscreen, tear_down);

  g_test_add ("/keys/after-menu", KeysFixture, NULL, set_up, test_after_menu, tear_down);

  return g_test_run ();
}
