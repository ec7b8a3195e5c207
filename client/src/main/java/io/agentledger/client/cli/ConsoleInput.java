package io.agentledger.client.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jline.reader.Completer;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.MaskingCallback;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.terminal.Attributes;
import org.jline.terminal.Terminal;
import org.jspecify.annotations.Nullable;
import sun.misc.Signal;

/**
 * Lines that a user types at a terminal, with JLine's editing. Reads only on request, so that no
 * input of other programs is consumed. For one thread.
 */
final class ConsoleInput implements AutoCloseable {
  private static final long POLL_MILLIS = 100;

  /** Time in which a key that was typed before is read. */
  private static final long DRAIN_MILLIS = 50;

  private final TerminalOpener opener;
  private @Nullable Terminal terminal;
  private @Nullable Attributes original;
  private String typedAhead = "";
  private boolean ended;

  /** Opens the terminal when it is first needed. */
  interface TerminalOpener {
    Terminal open() throws IOException;
  }

  ConsoleInput(TerminalOpener opener) {
    this.opener = opener;
  }

  /** Opens the terminal, if it is not open yet. */
  Terminal terminal() {
    if (terminal == null)
      try {
        terminal = opener.open();
        original = terminal.getAttributes();
      } catch (IOException exception) {
        throw new UncheckedIOException(exception);
      }
    return terminal;
  }

  /** Returns true at the end of the input. */
  boolean isEnded() {
    return ended;
  }

  /**
   * Creates a reader of prompts, with history and completion. Backslash and Enter begin a new line.
   */
  LineReader promptReader(Completer completer, List<String> history) {
    var reader =
        LineReaderBuilder.builder()
            .terminal(terminal())
            .completer(completer)
            .parser(new DefaultParser().quoteChars(new char[0]).eofOnEscapedNewLine(true))
            .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
            .variable(LineReader.SECONDARY_PROMPT_PATTERN, "  ")
            .build();
    history.forEach(reader.getHistory()::add);
    return reader;
  }

  /**
   * Reads a prompt, which begins with what was typed before a question. A command in a line of its
   * own that was typed before one is returned at once, and shown; other text waits for the user to
   * submit it.
   *
   * @return empty at the end of the input
   * @throws UserInterruptException if the user typed Ctrl-C
   */
  Optional<String> readPrompt(LineReader reader, String prompt) {
    var command = takeTypedCommand();
    if (command.isPresent()) {
      terminal().writer().println(prompt + command.get());
      terminal().flush();
      return command;
    }
    var beginning = typedAhead;
    typedAhead = "";
    try {
      var line = reader.readLine(escape(prompt), null, (MaskingCallback) null, beginning);
      return Optional.of(line.replace("\\\n", "\n"));
    } catch (EndOfFileException exception) {
      ended = true;
      return Optional.empty();
    }
  }

  /**
   * Reads the answer to a question. What was typed before is no answer to it: it is kept for the
   * next prompt.
   *
   * @param isObsolete checked while waiting; true if the question needs no answer any more
   * @return empty if the question became obsolete, the user typed Ctrl-C or the input has ended
   */
  Optional<String> readAnswer(String question, BooleanSupplier isObsolete) {
    keepTypedAhead();
    var reader =
        LineReaderBuilder.builder()
            .terminal(terminal())
            .parser(new DefaultParser().quoteChars(new char[0]).escapeChars(new char[0]))
            .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
            .variable(LineReader.DISABLE_HISTORY, true)
            .variable(LineReader.DISABLE_COMPLETION, true)
            .build();
    var asking = Thread.currentThread();
    var watcher =
        Thread.ofVirtual()
            .name("obsolete-question")
            .unstarted(
                () -> {
                  try {
                    while (!isObsolete.getAsBoolean()) Thread.sleep(POLL_MILLIS);
                    asking.interrupt();
                  } catch (InterruptedException exception) {
                    // The question was answered.
                  }
                });
    watcher.start();
    try {
      return Optional.of(reader.readLine(escape(question)));
    } catch (UserInterruptException exception) {
      // Ctrl-C means here what it means without a question.
      if (!isObsolete.getAsBoolean()) Signal.raise(new Signal("INT"));
      return Optional.empty();
    } catch (EndOfFileException exception) {
      ended = true;
      return Optional.empty();
    } finally {
      watcher.interrupt();
      join(watcher);
    }
  }

  private static void join(Thread watcher) {
    boolean joined = false;
    while (!joined)
      try {
        watcher.join();
        joined = true;
      } catch (InterruptedException exception) {
        // By the watcher, after the answer.
      }
    Thread.interrupted();
  }

  private Optional<String> takeTypedCommand() {
    var lines = new ArrayList<>(Arrays.asList(typedAhead.split("\n", -1)));
    for (int i = 0; i < lines.size() - 1; i++) // The last one was not ended.
    if (TypedPrompt.parse(lines.get(i), true).command() != null) {
        var command = lines.remove(i);
        typedAhead = String.join("\n", lines);
        return Optional.of(command);
      }
    return Optional.empty();
  }

  private static String escape(String prompt) {
    return prompt.replace("%", "%%");
  }

  /**
   * Stops the echo of what is typed until the result is closed: it waits for the next prompt.
   * Ctrl-C keeps its meaning, and does not discard it.
   */
  Typing holdTyping() {
    var saved = terminal().enterRawMode();
    var attributes = terminal().getAttributes();
    attributes.setLocalFlag(Attributes.LocalFlag.ISIG, true);
    attributes.setLocalFlag(Attributes.LocalFlag.NOFLSH, true);
    terminal().setAttributes(attributes);
    return () -> terminal().setAttributes(saved);
  }

  /** State of the terminal in which typed text is not shown. */
  interface Typing extends AutoCloseable {
    @Override
    void close();
  }

  private void keepTypedAhead() {
    var typed = new StringBuilder(typedAhead);
    try {
      var reader = terminal().reader();
      for (int key = reader.read(DRAIN_MILLIS); key >= 0; key = reader.read(DRAIN_MILLIS))
        appendKey(typed, (char) key);
    } catch (IOException exception) {
      throw new UncheckedIOException(exception);
    }
    typedAhead = typed.toString();
  }

  private static void appendKey(StringBuilder typed, char key) {
    if (key == '\r' || key == '\n') typed.append('\n');
    else if (key == '\b' || key == 0x7f) typed.setLength(Math.max(0, typed.length() - 1));
    else if (!Character.isISOControl(key)) typed.append(key);
  }

  /** Gives the terminal back as it was; it may be called by any thread before the program exits. */
  void restore() {
    if (terminal != null && original != null) terminal.setAttributes(original);
  }

  @Override
  public void close() {
    restore();
    try {
      if (terminal != null) terminal.close();
    } catch (IOException exception) {
      throw new UncheckedIOException(exception);
    }
  }
}
