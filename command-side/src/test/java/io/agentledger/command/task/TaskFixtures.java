package io.agentledger.command.task;

import io.agentledger.api.content.Content;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Json;
import io.agentledger.api.shared.StableNames;
import io.agentledger.api.task.ExecutionCommand.TaskRef;
import io.agentledger.api.task.ExecutionEvent.ExecutionQueued;
import io.agentledger.api.task.ExecutionEvent.ExecutionStarted;
import io.agentledger.api.task.ExecutionId;
import io.agentledger.api.task.ExecutionOptions;
import io.agentledger.api.task.ExecutionPrincipal;
import io.agentledger.api.task.ExecutionRequest;
import io.agentledger.api.task.ExecutionTrigger;
import io.agentledger.api.task.TaskCommand.TaskProperties;
import io.agentledger.api.task.TaskDefinition;
import io.agentledger.api.task.TaskId;
import io.agentledger.api.task.TaskSchedule;
import io.agentledger.api.task.TaskSharing;
import io.agentledger.store.crypto.Sealer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Values for tests of tasks and executions. */
final class TaskFixtures {
  static final TenantId HOME = new TenantId("tnt_2222222222");
  static final UserId ADA = new UserId("usr_2222222222");
  static final TaskId TASK = new TaskId("tsk_2222222222");
  static final ExecutionId EXECUTION = new ExecutionId("exe_2222222222");
  static final ExecutionPrincipal PRINCIPAL =
      new ExecutionPrincipal(ADA, Set.of(Scope.SESSIONS_READ, Scope.SESSIONS_WRITE), false);
  static final ExecutionOptions OPTIONS =
      new ExecutionOptions(5, Duration.ofMinutes(10), 2, Duration.ofSeconds(10));
  static final ExecutionRequest REQUEST =
      new ExecutionRequest(List.of(), new Json("{}"), "hello", Map.of());
  static final TaskDefinition DEFINITION =
      new TaskDefinition(null, List.of(), new Json("{}"), "hello", OPTIONS, Map.of());
  static final Map<String, Object> HER = metadata(HOME, ADA, Role.MEMBER);
  static final Map<String, Object> COLLEAGUE = metadata(HOME, UserId.next(), Role.MEMBER);
  static final Map<String, Object> ADMIN = metadata(HOME, UserId.next(), Role.ADMIN);
  static final Map<String, Object> SERVICE =
      Provenance.ofSystem(HOME, "req_2222222222").asMetadata();

  private TaskFixtures() {}

  static Map<String, Object> metadata(TenantId tenant, UserId user, Role role) {
    return Caller.ofUser(tenant, user, CredentialId.next(), role).asMetadata("req_2222222222");
  }

  static TaskProperties properties(TaskSharing sharing, TaskSchedule schedule) {
    return new TaskProperties(sharing, List.of(), "one", "", List.of(), PRINCIPAL, schedule);
  }

  static ExecutionQueued queued(ExecutionId execution, ExecutionTrigger trigger, int priority) {
    return new ExecutionQueued(
        execution,
        new TaskRef(TASK, 1, "one"),
        PRINCIPAL,
        trigger,
        new ExecutionOptions(
            priority, OPTIONS.timeout(), OPTIONS.attemptsMax(), OPTIONS.retryDelay()),
        sealed(execution, ExecutionQueued.class));
  }

  static ExecutionQueued queued() {
    return queued(EXECUTION, new ExecutionTrigger.Manual(), 5);
  }

  static ExecutionStarted started(int attempt) {
    return new ExecutionStarted(
        EXECUTION, TASK, attempt, EXECUTION.sessionOf(attempt), PRINCIPAL, OPTIONS);
  }

  static Content sealed(Id subject, Class<?> event) {
    return new Content.Inline(
        subject.value(), StableNames.of(event).getBytes(StandardCharsets.UTF_8));
  }

  /** Sealer whose content names the event that it is for. */
  static Sealer sealer() {
    return new Sealer() {
      @Override
      public Content seal(Id subject, Class<?> event, String field, String text) {
        return sealed(subject, event);
      }

      @Override
      public String open(Id subject, Class<?> event, String field, Content content) {
        throw new UnsupportedOperationException("an aggregate never opens content");
      }
    };
  }
}
