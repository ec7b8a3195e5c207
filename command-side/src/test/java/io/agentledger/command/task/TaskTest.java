package io.agentledger.command.task;

import static io.agentledger.command.task.TaskFixtures.ADA;
import static io.agentledger.command.task.TaskFixtures.ADMIN;
import static io.agentledger.command.task.TaskFixtures.COLLEAGUE;
import static io.agentledger.command.task.TaskFixtures.DEFINITION;
import static io.agentledger.command.task.TaskFixtures.HER;
import static io.agentledger.command.task.TaskFixtures.SERVICE;
import static io.agentledger.command.task.TaskFixtures.TASK;
import static io.agentledger.command.task.TaskFixtures.sealed;

import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.Rejection.Archived;
import io.agentledger.api.shared.Rejection.Forbidden;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.Rejection.TooMany;
import io.agentledger.api.shared.Rejection.VersionConflict;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.task.ExecutionPrincipal;
import io.agentledger.api.task.TaskCommand;
import io.agentledger.api.task.TaskCommand.ArchiveTask;
import io.agentledger.api.task.TaskCommand.ChangeTask;
import io.agentledger.api.task.TaskCommand.CreateTask;
import io.agentledger.api.task.TaskCommand.PauseTask;
import io.agentledger.api.task.TaskCommand.ResumeTask;
import io.agentledger.api.task.TaskCommand.SuspendTask;
import io.agentledger.api.task.TaskCommand.TaskProperties;
import io.agentledger.api.task.TaskEvent;
import io.agentledger.api.task.TaskEvent.TaskArchived;
import io.agentledger.api.task.TaskEvent.TaskChanged;
import io.agentledger.api.task.TaskEvent.TaskCreated;
import io.agentledger.api.task.TaskEvent.TaskPaused;
import io.agentledger.api.task.TaskEvent.TaskResumed;
import io.agentledger.api.task.TaskSchedule;
import io.agentledger.api.task.TaskSchedule.MissedRuns;
import io.agentledger.api.task.TaskSchedule.Overlap;
import io.agentledger.api.task.TaskSchedule.Timing;
import io.agentledger.api.task.TaskSharing;
import io.agentledger.command.support.ConfigurationFixture;
import io.agentledger.command.support.TenantMembership;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.test.aggregate.FixtureConfiguration;
import org.axonframework.test.aggregate.TestExecutor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

class TaskTest {
  private static final TaskSchedule HOURLY =
      new TaskSchedule(new Timing.Cron("0 * * * *", "UTC"), MissedRuns.SKIP, Overlap.SKIP);
  private static final TaskProperties PRIVATE =
      TaskFixtures.properties(TaskSharing.PRIVATE, HOURLY);
  private static final UserId BOB = UserId.next();
  private static final TaskCreated CREATED = created(PRIVATE);

  private final FixtureConfiguration<Task> task = ConfigurationFixture.of(Task.class);
  private int count;

  @BeforeEach
  void resources() {
    task.registerInjectableResource(TaskFixtures.sealer());
    task.registerInjectableResource(
        (TenantMembership)
            (tenant, user) -> Optional.of(Role.MEMBER).filter(role -> user.equals(BOB)));
    task.registerInjectableResource(
        new TaskLookupTable(JdbcClient.create(new DriverManagerDataSource())) {
          @Override
          int count(TenantId tenant) {
            return count;
          }
        });
  }

  private static TaskCreated created(TaskProperties properties) {
    return new TaskCreated(TASK, ADA, properties, sealed(TASK, TaskCreated.class));
  }

  private TestExecutor<Task> given(TaskEvent... events) {
    return task.given(
        Stream.of(events)
            .map(event -> GenericEventMessage.asEventMessage(event).withMetaData(HER))
            .toList());
  }

  private static ChangeTask change(long version) {
    return new ChangeTask(TASK, PRIVATE, DEFINITION, version);
  }

  @Test
  void numberOfTasksOfATenantIsLimited() {
    count = TaskCommand.TASKS_MAX;
    task.givenNoPriorActivity()
        .when(new CreateTask(TASK, ADA, PRIVATE, TaskFixtures.DEFINITION, null), HER)
        .expectExceptionDetails(new TooMany("tasks", TaskCommand.TASKS_MAX));
  }

  @Test
  void creationIsTheFirstSealedVersionAndRepeatable() {
    var command = new CreateTask(TASK, ADA, PRIVATE, DEFINITION, null);
    task.givenNoPriorActivity()
        .when(command, HER)
        .expectEvents(CREATED)
        .expectResultMessagePayload(TASK);
    given(CREATED).when(command, HER).expectNoEvents();
  }

  @Test
  void changeNamesTheVersionThatItIsBasedOn() {
    given(CREATED)
        .when(change(1), HER)
        .expectEvents(new TaskChanged(TASK, 2, PRIVATE, sealed(TASK, TaskChanged.class)));
    given(CREATED)
        .when(change(2), HER)
        .expectException(RejectionException.class)
        .expectExceptionDetails(new VersionConflict("task", 1));
  }

  @Test
  void scheduleActsAsTheOwnerAfterAChangeByAnAdmin() {
    var asLocalOwner =
        PRIVATE.withPrincipal(
            new ExecutionPrincipal(ADA, Set.of(Scope.SESSIONS_READ, Scope.SESSIONS_WRITE), true));
    var byAdmin =
        PRIVATE.withPrincipal(
            new ExecutionPrincipal(
                UserId.next(), Set.of(Scope.SESSIONS_WRITE, Scope.MCP_WRITE), false));
    var asOwnerWithLess =
        PRIVATE.withPrincipal(new ExecutionPrincipal(ADA, Set.of(Scope.SESSIONS_WRITE), false));
    given(created(asLocalOwner))
        .when(new ChangeTask(TASK, byAdmin, DEFINITION, 1), ADMIN)
        .expectEvents(new TaskChanged(TASK, 2, asOwnerWithLess, sealed(TASK, TaskChanged.class)));
  }

  @Test
  void privateTaskIsNotFoundByOthersAndASharedOneIsReadOnly() {
    given(CREATED).when(new PauseTask(TASK), COLLEAGUE).expectExceptionDetails(NotFound.of(TASK));
    given(created(TaskFixtures.properties(TaskSharing.TENANT, HOURLY)))
        .when(new PauseTask(TASK), COLLEAGUE)
        .expectExceptionDetails(new Forbidden());
    given(CREATED).when(new PauseTask(TASK), ADMIN).expectEvents(new TaskPaused(TASK, ""));
  }

  @Test
  void taskIsSharedWithListedUsersOfItsTenant() {
    var notes = sealed(TASK, TaskChanged.class);
    var shared = new TaskChanged(TASK, 2, sharedWith(BOB), notes);
    given(CREATED)
        .when(new ChangeTask(TASK, sharedWith(BOB), DEFINITION, 1), HER)
        .expectEvents(shared);
    given(CREATED, shared)
        .when(new PauseTask(TASK), TaskFixtures.metadata(TaskFixtures.HOME, BOB, Role.MEMBER))
        .expectExceptionDetails(new Forbidden());
    given(CREATED, shared)
        .when(new PauseTask(TASK), COLLEAGUE)
        .expectExceptionDetails(NotFound.of(TASK));
    var stranger = UserId.next();
    given(CREATED)
        .when(new ChangeTask(TASK, sharedWith(stranger), DEFINITION, 1), HER)
        .expectExceptionDetails(new NotFound("user", stranger.value()));
  }

  private static TaskProperties sharedWith(UserId user) {
    return new TaskProperties(
        TaskSharing.USERS, List.of(user), "one", "", List.of(), TaskFixtures.PRINCIPAL, HOURLY);
  }

  @Test
  void pausedScheduleContinuesOnceWhenItIsResumed() {
    var paused = new TaskPaused(TASK, "");
    given(CREATED, paused).when(new PauseTask(TASK), HER).expectNoEvents();
    given(CREATED, paused)
        .when(new ResumeTask(TASK), HER)
        .expectEvents(new TaskResumed(TASK, HOURLY));
    given(CREATED).when(new ResumeTask(TASK), HER).expectNoEvents();
  }

  @Test
  void onlyAScheduleIsSuspended() {
    var suspend = new SuspendTask(TASK, "5 executions failed");
    given(CREATED).when(suspend, SERVICE).expectEvents(new TaskPaused(TASK, "5 executions failed"));
    given(created(TaskFixtures.properties(TaskSharing.PRIVATE, TaskSchedule.NONE)))
        .when(suspend, SERVICE)
        .expectNoEvents();
    given(CREATED, new TaskArchived(TASK)).when(suspend, SERVICE).expectNoEvents();
  }

  @Test
  void archivedTaskIsNotChanged() {
    given(CREATED, new TaskArchived(TASK)).when(new ArchiveTask(TASK), HER).expectNoEvents();
    given(CREATED, new TaskArchived(TASK))
        .when(new ResumeTask(TASK), HER)
        .expectExceptionDetails(new Archived("task", TASK.value()));
  }
}
