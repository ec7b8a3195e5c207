package io.agentledger.command.session;

import io.agentledger.api.session.SourcePosition;
import io.agentledger.api.session.command.Output;
import io.agentledger.api.session.command.SessionCommand.RecordOutput;
import io.agentledger.api.session.event.ActionEvent.ActionExpired;
import io.agentledger.api.session.event.ActionEvent.ClientToolCalled;
import io.agentledger.api.session.event.ActionEvent.PermissionRequested;
import io.agentledger.api.session.event.ActionEvent.QuestionAsked;
import io.agentledger.api.session.event.EgressEvent.EgressAllowed;
import io.agentledger.api.session.event.EgressEvent.EgressDenied;
import io.agentledger.api.session.event.ElicitationEvent.ElicitationAnswered;
import io.agentledger.api.session.event.ElicitationEvent.ElicitationCompleted;
import io.agentledger.api.session.event.ElicitationEvent.ElicitationEnded;
import io.agentledger.api.session.event.ElicitationEvent.ElicitationRequested;
import io.agentledger.api.session.event.ElicitationEvent.ElicitationRevised;
import io.agentledger.api.session.event.OutputEvent.ContextCompacted;
import io.agentledger.api.session.event.OutputEvent.HookExecuted;
import io.agentledger.api.session.event.OutputEvent.IncidentNoted;
import io.agentledger.api.session.event.OutputEvent.MessageReceived;
import io.agentledger.api.session.event.OutputEvent.RunInitialized;
import io.agentledger.api.session.event.OutputEvent.SubagentFinished;
import io.agentledger.api.session.event.OutputEvent.SubagentStarted;
import io.agentledger.api.session.event.OutputEvent.TaskEnded;
import io.agentledger.api.session.event.OutputEvent.TaskStarted;
import io.agentledger.api.session.event.OutputEvent.TodoUpdated;
import io.agentledger.api.session.event.OutputEvent.ToolCalled;
import io.agentledger.api.session.event.OutputEvent.ToolReturned;
import io.agentledger.api.session.event.SessionEvent;
import io.agentledger.api.session.event.TurnEvent.ModelRefused;
import io.agentledger.api.session.event.TurnEvent.TurnFinished;
import io.agentledger.api.session.event.TurnEvent.TurnRetried;

/** Turns what a runner read into the facts that are stored: the same fields, content sealed. */
record OutputEventMapper(RecordOutput command, SessionSealer sealer) {

  SessionEvent toEvent(Output.Entry entry) {
    var session = command.sessionId();
    var run = command.runId();
    var thread = entry.threadId();
    var sourcePosition =
        new SourcePosition(command.processId(), command.epoch(), entry.source(), entry.endOffset());
    return switch (entry.output()) {
      case Output.Initialized o ->
          new RunInitialized(
              session,
              run,
              thread,
              sourcePosition,
              o.model(),
              o.tools(),
              o.mcpServers(),
              o.commands(),
              o.permissionMode(),
              o.cliVersion());
      case Output.Message o ->
          new MessageReceived(
              session,
              run,
              thread,
              sourcePosition,
              o.messageId(),
              o.blockIndex(),
              o.role(),
              o.origin(),
              o.blockType(),
              sealer.json(MessageReceived.class, "block", o.block()));
      case Output.Call o ->
          new ToolCalled(
              session,
              run,
              thread,
              sourcePosition,
              o.toolCallId(),
              o.toolUseId(),
              o.name(),
              o.inputDigest(),
              o.verdict(),
              o.rule(),
              sealer.json(ToolCalled.class, "input", o.input()),
              sealer.text(ToolCalled.class, "resolvedPath", o.resolvedPath()));
      case Output.Return o ->
          new ToolReturned(
              session,
              run,
              thread,
              sourcePosition,
              o.toolCallId(),
              o.status(),
              sealer.json(ToolReturned.class, "output", o.output()));
      case Output.Turn o ->
          new TurnFinished(
              session,
              run,
              thread,
              sourcePosition,
              o.exchangeId(),
              o.model(),
              o.usage(),
              o.cost(),
              o.priceSource(),
              o.status());
      case Output.Retry o ->
          new TurnRetried(
              session,
              run,
              thread,
              sourcePosition,
              o.attempt(),
              o.attemptsMax(),
              o.delay(),
              o.httpStatus(),
              o.error());
      case Output.SubagentStart o ->
          new SubagentStarted(
              session,
              run,
              thread,
              sourcePosition,
              o.parentThreadId(),
              o.toolCallId(),
              o.agent(),
              sealer.text(SubagentStarted.class, "prompt", o.prompt()));
      case Output.SubagentFinish o ->
          new SubagentFinished(session, run, thread, sourcePosition, o.status());
      case Output.TaskStart o ->
          new TaskStarted(
              session,
              run,
              thread,
              sourcePosition,
              o.taskId(),
              o.taskType(),
              o.toolCallId(),
              sealer.text(TaskStarted.class, "description", o.description()));
      case Output.TaskFinish o ->
          new TaskEnded(
              session,
              run,
              thread,
              sourcePosition,
              o.taskId(),
              o.status(),
              sealer.text(TaskEnded.class, "summary", o.summary()));
      case Output.Todos o ->
          new TodoUpdated(
              session,
              run,
              thread,
              sourcePosition,
              sealer.json(TodoUpdated.class, "todos", o.todos()));
      case Output.Compaction o ->
          new ContextCompacted(session, run, thread, sourcePosition, o.trigger(), o.tokensBefore());
      case Output.Refusal o ->
          new ModelRefused(
              session,
              run,
              thread,
              sourcePosition,
              o.model(),
              o.fallbackModel(),
              o.category(),
              sealer.text(ModelRefused.class, "explanation", o.explanation()),
              o.retractedMessageIds());
      case Output.HookExecution o ->
          new HookExecuted(
              session,
              run,
              thread,
              sourcePosition,
              o.hookId(),
              o.name(),
              o.point(),
              o.toolCallId(),
              o.outcome(),
              o.httpStatus(),
              o.duration(),
              o.changedInput(),
              sealer.text(HookExecuted.class, "detail", o.detail()));
      case Output.ReachedHost o ->
          new EgressAllowed(
              session,
              run,
              thread,
              sourcePosition,
              sealer.text(EgressAllowed.class, "host", o.host()),
              o.port(),
              o.rule());
      case Output.RefusedHost o ->
          new EgressDenied(
              session,
              run,
              thread,
              sourcePosition,
              sealer.text(EgressDenied.class, "host", o.host()),
              o.port(),
              o.rule());
      case Output.Incident o ->
          new IncidentNoted(
              session,
              run,
              thread,
              sourcePosition,
              o.incident(),
              sealer.text(IncidentNoted.class, "detail", o.detail()));
      case Output.AskPermission o ->
          new PermissionRequested(
              session,
              run,
              thread,
              o.actionId(),
              o.toolCallId(),
              o.tool(),
              o.inputDigest(),
              o.answerTimeout(),
              sealer.json(PermissionRequested.class, "input", o.input()),
              sealer.text(PermissionRequested.class, "reason", o.reason()));
      case Output.AskQuestion o ->
          new QuestionAsked(
              session,
              run,
              thread,
              o.actionId(),
              o.toolCallId(),
              o.answerTimeout(),
              sealer.json(QuestionAsked.class, "questions", o.questions()));
      case Output.CallClientTool o ->
          new ClientToolCalled(
              session,
              run,
              thread,
              o.actionId(),
              o.toolCallId(),
              o.tool(),
              o.answerTimeout(),
              sealer.json(ClientToolCalled.class, "input", o.input()));
      case Output.AskElicitation o ->
          new ElicitationRequested(
              session,
              run,
              thread,
              o.actionId(),
              o.toolCallId(),
              o.server(),
              o.mode(),
              o.answerTimeout(),
              sealer.json(ElicitationRequested.class, "request", o.request()));
      case Output.HookAnswer o ->
          new ElicitationAnswered(
              session,
              o.actionId(),
              o.answer(),
              true,
              sealer.json(ElicitationAnswered.class, "content", o.content()));
      case Output.Revise o ->
          new ElicitationRevised(
              session,
              o.actionId(),
              o.answer(),
              sealer.json(ElicitationRevised.class, "content", o.content()));
      case Output.EndElicitation o -> new ElicitationEnded(session, o.actionId(), o.endReason());
      case Output.CompleteElicitation o -> new ElicitationCompleted(session, o.actionId());
      case Output.Withdraw o -> new ActionExpired(session, o.actionId(), o.reason());
    };
  }
}
