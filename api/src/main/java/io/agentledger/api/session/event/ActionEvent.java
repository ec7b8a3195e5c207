package io.agentledger.api.session.event;

import io.agentledger.api.content.Content;
import io.agentledger.api.session.ActionId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.api.shared.Discriminated;
import io.agentledger.api.shared.StableName;
import java.time.Duration;
import org.axonframework.serialization.Revision;

/** Events of the actions that a run waits for, and of their results. */
public sealed interface ActionEvent extends SessionEvent
    permits ActionEvent.PermissionRequested,
        ActionEvent.PermissionDecided,
        ActionEvent.PermissionRemembered,
        ActionEvent.QuestionAsked,
        ActionEvent.QuestionAnswered,
        ActionEvent.ClientToolCalled,
        ActionEvent.ToolAnswered,
        ActionEvent.ActionExpired,
        ElicitationEvent {
  ActionId actionId();

  /** Time to wait for an answer, from the request on. */
  sealed interface AnswerTimeout extends Discriminated {
    /** Until the run ends. */
    @StableName("unlimited")
    record Unlimited() implements AnswerTimeout {}

    /** A time after which an unanswered request is denied. */
    @StableName("limited")
    record Limited(Duration duration) implements AnswerTimeout {}
  }

  /** Decision of a user about a tool call. */
  enum Decision {
    ALLOW,
    DENY
  }

  /** Reason why an action cannot be answered any more. */
  enum ExpiryReason {
    DEADLINE,
    /** The run ended, was interrupted or lost its process. */
    RUN_ENDED,
    /** The CLI withdrew its request. */
    WITHDRAWN
  }

  /**
   * A tool call needs a decision of a user.
   *
   * @param reason reason of the request, as text
   */
  @Revision("1")
  @StableName("PermissionRequested")
  record PermissionRequested(
      SessionId sessionId,
      RunId runId,
      ThreadId threadId,
      ActionId actionId,
      ToolCallId toolCallId,
      String tool,
      String inputDigest,
      AnswerTimeout answerTimeout,
      Content input,
      Content reason)
      implements ActionEvent, RunnerEvent.ActionRequest {}

  /**
   * A permission request was decided. The metadata names the user who decided.
   *
   * @param inputDigest of the input that was decided about
   * @param updatedInput changed input of the tool, as JSON; absent if it was not changed
   */
  @Revision("1")
  @StableName("PermissionDecided")
  record PermissionDecided(
      SessionId sessionId,
      ActionId actionId,
      Decision decision,
      String inputDigest,
      Content updatedInput,
      Content reason)
      implements ActionEvent {}

  /** Scope of a decision that is remembered for the session. */
  enum RememberScope {
    /** The same tool with exactly the same input. */
    CALL,
    /** The tool, whatever its input. */
    TOOL
  }

  /**
   * A decision that also applies to later calls, until the session ends; the last one is in force.
   * It does not apply to requests of a policy or a hook, which are asked each time.
   */
  @Revision("1")
  @StableName("PermissionRemembered")
  record PermissionRemembered(
      SessionId sessionId,
      ActionId actionId,
      Decision decision,
      RememberScope scope,
      String tool,
      String inputDigest)
      implements ActionEvent {}

  /**
   * The agent asks the user questions.
   *
   * @param questions in the format of AskUserQuestion, as JSON
   */
  @Revision("1")
  @StableName("QuestionAsked")
  record QuestionAsked(
      SessionId sessionId,
      RunId runId,
      ThreadId threadId,
      ActionId actionId,
      ToolCallId toolCallId,
      AnswerTimeout answerTimeout,
      Content questions)
      implements ActionEvent, RunnerEvent.ActionRequest {}

  /**
   * A user answered questions of the agent.
   *
   * @param answers question -> answer, a JSON object
   */
  @Revision("1")
  @StableName("QuestionAnswered")
  record QuestionAnswered(SessionId sessionId, ActionId actionId, Content answers)
      implements ActionEvent {}

  /** The agent called a tool that a client executes. */
  @Revision("1")
  @StableName("ClientToolCalled")
  record ClientToolCalled(
      SessionId sessionId,
      RunId runId,
      ThreadId threadId,
      ActionId actionId,
      ToolCallId toolCallId,
      String tool,
      AnswerTimeout answerTimeout,
      Content input)
      implements ActionEvent, RunnerEvent.ActionRequest {}

  /**
   * A client returned the result of its tool.
   *
   * @param output the tool's result as JSON
   */
  @Revision("1")
  @StableName("ToolAnswered")
  record ToolAnswered(SessionId sessionId, ActionId actionId, boolean isError, Content output)
      implements ActionEvent {}

  /** The pending action ended without an answer. */
  @Revision("1")
  @StableName("ActionExpired")
  record ActionExpired(SessionId sessionId, ActionId actionId, ExpiryReason reason)
      implements ActionEvent, RunnerEvent {}
}
