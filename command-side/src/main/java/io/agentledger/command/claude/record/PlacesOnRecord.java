package io.agentledger.command.claude.record;

import io.agentledger.api.session.Place;
import io.agentledger.api.session.ProcessId;
import java.util.HashMap;
import java.util.Map;

/** How far the files of a session's processes are on the record. */
final class PlacesOnRecord {
  private final Map<Mark, Long> ends = new HashMap<>();

  private record Mark(ProcessId process, Place.Source source) {}

  void on(Place place) {
    if (place.source() != Place.Source.RUNNER) {
      ends.merge(new Mark(place.processId(), place.source()), place.end(), Math::max);
    }
  }

  long end(ProcessId process, Place.Source source) {
    return ends.getOrDefault(new Mark(process, source), 0L);
  }
}
