package io.agentledger.client.bench;

import java.util.List;
import java.util.Locale;

/**
 * Row of the benchmark, in the order in which they are measured: the first one needs a service that
 * has done nothing, the second one a service without events of other rows, and the last one
 * restarts the service. {@code docs/benchmarks.md} describes the methods.
 */
public enum BenchRow {
  MEMORY("", IdleRows::memory),
  REPLAY("binary SELECT of the payloads + JSON parse", context -> new ReplayRow(context).measure()),
  RENAME(
      "INSERT + COMMIT of the same event over JDBC with the same order lock, 8 connections",
      context -> new RenameRow(context).measure()),
  MIX("as many requests for liveness", context -> new MixRow(context).measure()),
  EVENT("", EventRow::measure),
  FAN_OUT(
      "as many bytes pushed by Netty to as many connections at the same pace",
      context -> new FanOutRow(context).measure()),
  FIRST_TEXT(
      "the same CLI with the same options, driven directly on pipes, with the same model",
      FirstTextRow::measure),
  RUN("CPU of the CLI in the same runs", context -> new RunRow(context).measure()),
  LONG_SESSION("the same in a new session", SessionRows::longSession),
  NEW_SESSION("the same CLI spawned directly", SessionRows::newSession),
  MANY_SESSIONS("CPU of the CLIs", SessionRows::manySessions),
  BUSY("the requests for liveness between them", context -> new BusyRow(context).measure()),
  IDLE("", IdleRows::idle),
  TASKS("", context -> new TaskRow(context).measure()),
  START("`java -jar` of the same jar", IdleRows::start);

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
