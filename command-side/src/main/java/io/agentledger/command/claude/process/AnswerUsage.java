package io.agentledger.command.claude.process;

import io.agentledger.command.claude.process.JournalTailer.Entry;
import io.agentledger.command.claude.protocol.ClaudeMessage;
import io.agentledger.command.claude.protocol.ClaudeMessage.AssistantMessage;
import io.agentledger.command.claude.protocol.ClaudeMessage.StreamEvent;
import io.agentledger.command.model.usage.TokenUsage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Usage of the agent's answers. The CLI prints the blocks of an answer first and its usage
 * afterwards, so the last block is held until the usage, or a line that cannot precede it, arrives.
 * Lines that are recorded behind the block wait with it and keep their order; the others pass. A
 * subagent's answer has no usage in the journal. Bounded in lines, bytes and time. Confined to one
 * thread.
 */
final class AnswerUsage {
  static final int LINES_MAX = 64;
  static final long BYTES_MAX = 1 << 20;

  /** With the interval of the tailer's checks, no line waits longer than a second. */
  static final long WAIT_MAX_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private final LongSupplier nanoTime;
  private final Deque<Entry> held = new ArrayDeque<>();
  private TokenUsage usage = TokenUsage.NONE;
  private boolean complete;
  private long readEnd;
  private long heldBytes;
  private long heldSinceNanos;

  /**
   * @param offset start of the first line
   */
  AnswerUsage(long offset, LongSupplier nanoTime) {
    this.readEnd = offset;
    this.nanoTime = nanoTime;
  }

  /** Adds lines and returns those that need not wait any more. */
  List<Entry> add(List<Entry> batch) {
    List<Entry> released = new ArrayList<>(batch.size());
    for (Entry entry : batch) {
      released.addAll(releaseOverdue());
      add(entry, released);
      readEnd = entry.endOffset();
    }
    return released;
  }

  /** Returns whether lines wait. */
  boolean holds() {
    return !held.isEmpty();
  }

  /** Returns the lines that have waited for too long. */
  List<Entry> releaseOverdue() {
    boolean isOverdue = nanoTime.getAsLong() - heldSinceNanos >= WAIT_MAX_NANOS;
    return isOverdue ? release() : List.of();
  }

  /** Returns all lines that wait, the first one with its usage as far as that is known. */
  List<Entry> release() {
    List<Entry> released = new ArrayList<>(held);
    if (complete && !held.isEmpty()) {
      Entry answer = held.getFirst();
      released.set(0, new Entry(answer.message(), answer.endOffset(), usage.tokens()));
    }
    held.clear();
    heldBytes = 0;
    complete = false;
    return released;
  }

  private void add(Entry entry, List<Entry> released) {
    switch (entry.message()) {
      case AssistantMessage answer when isOfAgent(answer) -> {
        complete &= !answer.messageId().equals(heldMessageId());
        released.addAll(release());
        hold(entry, answer);
      }
      case ClaudeMessage.MessageCounted counted when isOfAgent(counted) -> {
        usage = usage.updatedBy(counted.usage());
        complete = true;
        released.addAll(release());
      }
      case ClaudeMessage.BlockStopped _ -> released.add(entry);
      case StreamEvent event when isOfAgent(event) -> pass(entry, released);
      case StreamEvent _, ClaudeMessage.Transient _, ClaudeMessage.Other _ -> released.add(entry);
      case AssistantMessage _,
          ClaudeMessage.PermissionRequest _,
          ClaudeMessage.HookCallback _,
          ClaudeMessage.ToolResults _ ->
          queue(entry, released);
      case ClaudeMessage.StateChanged changed when !changed.state().equals("idle") ->
          queue(entry, released); // It is printed between a tool call and the usage.
      default -> pass(entry, released);
    }
  }

  private void hold(Entry entry, AssistantMessage answer) {
    usage = TokenUsage.NONE.updatedBy(answer.usage());
    complete = answer.stopReason().isPresent(); // Then it was not streamed.
    heldSinceNanos = nanoTime.getAsLong();
    held.add(entry);
    heldBytes = entry.endOffset() - readEnd;
  }

  private void queue(Entry entry, List<Entry> released) {
    heldBytes += entry.endOffset() - readEnd;
    if (held.isEmpty() || complete || held.size() == LINES_MAX || heldBytes > BYTES_MAX) {
      pass(entry, released);
    } else {
      held.add(entry);
    }
  }

  private void pass(Entry entry, List<Entry> released) {
    released.addAll(release());
    released.add(entry);
  }

  private String heldMessageId() {
    return !held.isEmpty() && held.getFirst().message() instanceof AssistantMessage answer
        ? answer.messageId()
        : "";
  }

  private static boolean isOfAgent(AssistantMessage answer) {
    return !answer.isFromCli() && answer.parentToolUseId().isEmpty();
  }

  private static boolean isOfAgent(StreamEvent event) {
    return event.parentToolUseId().isEmpty();
  }
}
