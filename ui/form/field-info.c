/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "form/field-info.h"

#include <glib/gi18n.h>

#define FOLDER_OR_FILE (RECON_FIELD_FILES_FOLDER | RECON_FIELD_FILES_OPEN)

static const ReconFieldInfo infos[] = {
  [RECON_PARAM_PROJECTIONS] = { N_ ("Projections"), .files = FOLDER_OR_FILE },
  [RECON_PARAM_SINOGRAMS] = { N_ ("Sinograms"), .files = FOLDER_OR_FILE },
  [RECON_PARAM_DARKS] = { N_ ("Darks"), .files = FOLDER_OR_FILE },
  [RECON_PARAM_FLATS] = { N_ ("Flats"), .files = FOLDER_OR_FILE },
  [RECON_PARAM_FLATS_AFTER] = { N_ ("Last Flats"), .files = FOLDER_OR_FILE },
  [RECON_PARAM_ANGLES] = { N_ ("Angles"), .files = RECON_FIELD_FILES_OPEN },
  [RECON_PARAM_ANGLE_UNIT] = { N_ ("Unit of the Angles"), .automatic = "auto" },
  [RECON_PARAM_ROTATE] = { N_ ("Turn Frames") },
  [RECON_PARAM_FLIP] = { N_ ("Flip Frames") },
  [RECON_PARAM_Y_START] = { N_ ("First Row"), .step = 1 },
  [RECON_PARAM_Y_STOP] = { N_ ("End of Rows"), .automatic = "end", .step = 1 },
  [RECON_PARAM_Y_STEP] = { N_ ("Every n-th Row"), .step = 1 },
  [RECON_PARAM_ANGLE_START] = { N_ ("First Projection"), .step = 1 },
  [RECON_PARAM_ANGLE_STOP] = { N_ ("End of Projections"), .automatic = "end", .step = 1 },
  [RECON_PARAM_ANGLE_EVERY] = { N_ ("Every n-th Projection"), .step = 1 },
  [RECON_PARAM_EXCLUDE] = { N_ ("Leave Out Projections") },
  [RECON_PARAM_CROP_LEFT] = { N_ ("Crop Left"), .step = 1 },
  [RECON_PARAM_CROP_RIGHT] = { N_ ("Crop Right"), .step = 1 },
  [RECON_PARAM_BIN] = { N_ ("Bin Pixels"), .step = 1 },
  [RECON_PARAM_STRICT] = { N_ ("Refuse Doubtful Input") },
  [RECON_PARAM_CORRECT] = { N_ ("Flat-Field Correction"), .automatic = "auto" },
  [RECON_PARAM_REDUCTION] = { N_ ("Method") },
  [RECON_PARAM_ABSORPTIVITY] = { N_ ("Absorptivity"), .automatic = "auto" },
  [RECON_PARAM_FIX_NAN_INF] = { N_ ("Remove NaN and Inf") },
  [RECON_PARAM_INTERPOLATE] = { N_ ("Interpolate Flats") },
  [RECON_PARAM_DARK_SCALE] = { N_ ("Scale of the Darks"), .step = 0.1 },
  [RECON_PARAM_CLIP_MINIMUM] = { N_ ("Lowest Transmission"), .step = 1e-6 },
  [RECON_PARAM_METHOD] = { N_ ("Method") },
  [RECON_PARAM_AXIS] = { N_ ("Axis"), .automatic = "middle", .step = 0.25 },
  /* Nothing turns by 0 from one projection to the next, so 0 is free to mean that the angle is found out. */
  [RECON_PARAM_ANGLE_STEP] = { N_ ("Angle Step"), .automatic = "0", .step = 0.001 },
  [RECON_PARAM_ANGLE_OFFSET] = { N_ ("Angle Offset"), .step = 0.01 },
  [RECON_PARAM_FILTER] = { N_ ("Filter") },
  [RECON_PARAM_FILTER_CUTOFF] = { N_ ("Filter Cut-Off"), .step = 0.05 },
  [RECON_PARAM_FILTER_ORDER] = { N_ ("Filter Order"), .step = 1 },
  [RECON_PARAM_PADDING] = { N_ ("Padding") },
  [RECON_PARAM_ROI] = { N_ ("Region of the Slice"), .automatic = "all" },
  [RECON_PARAM_CIRCLE] = { N_ ("Only the Circle") },
  [RECON_PARAM_FORCE] = { N_ ("Go On Where Slices Would Be Wrong") },
  [RECON_PARAM_PIXEL_SIZE] = { N_ ("Pixel Size"), .automatic = "auto", .step = 0.01 },
  [RECON_PARAM_OUTPUT_PATH] = { N_ ("Path"), .files = RECON_FIELD_FILES_FOLDER | RECON_FIELD_FILES_SAVE },
  [RECON_PARAM_OUTPUT_FORMAT] = { N_ ("Format"), .automatic = "auto" },
  [RECON_PARAM_OUTPUT_TYPE] = { N_ ("Values") },
  [RECON_PARAM_OUTPUT_MINIMUM] = { N_ ("Minimum"), .automatic = "auto", .step = 0.001 },
  [RECON_PARAM_OUTPUT_MAXIMUM] = { N_ ("Maximum"), .automatic = "auto", .step = 0.001 },
  [RECON_PARAM_PERCENTILE_LOW] = { N_ ("Low Percentile"), .step = 0.1 },
  [RECON_PARAM_PERCENTILE_HIGH] = { N_ ("High Percentile"), .step = 0.1 },
  [RECON_PARAM_COMPRESSION] = { N_ ("Compression") },
  [RECON_PARAM_OVERWRITE] = { N_ ("Overwrite") },
  [RECON_PARAM_DEVICE] = { N_ ("Device"), .automatic = "auto" },
  [RECON_PARAM_MEMORY_LIMIT] = { N_ ("Memory"), .automatic = "auto" },
  [RECON_PARAM_THREADS] = { N_ ("Threads"), .automatic = "auto", .step = 1 },
  [RECON_PARAM_KERNEL] = { N_ ("Backprojection"), .automatic = "auto" },
  [RECON_PARAM_VARIANT] = { N_ ("Shape of the Kernels"), .automatic = "auto" },
};

G_STATIC_ASSERT (G_N_ELEMENTS (infos) == RECON_N_PARAMETERS);

static const struct
{
  const char *word;
  const char *title;
} words[] = {
  { "yes", N_ ("On") },
  { "no", N_ ("Off") },
  { "radian", N_ ("Radian") },
  { "degree", N_ ("Degree") },
  { "0", N_ ("Not Turned") },
  { "90", N_ ("90° Counterclockwise") },
  { "180", N_ ("180°") },
  { "270", N_ ("90° Clockwise") },
  { "horizontal", N_ ("Left and Right") },
  { "vertical", N_ ("Top and Bottom") },
  { "average", N_ ("Average") },
  { "median", N_ ("Median") },
  { "fbp", N_ ("Filtered Backprojection") },
  { "ramp", N_ ("Ramp") },
  { "shepp-logan", N_ ("Shepp-Logan") },
  { "cosine", N_ ("Cosine") },
  { "hann", N_ ("Hann") },
  { "hamming", N_ ("Hamming") },
  { "parzen", N_ ("Parzen") },
  { "butterworth", N_ ("Butterworth") },
  { "none", N_ ("None") },
  { "zero", N_ ("Zeros") },
  { "edge", N_ ("Edge") },
  { "mirror", N_ ("Mirrored") },
  { "tiff", N_ ("TIFF Series") },
  { "tiff-stack", N_ ("TIFF Stack") },
  { "hdf5", N_ ("HDF5") },
  { "float32", N_ ("32-Bit Float") },
  { "uint16", N_ ("16-Bit Integer") },
  { "uint8", N_ ("8-Bit Integer") },
  { "deflate", N_ ("Deflate") },
  { "lzw", N_ ("LZW") },
  { "plain", N_ ("Plain") },
  { "direct", N_ ("Direct") },
  { "merged", N_ ("Merged") },
  { "cpu", N_ ("CPU") },
  { "gpu", N_ ("GPU") },
  /* The axis, which is the middle where nothing else is said. */
  { "middle", N_ ("Middle of the Detector") },
  { "auto", N_ ("Found in the Data") },
};

/**
 * recon_field_info_get:
 * @parameter: a parameter
 *
 * Returns: (transfer none): what a form shows of it
 */
const ReconFieldInfo *
recon_field_info_get (ReconParameter parameter)
{
  g_return_val_if_fail (parameter < RECON_N_PARAMETERS, NULL);

  return &infos[parameter];
}

/**
 * recon_field_info_get_title:
 * @parameter: a parameter
 *
 * Returns: what its row is called, translated
 */
const char *
recon_field_info_get_title (ReconParameter parameter)
{
  g_return_val_if_fail (parameter < RECON_N_PARAMETERS, NULL);

  return _ (infos[parameter].title);
}

/**
 * recon_field_info_get_word:
 * @parameter: a parameter
 * @word: one of the words that it takes
 *
 * Returns: the word for people, translated
 */
const char *
recon_field_info_get_word (ReconParameter  parameter,
                           const char     *word)
{
  if (recon_field_info_is_automatic (parameter, word))
    return _ ("Automatic");

  return recon_field_info_get_word_title (word);
}

/**
 * recon_field_info_get_word_title:
 * @word: a word that a parameter takes
 *
 * Returns: the word for people, translated, where "automatic" would not tell it from another
 */
const char *
recon_field_info_get_word_title (const char *word)
{
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_str_equal (words[i].word, word))
      return _ (words[i].title);

  return word;
}

/**
 * recon_field_info_get_unit:
 * @parameter: a parameter
 *
 * Returns: (nullable): its unit as rows show it, such as "px"; %NULL where there is none
 */
const char *
recon_field_info_get_unit (ReconParameter parameter)
{
  const char *unit = recon_parameter_get_spec (parameter)->unit;

  return g_str_equal (unit, "1") || g_str_equal (unit, "-") || g_str_equal (unit, "byte") ? NULL : unit;
}

/**
 * recon_field_info_get_placeholder:
 * @parameter: a parameter
 *
 * Returns: what an empty entry for it says, translated
 */
const char *
recon_field_info_get_placeholder (ReconParameter parameter)
{
  switch ((int) parameter)
    {
    case RECON_PARAM_PROJECTIONS:
    case RECON_PARAM_SINOGRAMS:
    case RECON_PARAM_OUTPUT_PATH:
      return _ ("Folder or file");
    case RECON_PARAM_DARKS:
    case RECON_PARAM_FLATS:
    case RECON_PARAM_FLATS_AFTER:
    case RECON_PARAM_ANGLES:
      return _ ("As in the projections’ file");
    default:
      return infos[parameter].automatic != NULL ? _ ("Automatic") : "";
    }
}

/**
 * recon_field_info_is_automatic:
 * @parameter: a parameter
 * @text: a text that it takes
 *
 * Returns: whether the text leaves the value to the program
 */
gboolean
recon_field_info_is_automatic (ReconParameter  parameter,
                               const char     *text)
{
  const char *automatic = recon_field_info_get (parameter)->automatic;

  return automatic != NULL && g_ascii_strcasecmp (automatic, text) == 0;
}
