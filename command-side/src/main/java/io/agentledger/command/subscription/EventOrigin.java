package io.agentledger.command.subscription;

import io.agentledger.api.agent.AgentId;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.subscription.SubscriptionFilter;
import io.agentledger.api.subscription.SubscriptionFilter.Ownership;
import io.agentledger.api.task.ExecutionId;
import io.agentledger.api.task.ExecutionPrincipal;
import io.agentledger.api.task.TaskId;
import java.util.List;
import java.util.Optional;

/**
 * Object that an event is about, and what filters compare.
 *
 * @param resourceId session, execution, report or subscription, whose deliveries are in order
 */
record EventOrigin(
    String resourceId,
    UserId owner,
    Optional<SessionId> session,
    Optional<AgentId> agent,
    Optional<TaskId> task) {

  /** Returns whether a filter of a user selects events about this object. */
  boolean matches(SubscriptionFilter filter, ExecutionPrincipal user) {
    return (isOwnedBy(user) || filter.ownership() == Ownership.VISIBLE && mayBeVisibleTo(user))
        && matches(filter.sessionIds(), session)
        && matches(filter.agentIds(), agent)
        && matches(filter.taskIds(), task);
  }

  private boolean isOwnedBy(ExecutionPrincipal user) {
    return owner.equals(user.userId());
  }

  /** Others see sessions that are shared with them; it is checked before each request. */
  private boolean mayBeVisibleTo(ExecutionPrincipal user) {
    return resourceId.startsWith(SessionId.PREFIX)
        || resourceId.startsWith(ExecutionId.PREFIX)
            && user.scopes().contains(Scope.SESSIONS_READ_ALL);
  }

  private static <T> boolean matches(List<T> permitted, Optional<T> value) {
    return permitted.isEmpty() || value.filter(permitted::contains).isPresent();
  }
}
