/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <adwaita.h>

/* A small program on which the harness for tests from outside is tested itself: one widget of each kind that it works
 * with, and buttons that do what a program must not do. */

#define AREA_SIZE 100

static void
say (GtkWidget  *label,
     const char *text)
{
  gtk_label_set_text (GTK_LABEL (label), text);
}

static void
greet_cb (GtkButton *button,
          GtkWidget *label)
{
  GtkEditable *entry = g_object_get_data (G_OBJECT (label), "entry");
  g_autofree char *text = g_strdup_printf ("Hello %s", gtk_editable_get_text (entry));

  say (label, text);
}

static void
warn_cb (GtkButton *button,
         gpointer   user_data)
{
  g_warning ("a warning that the harness must see");
}

static void
mutter_cb (GtkButton *button,
           gpointer   user_data)
{
  g_printerr ("something that nobody expects\n");
}

/* A child that outlives the program, unless somebody ends it. */
static void
leave_cb (GtkButton *button,
          gpointer   user_data)
{
  const char *const argv[] = { "sleep", "600", NULL };
  g_autoptr (GError) error = NULL;

  if (!g_spawn_async (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, NULL,
                      &error))
    g_error ("%s", error->message);
}

static gboolean
appear_cb (gpointer user_data)
{
  gtk_box_append (GTK_BOX (user_data), gtk_label_new ("Late"));

  return G_SOURCE_REMOVE;
}

static void
turn_cb (GtkButton *button,
         GtkStack  *stack)
{
  gboolean is_front = g_str_equal (gtk_stack_get_visible_child_name (stack), "front");

  gtk_stack_set_visible_child_name (stack, is_front ? "back" : "front");
}

static void
later_cb (GtkButton *button,
          GtkWidget *box)
{
  g_timeout_add (300, appear_cb, box);
}

static void
draw_cb (GtkDrawingArea *area,
         cairo_t        *cr,
         int             width,
         int             height,
         gpointer        user_data)
{
  cairo_set_source_rgb (cr, 1, 0, 0);
  cairo_paint (cr);
  cairo_set_source_rgb (cr, 0, 0, 1);
  cairo_rectangle (cr, width / 2, 0, width - width / 2, height);
  cairo_fill (cr);
}

static GtkWidget *
add (GtkWidget  *box,
     GtkWidget  *widget,
     const char *name)
{
  if (name != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_widget_set_halign (widget, GTK_ALIGN_START);
  gtk_box_append (GTK_BOX (box), widget);

  return widget;
}

static void
add_button (GtkWidget  *box,
            const char *label,
            GCallback   callback,
            gpointer    data)
{
  g_signal_connect (add (box, gtk_button_new_with_label (label), NULL), "clicked", callback, data);
}

static void
quit_cb (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       application)
{
  g_application_quit (G_APPLICATION (application));
}

static void
choose_cb (GSimpleAction *action,
           GVariant      *parameter,
           gpointer       label)
{
  say (label, "Chosen");
}

static void
add_actions (GtkApplication *application,
             GtkWidget      *label,
             GtkWidget      *box)
{
  const char *const accels[] = { "<Primary>q", NULL };
  GSimpleAction *quit = g_simple_action_new ("quit", NULL);
  GSimpleAction *choose = g_simple_action_new ("choose", NULL);
  g_autoptr (GMenu) menu = g_menu_new ();
  GtkWidget *button = gtk_menu_button_new ();

  g_signal_connect (quit, "activate", G_CALLBACK (quit_cb), application);
  g_signal_connect (choose, "activate", G_CALLBACK (choose_cb), label);
  g_action_map_add_action (G_ACTION_MAP (application), G_ACTION (quit));
  g_action_map_add_action (G_ACTION_MAP (application), G_ACTION (choose));
  gtk_application_set_accels_for_action (application, "app.quit", accels);
  g_object_unref (quit);
  g_object_unref (choose);

  g_menu_append (menu, "Choose", "app.choose");
  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (button), G_MENU_MODEL (menu));
  add (box, button, "Menu");
}

static void
activate_cb (GtkApplication *application,
             gpointer        user_data)
{
  GtkWidget *window = adw_application_window_new (application);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *label = add (box, gtk_label_new ("Nothing"), NULL);
  GtkWidget *entry = add (box, gtk_entry_new (), "Who");
  GtkWidget *area = gtk_drawing_area_new ();
  GtkWidget *revealer = gtk_revealer_new ();
  GtkWidget *stack = gtk_stack_new ();

  g_object_set_data (G_OBJECT (label), "entry", entry);
  add (box, gtk_spin_button_new_with_range (0, 10, 0.25), "Amount");
  add (box, gtk_switch_new (), "Power");
  add_actions (application, label, box);
  add_button (box, "Greet", G_CALLBACK (greet_cb), label);
  add_button (box, "Later", G_CALLBACK (later_cb), box);
  add_button (box, "Warn", G_CALLBACK (warn_cb), NULL);
  add_button (box, "Mutter", G_CALLBACK (mutter_cb), NULL);
  add_button (box, "Leave", G_CALLBACK (leave_cb), NULL);

  gtk_drawing_area_set_content_width (GTK_DRAWING_AREA (area), AREA_SIZE);
  gtk_drawing_area_set_content_height (GTK_DRAWING_AREA (area), AREA_SIZE);
  gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (area), draw_cb, NULL, NULL);
  add (box, area, "Area");

  gtk_revealer_set_child (GTK_REVEALER (revealer), gtk_label_new ("Concealed"));
  add (box, revealer, NULL);
  gtk_stack_add_named (GTK_STACK (stack), gtk_label_new ("Front"), "front");
  gtk_stack_add_named (GTK_STACK (stack), gtk_label_new ("Back"), "back");
  add (box, stack, NULL);
  add_button (box, "Turn", G_CALLBACK (turn_cb), stack);

  gtk_window_set_title (GTK_WINDOW (window), "Sample");
  gtk_window_set_default_size (GTK_WINDOW (window), 500, 640);
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (window), box);
  gtk_window_present (GTK_WINDOW (window));
}

int
main (int    argc,
      char **argv)
{
  g_autoptr (AdwApplication) application = adw_application_new ("org.reconstruct.Sample", G_APPLICATION_NON_UNIQUE);

  g_signal_connect (application, "activate", G_CALLBACK (activate_cb), NULL);

  return g_application_run (G_APPLICATION (application), argc, argv);
}
