package io.agentledger.command.claude.process;

import io.agentledger.api.model.Usage;
import io.agentledger.command.claude.protocol.ClaudeMessage;
import io.agentledger.command.claude.protocol.ClaudeParser;
import io.agentledger.command.claude.protocol.JournalFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows one process's journal on a separate thread and passes it on in batches, in order, each
 * line once, until the process has ended and everything is read. The watcher wakes a thread of the
 * operating system directly; a virtual one needs a carrier and a scheduler of timeouts.
 */
public final class JournalTailer implements AutoCloseable {
  /**
   * Parsed line of output with the offset after it.
   *
   * @param usage of the whole answer that the line ends; zero for all other lines
   */
  public record Entry(ClaudeMessage message, long endOffset, Usage usage) {
    public Entry(ClaudeMessage message, long endOffset) {
      this(message, endOffset, Usage.ZERO);
    }
  }

  /** Receiver of the journal's entries. Called by one thread; an exception stops the tailer. */
  public interface Listener {
    void onBatch(List<Entry> batch) throws IOException;

    /** Returns whether the process is at work, so that its end must be noticed soon. */
    default boolean isActive() {
      return true;
    }

    /** The process has ended, with or without an exit status; no entry follows. */
    void onEnded() throws IOException;

    void onFailure(Exception fault);
  }

  private static final Logger log = LoggerFactory.getLogger(JournalTailer.class);

  /** Message of a failure to open or read the journal, for users. */
  public static final String UNREADABLE = "the journal cannot be read";

  private static final int BATCH_LINES = 256;
  private static final long POLL_MILLIS = 500;

  /** Longest pause between two checks of an idle process. */
  private static final long IDLE_POLL_MILLIS = 30_000;

  /**
   * Timeout of an incomplete line. Lines are written at once, so a line that does not grow for so
   * long stays incomplete.
   */
  private static final long LINE_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(20);

  /** The last line of the journal is incomplete and will stay so. */
  public static final class BrokenLineException extends IOException {
    private static final long serialVersionUID = 1L;

    BrokenLineException() {
      super("the CLI's output ends in the middle of a line");
    }
  }

  private final ClaudeProcess process;
  private final JournalFile journal;
  private final JournalWatcher journalWatcher;
  private final Listener listener;
  private final AnswerUsage answerUsage;
  private final Thread thread;
  private volatile boolean closed;
  private long pollMillis = POLL_MILLIS;
  private boolean alive = true;
  private long checkedNanos = System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(POLL_MILLIS);
  private long partialEnd;
  private long partialSinceNanos;

  private JournalTailer(
      ClaudeProcess process, long offset, JournalWatcher journalWatcher, Listener listener)
      throws IOException {
    this.process = process;
    this.journal = new JournalFile(process.journal(), offset);
    this.journalWatcher = journalWatcher;
    this.listener = listener;
    this.answerUsage = new AnswerUsage(offset, System::nanoTime);
    this.thread = Thread.ofPlatform().daemon().name("journal").unstarted(this::run);
  }

  /**
   * @param offset the end of the last line that was recorded
   * @throws IOException if there is no journal
   */
  public static JournalTailer start(
      ClaudeProcess process, long offset, JournalWatcher journalWatcher, Listener listener)
      throws IOException {
    try {
      JournalTailer journalTailer = new JournalTailer(process, offset, journalWatcher, listener);
      journalTailer.thread.start();
      return journalTailer;
    } catch (IOException fault) {
      throw new IOException(UNREADABLE, fault);
    }
  }

  /**
   * Returns the lines of a process that has ended.
   *
   * @param offset the end of the last line that was recorded
   */
  public static List<Entry> readRest(
      ClaudeProcess process, long offset, Predicate<ClaudeMessage> filter) throws IOException {
    List<Entry> rest = new ArrayList<>();
    try (JournalFile journal = new JournalFile(process.journal(), offset)) {
      List<Entry> batch = readBatch(journal);
      AnswerUsage answerUsage = new AnswerUsage(offset, () -> 0);
      while (!batch.isEmpty()) {
        rest.addAll(answerUsage.add(batch));
        batch = readBatch(journal);
      }
      rest.addAll(answerUsage.release());
    }
    return rest.stream().filter(entry -> filter.test(entry.message())).toList();
  }

  private void run() {
    try (journal) {
      int watch = registerOrPoll();
      try {
        loop();
      } finally {
        journalWatcher.unregister(watch);
      }
    } catch (Exception fault) {
      if (!closed) {
        listener.onFailure(fault);
      }
    }
  }

  /** Without a watch, what the process reports is read up to half a second later. */
  private int registerOrPoll() {
    try {
      return journalWatcher.register(process.directory());
    } catch (IOException unwatched) {
      if (!closed) log.atWarn().setCause(unwatched).log("output of a process is read by polling");
      return JournalWatcher.NONE;
    }
  }

  private void loop() throws IOException {
    while (!closed) {
      boolean running = isAlive(); // checked before reading: no output follows its end
      List<Entry> batch = readBatch(journal);
      if (!batch.isEmpty()) {
        pass(answerUsage.add(batch));
      } else if (!running) {
        pass(answerUsage.release());
        listener.onEnded();
        return;
      } else {
        pass(answerUsage.releaseOverdue());
        checkPartialLine();
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(nextPollMillis()));
      }
    }
  }

  /**
   * Looks for the exit status each time, and twice a second for a supervisor script that was killed
   * and leaves none.
   */
  private boolean isAlive() {
    if (!alive || process.hasExitStatus()) return false;
    long now = System.nanoTime();
    if (now - checkedNanos < TimeUnit.MILLISECONDS.toNanos(POLL_MILLIS)) return true;
    checkedNanos = now;
    alive = process.isAlive();
    return alive;
  }

  /**
   * Returns how long to wait for a notification of the journal or of the exit status. The checks
   * after it are for lines that are held, for a lost notification, and for a supervisor script that
   * was killed; they become rarer while the process is idle.
   */
  private long nextPollMillis() {
    boolean active = listener.isActive() || answerUsage.holds() || journal.endsInsideALine();
    pollMillis = active ? POLL_MILLIS : Math.min(pollMillis * 2, IDLE_POLL_MILLIS);
    return pollMillis;
  }

  /** Checks the process soon, because it gets work. */
  public void wake() {
    LockSupport.unpark(thread);
  }

  private void pass(List<Entry> batch) throws IOException {
    if (!batch.isEmpty()) {
      listener.onBatch(batch);
    }
  }

  private void checkPartialLine() throws BrokenLineException {
    long now = System.nanoTime();
    if (!journal.endsInsideALine() || journal.position() != partialEnd) {
      partialEnd = journal.position();
      partialSinceNanos = now;
    } else if (now - partialSinceNanos > LINE_TIMEOUT_NANOS) {
      throw new BrokenLineException();
    }
  }

  private static List<Entry> readBatch(JournalFile journal) throws IOException {
    List<Entry> batch = new ArrayList<>();
    for (JournalFile.Line line : journal.read(BATCH_LINES)) {
      batch.add(new Entry(ClaudeParser.parse(line), line.endOffset()));
    }
    return batch;
  }

  /** Stops reading after the batch that the listener is processing. Does not wait. */
  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
  }
}
