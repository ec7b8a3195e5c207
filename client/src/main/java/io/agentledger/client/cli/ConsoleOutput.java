package io.agentledger.client.cli;

import java.io.PrintStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where the program writes. All text is made harmless here; on a terminal a line at the bottom
 * shows what is waited for. Safe for many threads.
 */
final class ConsoleOutput implements AutoCloseable {
  private static final Duration FRAME = Duration.ofMillis(120);
  private static final Duration UNHURRIED = Duration.ofSeconds(1);
  private static final String[] SPINNER = {"⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"};
  private static final String ERASE_LINE = "\r\u001b[K";

  private final PrintStream out;
  private final boolean terminal;
  private final boolean colours;
  private boolean atLineStart = true;
  private @Nullable String awaited;
  private boolean announced;
  private boolean bottomShown;
  private long awaitedSince;
  private int frame;
  private final Thread animator;

  /**
   * @param terminal whether {@code out} is one, so that a line on it can be erased again
   */
  ConsoleOutput(PrintStream out, boolean terminal, boolean colours) {
    this.out = out;
    this.terminal = terminal;
    this.colours = colours;
    this.animator = Thread.ofVirtual().name("screen").start(this::animate);
  }

  boolean terminal() {
    return terminal;
  }

  /** One or more whole lines. */
  synchronized void line(TextStyle textStyle, String text) {
    fresh();
    for (var line : TerminalSanitizer.text(text).split("\n", -1))
      out.print(painted(textStyle, line) + "\n");
    out.flush();
  }

  void line(String text) {
    line(TextStyle.PLAIN, text);
  }

  /** A piece of text; what follows stands behind it on the same line. */
  synchronized void text(TextStyle textStyle, String text) {
    eraseBottom();
    var clean = TerminalSanitizer.text(text);
    if (clean.isEmpty()) return;
    out.print(painted(textStyle, clean));
    atLineStart = clean.endsWith("\n");
    awaitedSince = System.nanoTime();
    out.flush();
  }

  /** What follows begins a line. */
  synchronized void fresh() {
    eraseBottom();
    if (!atLineStart) out.print("\n");
    atLineStart = true;
    awaitedSince = System.nanoTime();
  }

  /**
   * A person was asked on this line.
   *
   * @param answered whether their Enter has ended it
   */
  synchronized void typed(boolean answered) {
    if (answered) atLineStart = true;
    fresh();
  }

  /**
   * Says what is waited for, as soon as that takes longer than a second: on a terminal in a line
   * that goes away, elsewhere once in a plain line.
   */
  synchronized void await(String what) {
    if (!what.equals(awaited)) announced = false;
    awaited = what;
    awaitedSince = System.nanoTime();
  }

  /** Like {@link #await}, for what need not be said where lines stay. */
  synchronized void awaitQuietly(String what) {
    await(what);
    announced = true;
  }

  synchronized void awaitNothing() {
    eraseBottom();
    awaited = null;
  }

  private void animate() {
    try {
      while (true) {
        Thread.sleep(FRAME);
        tick();
      }
    } catch (InterruptedException closed) {
      // Nothing is left to be drawn.
    }
  }

  private synchronized void tick() {
    var what = awaited;
    if (what == null) return;
    var waited = Duration.ofNanos(System.nanoTime() - awaitedSince);
    if (waited.compareTo(UNHURRIED) < 0) return;
    if (terminal) {
      if (atLineStart) draw(what, waited);
    } else if (!announced) {
      announced = true;
      line(what + " ...");
    }
  }

  private void draw(String what, Duration waited) {
    frame = (frame + 1) % SPINNER.length;
    var line =
        SPINNER[frame] + " " + TerminalSanitizer.line(what, 60) + " " + waited.toSeconds() + " s";
    out.print(ERASE_LINE + painted(TextStyle.DIM, line));
    out.flush();
    bottomShown = true;
  }

  private void eraseBottom() {
    if (bottomShown) out.print(ERASE_LINE);
    bottomShown = false;
  }

  private String painted(TextStyle textStyle, String text) {
    return colours ? textStyle.apply(text) : text;
  }

  @Override
  public void close() {
    animator.interrupt();
    awaitNothing();
    out.flush();
  }
}
