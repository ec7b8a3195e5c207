package io.agentledger.gateway.session;

import io.agentledger.api.session.Activity;
import io.agentledger.api.session.Stage;
import io.agentledger.api.session.query.SessionFilter;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What lists may be narrowed to, in the words of clients. */
final class SessionFilters {
  private SessionFilters() {}

  static SessionFilter sessions(
      @Nullable Activity activity,
      @Nullable Set<@Nullable Stage> stages,
      @Nullable String tag,
      SessionListParams sessionListParams) {
    var some = stages == null ? Set.<@Nullable Stage>of() : stages;
    for (var stage : some)
      if (stage == null) throw InvalidRequestException.parameter("stage", "must not be blank");
    return new SessionFilter(activity, Set.copyOf(some), tag, sessionListParams.with());
  }
}
