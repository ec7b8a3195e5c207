package io.agentledger.gateway.session;

import io.agentledger.api.session.Activity;
import io.agentledger.api.session.SessionFilter;
import io.agentledger.api.session.Stage;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What lists may be narrowed to, in the words of clients. */
final class Wanted {
  private Wanted() {}

  static SessionFilter sessions(
      @Nullable Activity activity, @Nullable Set<Stage> stages, @Nullable String tag) {
    return new SessionFilter(activity, Objects.requireNonNullElse(stages, Set.of()), tag);
  }
}
