package io.agentledger.api.task;

import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.Json;
import io.agentledger.api.task.TaskView.ScheduleView;
import io.agentledger.api.template.TemplateVariable;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Version of a task with its author. {@code sharedWith} is null for callers who may not change it.
 */
public record TaskVersionView(
    long version,
    TaskSharing sharing,
    @Nullable List<UserId> sharedWith,
    String name,
    @Nullable String description,
    List<TemplateVariable> variables,
    Json session,
    @Nullable String prompt,
    @Nullable ScheduleView schedule,
    boolean paused,
    boolean archived,
    Actor actor,
    Instant at) {
  /**
   * Returns a copy without what only the owner and admins may see.
   *
   * @param redacted fields of a session without values
   */
  public TaskVersionView redacted(Json redacted) {
    return new TaskVersionView(
        version,
        sharing,
        null,
        name,
        description,
        variables,
        redacted,
        prompt,
        schedule,
        paused,
        archived,
        actor,
        at);
  }
}
