/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "io/series.h"

/* The names that @list stands for: words between blanks, and "a_%03d.tif:5-9" for several. */
static GPtrArray *
expand (const char *list)
{
  g_auto (GStrv) words = g_strsplit (list, " ", -1);
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; words[i] != NULL; i++)
    {
      char *colon = strrchr (words[i], ':');
      guint first, last;

      if (colon == NULL)
        {
          g_ptr_array_add (names, g_strdup (words[i]));
          continue;
        }

      *colon = '\0';
      g_assert_cmpint (sscanf (colon + 1, "%u-%u", &first, &last), ==, 2);
      for (guint k = first; k <= last; k++)
        {
          char *percent = strrchr (words[i], '%');
          char *after = strpbrk (percent, "di") + 1;
          int width = percent[1] == '0' ? percent[2] - '0' : 1;

          g_ptr_array_add (names,
                           g_strdup_printf ("%.*s%0*u%s", (int) (percent - words[i]), words[i], width, k, after));
        }
    }

  /* The order in which a folder lists them is any. */
  for (guint i = 0; i < names->len; i++)
    {
      guint k = (i * 7919u + 13) % names->len;
      gpointer name = names->pdata[i];

      names->pdata[i] = names->pdata[k];
      names->pdata[k] = name;
    }

  return names;
}

/* @expected are groups, each "pattern×number of names", with "[first,second,…]" behind it of a few. */
static void
assert_groups (const char *list,
               const char *expected)
{
  g_autoptr (GPtrArray) names = expand (list);
  g_autoptr (GPtrArray) groups = recon_series_groups_find (names, NULL);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < groups->len; i++)
    {
      const ReconSeriesGroup *group = groups->pdata[i];

      g_string_append_printf (text, "%s%s×%u", i > 0 ? " " : "", group->pattern, group->names->len);
      if (group->names->len > 4)
        continue;
      for (guint k = 0; group->numbers != NULL && k < group->numbers->len; k++)
        g_string_append_printf (text, "%s%" G_GINT64_FORMAT, k > 0 ? "," : "[",
                                g_array_index (group->numbers, gint64, k));
      g_string_append (text, group->numbers != NULL ? "]" : "");
    }

  g_assert_cmpstr (text->str, ==, expected);
}

static void
test_one (void)
{
  assert_groups ("IM_%03d.tif:0-149", "IM_%03d.tif×150");
  assert_groups ("IM_%d.tif:0-149", "IM_%d.tif×150");
  assert_groups ("IM_%03d.tif:998-1001", "IM_%03d.tif×4[998,999,1000,1001]");
  assert_groups ("%d:8-11", "%d×4[8,9,10,11]");
  assert_groups ("100%_%04d.tif:1-9", "100%%_%04d.tif×9");
  /* Other numbers stay, go along, or are too long to count. */
  assert_groups ("scan7_%04d_25keV.tif:1-9", "scan7_%04d_25keV.tif×9");
  assert_groups ("p_0001_a000.0.tif p_0002_a000.5.tif p_0003_a001.0.tif", "p_*_a*.*.tif×3[1,2,3]");
  assert_groups ("t20240131_120000_1.tif t20240131_120107_2.tif t20240201_000033_3.tif", "t*_*_*.tif×3[1,2,3]");
  assert_groups ("0123456789012345678901234567_1.tif 0123456789012345678901234567_2.tif",
                 "0123456789012345678901234567_%d.tif×2[1,2]");
  /* Extensions and padding of different hands. */
  assert_groups ("a_1.tif a_2.TIF a_3.tiff a_4.Tiff", "a_*.*×4[1,2,3,4]");
  assert_groups ("a_01.tif a_2.tif a_10.tif", "a_*.tif×3[1,2,10]");
  assert_groups ("a[1]_1.tif a[1]_02.tif", "a\\[1\\]_*.tif×2[1,2]");
}

static void
test_angles (void)
{
  assert_groups ("a_000.0.tif a_000.5.tif a_001.0.tif a_001.5.tif", "a_*.tif×4[0,5,10,15]");
  assert_groups ("a_-1.0.tif a_-0.5.tif a_0.0.tif a_0.5.tif", "a_*.tif×4[-10,-5,0,5]");
  assert_groups ("a_-2.tif a_-1.tif a_0.tif a_1.tif", "a_*.tif×4[-2,-1,0,1]");
  /* A hyphen is no sign. */
  assert_groups ("a-1.tif a-2.tif a-3.tif", "a-%d.tif×3[1,2,3]");
  /* A scan's number and an image's are no decimal number. */
  assert_groups ("s_1.%03d.tif:1-9 s_2.%03d.tif:1-9", "s_1.%03d.tif×9 s_2.%03d.tif×9");
}

static void
test_several (void)
{
  assert_groups ("dark_%03d.tif:0-4 flat_%03d.tif:0-4 proj_%03d.tif:0-149",
                 "proj_%03d.tif×150 dark_%03d.tif×5 flat_%03d.tif×5");
  assert_groups ("IM_%03d.tif:0-149 IM_180deg.tif IM_360deg.tif overview.tif",
                 "IM_%03d.tif×150 IM_%03ddeg.tif×2[180,360] overview.tif×1");
  assert_groups ("scan1_%04d.tif:1-90 scan2_%04d.tif:1-90 scan10_%04d.tif:1-90",
                 "scan1_%04d.tif×90 scan2_%04d.tif×90 scan10_%04d.tif×90");
  /* Several exposures of each. */
  assert_groups ("p_%04d_1.tif:1-90 p_%04d_2.tif:1-90", "p_%04d_1.tif×90 p_%04d_2.tif×90");
  /* The same number twice. */
  assert_groups ("a_1.tif a_2.tif a_01.tif a_1.tiff", "a_*.tif×2[1,2] a_1.tif×1[1] a_1.tiff×1[1]");
  assert_groups ("run_1/p_%02d.tif:0-9 run_2/p_%02d.tif:0-9", "run_1/p_%02d.tif×10 run_2/p_%02d.tif×10");
  assert_groups ("b.tif a.tif", "a.tif×1 b.tif×1");
}

static void
test_hostile (void)
{
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) groups = NULL;
  g_autoptr (GPtrArray) no_groups = recon_series_groups_find (none, NULL);
  guint n = 0;

  g_assert_cmpuint (no_groups->len, ==, 0);

  /* A hundred numbers in each of many names, none of which runs. */
  for (guint i = 0; i < 2000; i++)
    {
      GString *name = g_string_new (NULL);

      for (guint k = 0; k < 100; k++)
        g_string_append_printf (name, "%u_", i >> (k % 16) & 1);
      g_string_append_printf (name, "%u\xff.tif", i);
      g_ptr_array_add (names, g_string_free (name, FALSE));
    }
  groups = recon_series_groups_find (names, NULL);
  for (guint i = 0; i < groups->len; i++)
    n += ((ReconSeriesGroup *) groups->pdata[i])->names->len;
  g_assert_cmpuint (n, ==, 2000);
}

static void
test_kinds (void)
{
  static const struct
  {
    const char      *name;
    ReconSeriesKind  kind;
  } cases[] = {
    { "dark_", RECON_SERIES_DARKS },          { "DarkField0001", RECON_SERIES_DARKS },
    { "darkend0000.edf", RECON_SERIES_DARKS }, { "dc_01", RECON_SERIES_DARKS },
    { "sample_dark_", RECON_SERIES_DARKS },   { "flat_", RECON_SERIES_FLATS },
    { "FLATS", RECON_SERIES_FLATS },          { "ob_001.tif", RECON_SERIES_FLATS },
    { "refHST0000", RECON_SERIES_FLATS },     { "flat_after", RECON_SERIES_FLATS_AFTER },
    { "post-flats", RECON_SERIES_FLATS_AFTER }, { "flatsPost", RECON_SERIES_FLATS_AFTER },
    { "tomo_", RECON_SERIES_PROJECTIONS },    { "IM_", RECON_SERIES_UNKNOWN },
    { "object_", RECON_SERIES_UNKNOWN },      { "Postdam_", RECON_SERIES_UNKNOWN },
    { "thumb_", RECON_SERIES_PREVIEWS },      { "", RECON_SERIES_UNKNOWN },
    { "tomo_after", RECON_SERIES_PROJECTIONS }, { "flattened", RECON_SERIES_UNKNOWN },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("%s", cases[i].name);
      g_assert_cmpint (recon_series_kind_guess (cases[i].name), ==, cases[i].kind);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/series-groups/one", test_one);
  g_test_add_func ("/series-groups/angles", test_angles);
  g_test_add_func ("/series-groups/several", test_several);
  g_test_add_func ("/series-groups/hostile", test_hostile);
  g_test_add_func ("/series-groups/kinds", test_kinds);

  return g_test_run ();
}
