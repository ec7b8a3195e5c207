package io.agentledger.api.subscription;

import io.agentledger.api.agent.AgentId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.WireNamed;
import io.agentledger.api.task.TaskId;
import java.util.List;
import java.util.Locale;

/**
 * Filter for the events of a subscription. An empty list does not restrict; an event that is not
 * about one of the restricted objects does not match.
 *
 * @param ownership whose objects the events are about
 * @param sessionIds sessions; at most {@link #IDS_MAX}
 * @param agentIds agents of sessions; at most {@link #IDS_MAX}
 * @param taskIds tasks of executions, and of the sessions of executions; at most {@link #IDS_MAX}
 */
public record SubscriptionFilter(
    Ownership ownership, List<SessionId> sessionIds, List<AgentId> agentIds, List<TaskId> taskIds) {
  /** Maximum number of ids of one type. */
  public static final int IDS_MAX = 50;

  public SubscriptionFilter {
    sessionIds = List.copyOf(sessionIds);
    agentIds = List.copyOf(agentIds);
    taskIds = List.copyOf(taskIds);
  }

  /** Owner of what an event is about, from the view of the subscription's owner. */
  public enum Ownership implements WireNamed {
    /** Objects of the subscription's owner. */
    MINE,
    /** All objects that the subscription's owner may see. */
    VISIBLE;

    @Override
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
