/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "form/form.h"
#include "window-fixture.h"

/* A folder of 4000 files on a slow disk is opened: it takes seconds, and the window goes on drawing all the time. What
 * the window waits because other programs have the processors is not its fault and is taken off. */

#define N_FILES       4000
#define N_ROUNDS      8 /* at most: one undisturbed one tells */
#define LONGEST_FRAME 0.032 /* s: two frames at 60 Hz */

typedef struct
{
  gint64 last;       /* µs */
  gint64 last_delay; /* µs */
  gint64 longest;    /* µs between two frames */
  guint  n;
} Frames;

/* Since its start, how long this thread could have run and was not let, in µs; 0 where the kernel doesn't tell. */
static gint64
get_delay (void)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) words = NULL;

  if (!g_file_get_contents ("/proc/thread-self/schedstat", &text, NULL, NULL))
    return 0;

  words = g_strsplit (text, " ", 3);

  return g_strv_length (words) == 3 ? g_ascii_strtoll (words[1], NULL, 10) / 1000 : 0;
}

static gboolean
tick_cb (GtkWidget     *widget,
         GdkFrameClock *clock,
         gpointer       user_data)
{
  Frames *frames = user_data;
  gint64 now = g_get_monotonic_time ();
  gint64 delay = get_delay ();

  if (frames->last != 0)
    frames->longest = MAX (frames->longest, now - frames->last - (delay - frames->last_delay));
  frames->last = now;
  frames->last_delay = delay;
  frames->n++;

  return G_SOURCE_CONTINUE;
}

static gboolean
is_resolved (WindowFixture *self)
{
  return recon_form_get_resolved (RECON_FORM (find_widget (GTK_WIDGET (self->window), RECON_TYPE_FORM))) != NULL;
}

static gboolean
is_unresolved (WindowFixture *self)
{
  return !is_resolved (self);
}

static void
set_up (WindowFixture *self,
        gconstpointer  unused)
{
  g_autofree char *sanitizer = g_strdup_printf ("%s:verify_asan_link_order=0", g_getenv ("ASAN_OPTIONS"));

  /* A sanitizer wants to be the first library. */
  if (g_getenv ("ASAN_OPTIONS") != NULL)
    g_setenv ("ASAN_OPTIONS", sanitizer, TRUE);
  g_setenv ("LD_PRELOAD", g_getenv ("SLOW_DISK"), TRUE);
  g_setenv ("SLOW_MICROSECONDS", "500", TRUE);
  window_fixture_set_up (self, unused);
  g_unsetenv ("LD_PRELOAD");
}

static void
test_frames (WindowFixture *self,
             gconstpointer  unused)
{
  g_autofree char *options = g_strdup_printf ("--width=16 --rows=2 --angles=%u", N_FILES);
  gint64 best = G_MAXINT64;

  window_fixture_make_scan (self, options);

  for (guint round = 0; round < N_ROUNDS && best > LONGEST_FRAME * G_USEC_PER_SEC; round++)
    {
      Frames frames = { 0 };
      guint tick;

      window_fixture_set (self, "input.projections", "", NULL);
      window_fixture_wait (self, is_unresolved, "nothing is open");
      tick = gtk_widget_add_tick_callback (GTK_WIDGET (self->window), tick_cb, &frames, NULL);
      window_fixture_load_scan (self);
      window_fixture_wait (self, is_resolved, "the folder has been looked at");
      gtk_widget_remove_tick_callback (GTK_WIDGET (self->window), tick);

      /* It was slow indeed. */
      g_assert_cmpuint (frames.n, >, 20);
      best = MIN (best, frames.longest);
    }

  g_test_message ("longest frame: %.1f ms", (double) best / 1000);
  g_assert_cmpint (best, <, (gint64) (LONGEST_FRAME * G_USEC_PER_SEC));
}

int
main (int    argc,
      char **argv)
{
  g_autofree char *temporary = g_strdup (g_get_tmp_dir ());

  gtk_test_init (&argc, &argv, NULL);
  adw_init ();

  /* All that the test makes lies there. */
  g_setenv ("SLOW_FOLDER", temporary, TRUE);
  g_test_add ("/slow-disk/frames", WindowFixture, NULL, set_up, test_frames, window_fixture_tear_down);

  return g_test_run ();
}
