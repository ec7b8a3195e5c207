package io.agentledger.api.session.event;

import io.agentledger.api.content.Content;
import io.agentledger.api.session.Attachment;
import io.agentledger.api.session.QueryId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.RunOptions;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.api.session.command.SessionCommand;
import io.agentledger.api.shared.StableName;
import java.util.List;
import org.axonframework.serialization.Revision;

/** Events of queries and other inputs of clients. */
public sealed interface QueryEvent extends SessionEvent {
  /** Why a query was asked. */
  enum Cause {
    USER,
    TASK,
    CHAT,
    FLOW,
    OUTCOME,
    SYSTEM
  }

  /**
   * A run will carry it out now; the run's job is enqueued in the same transaction.
   *
   * @param runId of the run to come
   * @param prompt absent when the query was queued before: sealed content cannot move between
   *     events, it stands in {@link QueryQueued}
   */
  @Revision("1")
  @StableName("QueryIssued")
  record QueryIssued(
      SessionId sessionId,
      QueryId queryId,
      RunId runId,
      Cause cause,
      RunOptions options,
      Content prompt)
      implements QueryEvent {}

  /** It waits for the run before it; at most {@link SessionCommand#QUEUED_MAX} do. */
  @Revision("1")
  @StableName("QueryQueued")
  record QueryQueued(
      SessionId sessionId,
      QueryId queryId,
      RunId runId,
      Cause cause,
      RunOptions options,
      Content prompt)
      implements QueryEvent {}

  /**
   * Something goes with a query; right before it is taken in.
   *
   * @param blocks the attachments as a JSON list, in the shape of Anthropic's Messages API
   */
  @Revision("1")
  @StableName("FilesAttached")
  record FilesAttached(
      SessionId sessionId, QueryId queryId, List<Attachment.Label> files, Content blocks)
      implements QueryEvent {}

  /**
   * Files are mentioned in a query; right before it is taken in. What is read of them is recorded
   * in its run, as calls of the tool {@code Read}.
   *
   * @param paths as the client gave them, a JSON list
   */
  @Revision("1")
  @StableName("FilesMentioned")
  record FilesMentioned(SessionId sessionId, QueryId queryId, Content paths)
      implements QueryEvent {}

  /**
   * A query is a slash command; right before it is taken in.
   *
   * @param name without its slash
   * @param arguments what stands behind the name; absent: nothing
   */
  @Revision("1")
  @StableName("CommandInvoked")
  record CommandInvoked(SessionId sessionId, QueryId queryId, String name, Content arguments)
      implements QueryEvent {}

  /** It waited and is taken back: no run will carry it out. */
  @Revision("1")
  @StableName("QueryWithdrawn")
  record QueryWithdrawn(SessionId sessionId, QueryId queryId) implements QueryEvent {}

  /**
   * Somebody wants a subagent or a background command to stop; the run that began it goes on.
   *
   * @param taskId see {@link OutputEvent.TaskStarted}
   */
  @Revision("1")
  @StableName("TaskStopRequested")
  record TaskStopRequested(SessionId sessionId, String taskId) implements QueryEvent {}

  /**
   * Somebody wants tool calls to go on in the background, while their run goes on with the next
   * thing.
   *
   * @param toolCallIds that are running
   */
  @Revision("1")
  @StableName("BackgroundRequested")
  record BackgroundRequested(SessionId sessionId, List<ToolCallId> toolCallIds)
      implements QueryEvent {}

  /**
   * Somebody wants the run to stop; what is queued stays queued. Its background tasks stop, too,
   * each by a {@link TaskStopRequested}.
   */
  @Revision("1")
  @StableName("InterruptRequested")
  record InterruptRequested(SessionId sessionId, RunId runId) implements QueryEvent {}
}
