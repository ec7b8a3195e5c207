package io.agentledger.api.task;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.shared.StableName;
import io.agentledger.api.trigger.InboundDeliveryId;
import java.time.Instant;

/** Id of one execution. */
@StableName("execution")
public record ExecutionId(String value) implements Id {
  /** Prefix of every id of this type. */
  public static final String PREFIX = "exe";

  public ExecutionId {
    Ids.check(PREFIX, value);
  }

  /** Generates a new, unique id. */
  public static ExecutionId next() {
    return new ExecutionId(Ids.random(PREFIX));
  }

  /** Returns the id of the execution at a time of the schedule: a repeated firing has the same. */
  public static ExecutionId ofSchedule(TaskId task, Instant scheduledAt) {
    return new ExecutionId(Ids.derived(PREFIX, task.value(), scheduledAt.toString()));
  }

  /** Returns the id of the execution of a delivery: a repeated processing has the same. */
  public static ExecutionId ofDelivery(InboundDeliveryId delivery, int attempt) {
    return new ExecutionId(Ids.derived(PREFIX, delivery.value(), Integer.toString(attempt)));
  }

  /** Returns the id of the session of an attempt: a repeated start opens the same one. */
  public SessionId sessionOf(int attempt) {
    return new SessionId(Ids.derived(SessionId.PREFIX, value, Integer.toString(attempt)));
  }

  @Override
  public String toString() {
    return value;
  }
}
