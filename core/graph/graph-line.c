/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "graph/graph-line.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/error.h"
#include "graph/task.h"

/* Graphs in one line, as ufo-launch reads them:
 *
 *   line    = chain
 *   chain   = ( task | "[" chain { "," chain } "]" "!" task ) { "!" task }
 *   task    = NAME { KEY "=" VALUE }
 *
 * What stands in brackets are the inputs of the task behind them, in the order of its ports. Words are parted by
 * blanks. A comma or a closing bracket belongs to a value unless it is the value's last character: size=3,4. Quotes,
 * '…' or "…", hold a value together. Shells have parted the line already, and taken away their own quotes: a word of
 * several that begins with KEY= is one value with all its blanks. */

#define SHOWN_CHARACTERS 100 /* of the line, in messages */

typedef enum
{
  TOKEN_NEXT,  /* ! */
  TOKEN_OPEN,  /* [ */
  TOKEN_CLOSE, /* ] */
  TOKEN_COMMA,
  TOKEN_WORD,
  TOKEN_END,
} TokenKind;

typedef struct
{
  TokenKind  kind;
  char      *text;  /* (nullable): of a word, without quotes */
  gsize      place; /* of its first byte in the line */
  gsize      n;     /* bytes in the line */
} Token;

typedef struct
{
  GString          *line;
  GArray           *tokens; /* Token */
  guint             next;
  ReconGraph       *graph;
  ReconTaskNewFunc  new_task;
} Parser;

static void
token_clear (gpointer token)
{
  g_free (((Token *) token)->text);
}

static void
parser_clear (Parser *self)
{
  g_string_free (self->line, TRUE);
  g_array_unref (self->tokens);
  g_clear_pointer (&self->graph, recon_graph_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Parser, parser_clear)

/* Puts the line, or what of it is around a token, below a message, and marks the token. */
static void
show_place (const Parser *self,
            const Token  *token,
            GError      **error)
{
  const char *line = self->line->str;
  glong place = g_utf8_strlen (line, (gssize) token->place), n = g_utf8_strlen (line + token->place, (gssize) token->n);
  const glong length = g_utf8_strlen (line, -1);
  const glong first = CLAMP (place - SHOWN_CHARACTERS / 2, 0, MAX (length - SHOWN_CHARACTERS, 0));
  const glong last = MIN (first + SHOWN_CHARACTERS, length);
  g_autofree char *shown = g_utf8_substring (line, first, last);
  g_autofree char *before = g_strnfill ((gsize) (place - first), ' ');
  g_autofree char *mark = g_strnfill ((gsize) CLAMP (n, 1, MAX (last - place, 1)), '^');
  g_autofree char *message = g_strdup_printf ("%s\n  %s\n  %s%s", (*error)->message, shown, before, mark);

  g_free ((*error)->message);
  (*error)->message = g_steal_pointer (&message);
}

/* Always returns %FALSE. */
static gboolean G_GNUC_PRINTF (4, 5)
fail_at (const Parser  *self,
         const Token   *token,
         GError       **error,
         const char    *format,
         ...)
{
  g_autoptr (GError) failure = NULL;
  va_list values;

  va_start (values, format);
  failure = g_error_new_valist (RECON_ERROR, RECON_ERROR_CONFIG, format, values);
  va_end (values);
  show_place (self, token, &failure);
  g_propagate_error (error, g_steal_pointer (&failure));

  return FALSE;
}

/* Words. */

static gboolean
has_key (const char *word)
{
  const char *at = word;

  while (g_ascii_isalnum (*at) || *at == '-' || *at == '_')
    at++;

  return at > word && *at == '=';
}

/* Where a word ends that begins at @at: @blanks says whether blanks end it. */
static const char *
find_end (const char *at,
          gboolean    blanks)
{
  int depth = 0;
  char quote = 0;

  for (; *at != '\0'; at++)
    {
      if (quote != 0)
        quote = *at == quote ? 0 : quote;
      else if ((*at == '\'' || *at == '"') && strchr (at + 1, *at) != NULL)
        quote = *at;
      else if (*at == '[' || *at == '(')
        depth++;
      else if ((*at == ']' || *at == ')') && depth > 0)
        depth--;
      else if (blanks && g_ascii_isspace (*at))
        return at;
      else if (*at == ']' || *at == ',')
        {
          const gsize n = strspn (at, "],");

          if (at[n] == '\0' || (blanks && g_ascii_isspace (at[n])))
            return at;
        }
    }

  return at;
}

/* The value of KEY='…', and of '…', is what is between the quotes. */
static char *
unquote (const char *word,
         gsize       n)
{
  const char *value = memchr (word, '=', n);
  gsize before;

  value = value != NULL && has_key (word) ? value + 1 : word;
  before = (gsize) (value - word);
  if (n - before >= 2 && (*value == '\'' || *value == '"') && word[n - 1] == *value)
    {
      g_autofree char *key = g_strndup (word, before);
      g_autofree char *inner = g_strndup (value + 1, n - before - 2);

      return g_strconcat (key, inner, NULL);
    }

  return g_strndup (word, n);
}

static void
add_token (Parser     *self,
           TokenKind   kind,
           const char *start,
           gsize       n)
{
  const Token token = {
    kind, kind == TOKEN_WORD ? unquote (start, n) : NULL, (gsize) (start - self->line->str), n,
  };

  g_array_append_val (self->tokens, token);
}

/* @whole: whether blanks belong to a value */
static void
part_word (Parser     *self,
           const char *at,
           gboolean    whole)
{
  static const char marks[] = { '!', '[', ']', ',' };

  while (*at != '\0')
    {
      const char *mark = memchr (marks, *at, sizeof marks), *end;

      if (g_ascii_isspace (*at))
        {
          at++;
          continue;
        }
      if (mark != NULL && (*at != '!' || at[1] == '\0' || g_ascii_isspace (at[1])))
        {
          add_token (self, (TokenKind) (mark - marks), at, 1);
          at++;
          continue;
        }
      end = find_end (at, !whole || !has_key (at));
      add_token (self, TOKEN_WORD, at, (gsize) (end - at));
      at = end;
    }
}

static void
part_line (Parser            *self,
           const char *const *words)
{
  g_autofree gsize *places = NULL;
  const guint n = g_strv_length ((char **) words);

  /* First the whole line, which tokens point into. */
  places = g_new (gsize, n + 1);
  for (guint i = 0; i < n; i++)
    {
      if (i > 0)
        g_string_append_c (self->line, ' ');
      places[i] = self->line->len;
      g_string_append (self->line, words[i]);
    }
  for (guint i = 0; i < n; i++)
    {
      char *end = self->line->str + places[i] + strlen (words[i]), kept = *end;

      *end = '\0';
      part_word (self, self->line->str + places[i], n > 1);
      *end = kept;
    }
  add_token (self, TOKEN_END, self->line->str + self->line->len, 0);
}

/* Tasks. */

static const Token *
look (const Parser *self)
{
  return &g_array_index (self->tokens, Token, self->next);
}

static gboolean
take (Parser    *self,
      TokenKind  kind)
{
  if (look (self)->kind != kind)
    return FALSE;

  self->next++;
  return TRUE;
}

static gboolean
read_parameters (Parser     *self,
                 ReconTask  *task,
                 GError    **error)
{
  g_autoptr (GHashTable) keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  while (look (self)->kind == TOKEN_WORD)
    {
      const Token *token = look (self);
      g_auto (GStrv) parts = g_strsplit (token->text, "=", 2);
      GError *failure = NULL;

      if (!has_key (token->text))
        return fail_at (self, token, error,
                        _ ("'%s' is no parameter of %s, KEY=VALUE. A '!' stands before the next task."), token->text,
                        recon_task_get_name (task));
      if (!g_hash_table_add (keys, g_strdup (parts[0])))
        return fail_at (self, token, error, _ ("%s has two values for '%s'. Leave one out."),
                        recon_task_get_name (task), parts[0]);
      if (!recon_task_set (task, parts[0], parts[1], &failure))
        {
          show_place (self, token, &failure);
          g_propagate_error (error, failure);
          return FALSE;
        }
      self->next++;
    }

  return TRUE;
}

static guint
count_ports (const ReconPort *ports)
{
  guint n = 0;

  while (ports != NULL && ports[n].name != NULL)
    n++;

  return n;
}

/* Joins a task to what stands before it. */
static gboolean
join (Parser       *self,
      const Token  *token,
      guint         node,
      const GArray *sources,
      GError      **error)
{
  const ReconTaskInfo *info = recon_task_get_info (recon_graph_get_task (self->graph, node));
  const guint n = count_ports (info->inputs);

  if (sources->len > n)
    return n == 0 ? fail_at (self, token, error, _ ("%s takes no input: it can only begin a chain."), info->name)
                  : fail_at (self, token, error,
                             ngettext ("%s takes %u input, but gets %u.", "%s takes %u inputs, but gets %u.", n),
                             info->name, n, sources->len);
  for (guint i = 0; i < sources->len; i++)
    if (!recon_graph_connect (self->graph, g_array_index (sources, guint, i), NULL, node, info->inputs[i].name, error))
      return FALSE;

  for (guint i = sources->len; i < n; i++)
    if (!(info->inputs[i].flags & RECON_PORT_OPTIONAL))
      return fail_at (self, token, error,
                      n == 1 ? _ ("Nothing comes to %s. Put what makes its '%s' before it: … ! %s.")
                             : _ ("%s has no input '%s'. Its inputs stand in brackets before it: [ …, … ] ! %s."),
                      info->name, info->inputs[i].name, info->name);

  return TRUE;
}

/* A task with its parameters. */
static gboolean
read_task (Parser        *self,
           const GArray  *sources,
           guint         *node,
           GError       **error)
{
  const Token *token = look (self);
  ReconTask *task;
  GError *failure = NULL;

  if (!take (self, TOKEN_WORD))
    return fail_at (self, token, error, _ ("The name of a task is missing here."));
  task = self->new_task (token->text, &failure);
  if (task == NULL)
    {
      show_place (self, token, &failure);
      g_propagate_error (error, failure);
      return FALSE;
    }
  *node = recon_graph_add (self->graph, task, NULL);

  return read_parameters (self, task, error) && join (self, token, *node, sources, error);
}

static gboolean read_chain (Parser   *self,
                            guint    *last,
                            GError  **error);

/* Several chains in brackets, whose ends are the sources of what follows. */
static gboolean
read_inputs (Parser  *self,
             GArray  *sources,
             GError **error)
{
  const Token *open = look (self);
  guint last;

  self->next++;
  do
    {
      if (!read_chain (self, &last, error))
        return FALSE;
      g_array_append_val (sources, last);
    }
  while (take (self, TOKEN_COMMA));

  if (!take (self, TOKEN_CLOSE))
    return look (self)->kind == TOKEN_END ? fail_at (self, open, error, _ ("This '[' is never closed."))
                                          : fail_at (self, look (self), error, _ ("A ',', a '!' or a ']' is missing."));
  if (!take (self, TOKEN_NEXT))
    return fail_at (self, look (self), error,
                    _ ("Behind ']' follows '!' and the task that takes what is in the brackets."));

  return TRUE;
}

static gboolean
read_chain (Parser  *self,
            guint   *last,
            GError **error)
{
  g_autoptr (GArray) sources = g_array_new (FALSE, FALSE, sizeof (guint));

  if (look (self)->kind == TOKEN_OPEN && !read_inputs (self, sources, error))
    return FALSE;

  for (;;)
    {
      const Token *token;

      if (!read_task (self, sources, last, error))
        return FALSE;
      token = look (self);
      if (!take (self, TOKEN_NEXT))
        return TRUE;
      if (count_ports (recon_task_get_info (recon_graph_get_task (self->graph, *last))->outputs) == 0)
        return fail_at (self, token, error, _ ("Nothing comes out of %s: it can only end a line."),
                        recon_graph_get_name (self->graph, *last));
      g_array_set_size (sources, 0);
      g_array_append_val (sources, *last);
    }
}

static gboolean
read_line (Parser  *self,
           GError **error)
{
  const Token *token;
  guint last;

  if (!read_chain (self, &last, error))
    return FALSE;

  token = look (self);
  if (token->kind == TOKEN_CLOSE)
    return fail_at (self, token, error, _ ("There is no '[' to this ']'."));
  if (token->kind != TOKEN_END)
    return fail_at (self, token, error, _ ("Several inputs stand in brackets: [ …, … ] ! task."));
  if (count_ports (recon_task_get_info (recon_graph_get_task (self->graph, last))->outputs) > 0)
    return fail_at (self, token, error,
                    _ ("Nothing is done with what %s makes. End the line with a task that keeps it: … ! write."),
                    recon_graph_get_name (self->graph, last));

  return TRUE;
}

/**
 * recon_graph_from_line:
 * @words: (array zero-terminated=1): what a shell has made of the line, or all of it as one word; see above
 * @new_task: makes tasks by name
 * @error: return location
 *
 * Returns: (transfer full): the graph, whose nodes are named like their tasks; %NULL with #RECON_ERROR_CONFIG, which
 *   shows the place in the line
 */
ReconGraph *
recon_graph_from_line (const char *const  *words,
                       ReconTaskNewFunc    new_task,
                       GError            **error)
{
  g_auto (Parser) parser = {
    .line = g_string_new (NULL),
    .tokens = g_array_new (FALSE, FALSE, sizeof (Token)),
    .graph = recon_graph_new (),
    .new_task = new_task,
  };

  g_array_set_clear_func (parser.tokens, token_clear);
  part_line (&parser, words);

  return read_line (&parser, error) ? g_steal_pointer (&parser.graph) : NULL;
}
