package io.agentledger.command.report;

import com.samskivert.mustache.BasicCollector;
import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.MustacheException;
import com.samskivert.mustache.Template;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.util.StringUtils;

/**
 * Markdown with Mustache tags. A tag can read the texts of one map, and nothing else: there are no
 * lists to repeat, no lambdas, no partials, and no methods or fields of values. So the time and the
 * length of the result are bounded by those of the template and the texts.
 */
final class ReportTemplateText {
  private static final int VALUE_LENGTH_MAX = 1_000;

  /** Would otherwise be found only where its section is rendered. */
  private static final Pattern PARTIAL = Pattern.compile("\\{\\{\\s*>");

  private static final String NO_PARTIALS = "partials are not supported";

  private static final Mustache.Compiler COMPILER =
      Mustache.compiler()
          .escapeHTML(false) // The formatter escapes the values of all tags, of {{{ }}}, too.
          .withFormatter(value -> value instanceof String text ? escape(text) : "")
          .withCollector(new TextCollector())
          .withLoader(
              name -> {
                throw new MustacheException(NO_PARTIALS);
              })
          .emptyStringIsFalse(true)
          .defaultValue("");

  private ReportTemplateText() {}

  /**
   * Checks a template that is to be saved.
   *
   * @throws MustacheException if it is no valid template, or has a {@code {{.}}} outside of the
   *     sections of texts, where it would be the map of all texts
   */
  static void check(String template) {
    var compiled = compile(template);
    compiled.visit(new TagChecker());
    compiled.visit(new UnnamedTagFinder());
  }

  /**
   * Returns the text as Markdown, with the values of the tags.
   *
   * @throws MustacheException if it is no valid template
   */
  static String render(String template, Map<String, String> values) {
    return compile(template).execute(values);
  }

  private static Template compile(String template) {
    if (PARTIAL.matcher(template).find()) throw new MustacheException(NO_PARTIALS);
    try {
      return COMPILER.compile(template);
    } catch (IndexOutOfBoundsException e) { // JMustache, for {{}} and {{=}}.
      throw new MustacheException("a tag has no name");
    }
  }

  /** Escapes a value, so that it is text in Markdown, on a single line. */
  private static String escape(String value) {
    var text = StringUtils.truncate(value, VALUE_LENGTH_MAX);
    var escaped = new StringBuilder(text.length() + 16);
    text.chars()
        .forEach(
            character -> {
              if (Character.isWhitespace(character)) escaped.append(' ');
              else {
                if (character < 128 && !Character.isLetterOrDigit(character)) escaped.append('\\');
                escaped.append((char) character);
              }
            });
    return escaped.toString();
  }

  /** Rejects tags without a name where they would be the map. */
  private static final class UnnamedTagFinder implements Mustache.Visitor {
    @Override
    public void visitText(String text) {}

    @Override
    public void visitVariable(String name) {
      if (name.equals(".") || name.equals("this"))
        throw new MustacheException(
            "{{"
                + name
                + "}} has no text here; name one, such as {{title}}, or use it in a section, such"
                + " as {{#title}}{{.}}{{/title}}");
    }

    @Override
    public boolean visitInclude(String name) {
      return false;
    }

    /** In the section of a text, it is that text. */
    @Override
    public boolean visitSection(String name) {
      visitVariable(name);
      return false;
    }

    @Override
    public boolean visitInvertedSection(String name) {
      visitVariable(name);
      return true;
    }
  }

  /** Rejects partials, also those with other delimiters, and tags of dots only. */
  private static final class TagChecker implements Mustache.Visitor {
    @Override
    public void visitText(String text) {}

    @Override
    public void visitVariable(String name) {
      if (name.length() > 1 && name.chars().allMatch(character -> character == '.'))
        throw new MustacheException("a tag has no name");
    }

    @Override
    public boolean visitInclude(String name) {
      throw new MustacheException(NO_PARTIALS);
    }

    @Override
    public boolean visitSection(String name) {
      visitVariable(name);
      return true;
    }

    @Override
    public boolean visitInvertedSection(String name) {
      visitVariable(name);
      return true;
    }
  }

  /** Finds values in maps only, never by reflection. */
  private static final class TextCollector extends BasicCollector {
    @Override
    public Mustache.@Nullable VariableFetcher createFetcher(Object context, String name) {
      return context instanceof Map<?, ?> ? super.createFetcher(context, name) : null;
    }

    @Override
    public <K, V> Map<K, V> createFetcherCache() {
      return new java.util.concurrent.ConcurrentHashMap<>();
    }
  }
}
