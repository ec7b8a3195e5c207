package io.agentledger.command.trigger;

import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.task.TaskVersionView;
import io.agentledger.api.task.TaskView;
import io.agentledger.api.trigger.TriggerDefinition;
import java.util.List;
import java.util.Objects;

/**
 * Changes of tasks since a trigger was saved. Another user must not change what runs with the
 * rights of the owner of the trigger.
 */
final class TaskChanges {
  private TaskChanges() {}

  /** Returns whether a task may have changed; of the owner's own tasks only if that is known. */
  static boolean isChanged(UserId owner, TriggerDefinition definition, TaskView task) {
    var versions = definition.taskVersions();
    if (versions == null) return !task.ownerId().equals(owner);
    return !Objects.equals(versions.get(task.id().value()), task.version());
  }

  /**
   * Returns whether the owner made each change of what the task does.
   *
   * @param versions newest first
   * @param saved version after which changes count
   */
  static boolean isByOwner(List<TaskVersionView> versions, long saved, UserId owner) {
    for (int i = 0; i < versions.size(); i++) {
      var version = versions.get(i);
      if (version.version() <= saved) return true;
      boolean isByOwner = version.actor().equals(Actor.ofUser(owner));
      if (!isByOwner && (i + 1 == versions.size() || isDifferent(version, versions.get(i + 1))))
        return false;
    }
    return saved == 0; // Otherwise there are more versions than the page has.
  }

  private static boolean isDifferent(TaskVersionView version, TaskVersionView earlier) {
    return !version.session().equals(earlier.session())
        || !Objects.equals(version.prompt(), earlier.prompt())
        || !version.variables().equals(earlier.variables());
  }
}
