package io.agentledger.command.channel.platform.markup;

import java.util.Optional;

/**
 * Slack's mrkdwn. Escaping also keeps a text from mentioning users and channels, which are written
 * in angle brackets.
 */
public final class SlackMrkdwn implements Markup {
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
    return Style.lines("```\n", "\n```");
  }

  @Override
  public Style quote() {
    return Style.quote("> ", "", "> ");
  }

  @Override
  public Optional<Style> link(String url) {
    var address = url.replace("|", "%7C").replace("<", "%3C").replace(">", "%3E");
    return Optional.of(Style.whole("<" + address.replace("&", "&amp;") + "|", ">"));
  }

  @Override
  public String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
