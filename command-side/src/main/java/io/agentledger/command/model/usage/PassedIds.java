package io.agentledger.command.model.usage;

import io.agentledger.command.support.BoundedMap;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The ids of the messages and tool calls that the gateway passed on to one process. The latest of
 * each are held in memory, older ones are looked up in the usage file: an id that was passed on is
 * never forgotten. Thread-safe.
 */
public final class PassedIds {
  private static final int COUNT_MAX = 10_000;

  private final Path file;
  private final Map<String, String> messages;
  private final Map<String, RequestedToolCall> toolCalls;

  /** {@code file} is the process's usage file; its latest ids are read from it. */
  public PassedIds(Path file) {
    this(file, COUNT_MAX);
  }

  PassedIds(Path file, int countMax) {
    this.file = file;
    this.messages = BoundedMap.insertionOrdered(countMax);
    this.toolCalls = BoundedMap.insertionOrdered(countMax);
    UsageFile.readPassed(file, this::addMessage, this::addToolCall);
  }

  synchronized void addMessage(String messageId) {
    if (!messageId.isEmpty()) messages.put(messageId, messageId);
  }

  synchronized void addToolCall(RequestedToolCall toolCall) {
    if (!toolCall.toolUseId().isEmpty()) toolCalls.put(toolCall.toolUseId(), toolCall);
  }

  /** Whether the model sent a message with this id. */
  public boolean hasMessage(String messageId) {
    synchronized (this) {
      if (messages.containsKey(messageId)) return true;
    }
    boolean[] found = {false};
    UsageFile.readPassed(file, id -> found[0] |= id.equals(messageId), toolCall -> {});
    return found[0] && !messageId.isEmpty();
  }

  /** The tool call as the model asked for it, or empty if the model never did. */
  public Optional<RequestedToolCall> findToolCall(String toolUseId) {
    synchronized (this) {
      RequestedToolCall recent = toolCalls.get(toolUseId);
      if (recent != null) return Optional.of(recent);
    }
    RequestedToolCall[] found = new RequestedToolCall[1];
    UsageFile.readPassed(
        file,
        id -> {},
        toolCall -> {
          if (toolCall.toolUseId().equals(toolUseId)) found[0] = toolCall;
        });
    return Optional.ofNullable(found[0]).filter(toolCall -> !toolUseId.isEmpty());
  }
}
