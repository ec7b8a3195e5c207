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

/** Events of the actions that a run waits for, and of their ends. */
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

  /** Time to wait for an answer, from the question on. */
  sealed interface AnswerTimeout extends Discriminated {
    /** Until the run ends. */
    @StableName("unlimited")
    record Unlimited() implements AnswerTimeout {}

    /** For that long; silence denies. */
    @StableName("limited")
    record Limited(Duration duration) implements AnswerTimeout {}
  }

  /** Decision of a person about a tool call. */
  enum Decision {
    ALLOW,
    DENY
  }

  /** Why nobody's answer counts any more. */
  enum ExpiryReason {
    DEADLINE,
    /** The run ended, was interrupted or lost its process. */
    RUN_ENDED,
    /** The CLI took its question back. */
    WITHDRAWN
  }

  /**
   * @param reason why it is asked, in words
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
   * A permission request was decided. The metadata names the person who decided.
   *
   * @param inputDigest of the input that was decided about
   * @param updatedInput what the tool gets instead, as JSON; absent when nothing was changed
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
   * A decision that answers for what comes, too, as long as the session lives; the last one counts.
   * It does not answer what a policy or a hook asks: those ask each time.
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
   * @param questions in the shape of AskUserQuestion, as JSON
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
   * @param answers question -> answer, a JSON object
   */
  @Revision("1")
  @StableName("QuestionAnswered")
  record QuestionAnswered(SessionId sessionId, ActionId actionId, Content answers)
      implements ActionEvent {}

  /** A tool that the client carries out. */
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
   * @param output the tool's result as JSON
   */
  @Revision("1")
  @StableName("ToolAnswered")
  record ToolAnswered(SessionId sessionId, ActionId actionId, boolean isError, Content output)
      implements ActionEvent {}

  @Revision("1")
  @StableName("ActionExpired")
  record ActionExpired(SessionId sessionId, ActionId actionId, ExpiryReason reason)
      implements ActionEvent, RunnerEvent {}
}
