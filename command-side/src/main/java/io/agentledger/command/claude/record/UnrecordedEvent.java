package io.agentledger.command.claude.record;

import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SourcePosition;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.command.SessionCommand.RecordOutput;
import io.agentledger.command.claude.state.EventFactory;
import io.agentledger.command.support.SessionSealer;

/**
 * Event of a process that is created when it is recorded, because its run may only begin with it.
 */
public record UnrecordedEvent(
    SourcePosition.Source source, long endOffset, ThreadId thread, EventFactory factory) {
  /** Creates and seals the event. */
  public RecordOutput.Entry toEntry(
      SessionSealer sealer, RunId run, ProcessId process, long epoch) {
    var position = new SourcePosition(process, epoch, source, endOffset);
    return new RecordOutput.Entry(source, endOffset, factory.create(sealer, run, thread, position));
  }
}
