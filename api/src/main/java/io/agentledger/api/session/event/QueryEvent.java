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
  /** Cause of a query. */
  enum Cause {
    USER,
    TASK,
    CHAT,
    FLOW,
    OUTCOME,
    SYSTEM
  }

  /**
   * A run will execute the query now; the run's job is enqueued in the same transaction.
   *
   * @param runId id of the future run
   * @param prompt absent if the query was queued before: sealed content is bound to its event, so
   *     the prompt is in {@link QueryQueued}
   */
  @Revision("2")
  @StableName("QueryIssued")
  record QueryIssued(
      SessionId sessionId,
      QueryId queryId,
      RunId runId,
      Cause cause,
      RunOptions options,
      Content prompt)
      implements QueryEvent {}

  /**
   * The query waits for the run before it; at most {@link SessionCommand#QUEUED_MAX} queries wait.
   */
  @Revision("2")
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
   * Attachments of a query; recorded right before it.
   *
   * @param blocks the attachments as a JSON list, in the format of Anthropic's Messages API
   */
  @Revision("1")
  @StableName("FilesAttached")
  record FilesAttached(
      SessionId sessionId, QueryId queryId, List<Attachment.Label> files, Content blocks)
      implements QueryEvent {}

  /**
   * Files are mentioned in a query; recorded right before it. Their content is recorded in its run,
   * as calls of the tool {@code Read}.
   *
   * @param paths as the client gave them, a JSON list
   */
  @Revision("1")
  @StableName("FilesMentioned")
  record FilesMentioned(SessionId sessionId, QueryId queryId, Content paths)
      implements QueryEvent {}

  /**
   * A query is a slash command; recorded right before it.
   *
   * @param name without its slash
   * @param arguments text behind the name; absent: none
   */
  @Revision("1")
  @StableName("CommandInvoked")
  record CommandInvoked(SessionId sessionId, QueryId queryId, String name, Content arguments)
      implements QueryEvent {}

  /**
   * A queued query was withdrawn: its run has ended without an attempt.
   *
   * @param runId the run that would have executed it; empty in events of revision 1
   */
  @Revision("2")
  @StableName("QueryWithdrawn")
  record QueryWithdrawn(SessionId sessionId, QueryId queryId, List<RunId> runId)
      implements QueryEvent {}

  /**
   * A user requested that a subagent or a background command stops; the run that started it
   * continues.
   *
   * @param taskId see {@link OutputEvent.TaskStarted}
   */
  @Revision("1")
  @StableName("TaskStopRequested")
  record TaskStopRequested(SessionId sessionId, String taskId) implements QueryEvent {}

  /**
   * A user requested that tool calls continue in the background while their run continues.
   *
   * @param toolCallIds running calls
   */
  @Revision("1")
  @StableName("BackgroundRequested")
  record BackgroundRequested(SessionId sessionId, List<ToolCallId> toolCallIds)
      implements QueryEvent {}

  /**
   * A user requested that the run stops; queued queries stay queued. Its background tasks stop too,
   * each by a {@link TaskStopRequested}.
   */
  @Revision("1")
  @StableName("InterruptRequested")
  record InterruptRequested(SessionId sessionId, RunId runId) implements QueryEvent {}
}
