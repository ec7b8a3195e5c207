package io.agentledger.gateway.session;

import io.agentledger.api.session.Activity;
import io.agentledger.api.session.LifecycleStatus;
import io.agentledger.api.session.query.SessionFilter;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Filters of session lists, with the names that clients use. */
final class SessionFilters {
  private SessionFilters() {}

  static SessionFilter toFilter(
      @Nullable Activity activity,
      @Nullable Set<@Nullable LifecycleStatus> lifecycles,
      @Nullable String tag,
      SessionListParams sessionListParams) {
    var requestedLifecycles = lifecycles == null ? Set.<@Nullable LifecycleStatus>of() : lifecycles;
    for (var lifecycle : requestedLifecycles)
      if (lifecycle == null)
        throw InvalidRequestException.parameter("lifecycle", "must not be blank");
    return new SessionFilter(
        activity, Set.copyOf(requestedLifecycles), tag, sessionListParams.toCriteria());
  }
}
