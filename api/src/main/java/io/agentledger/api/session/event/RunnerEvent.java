package io.agentledger.api.session.event;

import io.agentledger.api.session.ActionId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.ToolCallId;

/** Events that the runner of a process creates and seals, and records with {@code RecordOutput}. */
public sealed interface RunnerEvent
    permits OutputEvent,
        RunnerEvent.ActionRequest,
        ActionEvent.ActionExpired,
        ElicitationEvent.ElicitationAnswered,
        ElicitationEvent.ElicitationRevised,
        ElicitationEvent.ElicitationEnded,
        ElicitationEvent.ElicitationCompleted {
  SessionId sessionId();

  /** Tool-call events after which the run waits for an answer. */
  sealed interface ActionRequest extends RunnerEvent
      permits ActionEvent.PermissionRequested,
          ActionEvent.QuestionAsked,
          ActionEvent.ClientToolCalled,
          ElicitationEvent.ElicitationRequested {
    RunId runId();

    ActionId actionId();

    ToolCallId toolCallId();
  }
}
