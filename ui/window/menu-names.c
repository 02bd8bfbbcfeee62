/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "window/menu-names.h"

static void
set_name (GtkWidget  *widget,
          const char *name)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

/* What is pressed is a button inside, for which nothing but the tooltip says what it does. */
static void
name_button (GtkWidget *menu_button)
{
  const char *name = gtk_widget_get_tooltip_text (menu_button);
  GtkWidget *inside = gtk_widget_get_first_child (menu_button);

  if (name == NULL || *name == '\0')
    return;

  set_name (menu_button, name);
  if (GTK_IS_BUTTON (inside))
    set_name (inside, name);
}

/**
 * recon_name_menu_buttons:
 * @root: a widget
 *
 * Gives the menu buttons in it their tooltips as accessible names, also those inside of split buttons. GTK calls them
 * by the name of their class otherwise.
 */
void
recon_name_menu_buttons (GtkWidget *root)
{
  g_return_if_fail (GTK_IS_WIDGET (root));

  if (GTK_IS_MENU_BUTTON (root))
    name_button (root);
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    recon_name_menu_buttons (child);
}
