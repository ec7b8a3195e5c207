package io.agentledger.api.session.command;

import io.agentledger.api.session.SessionTools;
import io.agentledger.api.shared.OrderedCopy;
import java.util.List;
import java.util.Map;

/**
 * Result of a change of tools. It applies from the session's next query on; the run in progress
 * keeps its tools.
 *
 * @param added names of servers that the session did not have; {@value SessionTools#CLIENT} for the
 *     client's own tools
 * @param removed names of servers that it no longer has
 * @param errors id of a requested server that is unusable -> reason
 */
public record SetToolsResult(List<String> added, List<String> removed, Map<String, String> errors) {
  public SetToolsResult {
    added = List.copyOf(added);
    removed = List.copyOf(removed);
    errors = OrderedCopy.of(errors);
  }
}
