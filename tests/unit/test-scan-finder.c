/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "io/contents.h"
#include "io/scan-finder.h"
#include "support.h"
#include "test-hdf5.h"
#include "test-tiff.h"

/* Scans as beamlines, laboratories and scanners lay them out: each is recognised or asked about, none wrongly. */

#define WIDTH  8
#define HEIGHT 3
#define MOST_FILES 10

typedef enum
{
  TIFF,
  OTHER_SIZE, /* TIFF too */
  PAGES,      /* one TIFF of so many */
  TEXT,
  COUNTED,       /* text: 0, 1, 2 … */
  DXCHANGE,
  DXCHANGE_BARE, /* without references */
  STACK,         /* an HDF5 file with one dataset of three dimensions */
  STACKS,        /* with several */
  NAMED_STACKS,
  LINK,          /* to the text */
  JUNK,
} Kind;

/* Some files of a layout. */
typedef struct
{
  Kind        kind;
  const char *name;  /* with %d for a number, or without */
  guint       n;     /* 0: one without a number */
  guint       first;
  guint       step;  /* 0: one */
  const char *text;
} Files;

typedef struct
{
  const char *name;
  const char *scan;     /* what is asked about; "." for the folder */
  const char *expected; /* a line for each finding, and for each question what it is about and its candidates */
  Files       files[MOST_FILES];
} Layout;

#define ANGLES_5 "0\n36\n72\n108\n144\n"

static const Layout layouts[] = {
  { "savu", ".",
    "projections=tiffs\ndarks=dark_00001.tiff\nflats=flat_00001.tiff\nangles=angles.txt:[2:7]\n!",
    { { TIFF, "tiffs/raw_%05d.tiff", 5 }, { TIFF, "dark_00001.tiff" }, { TIFF, "flat_00001.tiff" },
      { TEXT, "angles.txt", .text = "0\n0\n0\n36\n72\n108\n144\n144" } } },
  { "savu-projections", "tiffs",
    "projections=tiffs\ndarks=dark_00001.tiff\nflats=flat_00001.tiff\nangles=angles.txt\n",
    { { TIFF, "tiffs/raw_%05d.tiff", 5 }, { TIFF, "dark_00001.tiff" }, { TIFF, "flat_00001.tiff" },
      { TEXT, "angles.txt", .text = ANGLES_5 } } },
  { "kit-ufo", ".", "projections=radios\ndarks=darks\nflats=flats\n",
    { { TIFF, "radios/frame_%06d.tif", 5 }, { TIFF, "darks/frame_%06d.tif", 2 },
      { TIFF, "flats/frame_%06d.tif", 2 } } },
  { "kit-ufo-second-flats", ".", "projections=radios\ndarks=darks\nflats=flats\nflats-after=flats2\n",
    { { TIFF, "radios/frame_%06d.tif", 5 }, { TIFF, "darks/frame_%06d.tif", 2 }, { TIFF, "flats/frame_%06d.tif", 2 },
      { TIFF, "flats2/frame_%06d.tif", 2 } } },
  { "mantid", ".", "projections=Tomo\ndarks=Dark_Before\nflats=Flat_Before\nflats-after=Flat_After\n",
    { { TIFF, "Tomo/IMAT_Tomo_%06d.tif", 5 }, { TIFF, "Dark_Before/IMAT_Dark_Before_%06d.tif", 2 },
      { TIFF, "Dark_After/IMAT_Dark_After_%06d.tif", 2 }, { TIFF, "Flat_Before/IMAT_Flat_Before_%06d.tif", 2 },
      { TIFF, "Flat_After/IMAT_Flat_After_%06d.tif", 2 }, { TIFF, "180deg/IMAT_180deg_000000.tif" } } },
  { "imat", ".", "projections=Sample\ndarks=Dark\nflats=Flat\n",
    { { TIFF, "Sample/IMAT00006388_PSI_cylinder_Sample_%03d.tif", 5 },
      { TIFF, "Dark/IMAT00006385_PSI_cylinder_dark_%03d.tif", 2 },
      { TIFF, "Flat/IMAT00006384_PSI_cylinder_flat_%03d.tif", 2 },
      { TIFF, "180deg/IMAT00006387_PSI_cylinder_180deg_000.tif" } } },
  { "neutompy", ".", "projections=proj/tomo_[0-9][0-9][0-9][0-9].tif\ndarks=df\nflats=ob\n",
    { { TIFF, "proj/tomo_%04d.tif", 5 }, { TIFF, "proj/tomo_180deg.tif" }, { TIFF, "df/df_%04d.tif", 2 },
      { TIFF, "ob/ob_%04d.tif", 2 } } },
  { "muhrec", ".", "projections=ct\ndarks=dc\nflats=ob\n",
    { { TIFF, "ct/ct_%05d.tif", 5 }, { TIFF, "dc/dc_%05d.tif", 2 }, { TIFF, "ob/ob_%05d.tif", 2 } } },
  { "one-folder", ".", "projections=proj_*.tif\ndarks=dark_*.tif\nflats=flat_*.tif\n",
    { { TIFF, "proj_%04d.tif", 5 }, { TIFF, "dark_%04d.tif", 2 }, { TIFF, "flat_%04d.tif", 2 } } },
  { "one-folder-strays", ".", "projections=proj_[0-9][0-9][0-9][0-9].tif\ndarks=dark_*.tif\nflats=flat_*.tif\n",
    { { TIFF, "proj_%04d.tif", 5 }, { TIFF, "proj_0180_180deg.tif" }, { TIFF, "proj_360deg.tif" },
      { TIFF, "dark_%04d.tif", 2 }, { TIFF, "flat_%04d.tif", 2 } } },
  { "one-folder-times", ".",
    "projections=sample_*.tif\ndarks=dark_*.tif\nflats=flat_before_*.tif\nflats-after=flat_after_*.tif\n",
    { { TIFF, "sample_%04d.tif", 5 }, { TIFF, "dark_%04d.tif", 2 }, { TIFF, "flat_before_%04d.tif", 2 },
      { TIFF, "flat_after_%04d.tif", 2 } } },
  { "one-file-each", ".", "projections=proj.tif\ndarks=dark.tif\nflats=flat.tif\nangles=theta.txt\n",
    { { PAGES, "proj.tif", 5 }, { PAGES, "dark.tif", 2 }, { PAGES, "flat.tif", 2 },
      { TEXT, "theta.txt", .text = ANGLES_5 } } },
  { "file-of-pages", "proj.tif", "projections=proj.tif\ndarks=dark.tif\nflats=flat.tif\nangles=theta.txt\n",
    { { PAGES, "proj.tif", 5 }, { PAGES, "dark.tif", 2 }, { PAGES, "flat.tif", 2 },
      { TEXT, "theta.txt", .text = ANGLES_5 } } },
  { "file-of-series", "proj_0003.tif", "projections=proj_*.tif\ndarks=dark_*.tif\nflats=flat_*.tif\n",
    { { TIFF, "proj_%04d.tif", 5 }, { TIFF, "dark_%04d.tif", 2 }, { TIFF, "flat_%04d.tif", 2 } } },
  { "esrf", ".", "projections=scan_*.tif\ndarks=darkend0000.tif\nflats=refHST0000.tif\nflats-after=refHST1500.tif\n",
    { { TIFF, "scan_%04d.tif", 5 }, { TIFF, "refHST0000.tif" }, { TIFF, "refHST1500.tif" },
      { TIFF, "darkend0000.tif" } } },
  { "esrf-many-flats", ".",
    "projections=scan_[0-9][0-9][0-9][0-9].tif\ndarks=dark.tif\nflats=ref*_0000.tif\n"
    "flats-after=ref*_1500.tif\n",
    { { TIFF, "scan_%04d.tif", 5 }, { TIFF, "ref%04d_0000.tif", 3 }, { TIFF, "ref%04d_1500.tif", 3 },
      { TIFF, "dark.tif" }, { TIFF, "scan_0000_360deg.tif" } } },
  { "micro-manager", ".", "projections=a_MMStack_Pos*.ome.tif\ndarks=dark.tif\nflats=flat.tif\nangles=angles.txt\n",
    { { PAGES, "a_MMStack_Pos0.ome.tif", 3 }, { PAGES, "a_MMStack_Pos0_1.ome.tif", 2 }, { PAGES, "dark.tif", 2 },
      { PAGES, "flat.tif", 2 }, { TEXT, "angles.txt", .text = ANGLES_5 } } },
  { "micro-manager-file", "a_MMStack_Pos0.ome.tif", "projections=.\n",
    { { PAGES, "a_MMStack_Pos0.ome.tif", 3 }, { PAGES, "a_MMStack_Pos0_1.ome.tif", 2 } } },
  { "micro-manager-positions", ".", "?: a_MMStack_Pos0*.ome.tif a_MMStack_Pos1*.ome.tif\n",
    { { PAGES, "a_MMStack_Pos0.ome.tif", 3 }, { PAGES, "a_MMStack_Pos0_1.ome.tif", 2 },
      { PAGES, "a_MMStack_Pos1.ome.tif", 3 }, { PAGES, "a_MMStack_Pos1_1.ome.tif", 3 } } },
  { "als", ".", "projections=.\n",
    { { TIFF, "scan_0000_%04d.tif", 5 } } },
  { "diamond-tiff", ".", "projections=projections\ndarks=darks\nflats=flats\nangles=angles.csv\n",
    { { TIFF, "projections/p_%05d.tif", 5 }, { TIFF, "darks/d_%05d.tif", 2 }, { TIFF, "flats/f_%05d.tif", 2 },
      { TEXT, "angles.csv", .text = ANGLES_5 } } },
  { "aps", "scan.h5", "projections=scan.h5\n", { { DXCHANGE, "scan.h5" } } },
  { "aps-folder", ".", "projections=scan.h5\n", { { DXCHANGE, "scan.h5" }, { TIFF, "scan_rec/recon_%05d.tiff", 5 } } },
  { "aps-bare", ".", "projections=scan.h5\ndarks=scan_dark.h5\nflats=scan_flat.h5\n",
    { { DXCHANGE_BARE, "scan.h5" }, { STACK, "scan_dark.h5" }, { STACK, "scan_flat.h5" } } },
  { "letters-are-scans", "e.h5", "projections=e.h5\n",
    { { DXCHANGE_BARE, "e.h5" }, { DXCHANGE, "d.h5" }, { DXCHANGE, "f.h5" } } },
  { "references-are-scans", ".", "?: dark_oak.h5 white_oak.h5\n",
    { { DXCHANGE, "dark_oak.h5" }, { DXCHANGE, "white_oak.h5" } } },
  { "only-scan-is-white", ".", "projections=white_oak.h5\n", { { DXCHANGE, "white_oak.h5" } } },
  { "letters-as-long", "e.tif", "projections=e.tif\n?darks: d.tif\n?flats: f.tif\n",
    { { PAGES, "e.tif", 5 }, { PAGES, "d.tif", 5 }, { PAGES, "f.tif", 3 } } },
  { "letters-as-folders", "e", "projections=e\n?darks: d\n?flats: f\n",
    { { TIFF, "e/x%04d.tif", 5 }, { TIFF, "d/x%04d.tif", 5 }, { TIFF, "f/x%04d.tif", 5 } } },
  { "letters-and-words", "e.tif", "projections=e.tif\ndarks=dark.tif\nflats=flat.tif\n",
    { { PAGES, "e.tif", 5 }, { PAGES, "d.tif", 5 }, { PAGES, "f.tif", 5 }, { PAGES, "dark.tif", 2 },
      { PAGES, "flat.tif", 2 } } },
  { "several-hdf5", ".", "?: a.h5 b.h5\n", { { DXCHANGE, "a.h5" }, { DXCHANGE, "b.h5" } } },
  { "several-datasets", "all.h5", "?projections: all.h5:/one all.h5:/two\n", { { STACKS, "all.h5" } } },
  { "named-datasets", "all.h5",
    "projections=all.h5:/entry/projections\ndarks=all.h5:/entry/darks\nflats=all.h5:/entry/white/data\n",
    { { NAMED_STACKS, "all.h5" } } },
  { "tomcat", ".", "projections=tif\n?projections:\n",
    { { TIFF, "tif/bone_%04d.tif", 10, 1 },
      { TEXT, "tif/bone_.log",
        .text = "Number of projections      : 5\nNumber of darks            : 2\n"
                "Number of flats            : 3\nNumber of inter-flats      : 0\n" } } },
  { "letters", ".", "projections=p\ndarks=d.tif\nflats=f.tif\n",
    { { TIFF, "p/p_%04d.tif", 5 }, { PAGES, "d.tif", 2 }, { PAGES, "f.tif", 2 } } },
  { "octopus", ".", "projections=tomo*.tif\ndarks=di*.tif\nflats=io*.tif\n",
    { { TIFF, "tomo%06d.tif", 5 }, { TIFF, "di%06d.tif", 2 }, { TIFF, "io%06d.tif", 2 } } },
  { "i0", ".", "projections=tomo_*.tif\nflats=I0_*.tif\n",
    { { TIFF, "tomo_%06d.tif", 5 }, { TIFF, "I0_%03d.tif", 2 } } },
  { "gap", ".", "projections=proj\nflats=flat\nangles=angles.txt\n",
    { { TIFF, "proj/a%04d.tif", 3 }, { TIFF, "proj/a%04d.tif", 2, 4 }, { TIFF, "flat/a%04d.tif", 2 },
      { TEXT, "angles.txt", .text = "0\n30\n60\n90\n120\n150\n" } } },
  { "one-degree", ".", "projections=proj/a.tif\nangles=theta.txt\n",
    { { PAGES, "proj/a.tif", 180 }, { COUNTED, "theta.txt", 180 } } },
  { "numbers-named-angles", ".", "projections=proj\n?angles:\n",
    { { TIFF, "proj/a%04d.tif", 5 }, { TEXT, "angles.txt", .text = "0\n1\n2\n3\n4\n" } } },
  { "link-to-itself", ".", "projections=proj\nflats=flat\n",
    { { TIFF, "proj/a%04d.tif", 5 }, { TIFF, "flat/a%04d.tif", 2 }, { LINK, "proj/back", .text = ".." } } },
  { "odd-names", "50% [a]", "projections=50% [a]/p\ndarks=50% [a]/d.tif\nflats=50% \\[a\\]/f*.tif\n",
    { { TIFF, "50% [a]/p/a%04d.tif", 5 }, { TIFF, "50% [a]/f%04d.tif", 2 }, { TIFF, "50% [a]/d.tif" } } },
  { "skyscan", ".", "projections=.\nangle-step=0.6283185307\npixel-size=12.5\n",
    { { TIFF, "tooth_%04d.tif", 5 },
      { TEXT, "tooth_.log",
        .text = "[System]\r\nScanner=Skyscan1172\r\n[Acquisition]\r\nImage Pixel Size (um)=12.5\r\n"
                "Rotation Step (deg)=36.000\r\nUse 360 Rotation=NO\r\n" } } },
  { "skyscan-reconstructed", ".", "projections=tooth_[0-9]*.tif\nangle-step=0.6283185307\n!",
    { { TIFF, "tooth_%04d.tif", 5 }, { TIFF, "tooth__rec%04d.tif", 7 }, { TIFF, "tooth__spr.tif" },
      { TIFF, "tooth__arc.tif" },
      { TEXT, "tooth_.log", .text = "Object to Source (mm)=55.1\nRotation Step (deg)=36.000\n" } } },
  { "nikon", ".", "projections=.\n",
    { { TIFF, "part_%04d.tif", 5 }, { TEXT, "part.xtekct", .text = "[XTekCT]\nName=part\n" }, { JUNK, "part.bhc" } } },
  { "nikon-step", ".", "projections=.\nangle-step=0.6283185307\n!",
    { { TIFF, "part_%04d.tif", 5 },
      { TEXT, "part.xtekct", .text = "[XTekCT]\nProjections=5\nAngularStep=36.0\nSrcToObject=100\n" } } },
  { "tomcat-step", ".", "projections=tif\nangle-step=0.4188790205\n",
    { { TIFF, "tif/bone_%04d.tif", 5, 1 },
      { TEXT, "tif/bone_.log",
        .text = "Number of projections      : 5\nRot Y min position  [deg]     : 0.000\n"
                "Angular step [deg]            : 24.000\n" } } },
  { "esrf-range", ".", "projections=.\nangle-step=0.5235987756\n",
    { { TIFF, "bone_%04d.tif", 5 }, { TEXT, "bone.info", .text = "TOMO_N= 4\nScanRange= 120\n" } } },
  { "step-of-others", ".", "projections=.\n!",
    { { TIFF, "bone_%04d.tif", 5 }, { TEXT, "bone.info", .text = "TOMO_N= 9\nScanRange= 120\n" } } },
  { "angles-in-words", ".", "projections=proj\n!",
    { { TIFF, "proj/a%04d.tif", 5 },
      { TEXT, "scan.log", .text = "image 0 at angle 0.000\nimage 1 at angle 6.000\n" } } },
  { "columns-of-a-log", ".", "projections=proj\n!",
    { { TIFF, "proj/a%04d.tif", 5 },
      { TEXT, "log.txt", .text = "# image set readback\n0 0 0.1\n1 24 24.1\n2 48 48.1\n3 72 72.1\n4 96 96.1\n" } } },
  { "zeiss-export", ".", "projections=export\nflats=export_ref.tif\n",
    { { TIFF, "export/export%05d.tiff", 5 }, { TIFF, "export_ref.tif" } } },
  { "capitals", ".", "projections=PROJ\ndarks=DARK\nflats=FLAT\n",
    { { TIFF, "PROJ/IMG%04d.TIF", 5 }, { TIFF, "DARK/IMG%04d.TIF", 2 }, { TIFF, "FLAT/IMG%04d.TIF", 2 } } },
  { "together", ".", "projections=projections\ndarks=darkfields\nflats=beforeflats\nflats-after=postflats\n",
    { { TIFF, "projections/a%d.tif", 12 }, { TIFF, "darkfields/a%d.tif", 2 }, { TIFF, "beforeflats/a%d.tif", 2 },
      { TIFF, "postflats/a%d.tif", 2 } } },
  { "camel", ".", "projections=RawData\nflats=OpenBeam\n",
    { { TIFF, "RawData/a%d.tif", 12 }, { TIFF, "OpenBeam/a%d.tif", 2 } } },
  { "german", ".", "projections=Projektionen\ndarks=Dunkelbilder\nflats=Hellbilder\nangles=Winkel.txt\n",
    { { TIFF, "Projektionen/a%04d.tif", 5 }, { TIFF, "Dunkelbilder/a%04d.tif", 2 },
      { TIFF, "Hellbilder/a%04d.tif", 2 }, { TEXT, "Winkel.txt", .text = ANGLES_5 } } },
  { "times-below", ".", "projections=proj\ndarks=dark\nflats=flat/before\nflats-after=flat/after\n",
    { { TIFF, "proj/a%04d.tif", 5 }, { TIFF, "dark/a%04d.tif", 2 }, { TIFF, "flat/before/a%04d.tif", 2 },
      { TIFF, "flat/after/a%04d.tif", 2 } } },
  { "nested-run", ".", "projections=2024/run_001/tomo\ndarks=2024/run_001/dark\nflats=2024/run_001/flat\n",
    { { TIFF, "2024/run_001/tomo/a%04d.tif", 5 }, { TIFF, "2024/run_001/dark/a%04d.tif", 2 },
      { TIFF, "2024/run_001/flat/a%04d.tif", 2 } } },
  { "several-scans", ".", "?: scan1 scan2\n",
    { { TIFF, "scan1/proj/a%04d.tif", 5 }, { TIFF, "scan1/flat/a%04d.tif", 2 }, { TIFF, "scan2/proj/a%04d.tif", 5 },
      { TIFF, "scan2/flat/a%04d.tif", 2 } } },
  { "one-of-several-scans", "scan2", "projections=scan2/proj\nflats=scan2/flat\n",
    { { TIFF, "scan1/proj/a%04d.tif", 5 }, { TIFF, "scan1/flat/a%04d.tif", 2 }, { TIFF, "scan2/proj/a%04d.tif", 5 },
      { TIFF, "scan2/flat/a%04d.tif", 2 } } },
  { "shared-references", "bone", "projections=bone\ndarks=dark\nflats=flat\n",
    { { TIFF, "bone/a%04d.tif", 5 }, { TIFF, "wood/a%04d.tif", 5 }, { TIFF, "dark/a%04d.tif", 2 },
      { TIFF, "flat/a%04d.tif", 2 } } },
  { "own-references-beside", "bone_tomo", "projections=bone_tomo\ndarks=bone_dark\nflats=bone_flat\n",
    { { TIFF, "bone_tomo/a%04d.tif", 5 }, { TIFF, "bone_dark/a%04d.tif", 2 }, { TIFF, "bone_flat/a%04d.tif", 2 },
      { TIFF, "wood_tomo/a%04d.tif", 5 }, { TIFF, "wood_dark/a%04d.tif", 2 }, { TIFF, "wood_flat/a%04d.tif", 2 } } },
  { "several-in-one-folder", ".", "?: bone_proj_*.tif wood_proj_*.tif\n",
    { { TIFF, "bone_proj_%04d.tif", 5 }, { TIFF, "bone_flat_%04d.tif", 2 }, { TIFF, "wood_proj_%04d.tif", 5 },
      { TIFF, "wood_flat_%04d.tif", 2 } } },
  { "one-of-several-in-one-folder", "wood_proj_*.tif", "projections=wood_proj_*.tif\nflats=wood_flat_*.tif\n",
    { { TIFF, "bone_proj_%04d.tif", 5 }, { TIFF, "bone_flat_%04d.tif", 2 }, { TIFF, "wood_proj_%04d.tif", 5 },
      { TIFF, "wood_flat_%04d.tif", 2 } } },
  { "not-the-others-flats", "bone_proj_0000.tif", "projections=bone_proj_*.tif\n",
    { { TIFF, "bone_proj_%04d.tif", 5 }, { TIFF, "wood_proj_%04d.tif", 5 }, { TIFF, "wood_flat_%04d.tif", 2 } } },
  { "numbered-scans", ".", "?: scan_1_*.tif scan_2_*.tif\n",
    { { TIFF, "scan_1_%04d.tif", 5 }, { TIFF, "scan_2_%04d.tif", 5 } } },
  { "other-size", ".", "projections=proj\ndarks=dark\n!",
    { { TIFF, "proj/a%04d.tif", 5 }, { TIFF, "dark/a%04d.tif", 2 }, { OTHER_SIZE, "flat/a%04d.tif", 2 } } },
  { "results-beside", ".", "projections=raw\nflats=flats\n",
    { { TIFF, "raw/a%04d.tif", 5 }, { TIFF, "flats/a%04d.tif", 2 }, { TIFF, "slices/slice_%05d.tif", 9 },
      { TIFF, "reco_fbp/a%05d.tif", 9 }, { TIFF, "preview/a.tif" } } },
  { "own-slices", ".", "projections=raw\n",
    { { TIFF, "raw/a%04d.tif", 5 }, { TIFF, "bone/slice_%05d.tif", 9 }, { TEXT, "bone/reco.conf", .text = "" } } },
  { "two-darks", ".", "projections=proj\n?darks: dark_a dark_b\n",
    { { TIFF, "proj/a%04d.tif", 5 }, { TIFF, "dark_a/a%04d.tif", 2 }, { TIFF, "dark_b/a%04d.tif", 2 } } },
  { "background", ".", "projections=proj\n?flats: background\n",
    { { TIFF, "proj/a%04d.tif", 5 }, { TIFF, "background/a%04d.tif", 2 } } },
  { "contradiction", ".", "projections=proj\n?flats: dark\n",
    { { TIFF, "proj/a%04d.tif", 5 }, { TIFF, "dark/flat_%04d.tif", 2 } } },
  { "names-of-samples", ".", "projections=proj\ndarks=dark\n",
    { { TIFF, "proj/white_stone_%04d.tif", 5 }, { TIFF, "dark/white_stone_%04d.tif", 2 } } },
  { "names-of-samples-too", ".", "projections=data\nflats=ob\n",
    { { TIFF, "data/dark_chocolate_%04d.tif", 5 }, { TIFF, "ob/dark_chocolate_%04d.tif", 2 } } },
  { "no-names", ".", "?: a b\n", { { TIFF, "a/x%04d.tif", 5 }, { TIFF, "b/x%04d.tif", 5 } } },
  { "more-than-the-named", ".", "?: data specimen\n",
    { { TIFF, "data/x%04d.tif", 3 }, { TIFF, "specimen/x%04d.tif", 9 } } },
  { "other-scan-beside-the-named", ".", "?: specimen tomo\n",
    { { TIFF, "tomo/x%04d.tif", 6 }, { TIFF, "specimen/x%04d.tif", 6 } } },
  { "volume-beside-the-named", ".", "projections=tomo\n",
    { { TIFF, "tomo/x%04d.tif", 5 }, { OTHER_SIZE, "specimen/x%04d.tif", 9 } } },
  { "slash", "tomo/", "projections=tomo\ndarks=dark.tif\nangles=angles.txt\n",
    { { TIFF, "tomo/x%04d.tif", 5 }, { TIFF, "dark.tif" }, { TEXT, "angles.txt", .text = ANGLES_5 } } },
  { "gap-by-content", ".", "projections=im\nangles=a.txt\n",
    { { TIFF, "im/a%04d.tif", 3 }, { TIFF, "im/a%04d.tif", 2, 4 },
      { TEXT, "a.txt", .text = "0\n30\n60\n90\n120\n150\n" } } },
  { "scans-of-different-kinds", ".", "?: bone wood\n",
    { { DXCHANGE, "wood/wood.h5" }, { TIFF, "bone/tiffs/raw_%04d.tif", 3 }, { TIFF, "bone/flat.tif" } } },
  { "volume-within", ".", "projections=bone/tomo\n",
    { { TIFF, "bone/tomo/x%04d.tif", 5 }, { OTHER_SIZE, "bone/bone_16bit/x%04d.tif", 9 } } },
  { "flats-of-another", ".", "projections=bone/proj\nflats=wood/flat\n!",
    { { TIFF, "bone/proj/x%04d.tif", 5 }, { TIFF, "wood/flat/x%04d.tif", 2 } } },
  { "dated-flats", ".", "projections=bone/proj\nflats=ob_2024-11-29\n",
    { { TIFF, "bone/proj/x%04d.tif", 5 }, { TIFF, "ob_2024-11-29/x%04d.tif", 2 } } },
  { "temperature", ".", "projections=trial_3/temp_300/proj\nflats=trial_3/temp_300/flat\n",
    { { TIFF, "trial_3/temp_300/proj/x%04d.tif", 5 }, { TIFF, "trial_3/temp_300/flat/x%04d.tif", 2 } } },
  { "sinograms", ".", "sinograms=sinos\n", { { TIFF, "sinos/sino_%04d.tif", 5 } } },
  { "sinograms-of-counts", ".", "sinograms=sinos\nflats=flat.tif\nangles=angles.txt\n",
    { { TIFF, "sinos/sino_%04d.tif", HEIGHT }, { PAGES, "flat.tif", 2 },
      { TEXT, "angles.txt", .text = "0\n60\n120\n" } } },
  { "sinograms-too", ".", "projections=proj\n", { { TIFF, "proj/a%04d.tif", 5 }, { TIFF, "sino/a%04d.tif", 3 } } },
  { "angles-do-not-fit", ".", "projections=proj\n?angles:\n",
    { { TIFF, "proj/a%04d.tif", 5 }, { TEXT, "angles.txt", .text = "0\n1\n2\n3\n4\n5\n6\n" } } },
  { "numbers-are-no-angles", ".", "projections=proj\n",
    { { TIFF, "proj/a%04d.tif", 5 }, { TEXT, "numbers.txt", .text = "0\n1\n2\n3\n4\n" },
      { TEXT, "current.txt", .text = "99.7\n99.5\n99.8\n99.1\n99\n" } } },
  { "angles-by-content", ".", "projections=proj\nangles=scan.log\n",
    { { TIFF, "proj/a%04d.tif", 5 }, { TEXT, "scan.log", .text = ANGLES_5 } } },
  { "times-are-no-angles", ".", "projections=proj\n",
    { { TIFF, "proj/a%04d.tif", 5 }, { TEXT, "times.txt", .text = "0\n2.5\n5\n7.5\n10\n" } } },
  { "full-turn-by-content", ".", "projections=proj\nangles=list.txt\n",
    { { TIFF, "proj/a%04d.tif", 5 }, { TEXT, "list.txt", .text = "0\n90\n180\n270\n360\n" },
      { TEXT, "times.txt", .text = "0\n2.5\n5\n7.5\n10\n" } } },
  { "angle-columns", ".", "projections=proj\n?angles: angles.csv:1 angles.csv:2\n",
    { { TIFF, "proj/a%04d.tif", 5 },
      { TEXT, "angles.csv", .text = "1,0.5\n2,36.5\n3,72.5\n4,108.5\n5,144.5\n" } } },
  { "angles-of-unclear-unit", ".", "projections=proj\nangles=angles.txt\n",
    { { TIFF, "proj/a%04d.tif", 5 }, { TEXT, "angles.txt", .text = "0\n1.1\n2.2\n3.3\n4.4\n" } } },
  { "two-angle-files", ".", "projections=proj\n?angles: angles_a.txt angles_b.txt\n",
    { { TIFF, "proj/a%04d.tif", 5 }, { TEXT, "angles_a.txt", .text = ANGLES_5 },
      { TEXT, "angles_b.txt", .text = ANGLES_5 } } },
  { "dark-first", "dark", "*RECON_ERROR_INPUT", { { TIFF, "dark/a%04d.tif", 5 }, { TIFF, "proj/a%04d.tif", 5 } } },
  { "esrf-edf", ".", "*RECON_ERROR_INPUT", { { JUNK, "scan_%04d.edf", 5 }, { JUNK, "refHST0000.edf" } } },
  { "only-references", ".", "*RECON_ERROR_INPUT", { { TIFF, "dark/a%04d.tif", 5 }, { TIFF, "flat/a%04d.tif", 5 } } },
  { "single", "one.tif", "*RECON_ERROR_INPUT", { { TIFF, "one.tif" } } },
};

static void
write_tiff (const char *path,
            gboolean    other_size,
            guint       n_pages)
{
  test_tiff_write (path, &(TestTiff) { .width = other_size ? WIDTH + 1 : WIDTH, .height = HEIGHT, .n_pages = n_pages },
                   NULL);
}

static void
write_stack (const char *path,
             const char *dataset,
             gsize       n)
{
  const double values[5 * HEIGHT * WIDTH] = { 1 };

  test_hdf5_write (path, dataset, NULL, 3, (gsize[]){ n, HEIGHT, WIDTH }, values);
}

static void
write_file (const Files *files,
            const char  *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GError) error = NULL;
  GString *text;

  g_assert_cmpint (g_mkdir_with_parents (folder, 0777), ==, 0);
  switch (files->kind)
    {
    case TIFF:
    case OTHER_SIZE:
      write_tiff (path, files->kind == OTHER_SIZE, 0);
      break;
    case PAGES:
      write_tiff (path, FALSE, files->n);
      break;
    case DXCHANGE:
      write_stack (path, "/exchange/data_dark", 2);
      write_stack (path, "/exchange/data_white", 2);
      test_hdf5_write_list (path, "/exchange/theta", 5, (double[]){ 0, 36, 72, 108, 144 });
      G_GNUC_FALLTHROUGH;
    case DXCHANGE_BARE:
      write_stack (path, "/exchange/data", 5);
      break;
    case STACKS:
      write_stack (path, "/two", 5);
      write_stack (path, "/one", 5);
      break;
    case COUNTED:
      text = g_string_new (NULL);
      for (guint i = 0; i < files->n; i++)
        g_string_append_printf (text, "%u\n", i);
      g_file_set_contents (path, text->str, -1, &error);
      g_assert_no_error (error);
      g_string_free (text, TRUE);
      break;
    case NAMED_STACKS:
      write_stack (path, "/entry/white/data", 2);
      write_stack (path, "/entry/projections", 5);
      write_stack (path, "/entry/darks", 2);
      test_hdf5_write_list (path, "/entry/theta", 5, (double[]){ 0, 36, 72, 108, 144 });
      break;
    case LINK:
      g_assert_cmpint (symlink (files->text, path), ==, 0);
      break;
    case STACK:
      write_stack (path, "/data", 2);
      break;
    case TEXT:
    case JUNK:
    default:
      g_file_set_contents (path, files->text != NULL ? files->text : "?", -1, &error);
      g_assert_no_error (error);
    }
}

static void
write_files (const Files *files)
{
  guint step = MAX (files->step, 1);

  if (files->n == 0 || files->kind == PAGES || files->kind == COUNTED)
    {
      write_file (files, files->name);
      return;
    }

  for (guint i = 0; i < files->n; i++)
    {
      const char *percent = strrchr (files->name, '%');
      int width = atoi (percent + 1);
      g_autofree char *path = g_strdup_printf ("%.*s%0*u%s", (int) (percent - files->name), files->name, width,
                                               files->first + i * step, strchr (percent, 'd') + 1);

      write_file (files, path);
    }
}

/* The paths mean as many images as the reasons say. */
static void
check_images (const ReconFinding *finding)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ReconContents) contents = NULL;
  ReconFrames *frames;

  if (finding->parameter > RECON_PARAM_FLATS_AFTER)
    return;

  contents = recon_contents_open (finding->value, &error);
  g_assert_no_error (error);
  frames = contents->projections;
  g_assert_cmpuint (recon_frames_get_n (frames), ==, g_ascii_strtoull (finding->reason, NULL, 10));
  g_assert_cmpuint (recon_reader_get_width (recon_frames_get_reader (frames)), ==, WIDTH);
}

/* What was found, in the form of the table. */
static char *
tell (ReconFoundScan *found)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < found->findings->len; i++)
    {
      const ReconFinding *finding = g_ptr_array_index (found->findings, i);

      g_assert_true (*finding->reason != '\0');
      check_images (finding);
      g_string_append_printf (text, "%s=%s\n", recon_parameter_get_spec (finding->parameter)->key, finding->value);
    }
  for (guint i = 0; i < found->questions->len; i++)
    {
      const ReconQuestion *question = g_ptr_array_index (found->questions, i);

      g_assert_true (*question->text != '\0');
      g_string_append_printf (text, "?%s:", question->parameter != RECON_NO_PARAMETER
                                              ? recon_parameter_get_spec (question->parameter)->key
                                              : "");
      for (guint k = 0; k < question->candidates->len; k++)
        g_string_append_printf (text, " %s", (char *) g_ptr_array_index (question->candidates, k));
      g_string_append_c (text, '\n');
    }
  if (found->warnings->len > 0)
    g_string_append_c (text, '!');

  return g_string_free (text, FALSE);
}

/* What the table expects of a layout, but that each scan's path is also asked for in other forms. */
static void
check (const Layout *layout,
       const char   *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ReconFoundScan) found = recon_scan_find (path, &error);
  g_autofree char *told = NULL;

  if (layout->expected[0] == '*')
    {
      g_assert_error (error, RECON_ERROR, RECON_ERROR_INPUT);
      g_assert_null (found);
      return;
    }

  g_assert_no_error (error);
  told = tell (found);
  g_assert_cmpstr (told, ==, layout->expected);
}

static void
test_layout (gconstpointer data)
{
  const Layout *layout = data;
  char *folder = test_folder_new ();

  g_assert_cmpint (g_chdir (folder), ==, 0);
  for (guint i = 0; i < MOST_FILES && layout->files[i].name != NULL; i++)
    write_files (&layout->files[i]);

  check (layout, layout->scan);

  g_assert_cmpint (g_chdir ("/"), ==, 0);
  test_folder_remove (folder);
}

static void
write_text (const char *folder,
            const char *name,
            const char *text)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
}

/* Many files of no use are told in few lines, and one of use not among them. */
static void
test_notes (void)
{
  char *folder = test_folder_new ();
  g_autoptr (ReconFoundScan) found = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 5; i++)
    {
      g_autofree char *name = g_strdup_printf ("a_%04u.tif", i);
      g_autofree char *path = g_build_filename (folder, name, NULL);

      write_tiff (path, FALSE, 0);
    }
  write_text (folder, "a_.log", "[System]\nScanner=Skyscan1172\n[Acquisition]\nImage Pixel Size (um)=12.5\n"
                                "Rotation Step (deg)=36.000\n");
  for (guint i = 0; i < 40; i++)
    {
      g_autofree char *name = g_strdup_printf ("note_%u.txt", i);

      write_text (folder, name, "1.0\n");
    }

  found = recon_scan_find (folder, &error);
  g_assert_no_error (error);
  g_assert_nonnull (recon_found_scan_get (found, RECON_PARAM_PIXEL_SIZE));
  g_assert_cmpuint (found->notes->len, ==, 4);
  for (guint i = 0; i < 4; i++)
    g_assert_null (strstr (g_ptr_array_index (found->notes, i), "a_.log"));
  g_assert_cmpstr (g_ptr_array_index (found->notes, 3), ==, "37 more such files were seen, but are not used");

  test_folder_remove (folder);
}

/* Among more folders than are looked into, those of the scan are plain, or nothing is. */
static void
test_many_folders (void)
{
  char *folder = test_folder_new ();
  g_autofree char *proj = g_build_filename (folder, "proj", NULL);
  g_autofree char *image = g_build_filename (proj, "a.tif", NULL);
  g_autofree char *flat = g_build_filename (folder, "flat.tif", NULL);
  g_autoptr (ReconFoundScan) found = NULL;
  g_autoptr (ReconFoundScan) unclear = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 510; i++)
    {
      g_autofree char *name = g_strdup_printf ("%03u", i);
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_assert_cmpint (g_mkdir (path, 0777), ==, 0);
    }
  write_tiff (flat, FALSE, 2);
  unclear = recon_scan_find (folder, &error);
  g_assert_error (error, RECON_ERROR, RECON_ERROR_INPUT);
  g_assert_nonnull (strstr (error->message, "more than 500 folders"));
  g_clear_error (&error);

  g_assert_cmpint (g_mkdir (proj, 0777), ==, 0);
  write_tiff (image, FALSE, 5);
  found = recon_scan_find (folder, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (recon_found_scan_get (found, RECON_PARAM_PROJECTIONS), ==, image);
  g_assert_cmpstr (recon_found_scan_get (found, RECON_PARAM_FLATS), ==, flat);

  test_folder_remove (folder);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (layouts); i++)
    {
      g_autofree char *path = g_strconcat ("/scan-finder/layout/", layouts[i].name, NULL);

      g_test_add_data_func (path, &layouts[i], test_layout);
    }

  g_test_add_func ("/scan-finder/notes", test_notes);
  g_test_add_func ("/scan-finder/many-folders", test_many_folders);

  return g_test_run ();
}
