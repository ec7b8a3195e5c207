package io.agentledger.client.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads lines that a user types. Reads only on request, so that no input of other programs is
 * consumed.
 */
final class ConsoleInput {
  private static final long POLL_MILLIS = 100;

  private final BufferedReader input;
  private final LinkedBlockingQueue<Optional<String>> lines = new LinkedBlockingQueue<>();
  private @Nullable Thread reader;

  ConsoleInput(BufferedReader input) {
    this.input = input;
  }

  /** Discards lines that were typed before a new question. */
  void discardPending() {
    lines.removeIf(Optional::isPresent);
  }

  /** Returns true at the end of the input. */
  boolean isEnded() {
    var first = lines.peek();
    return first != null && first.isEmpty();
  }

  /**
   * Reads the next line that the user types.
   *
   * @param isObsolete checked while waiting; true if the question needs no answer any more
   * @return empty if the question became obsolete or the input has ended
   */
  Optional<String> readLine(BooleanSupplier isObsolete) {
    start();
    try {
      while (!isObsolete.getAsBoolean()) {
        var line = lines.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
        if (line == null) continue;
        if (line.isEmpty()) lines.add(line);
        return line;
      }
    } catch (InterruptedException exception) {
      Thread.currentThread().interrupt();
    }
    return Optional.empty();
  }

  private void start() {
    if (reader != null) return;
    reader = Thread.ofPlatform().daemon().name("console-input").start(this::read);
  }

  private void read() {
    try {
      for (var line = input.readLine(); line != null; line = input.readLine())
        lines.add(Optional.of(line));
    } catch (IOException exception) {
      // Treated as the end of the input.
    }
    lines.add(Optional.empty());
  }
}
