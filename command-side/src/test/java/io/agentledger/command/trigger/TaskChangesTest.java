package io.agentledger.command.trigger;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.Json;
import io.agentledger.api.task.TaskId;
import io.agentledger.api.task.TaskSharing;
import io.agentledger.api.task.TaskVersionView;
import io.agentledger.api.task.TaskView;
import io.agentledger.api.trigger.TriggerDefinition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tasks that a trigger may start. */
class TaskChangesTest {
  private static final TaskId TASK = new TaskId("tsk_2222222222");
  private static final UserId OWNER = new UserId("usr_2222222222");
  private static final UserId OTHER = new UserId("usr_3333333333");

  private static TaskView task(UserId owner, long version) {
    return new TaskView(
        TASK,
        owner,
        TaskSharing.values()[0],
        null,
        "a name",
        null,
        "",
        List.of(),
        List.of(),
        new Json("{}"),
        "a prompt",
        0,
        null,
        new TaskView.RetryView(1, Duration.ZERO),
        null,
        false,
        null,
        null,
        version,
        Instant.EPOCH,
        Instant.EPOCH,
        null);
  }

  private static boolean isChanged(TriggerDefinition definition, TaskView task) {
    return TaskChanges.isChanged(OWNER, definition, task);
  }

  @Test
  void taskOfAnotherUserMustBeAsItWasWhenTheTriggerWasSaved() {
    var unknown =
        new TriggerDefinition(
            null, null, "@agent", List.of(), null, null, Map.of(), List.of(), null, null, null);
    var saved = unknown.withTaskVersions(Map.of(TASK.value(), 2L));
    assertThat(isChanged(saved, task(OTHER, 2))).isFalse();
    assertThat(isChanged(saved, task(OTHER, 3))).isTrue();
    assertThat(isChanged(unknown, task(OTHER, 2))).isTrue();
    assertThat(isChanged(saved, task(OWNER, 3))).as("its changes are looked up").isTrue();
    assertThat(isChanged(unknown, task(OWNER, 3))).isFalse();
  }

  private static TaskVersionView version(long number, UserId author, String prompt) {
    return new TaskVersionView(
        number,
        TaskSharing.PRIVATE,
        null,
        "Answer",
        null,
        List.of(),
        new Json("{}"),
        prompt,
        null,
        false,
        false,
        Actor.ofUser(author),
        Instant.EPOCH);
  }

  @Test
  void ownTaskMayBeChangedByItsOwnerOnly() {
    var versions = List.of(version(4, OWNER, "c"), version(3, OTHER, "b"), version(2, OWNER, "a"));
    assertThat(TaskChanges.isByOwner(versions, 3, OWNER)).isTrue();
    assertThat(TaskChanges.isByOwner(versions, 2, OWNER)).as("an admin").isFalse();
    var paused = List.of(version(4, OWNER, "c"), version(3, OTHER, "a"), version(2, OWNER, "a"));
    assertThat(TaskChanges.isByOwner(paused, 2, OWNER)).as("a pause").isTrue();
    assertThat(TaskChanges.isByOwner(paused, 1, OWNER)).as("unknown").isFalse();
  }
}
