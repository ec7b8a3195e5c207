package io.agentledger.client.cli;

/** Style of text on a terminal with colours. */
enum TextStyle {
  PLAIN(""),
  BOLD("\u001b[1m"),
  DIM("\u001b[2m"),
  SUCCESS("\u001b[32m"),
  ERROR("\u001b[31m"),
  WARNING("\u001b[33m"),
  ACCENT("\u001b[36m");

  private static final String RESET = "\u001b[0m";

  private final String begin;

  TextStyle(String begin) {
    this.begin = begin;
  }

  String apply(String text) {
    return this == PLAIN || text.isEmpty() ? text : begin + text + RESET;
  }
}
