package io.agentledger.command.claude.run;

import io.agentledger.api.session.SourcePosition;
import io.agentledger.api.session.event.RunEvent.Failure;
import io.agentledger.command.claude.process.JournalTailer;
import io.agentledger.command.claude.process.ModelEndpoint;
import io.agentledger.command.claude.process.ProcessContext;
import io.agentledger.command.claude.protocol.ClaudeMessage;
import java.io.IOException;
import java.util.List;

/**
 * Records the output that a process without a run wrote after its journal was last read: messages
 * of the model, and tool calls, which were refused because no decision was made.
 */
record UnreadOutput(
    ProcessContext processContext,
    ModelEndpoint.Connection connection,
    ClaudeMessageHandler claudeMessageHandler) {

  /** Records the output as a failed run of its own. The process must have ended. */
  void record() throws IOException {
    if (claudeMessageHandler.coordinator().currentRunId().isPresent()) {
      return;
    }
    processContext.state().catchUp();
    long offset =
        processContext.state().endOffset(processContext.id(), SourcePosition.Source.JOURNAL);
    List<JournalTailer.Entry> unread =
        new JournalVerifier(connection)
            .verify(
                JournalTailer.readRest(
                    processContext.process(), offset, UnreadOutput::isToolCallOrMessage));
    if (!unread.isEmpty()) {
      claudeMessageHandler.handle(unread);
      claudeMessageHandler.coordinator().failRun(Failure.CLI, false, "The process was ended.");
    }
  }

  private static boolean isToolCallOrMessage(ClaudeMessage message) {
    return message instanceof ClaudeMessage.AssistantMessage
        || message instanceof ClaudeMessage.PermissionRequest;
  }
}
