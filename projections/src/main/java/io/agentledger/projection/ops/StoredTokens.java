package io.agentledger.projection.ops;

import java.util.Optional;
import org.axonframework.eventhandling.ReplayToken;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.SimpleSerializedObject;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/** Reader of the committed tokens of live projections, which may be on another node. */
record StoredTokens(JdbcTemplate sql, Serializer serializer) {
  /** Returns the index of the last event that a projection has processed; -1 before the first. */
  long positionOf(String projection) {
    return find(projection).map(StoredTokens::indexOf).orElse(-1L);
  }

  /** Returns whether a projection processes events again that it had processed before. */
  boolean isReplaying(String projection) {
    return find(projection)
        .filter(ReplayToken.class::isInstance)
        .map(ReplayToken.class::cast)
        .filter(token -> indexOf(token) < indexOf(token.getTokenAtReset()))
        .isPresent();
  }

  private static long indexOf(TrackingToken token) {
    return token.position().orElse(-1);
  }

  private Optional<TrackingToken> find(String projection) {
    return sql
        .query(
            "select tokentype, token from public.token where processorname = ? and segment = 0",
            (row, number) -> parse(row.getString(1), row.getBytes(2)),
            projection)
        .stream()
        .flatMap(Optional::stream)
        .findFirst();
  }

  private Optional<TrackingToken> parse(@Nullable String type, byte @Nullable [] token) {
    return type == null || token == null
        ? Optional.empty()
        : Optional.of(
            serializer.deserialize(new SimpleSerializedObject<>(token, byte[].class, type, null)));
  }
}
