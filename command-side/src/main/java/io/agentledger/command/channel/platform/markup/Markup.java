package io.agentledger.command.channel.platform.markup;

import java.util.List;
import java.util.Optional;

/** Markup of a platform. Implementations are stateless. */
public interface Markup {
  Style strong();

  Style emphasis();

  Style strikethrough();

  Style code();

  Style codeBlock();

  Style quote();

  /**
   * Returns the markup of a link around its text; empty if the markup has none, so that the address
   * follows the text.
   *
   * @param url address with an allowed scheme
   */
  Optional<Style> link(String url);

  /** Makes characters of a text literal. */
  String escape(String text);

  /** Returns Markdown as parts in this markup, each of 1 to {@code lengthMax} characters. */
  default List<String> divide(String markdown, int lengthMax) {
    return new TextDivider(this, MarkdownReader.read(this, markdown)).divide(lengthMax);
  }
}
