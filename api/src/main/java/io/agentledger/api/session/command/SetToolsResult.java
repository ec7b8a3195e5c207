package io.agentledger.api.session.command;

import io.agentledger.api.session.SessionTools;
import java.util.List;
import java.util.Map;

/**
 * What became of a wish for other tools. It counts from the session's next query on; what is under
 * way keeps what it began with.
 *
 * @param added names of servers that the session did not have; {@value SessionTools#CLIENT} for the
 *     client's own tools
 * @param removed names of servers that it does not have any more
 * @param errors id of a server that was wished and cannot be had -> why
 */
public record SetToolsResult(List<String> added, List<String> removed, Map<String, String> errors) {
  public SetToolsResult {
    added = List.copyOf(added);
    removed = List.copyOf(removed);
    errors = Map.copyOf(errors);
  }
}
