package io.agentledger.command.trigger;

import com.samskivert.mustache.BasicCollector;
import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.MustacheException;
import com.samskivert.mustache.Template;
import java.util.Collections;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Mustache template that reads one tree of maps, and nothing else: no methods or fields of values,
 * no lambdas, no partials, and no repetition for lists, so that its time is bounded by its length.
 */
final class TriggerTemplate {
  /** Would otherwise be found only where its section is rendered. */
  private static final Pattern PARTIAL = Pattern.compile("\\{\\{\\s*>");

  private final Template template;

  private TriggerTemplate(Template template) {
    this.template = template;
  }

  /**
   * Compiles a template.
   *
   * @param format converts each value, also a map or a list, to the text of its tag; it limits the
   *     length of all texts
   * @throws MustacheException if it is not valid
   */
  static TriggerTemplate compile(String text, Mustache.Formatter format) {
    if (PARTIAL.matcher(text).find()) throw new MustacheException("partials are not supported");
    try {
      return new TriggerTemplate(
          Mustache.compiler()
              .escapeHTML(false) // The formatter is also used by {{{ }}}.
              .withFormatter(format)
              .withCollector(new TreeCollector())
              .withLoader(
                  name -> {
                    throw new MustacheException("partials are not supported");
                  })
              .emptyStringIsFalse(true)
              .defaultValue("")
              .compile(text));
    } catch (IndexOutOfBoundsException e) { // JMustache, for {{}} and {{=}}.
      throw new MustacheException("a tag has no name");
    }
  }

  /**
   * Returns the text for values.
   *
   * @throws MustacheException if it cannot be rendered with them
   */
  String render(Map<String, Object> values) {
    try {
      return template.execute(values);
    } catch (IndexOutOfBoundsException e) { // JMustache, for {{..}}.
      throw new MustacheException("a tag has no name");
    }
  }

  /** Finds values in maps only, never by reflection. */
  private static final class TreeCollector extends BasicCollector {
    @Override
    public Mustache.@Nullable VariableFetcher createFetcher(Object context, String name) {
      return context instanceof Map<?, ?> ? super.createFetcher(context, name) : null;
    }

    /** A section of a list is rendered once, and not at all if the list is empty. */
    @Override
    public @Nullable Iterator<?> toIterator(Object value) {
      return value instanceof Iterable<?> list && !list.iterator().hasNext()
          ? Collections.emptyIterator()
          : null;
    }

    @Override
    public <K, V> Map<K, V> createFetcherCache() {
      return new ConcurrentHashMap<>();
    }
  }
}
