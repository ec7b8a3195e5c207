package io.agentledger.client.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.function.IntSupplier;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStyle;
import org.jspecify.annotations.Nullable;

/**
 * Output of the program. Escapes all text. On a terminal, a line at the bottom shows what the
 * program waits for. Thread-safe.
 */
final class ConsoleOutput implements AutoCloseable {
  private static final Duration FRAME_INTERVAL = Duration.ofMillis(120);
  private static final int COLUMNS_DEFAULT = 100;

  /** A terminal with fewer columns has not reported its size. */
  private static final int COLUMNS_MIN = 20;

  private static final int ROWS_DEFAULT = 24;
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
  private IntSupplier columns = () -> COLUMNS_DEFAULT;
  private IntSupplier rows = () -> ROWS_DEFAULT;

  /** Lines above and at the cursor that may be drawn again. */
  private List<String> live = List.of();

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

  /** Sets where to find the current size of the terminal. */
  ConsoleOutput withSize(IntSupplier newColumns, IntSupplier newRows) {
    columns = newColumns;
    rows = newRows;
    return this;
  }

  /** Returns the columns for text; a terminal breaks a line that fills all of its columns. */
  int width() {
    int current = columns.getAsInt();
    return (current > COLUMNS_MIN ? current : COLUMNS_DEFAULT) - 1;
  }

  /** Prints one or more complete lines; on a terminal, they are wrapped at words. */
  synchronized void printLine(TextStyle style, String text) {
    startLine();
    for (var line : TerminalSanitizer.sanitize(text).split("\n", -1))
      for (var part : terminal ? LineBreaker.wrap(line, width()) : List.of(line))
        out.print(styled(style, part) + "\n");
    out.flush();
  }

  /** Prints Markdown; elsewhere than on a terminal, as it is written. */
  synchronized void printMarkdown(TextStyle style, String text) {
    if (!terminal) {
      printLine(style, text);
      return;
    }
    startLine();
    var document = MarkdownRenderer.parse(TerminalSanitizer.sanitize(text));
    for (var line : MarkdownRenderer.render(document, width(), style.attributes()))
      out.print(toAnsi(line) + "\n");
    out.flush();
  }

  /**
   * Draws lines in the place of the last ones that this method has drawn. Only what differs is
   * written, and only what the terminal has not scrolled away. Other output ends the lines.
   */
  synchronized void showLive(List<AttributedString> lines) {
    if (live.isEmpty()) startLine();
    eraseSpinner();
    var next = lines.stream().map(this::toAnsi).toList();
    int same = 0;
    while (same < Math.min(live.size(), next.size()) && live.get(same).equals(next.get(same)))
      same++;
    if (same == live.size() && same == next.size()) return;
    // The cursor ends behind the last line, also if there are fewer lines than before.
    if (same == next.size()) same--;
    int first = Math.max(Math.max(0, same), live.size() - Math.max(2, rows.getAsInt()) + 1);
    if (first < live.size()) {
      int up = live.size() - 1 - first;
      out.print("\r" + (up > 0 ? "\u001b[" + up + "A" : "") + "\u001b[J");
    } else if (!live.isEmpty()) out.print("\n");
    if (first < next.size()) out.print(String.join("\n", next.subList(first, next.size())));
    out.flush();
    live = next;
    atLineStart = false;
    idleSinceNanos = System.nanoTime();
  }

  /** Lets only the last lines be drawn again. */
  synchronized void keepLive(int count) {
    live = live.subList(Math.max(0, live.size() - count), live.size());
  }

  /** JLine's own conversion replaces the characters of boxes. */
  private String toAnsi(AttributedString line) {
    if (!colours) return line.toString();
    var ansi = new StringBuilder();
    for (int start = 0; start < line.length(); start = line.runLimit(start)) {
      var text = line.subSequence(start, line.runLimit(start)).toString();
      var style = line.styleAt(start);
      ansi.append(
          style.equals(AttributedStyle.DEFAULT)
              ? text
              : "\u001b[" + style.toAnsi() + "m" + text + "\u001b[0m");
    }
    return ansi.toString();
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
    live = List.of();
    idleSinceNanos = System.nanoTime();
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

  /** Returns text in a style, for a prompt. */
  String styled(TextStyle style, String text) {
    return colours ? style.apply(text) : text;
  }

  @Override
  public void close() {
    animator.interrupt();
    clearProgress();
    out.flush();
  }
}
