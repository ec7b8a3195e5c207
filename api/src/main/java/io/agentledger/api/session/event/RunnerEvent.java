package io.agentledger.api.session.event;

import io.agentledger.api.session.ActionId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.ToolCallId;

/** Events that the runner of a process makes and seals, and records with {@code RecordOutput}. */
public sealed interface RunnerEvent
    permits OutputEvent,
        RunnerEvent.ActionRequest,
        ActionEvent.ActionExpired,
        ElicitationEvent.ElicitationAnswered,
        ElicitationEvent.ElicitationRevised,
        ElicitationEvent.ElicitationEnded,
        ElicitationEvent.ElicitationCompleted {
  SessionId sessionId();

  /** Events with which a tool call of a run begins to wait for somebody. */
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
