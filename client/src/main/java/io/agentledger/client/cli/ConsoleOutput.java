package io.agentledger.client.cli;

import java.io.PrintStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Output of the program. Escapes all text. On a terminal, a line at the bottom shows what the
 * program waits for. Thread-safe.
 */
final class ConsoleOutput implements AutoCloseable {
  private static final Duration FRAME_INTERVAL = Duration.ofMillis(120);
  private static final Duration SPINNER_DELAY = Duration.ofSeconds(1);
  private static final String[] SPINNER = {"⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"};
  private static final String ERASE_LINE = "\r\u001b[K";

  private final PrintStream out;
  private final boolean terminal;
  private final boolean colours;
  private boolean atLineStart = true;
  private @Nullable String progress;
  private boolean progressPrinted;
  private boolean spinnerShown;
  private long idleSinceNanos;
  private int spinnerIndex;
  private final Thread animator;

  /**
   * Creates the output.
   *
   * @param terminal whether {@code out} is a terminal, on which a line can be erased
   */
  ConsoleOutput(PrintStream out, boolean terminal, boolean colours) {
    this.out = out;
    this.terminal = terminal;
    this.colours = colours;
    this.animator = Thread.ofVirtual().name("spinner").start(this::animate);
  }

  boolean isTerminal() {
    return terminal;
  }

  /** Prints one or more complete lines. */
  synchronized void printLine(TextStyle style, String text) {
    startLine();
    for (var line : TerminalSanitizer.sanitize(text).split("\n", -1))
      out.print(styled(style, line) + "\n");
    out.flush();
  }

  void printLine(String text) {
    printLine(TextStyle.PLAIN, text);
  }

  /** Prints text without a line break after it. */
  synchronized void print(TextStyle style, String text) {
    eraseSpinner();
    var sanitized = TerminalSanitizer.sanitize(text);
    if (sanitized.isEmpty()) return;
    out.print(styled(style, sanitized));
    atLineStart = sanitized.endsWith("\n");
    idleSinceNanos = System.nanoTime();
    out.flush();
  }

  /** Ends the current line, if text is on it. */
  synchronized void startLine() {
    eraseSpinner();
    if (!atLineStart) out.print("\n");
    atLineStart = true;
    idleSinceNanos = System.nanoTime();
  }

  /**
   * Registers that the user was prompted on this line.
   *
   * @param lineEnded whether the user's Enter has ended the line
   */
  synchronized void endInputLine(boolean lineEnded) {
    if (lineEnded) atLineStart = true;
    startLine();
  }

  /**
   * Shows a label if waiting takes longer than a second: on a terminal in a line that is erased
   * again, elsewhere once in a plain line.
   */
  synchronized void showProgress(String label) {
    if (!label.equals(progress)) progressPrinted = false;
    progress = label;
    idleSinceNanos = System.nanoTime();
  }

  /** Like {@link #showProgress}, but prints nothing where lines cannot be erased. */
  synchronized void showSpinner(String label) {
    showProgress(label);
    progressPrinted = true;
  }

  synchronized void clearProgress() {
    eraseSpinner();
    progress = null;
  }

  private void animate() {
    try {
      while (true) {
        Thread.sleep(FRAME_INTERVAL);
        updateSpinner();
      }
    } catch (InterruptedException exception) {
      // The spinner was stopped meanwhile.
    }
  }

  private synchronized void updateSpinner() {
    var label = progress;
    if (label == null) return;
    var elapsed = Duration.ofNanos(System.nanoTime() - idleSinceNanos);
    if (elapsed.compareTo(SPINNER_DELAY) < 0) return;
    if (terminal) {
      if (atLineStart) drawSpinner(label, elapsed);
    } else if (!progressPrinted) {
      progressPrinted = true;
      printLine(label + " ...");
    }
  }

  private void drawSpinner(String label, Duration elapsed) {
    spinnerIndex = (spinnerIndex + 1) % SPINNER.length;
    var line =
        SPINNER[spinnerIndex]
            + " "
            + TerminalSanitizer.sanitizeLine(label, 60)
            + " "
            + elapsed.toSeconds()
            + " s";
    out.print(ERASE_LINE + styled(TextStyle.DIM, line));
    out.flush();
    spinnerShown = true;
  }

  private void eraseSpinner() {
    if (spinnerShown) out.print(ERASE_LINE);
    spinnerShown = false;
  }

  private String styled(TextStyle style, String text) {
    return colours ? style.apply(text) : text;
  }

  @Override
  public void close() {
    animator.interrupt();
    clearProgress();
    out.flush();
  }
}
