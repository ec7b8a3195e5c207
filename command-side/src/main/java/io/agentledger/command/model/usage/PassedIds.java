package io.agentledger.command.model.usage;

import io.agentledger.store.support.BoundedMap;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Ids of the messages and tool calls that the gateway forwarded to one process, and the calls that
 * have returned. The latest of each are held in memory, older ones are read from the usage file, so
 * that no id is ever forgotten. Thread-safe.
 */
public final class PassedIds {
  private static final int COUNT_MAX = 10_000;

  /** Position of a call that has not returned. */
  private static final long NOWHERE = -1;

  private final Path file;
  private final Map<String, String> messages;
  private final Map<String, PassedToolCall> toolCalls;

  /**
   * Tool call.
   *
   * @param returnedAt offset in the journal at which its result was read
   */
  private record PassedToolCall(RequestedToolCall request, long returnedAt) {}

  /**
   * Reads the latest ids from the file.
   *
   * @param file usage file of the process
   */
  public PassedIds(Path file) {
    this(file, COUNT_MAX);
  }

  PassedIds(Path file, int countMax) {
    this.file = file;
    this.messages = BoundedMap.insertionOrdered(countMax);
    this.toolCalls = BoundedMap.insertionOrdered(countMax);
    UsageFile.readPassed(
        file,
        new UsageFile.PassedIdsListener() {
          @Override
          public void onMessage(String messageId) {
            addMessage(messageId);
          }

          @Override
          public void onToolCall(RequestedToolCall toolCall) {
            addToolCall(toolCall);
          }

          @Override
          public void onReturn(ReturnedToolCall returned) {
            addReturn(returned);
          }
        });
  }

  synchronized void addMessage(String messageId) {
    if (!messageId.isEmpty()) messages.put(messageId, messageId);
  }

  synchronized void addToolCall(RequestedToolCall toolCall) {
    if (!toolCall.toolUseId().isEmpty())
      toolCalls.put(toolCall.toolUseId(), new PassedToolCall(toolCall, NOWHERE));
  }

  private synchronized void addReturn(ReturnedToolCall returned) {
    toolCalls.computeIfPresent(
        returned.toolUseId(),
        (id, call) -> new PassedToolCall(call.request(), returned.journalOffset()));
  }

  /** Returns whether the model sent a message with this id. */
  public boolean hasMessage(String messageId) {
    synchronized (this) {
      if (messages.containsKey(messageId)) return true;
    }
    var lookup = new Lookup(messageId);
    UsageFile.readPassed(file, lookup);
    return lookup.hasMessage && !messageId.isEmpty();
  }

  /** Returns the tool call as the model requested it; empty if it never did. */
  public Optional<RequestedToolCall> findToolCall(String toolUseId) {
    return find(toolUseId).map(PassedToolCall::request);
  }

  /**
   * Records that a tool call has returned.
   *
   * @param usage usage file of the process, to which this is written
   * @param journalOffset offset after the line of the journal with the result
   * @return false if the model did not request the call, or its result was read before at another
   *     offset
   */
  public boolean markReturned(UsageFile usage, String toolUseId, long journalOffset) {
    Optional<PassedToolCall> call = find(toolUseId);
    if (call.isEmpty()) return false;
    if (call.get().returnedAt() != NOWHERE) return call.get().returnedAt() == journalOffset;
    var returned = new ReturnedToolCall(toolUseId, journalOffset);
    usage.append(returned);
    addReturn(returned);
    return true;
  }

  private Optional<PassedToolCall> find(String toolUseId) {
    synchronized (this) {
      PassedToolCall recent = toolCalls.get(toolUseId);
      if (recent != null) return Optional.of(recent);
    }
    var lookup = new Lookup(toolUseId);
    UsageFile.readPassed(file, lookup);
    return toolUseId.isEmpty() ? Optional.empty() : lookup.toolCall;
  }

  /** Looks up one id in the file. */
  private static final class Lookup implements UsageFile.PassedIdsListener {
    private final String id;
    private boolean hasMessage;
    private Optional<PassedToolCall> toolCall = Optional.empty();

    Lookup(String id) {
      this.id = id;
    }

    @Override
    public void onMessage(String messageId) {
      hasMessage |= messageId.equals(id);
    }

    @Override
    public void onToolCall(RequestedToolCall found) {
      if (found.toolUseId().equals(id)) toolCall = Optional.of(new PassedToolCall(found, NOWHERE));
    }

    @Override
    public void onReturn(ReturnedToolCall returned) {
      if (returned.toolUseId().equals(id))
        toolCall =
            toolCall.map(call -> new PassedToolCall(call.request(), returned.journalOffset()));
    }
  }
}
