package io.agentledger.command.subscription;

import io.agentledger.api.agent.AgentId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.OrderedCopy;
import io.agentledger.api.subscription.SubscriptionFilter;
import io.agentledger.api.subscription.SubscriptionFilter.Ownership;
import io.agentledger.api.task.ExecutionId;
import io.agentledger.api.task.TaskId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Object that an event is about, and what filters compare.
 *
 * @param resourceId session, execution, report or subscription, whose deliveries are in order
 * @param shares of a session
 */
record EventOrigin(
    String resourceId,
    UserId owner,
    Optional<SessionId> session,
    Optional<AgentId> agent,
    Optional<TaskId> task,
    Shares shares) {

  /** Users with whom a session is shared. */
  record Shares(boolean everybody, Set<UserId> users) {
    static final Shares NONE = new Shares(false, Set.of());

    Shares {
      users = OrderedCopy.of(users);
    }

    boolean include(UserId user) {
      return everybody || users.contains(user);
    }
  }

  /** Creates the origin of an event about a subscription, which concerns its owner only. */
  static EventOrigin of(StoredSubscription subscription) {
    return new EventOrigin(
        subscription.id().value(),
        subscription.owner().userId(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Shares.NONE);
  }

  EventOrigin withAccess(UserId presentOwner, Shares present) {
    return new EventOrigin(resourceId, presentOwner, session, agent, task, present);
  }

  boolean isSession() {
    return resourceId.startsWith(SessionId.PREFIX);
  }

  /**
   * Returns whether a filter of a user selects events about this object.
   *
   * @param readsAll whether the user sees the sessions of all users
   */
  boolean matches(SubscriptionFilter filter, UserId user, BooleanSupplier readsAll) {
    return matches(filter.sessionIds(), session)
        && matches(filter.agentIds(), agent)
        && matches(filter.taskIds(), task)
        && (owner.equals(user)
            || filter.ownership() == Ownership.VISIBLE && isVisibleTo(user, readsAll));
  }

  /** Others never see reports and subscriptions. */
  private boolean isVisibleTo(UserId user, BooleanSupplier readsAll) {
    return isSession() && shares.include(user)
        || (isSession() || resourceId.startsWith(ExecutionId.PREFIX)) && readsAll.getAsBoolean();
  }

  private static <T> boolean matches(List<T> permitted, Optional<T> value) {
    return permitted.isEmpty() || value.filter(permitted::contains).isPresent();
  }
}
