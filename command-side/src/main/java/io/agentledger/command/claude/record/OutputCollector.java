package io.agentledger.command.claude.record;

import io.agentledger.api.session.SourcePosition;
import io.agentledger.api.session.ThreadId;
import io.agentledger.command.claude.state.EventFactory;
import java.util.List;

/** Collects the events of one line with the offset of its end. */
public record OutputCollector(
    SourcePosition.Source source, long endOffset, List<UnrecordedEvent> events) {
  public OutputCollector(long endOffset, List<UnrecordedEvent> events) {
    this(SourcePosition.Source.JOURNAL, endOffset, events);
  }

  /** Creates a collector for events of the runner that have no line in the journal. */
  public static OutputCollector forRunner(List<UnrecordedEvent> events) {
    return new OutputCollector(SourcePosition.Source.RUNNER, 0, events);
  }

  public void add(ThreadId thread, EventFactory factory) {
    events.add(new UnrecordedEvent(source, endOffset, thread, factory));
  }
}
