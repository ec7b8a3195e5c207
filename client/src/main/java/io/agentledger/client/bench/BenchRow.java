package io.agentledger.client.bench;

import java.util.List;
import java.util.Locale;

/** Row of the benchmark; {@code docs/benchmarks.md} describes how each one is measured. */
public enum BenchRow {
  RENAME(
      "INSERT + COMMIT of the same event over JDBC with the same order lock, 8 connections",
      context -> new RenameRow(context).measure()),
  FIRST_TEXT(
      "the same CLI with the same options, driven directly on pipes, with the same model",
      FirstTextRow::measure);

  private final String floor;
  private final Method method;

  BenchRow(String floor, Method method) {
    this.floor = floor;
    this.method = method;
  }

  /** Measures a row. */
  private interface Method {
    List<Measurement> measure(BenchContext context) throws Exception;
  }

  /** Returns the name on the command line. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Returns what the row is compared with; empty for nothing. */
  String floor() {
    return floor;
  }

  List<Measurement> measure(BenchContext context) throws Exception {
    return method.measure(context);
  }
}
