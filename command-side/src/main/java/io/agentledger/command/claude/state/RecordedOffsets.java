package io.agentledger.command.claude.state;

import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.SourcePosition;
import java.util.HashMap;
import java.util.Map;

/** How far the files of a session's processes are on the record. */
final class RecordedOffsets {
  private final Map<Mark, Long> ends = new HashMap<>();

  private record Mark(ProcessId process, SourcePosition.Source source) {}

  void on(SourcePosition sourcePosition) {
    if (sourcePosition.source() != SourcePosition.Source.RUNNER) {
      ends.merge(
          new Mark(sourcePosition.processId(), sourcePosition.source()),
          sourcePosition.end(),
          Math::max);
    }
  }

  long end(ProcessId process, SourcePosition.Source source) {
    return ends.getOrDefault(new Mark(process, source), 0L);
  }
}
