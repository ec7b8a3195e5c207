package io.agentledger.client.cli;

import sun.misc.Signal;
import sun.misc.SignalHandler;

/** Handles Ctrl-C: reports the first one and exits at the second one. */
final class InterruptSignalHandler implements AutoCloseable {
  private static final Signal INTERRUPT = new Signal("INT");

  private final SignalHandler previousHandler;
  private boolean interrupted;

  /**
   * Installs the handler.
   *
   * @param onFirstInterrupt called once, on a thread of the JVM
   * @param beforeExit called before the exit
   */
  InterruptSignalHandler(Runnable onFirstInterrupt, Runnable beforeExit) {
    previousHandler = Signal.handle(INTERRUPT, signal -> onInterrupt(onFirstInterrupt, beforeExit));
  }

  private synchronized void onInterrupt(Runnable onFirstInterrupt, Runnable beforeExit) {
    if (interrupted) {
      beforeExit.run();
      Runtime.getRuntime().halt(ExitCode.INTERRUPTED);
    }
    interrupted = true;
    Thread.ofVirtual().name("interrupt").start(onFirstInterrupt);
  }

  @Override
  public void close() {
    Signal.handle(INTERRUPT, previousHandler);
  }
}
