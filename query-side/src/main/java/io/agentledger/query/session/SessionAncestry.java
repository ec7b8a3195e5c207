package io.agentledger.query.session;

import io.agentledger.api.session.SessionOrigin;
import io.agentledger.projection.session.SessionRow;
import io.agentledger.projection.session.SessionRowRepository;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Sessions from which a branch (fork or clone) inherited its history. At most {@link
 * #ANCESTORS_MAX} are followed; older history is omitted.
 */
public record SessionAncestry(SessionRowRepository sessions) {
  private static final int ANCESTORS_MAX = 64;

  /**
   * Session that was branched off.
   *
   * @param lastSequence sequence of the last event that the branch inherited
   */
  public record Ancestor(SessionRow session, long lastSequence) {}

  /** Returns the ancestors, the nearest first; none of a session that is not a branch. */
  public List<Ancestor> of(SessionRow session) {
    var ancestors = new ArrayList<Ancestor>();
    var parent = parentOf(session);
    while (parent.isPresent() && ancestors.size() < ANCESTORS_MAX) {
      ancestors.add(parent.get());
      parent = parentOf(parent.get().session());
    }
    return ancestors;
  }

  private Optional<Ancestor> parentOf(SessionRow session) {
    return switch (session.origin()) {
      case SessionOrigin.Forked forked ->
          find(session.tenant(), forked.fromSessionId().value(), forked.sequence());
      case SessionOrigin.Cloned cloned ->
          find(session.tenant(), cloned.fromSessionId().value(), cloned.sequence());
      case SessionOrigin.Fresh _,
          SessionOrigin.Templated _,
          SessionOrigin.Task _,
          SessionOrigin.Chat _ ->
          Optional.empty();
    };
  }

  private Optional<Ancestor> find(String tenant, String session, long lastSequence) {
    return sessions.findByIdAndTenant(session, tenant).map(row -> new Ancestor(row, lastSequence));
  }
}
