package io.agentledger.command.model;

import io.agentledger.command.model.usage.RequestedToolCall;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The second witness: which tool calls the model of one process asked for, the latest 10,000 of
 * them. A call that the CLI reports and this does not know is an incident.
 */
final class RequestedToolCalls {
  private static final int CALL_COUNT_MAX = 10_000;

  private final Map<String, RequestedToolCall> calls = new LinkedHashMap<>();

  synchronized void add(RequestedToolCall tool) {
    calls.put(tool.toolUseId(), tool);
    if (calls.size() > CALL_COUNT_MAX) calls.remove(calls.keySet().iterator().next());
  }

  synchronized Optional<RequestedToolCall> find(String toolUseId) {
    return Optional.ofNullable(calls.get(toolUseId));
  }
}
