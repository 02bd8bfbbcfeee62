/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "command.h"
#include "support.h"
#include "window/viewer-pane.h"
#include "window/window.h"

G_BEGIN_DECLS

/* A window on a display, with a worker of its own and a folder for files. */
typedef struct
{
  char           *folder;
  AdwApplication *application;
  ReconClient    *client;
  ReconWindow    *window;
  ReconDocument  *document;
} WindowFixture;

void             window_fixture_set_up    (WindowFixture  *self,
                                           gconstpointer   unused);
void             window_fixture_tear_down (WindowFixture  *self,
                                           gconstpointer   unused);

/* Makes a scan in the folder, named "scan". */
void             window_fixture_make_scan (WindowFixture  *self,
                                           const char     *options);
char            *window_fixture_path      (WindowFixture  *self,
                                           const char     *name);
/* Sets parameters as a user does in the form. Pairs "group.key", text, up to %NULL. */
void             window_fixture_set       (WindowFixture  *self,
                                           ...) G_GNUC_NULL_TERMINATED;
void             window_fixture_load_scan (WindowFixture  *self);
ReconViewerPane *window_fixture_get_viewer (WindowFixture *self);
ReconImage      *window_fixture_get_image (WindowFixture  *self);

typedef gboolean (*WindowCondition) (WindowFixture *self);

/* Runs the main loop until a condition holds; fails the test if that takes too long. */
void             window_fixture_wait      (WindowFixture   *self,
                                           WindowCondition  condition,
                                           const char      *what);
gboolean         window_fixture_has_image (WindowFixture   *self);
gboolean         window_fixture_is_ready  (WindowFixture   *self);
gboolean         window_fixture_is_idle   (WindowFixture   *self);

/* The first widget of a type in a tree. */
GtkWidget       *find_widget              (GtkWidget       *root,
                                           GType            type);

G_END_DECLS
