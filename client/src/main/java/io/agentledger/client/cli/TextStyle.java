package io.agentledger.client.cli;

import org.jline.utils.AttributedStyle;

/** Style of text on a terminal with colours. */
enum TextStyle {
  PLAIN("", AttributedStyle.DEFAULT),
  BOLD("\u001b[1m", AttributedStyle.BOLD),
  DIM("\u001b[2m", AttributedStyle.DEFAULT.faint()),
  SUCCESS("\u001b[32m", AttributedStyle.DEFAULT.foreground(AttributedStyle.GREEN)),
  ERROR("\u001b[31m", AttributedStyle.DEFAULT.foreground(AttributedStyle.RED)),
  WARNING("\u001b[33m", AttributedStyle.DEFAULT.foreground(AttributedStyle.YELLOW)),
  ACCENT("\u001b[36m", AttributedStyle.DEFAULT.foreground(AttributedStyle.CYAN));

  private static final String RESET = "\u001b[0m";

  private final String begin;

  private final AttributedStyle attributes;

  TextStyle(String begin, AttributedStyle attributes) {
    this.begin = begin;
    this.attributes = attributes;
  }

  /** Returns the same style for text that is composed of several styles. */
  AttributedStyle attributes() {
    return attributes;
  }

  String apply(String text) {
    return this == PLAIN || text.isEmpty() ? text : begin + text + RESET;
  }
}
