package io.agentledger.api.task;

import io.agentledger.api.identity.Actor;
import io.agentledger.api.shared.Json;
import io.agentledger.api.task.TaskView.ScheduleView;
import io.agentledger.api.template.TemplateVariable;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Version of a task with its author. */
public record TaskVersionView(
    long version,
    TaskSharing sharing,
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
  /** Returns a copy with another session. */
  public TaskVersionView withSession(Json other) {
    return new TaskVersionView(
        version,
        sharing,
        name,
        description,
        variables,
        other,
        prompt,
        schedule,
        paused,
        archived,
        actor,
        at);
  }
}
