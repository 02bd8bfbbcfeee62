/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "axis/axis-panel.h"
#include "axis/axis-view.h"
#include "form/banner.h"
#include "form/form.h"
#include "log/log-pane.h"
#include "window/viewer-pane.h"
#include "window/window.h"

G_BEGIN_DECLS

/* A run that has not ended. */
typedef struct
{
  ReconWindow    *window; /* outlives its runs */
  ReconClientJob *job;
  ReconConfig    *config;
  char           *output;  /* an absolute path */
  gint64          started; /* µs since 1970; 0 while it waits */
  GString        *log;     /* what it has said */
  gboolean        has_heading; /* in the window's log */
  GtkWidget      *row;     /* (nullable): in the list of runs */
} ReconWindowRun;

/* What the files of the window share: window.c holds it together, window-actions.c says what can be done,
 * window-banner.c what is wrong, window-worker.c listens to the worker, window-files.c opens and saves, window-recent.c
 * knows the files that were used last, window-start.c asks before a run, window-run.c runs jobs, window-runs.c lists
 * them, window-drop.c takes what is dropped. */
struct _ReconWindow
{
  AdwApplicationWindow  parent_instance;

  GtkWidget            *content;
  AdwToastOverlay      *toasts;
  AdwViewStack         *pages;
  GtkWidget            *header;
  AdwViewSwitcher      *switcher;
  guint                 header_source;
  GtkMenuButton        *menu_button;
  GtkButton            *run_button;
  ReconBanner          *banner;
  GtkPaned             *paned;
  AdwBin               *form_bin;
  ReconAxisPanel       *axis_panel;
  GtkStack             *views;
  ReconViewerPane      *viewer;
  ReconAxisView        *axis_view;
  GtkPaned             *log_paned;
  ReconLogPane         *log;
  GtkToggleButton      *log_button;
  GtkImage             *log_dot;
  GtkLabel             *file_label;
  GtkLabel             *device_label;
  GtkLabel             *summary_label;
  GtkMenuButton        *jobs_button;
  GtkPopover           *jobs_popover;
  GtkListBox           *jobs_list;
  GtkButton            *undo_button;
  GtkButton            *redo_button;
  GtkPopover           *recent_popover;
  GtkListBox           *recent_list;

  ReconForm            *form;
  ReconDocument        *document;
  ReconClient          *client;
  GSettings            *settings; /* (nullable) */
  guint                 autosave_source;
  gboolean              closing; /* the user has agreed to lose what there is to lose */

  char                 *devices; /* (nullable): those that can be used, in words */
  char                 *no_device; /* (nullable): why nothing can be computed */
  GPtrArray            *runs; /* ReconWindowRun: those that have not ended, in their order */
  char                 *failure; /* (nullable): what went wrong last, until something is done about it */
  char                 *failure_log;
  int                   failure_parameter; /* the parameter that can mend it, or -1 */
  char                 *failure_value; /* of that parameter when it failed */
  gboolean              failure_of_run;
  char                 *lost_message; /* (nullable): why the run has failed whose worker is gone */
  char                 *lost_output;
  char                 *dismissed; /* (nullable): output whose interrupted run is not offered any more */
  GHashTable           *said; /* warnings of the configuration that were logged */
  guint                 restart_source; /* of a worker that has ended */
  gint64                restarted; /* when, of the clock that only goes forward */
  guint                 inhibit_cookie;
};

/* window.c */
void     recon_window_toast               (ReconWindow     *self,
                                           const char      *text);
void     recon_window_log                 (ReconWindow     *self,
                                           int              level,
                                           const char      *text);

ReconImageView *recon_window_get_visible_view (ReconWindow *self);

/* window-actions.c */
void     recon_window_install_actions     (GtkWidgetClass  *widget_class);
void     recon_window_update_actions      (ReconWindow     *self);

/* window-banner.c */
void     recon_window_install_banner      (GtkWidgetClass  *widget_class);
void     recon_window_update_banner       (ReconWindow     *self);
gboolean recon_window_can_resume          (ReconWindow     *self,
                                           guint           *n_done,
                                           guint           *n_slices);

/* window-worker.c */
void     recon_window_init_worker         (ReconWindow     *self);
void     recon_window_list_devices        (ReconWindow     *self);
void     recon_window_log_warnings        (ReconWindow     *self,
                                           GVariant        *resolved);

/* window-files.c */
void     recon_window_install_files       (GtkWidgetClass  *widget_class);
void     recon_window_open_in_application (ReconWindow     *self,
                                           GFile           *file);
void     recon_window_schedule_autosave   (ReconWindow     *self);
gboolean recon_window_ask_before_close    (ReconWindow     *self);

void     recon_window_use_settings        (ReconWindow     *self,
                                           GFile           *file);
gboolean recon_window_is_scan             (GFile           *file);

/* window-recent.c */
void     recon_window_install_recent      (GtkWidgetClass  *widget_class);
void     recon_window_remember            (GFile           *file);
void     recon_window_init_recent         (ReconWindow     *self);

/* window-run.c */
void     recon_window_install_run         (GtkWidgetClass  *widget_class);
void     recon_window_init_run            (ReconWindow     *self);
gboolean recon_window_is_running          (ReconWindow     *self);
void     recon_window_cancel_runs         (ReconWindow     *self);
void     recon_window_start_run           (ReconWindow     *self,
                                           ReconConfig     *config,
                                           ReconResume      resume);
void     recon_window_fail                (ReconWindow     *self,
                                           const char      *message,
                                           int              parameter,
                                           gboolean         of_run);
void     recon_window_clear_failure       (ReconWindow     *self);
void     recon_window_review_lost_run     (ReconWindow     *self,
                                           GVariant        *resolved);
void     recon_window_review_failure      (ReconWindow     *self);
void     recon_window_show_failure        (ReconWindow     *self);

/* window-start.c */
void     recon_window_install_start       (GtkWidgetClass  *widget_class);

/* window-runs.c */
void     recon_window_install_runs        (GtkWidgetClass  *widget_class);
void     recon_window_update_runs         (ReconWindow     *self);
void     recon_window_update_run_row      (ReconWindowRun  *run);

/* window-drop.c */
void     recon_window_init_drop           (ReconWindow     *self);

G_END_DECLS
