package io.agentledger.client.session;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.query.SessionComparison.EventCount;
import io.agentledger.api.shared.Json;
import io.agentledger.api.workspace.FileChanges;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Differences of a session between two positions.
 *
 * @param from sequence number of the last event of the earlier position
 * @param to sequence number of the last event of the later position
 * @param changes values of the session that differ
 * @param events numbers of the events between the positions, by name
 * @param files differences between the last checkpoints of both positions
 */
public record SessionDifferences(
    SessionId sessionId,
    long from,
    long to,
    List<Change> changes,
    List<EventCount> events,
    FileChanges files) {
  public SessionDifferences {
    changes = List.copyOf(changes);
    events = List.copyOf(events);
  }

  /**
   * A value that differs.
   *
   * @param pointer its position in the session as a JSON Pointer
   * @param oldValue null if there was none
   * @param newValue null if there is none
   */
  public record Change(String pointer, @Nullable Json oldValue, @Nullable Json newValue) {}
}
