package io.agentledger.client.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Lines that a person types. Reads only when asked to, so that nothing is taken from others. */
final class ConsoleInput {
  private static final long POLL_MILLIS = 100;

  private final BufferedReader input;
  private final LinkedBlockingQueue<Optional<String>> lines = new LinkedBlockingQueue<>();
  private @Nullable Thread reader;

  ConsoleInput(BufferedReader input) {
    this.input = input;
  }

  /** A new question: what was typed before it is no answer to it. */
  void discardPending() {
    lines.removeIf(Optional::isPresent);
  }

  /** Whether nothing more can be typed. */
  boolean isEnded() {
    var first = lines.peek();
    return first != null && first.isEmpty();
  }

  /**
   * The next line that is typed.
   *
   * @param isObsolete checked while waiting: the question is no longer one
   * @return empty when it became moot or the input has ended
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
      // As good as the end of the input.
    }
    lines.add(Optional.empty());
  }
}
