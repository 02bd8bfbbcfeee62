/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "axis/axis-view.h"
#include "window-fixture.h"

/* With letters half as large again the window still keeps to 900 × 640, and its words are whole. */

#define SCAN   "--width=96 --rows=24 --angles=144 --axis=45.25 --photons=50000 --phantom=asymmetric"
#define WIDTH  900
#define HEIGHT 640
#define DPI    (144 * 1024)

/* Paths, names of devices and numbers that follow the pointer are as long as they are; they have tooltips. */
static gboolean
may_be_cut (GtkWidget *label)
{
  static const char *const ids[] = { "device_label", "profile_label", "abridged" };
  const char *id = gtk_buildable_get_buildable_id (GTK_BUILDABLE (label));

  for (gsize i = 0; i < G_N_ELEMENTS (ids); i++)
    if (g_strcmp0 (id, ids[i]) == 0)
      return TRUE;

  return FALSE;
}

static guint
count_cut (GtkWidget *widget)
{
  guint n = 0;

  if (!gtk_widget_get_mapped (widget))
    return 0;

  if (GTK_IS_LABEL (widget) && !may_be_cut (widget) &&
      pango_layout_is_ellipsized (gtk_label_get_layout (GTK_LABEL (widget))))
    {
      GtkWidget *row = gtk_widget_get_ancestor (widget, ADW_TYPE_PREFERENCES_ROW);

      g_test_message ("\"%s\" is cut in \"%s\": it has %d px", gtk_label_get_text (GTK_LABEL (widget)),
                      row != NULL ? adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row)) : "",
                      gtk_widget_get_width (widget));
      n++;
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    n += count_cut (child);

  return n;
}

/* Tells where the room goes. */
static void
explain (GtkWidget *widget,
         guint      depth)
{
  int width, height;

  if (!gtk_widget_get_mapped (widget) || depth > 14)
    return;

  gtk_widget_measure (widget, GTK_ORIENTATION_HORIZONTAL, -1, &width, NULL, NULL, NULL);
  gtk_widget_measure (widget, GTK_ORIENTATION_VERTICAL, MAX (WIDTH, width), &height, NULL, NULL, NULL);
  if (width < 40)
    return;

  g_test_message ("%*s%s %s: %d × %d", (int) depth * 2, "", G_OBJECT_TYPE_NAME (widget),
                  gtk_buildable_get_buildable_id (GTK_BUILDABLE (widget)), width, height);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    explain (child, depth + 1);
}

/* What takes more room than there is. */
static guint
count_too_large (GtkWidget  *widget,
                 const char *name)
{
  int width, height;

  gtk_widget_measure (widget, GTK_ORIENTATION_HORIZONTAL, -1, &width, NULL, NULL, NULL);
  gtk_widget_measure (widget, GTK_ORIENTATION_VERTICAL, MAX (WIDTH, width), &height, NULL, NULL, NULL);
  if (width <= WIDTH && height <= HEIGHT)
    return 0;

  g_test_message ("%s takes %d × %d", name, width, height);
  explain (widget, 0);

  return 1;
}

static void
settle (WindowFixture *self)
{
  gtk_test_widget_wait_for_draw (GTK_WIDGET (self->window));
  gtk_test_widget_wait_for_draw (GTK_WIDGET (self->window));
}

static void
set_up (WindowFixture *self,
        gconstpointer  unused)
{
  g_object_set (gtk_settings_get_default (), "gtk-xft-dpi", DPI, "gtk-enable-animations", FALSE, NULL);
  window_fixture_set_up (self, NULL);
  window_fixture_make_scan (self, SCAN);
  window_fixture_load_scan (self);
  window_fixture_wait (self, window_fixture_has_image, "a slice is shown");
  gtk_window_set_default_size (GTK_WINDOW (self->window), WIDTH, HEIGHT);
  settle (self);
}

static void
tear_down (WindowFixture *self,
           gconstpointer  unused)
{
  window_fixture_tear_down (self, NULL);
  gtk_settings_reset_property (gtk_settings_get_default (), "gtk-xft-dpi");
}

static void
test_pages (WindowFixture *self,
            gconstpointer  unused)
{
  static const char *const pages[] = { "reconstruction", "axis" };
  guint n = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      g_object_set (self->window, "page", pages[i], NULL);
      settle (self);
      g_test_message ("Page %s: %d × %d", pages[i], gtk_widget_get_width (GTK_WIDGET (self->window)),
                      gtk_widget_get_height (GTK_WIDGET (self->window)));
      n += count_too_large (GTK_WIDGET (self->window), pages[i]);
      n += count_cut (GTK_WIDGET (self->window));
    }
  g_assert_cmpuint (n, ==, 0);
}

/* Opens every popover below a widget once. */
static guint
count_in_popovers (WindowFixture *self,
                   GtkWidget     *widget)
{
  guint n = 0;

  if (!gtk_widget_get_mapped (widget))
    return 0;

  if (GTK_IS_MENU_BUTTON (widget) && gtk_menu_button_get_popover (GTK_MENU_BUTTON (widget)) != NULL)
    {
      GtkWidget *popover = GTK_WIDGET (gtk_menu_button_get_popover (GTK_MENU_BUTTON (widget)));
      const char *name = gtk_widget_get_tooltip_text (widget);

      gtk_menu_button_popup (GTK_MENU_BUTTON (widget));
      settle (self);
      n += count_too_large (popover, name != NULL ? name : G_OBJECT_TYPE_NAME (popover)) + count_cut (popover);
      gtk_menu_button_popdown (GTK_MENU_BUTTON (widget));
      settle (self);
      return n;
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    n += count_in_popovers (self, child);

  return n;
}

static void
test_popovers (WindowFixture *self,
               gconstpointer  unused)
{
  g_assert_cmpuint (count_in_popovers (self, GTK_WIDGET (self->window)), ==, 0);
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();

  g_test_add ("/large-text/pages", WindowFixture, NULL, set_up, test_pages, tear_down);
  g_test_add ("/large-text/popovers", WindowFixture, NULL, set_up, test_popovers, tear_down);

  return g_test_run ();
}
