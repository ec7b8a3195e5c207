package io.agentledger.api.session.command;

import io.agentledger.api.hook.HookId;
import io.agentledger.api.hook.HookOutcome;
import io.agentledger.api.hook.HookPoint;
import io.agentledger.api.model.Usage;
import io.agentledger.api.session.ActionId;
import io.agentledger.api.session.MessageId;
import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.SourcePosition;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.api.session.event.ActionEvent;
import io.agentledger.api.session.event.ActionEvent.AnswerTimeout;
import io.agentledger.api.session.event.ActionEvent.ExpiryReason;
import io.agentledger.api.session.event.EgressEvent;
import io.agentledger.api.session.event.ElicitationEvent;
import io.agentledger.api.session.event.OutputEvent;
import io.agentledger.api.session.event.OutputEvent.CallStatus;
import io.agentledger.api.session.event.OutputEvent.McpServerState;
import io.agentledger.api.session.event.OutputEvent.MessageOrigin;
import io.agentledger.api.session.event.OutputEvent.PriceSource;
import io.agentledger.api.session.event.OutputEvent.Role;
import io.agentledger.api.session.event.OutputEvent.TaskStatus;
import io.agentledger.api.session.event.OutputEvent.TurnStatus;
import io.agentledger.api.session.event.OutputEvent.Verdict;
import io.agentledger.api.session.event.TurnEvent;
import io.agentledger.api.shared.Json;
import io.agentledger.api.shared.Money;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Output of a process to be recorded, in plain text: the command handler seals it into events. */
public sealed interface Output {
  /** One output with where it was read, on which thread. All of one line go in one command. */
  record Entry(SourcePosition.Source source, long endOffset, ThreadId threadId, Output output) {}

  /** Becomes {@link OutputEvent.RunInitialized}. */
  record Initialized(
      String model,
      List<String> tools,
      List<McpServerState> mcpServers,
      List<String> commands,
      PermissionMode permissionMode,
      String cliVersion)
      implements Output {}

  /** Becomes {@link OutputEvent.MessageReceived}. */
  record Message(
      MessageId messageId,
      int blockIndex,
      Role role,
      MessageOrigin origin,
      String blockType,
      Json block)
      implements Output {}

  /**
   * Becomes {@link OutputEvent.ToolCalled}.
   *
   * @param resolvedPath what the path in the input really is; empty if it is that, or names none
   */
  record Call(
      ToolCallId toolCallId,
      String toolUseId,
      String name,
      String inputDigest,
      Verdict verdict,
      String rule,
      Json input,
      String resolvedPath)
      implements Output {}

  /** Becomes {@link OutputEvent.ToolReturned}. */
  record Return(ToolCallId toolCallId, CallStatus status, Json output) implements Output {}

  /** Becomes {@link TurnEvent.TurnFinished}; an exchange that is known is not recorded again. */
  record Turn(
      String exchangeId,
      String model,
      Usage usage,
      Money cost,
      PriceSource priceSource,
      TurnStatus status)
      implements Output {}

  /**
   * Becomes {@link TurnEvent.TurnRetried}.
   *
   * @param attemptsMax 0: the request waits for a model API that is away, for {@code delay} at most
   */
  record Retry(int attempt, int attemptsMax, Duration delay, int httpStatus, String error)
      implements Output {}

  /** Becomes {@link OutputEvent.SubagentStarted}; the thread it is read on is the new one. */
  record SubagentStart(ThreadId parentThreadId, ToolCallId toolCallId, String agent, String prompt)
      implements Output {}

  /** Becomes {@link OutputEvent.SubagentFinished}. */
  record SubagentFinish(CallStatus status) implements Output {}

  /** Becomes {@link OutputEvent.TaskStarted}; a task that is known is not recorded again. */
  record TaskStart(String taskId, String taskType, ToolCallId toolCallId, String description)
      implements Output {}

  /** Becomes {@link OutputEvent.TaskEnded}, once. */
  record TaskFinish(String taskId, TaskStatus status, String summary) implements Output {}

  /** Becomes {@link OutputEvent.TodoUpdated}. */
  record Todos(Json todos) implements Output {}

  /** Becomes {@link OutputEvent.ContextCompacted}. */
  record Compaction(String trigger, long tokensBefore) implements Output {}

  /** Becomes {@link TurnEvent.ModelRefused}. */
  record Refusal(
      String model,
      String fallbackModel,
      String category,
      String explanation,
      List<MessageId> retractedMessageIds)
      implements Output {}

  /** Becomes {@link OutputEvent.HookExecuted}. */
  record HookExecution(
      HookId hookId,
      String name,
      HookPoint point,
      String toolCallId,
      HookOutcome outcome,
      int httpStatus,
      Duration duration,
      boolean changedInput,
      String detail)
      implements Output {}

  /** Becomes {@link EgressEvent.EgressAllowed}. */
  record ReachedHost(String host, int port, String rule) implements Output {}

  /** Becomes {@link EgressEvent.EgressDenied}. */
  record RefusedHost(String host, int port, String rule) implements Output {}

  /** Becomes {@link OutputEvent.IncidentNoted}. */
  record Incident(String incident, String detail) implements Output {}

  /** Becomes {@link ActionEvent.PermissionRequested}. */
  record AskPermission(
      ActionId actionId,
      ToolCallId toolCallId,
      String tool,
      String inputDigest,
      AnswerTimeout answerTimeout,
      Json input,
      String reason)
      implements Output {}

  /** Becomes {@link ActionEvent.QuestionAsked}. */
  record AskQuestion(
      ActionId actionId, ToolCallId toolCallId, AnswerTimeout answerTimeout, Json questions)
      implements Output {}

  /** Becomes {@link ActionEvent.ClientToolCalled}. */
  record CallClientTool(
      ActionId actionId,
      ToolCallId toolCallId,
      String tool,
      AnswerTimeout answerTimeout,
      Json input)
      implements Output {}

  /** Becomes {@link ElicitationEvent.ElicitationRequested}. */
  record AskElicitation(
      ActionId actionId,
      ToolCallId toolCallId,
      String server,
      ElicitationEvent.Mode mode,
      AnswerTimeout answerTimeout,
      Json request)
      implements Output {}

  /** Becomes {@link ElicitationEvent.ElicitationAnswered}: a hook answered for the user. */
  record HookAnswer(ActionId actionId, ElicitationEvent.Answer answer, @Nullable Json content)
      implements Output {}

  /** Becomes {@link ElicitationEvent.ElicitationRevised}. */
  record Revise(ActionId actionId, ElicitationEvent.Answer answer, @Nullable Json content)
      implements Output {}

  /** Becomes {@link ElicitationEvent.ElicitationEnded}, unless it was settled before. */
  record EndElicitation(ActionId actionId, ElicitationEvent.EndReason endReason)
      implements Output {}

  /** Becomes {@link ElicitationEvent.ElicitationCompleted}. */
  record CompleteElicitation(ActionId actionId) implements Output {}

  /** Becomes {@link ActionEvent.ActionExpired}, unless it was settled before. */
  record Withdraw(ActionId actionId, ExpiryReason reason) implements Output {}
}
