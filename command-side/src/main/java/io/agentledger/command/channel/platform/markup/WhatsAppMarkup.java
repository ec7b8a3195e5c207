package io.agentledger.command.channel.platform.markup;

import java.util.Optional;

/** Markup of WhatsApp, which has neither links with a text nor a way to escape characters. */
public final class WhatsAppMarkup implements Markup {
  @Override
  public Style strong() {
    return Style.prose("*", "*");
  }

  @Override
  public Style emphasis() {
    return Style.prose("_", "_");
  }

  @Override
  public Style strikethrough() {
    return Style.prose("~", "~");
  }

  @Override
  public Style code() {
    return Style.whole("`", "`");
  }

  @Override
  public Style codeBlock() {
    return Style.lines("```", "```");
  }

  @Override
  public Style quote() {
    return Style.quote("> ", "", "> ");
  }

  @Override
  public Optional<Style> link(String url) {
    return Optional.empty();
  }

  @Override
  public String escape(String text) {
    return text;
  }
}
