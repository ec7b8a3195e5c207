package io.agentledger.projection.support;

import io.agentledger.store.event.JsonMappers;
import tools.jackson.databind.json.JsonMapper;

/** Mapper for JSON columns, in the format of events. */
final class ColumnJsonMapper {
  static final JsonMapper MAPPER = JsonMappers.mapper();

  private ColumnJsonMapper() {}
}
