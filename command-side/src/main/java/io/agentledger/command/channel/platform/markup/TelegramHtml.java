package io.agentledger.command.channel.platform.markup;

import java.util.Optional;

/** HTML of the Telegram Bot API, which unlike its Markdown has only three special characters. */
public final class TelegramHtml implements Markup {
  @Override
  public Style strong() {
    return Style.prose("<b>", "</b>");
  }

  @Override
  public Style emphasis() {
    return Style.prose("<i>", "</i>");
  }

  @Override
  public Style strikethrough() {
    return Style.prose("<s>", "</s>");
  }

  @Override
  public Style code() {
    return Style.whole("<code>", "</code>");
  }

  @Override
  public Style codeBlock() {
    return Style.lines("<pre>", "</pre>");
  }

  @Override
  public Style quote() {
    return Style.prose("<blockquote>", "</blockquote>");
  }

  @Override
  public Optional<Style> link(String url) {
    return Optional.of(
        Style.whole("<a href=\"" + escape(url).replace("\"", "&quot;") + "\">", "</a>"));
  }

  @Override
  public String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
