package io.agentledger.gateway.session;

import io.agentledger.api.session.Activity;
import io.agentledger.api.session.LifecycleStatus;
import io.agentledger.api.session.query.SessionFilter;
import io.agentledger.api.shared.OrderedCopy;
import io.agentledger.gateway.support.json.WireNames;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
    var criteria = sessionListParams.toCriteria();
    var status = sessionListParams.status();
    if (status == null)
      return new SessionFilter(activity, OrderedCopy.of(requestedLifecycles), tag, criteria);
    SessionListParams.rejectBoth("status", "activity", activity);
    SessionListParams.rejectBoth("status", "lifecycle", lifecycles);
    var lifecycle = find(LifecycleStatus.values(), status);
    var statusActivity = find(Activity.values(), status);
    if (lifecycle.isEmpty() && statusActivity.isEmpty())
      throw InvalidRequestException.parameter(
          "status",
          Stream.<Enum<?>[]>of(LifecycleStatus.values(), Activity.values())
              .flatMap(Arrays::stream)
              .map(WireNames::nameOf)
              .collect(Collectors.joining(", ", "must be one of ", "")));
    return new SessionFilter(
        statusActivity.orElse(null), OrderedCopy.of(lifecycle.stream().toList()), tag, criteria);
  }

  private static <E extends Enum<E>> Optional<E> find(E[] constants, String name) {
    return List.of(constants).stream()
        .filter(constant -> WireNames.nameOf(constant).equals(name))
        .findFirst();
  }
}
