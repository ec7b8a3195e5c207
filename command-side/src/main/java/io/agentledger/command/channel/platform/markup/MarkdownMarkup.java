package io.agentledger.command.channel.platform.markup;

import java.util.Optional;
import java.util.regex.Pattern;

/** CommonMark with strikethrough, for divided texts. */
final class MarkdownMarkup implements Markup {
  private static final Pattern SPECIAL = Pattern.compile("[\\\\`*_\\[\\]<>&~]");

  @Override
  public Style strong() {
    return Style.prose("**", "**");
  }

  @Override
  public Style emphasis() {
    return Style.prose("*", "*");
  }

  @Override
  public Style strikethrough() {
    return Style.prose("~~", "~~");
  }

  @Override
  public Style code() {
    return Style.whole("`", "`").verbatim();
  }

  @Override
  public Style codeBlock() {
    return Style.lines("```\n", "\n```").verbatim();
  }

  @Override
  public Style quote() {
    return Style.quote("> ", "", "> ");
  }

  @Override
  public Optional<Style> link(String url) {
    return Optional.of(
        Style.whole("[", "](<" + url.replace("<", "%3C").replace(">", "%3E") + ">)"));
  }

  @Override
  public String escape(String text) {
    return SPECIAL.matcher(text).replaceAll("\\\\$0");
  }
}
