package io.agentledger.command.claude.state;

import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.SourcePosition;
import java.util.HashMap;
import java.util.Map;

/** Recorded offsets in the files of a session's processes. */
final class RecordedOffsets {
  private final Map<SourceKey, Long> offsets = new HashMap<>();

  private record SourceKey(ProcessId process, SourcePosition.Source source) {}

  void on(SourcePosition sourcePosition) {
    if (sourcePosition.source() != SourcePosition.Source.RUNNER) {
      offsets.merge(
          new SourceKey(sourcePosition.processId(), sourcePosition.source()),
          sourcePosition.endOffset(),
          Math::max);
    }
  }

  long endOffset(ProcessId process, SourcePosition.Source source) {
    return offsets.getOrDefault(new SourceKey(process, source), 0L);
  }
}
