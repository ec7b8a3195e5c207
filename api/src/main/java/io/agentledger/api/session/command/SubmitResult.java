package io.agentledger.api.session.command;

import io.agentledger.api.session.QueryId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.StableName;
import java.util.List;

/**
 * Result of a {@link SessionCommand.SubmitInputs}. A repeated command gets the result of the first
 * one.
 *
 * @param after sequence of the session's last event before the command; the events of the inputs
 *     follow it
 * @param queries one for each prompt, in their order
 */
@StableName("submit_result")
public record SubmitResult(SessionId sessionId, long after, List<Accepted> queries) {
  /**
   * An accepted query.
   *
   * @param queuePosition number of queries before it; 0 if its run starts now
   */
  public record Accepted(QueryId queryId, RunId runId, int queuePosition) {}
}
