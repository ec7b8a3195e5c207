package io.agentledger.client.cli;

/** How a piece of text looks where there are colours. */
enum TextStyle {
  PLAIN(""),
  STRONG("\u001b[1m"),
  DIM("\u001b[2m"),
  GOOD("\u001b[32m"),
  BAD("\u001b[31m"),
  WARN("\u001b[33m"),
  ACCENT("\u001b[36m");

  private static final String END = "\u001b[0m";

  private final String begin;

  TextStyle(String begin) {
    this.begin = begin;
  }

  String apply(String text) {
    return this == PLAIN || text.isEmpty() ? text : begin + text + END;
  }
}
