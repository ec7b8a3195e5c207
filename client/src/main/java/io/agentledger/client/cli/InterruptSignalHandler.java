package io.agentledger.client.cli;

import sun.misc.Signal;
import sun.misc.SignalHandler;

/** Hears Ctrl-C: the first one is told, the second one leaves at once. */
final class InterruptSignalHandler implements AutoCloseable {
  private static final Signal INTERRUPT = new Signal("INT");

  private final SignalHandler before;
  private boolean heard;

  /**
   * @param first told once, on a thread of the JVM's
   */
  InterruptSignalHandler(Runnable first) {
    before = Signal.handle(INTERRUPT, signal -> onInterrupt(first));
  }

  private synchronized void onInterrupt(Runnable first) {
    if (heard) Runtime.getRuntime().halt(ExitCode.INTERRUPTED);
    heard = true;
    Thread.ofVirtual().name("interrupt").start(first);
  }

  @Override
  public void close() {
    Signal.handle(INTERRUPT, before);
  }
}
