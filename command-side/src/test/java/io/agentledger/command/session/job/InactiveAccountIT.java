package io.agentledger.command.session.job;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.DisplayName;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.command.TenantCommand.CreateTenant;
import io.agentledger.api.identity.command.TenantCommand.ResumeTenant;
import io.agentledger.api.identity.command.TenantCommand.SuspendTenant;
import io.agentledger.api.identity.command.UserCommand.DisableUser;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.command.SessionCommand.SubmitInputs;
import io.agentledger.api.session.command.SubmitResult;
import io.agentledger.api.session.event.QueryEvent.InterruptRequested;
import io.agentledger.api.session.event.RunEvent.Failure;
import io.agentledger.api.session.event.RunEvent.RunFailed;
import io.agentledger.api.session.event.RunEvent.RunStarted;
import io.agentledger.command.claude.runner.Runner.Assignment;
import io.agentledger.command.identity.IdentityTestSupport;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** No run of a suspended tenant or a disabled user begins, on a real PostgreSQL. */
class InactiveAccountIT extends IdentityTestSupport {
  private final CountDownLatch released = new CountDownLatch(1);

  @AfterEach
  void release() {
    released.countDown();
  }

  private TenantId newTenant() {
    var tenant = TenantId.next();
    sendAs(localOwner(), new CreateTenant(tenant, new DisplayName("Engines"), null));
    return tenant;
  }

  private Caller newUser(Role role, TenantId tenant) {
    return Caller.ofUser(tenant, createUser(role, tenant).id(), CredentialId.next(), role);
  }

  private RunId submit(Caller caller, SessionId session) {
    SubmitResult result = send(new SubmitInputs(session, List.of(prompt("hi")), null), caller);
    return result.queries().getFirst().runId();
  }

  /** The first run of the session is in progress until the test releases it. */
  private SessionId sessionWithRunInProgress(Caller caller) {
    var session = openSession(caller);
    runner.script(
        session,
        run -> {
          runner.start(run, 1);
          released.await();
          runner.end(run, 1);
        });
    submit(caller, session);
    awaitEvents(session, RunStarted.class, 1);
    return session;
  }

  private void awaitEvents(SessionId session, Class<?> type, int count) {
    await()
        .atMost(60, SECONDS)
        .untilAsserted(
            () -> assertThat(eventsOf(session)).filteredOn(type::isInstance).hasSize(count));
  }

  private void assertRefused(SessionId session, Failure failure, RunId... runs) {
    awaitEvents(session, RunFailed.class, runs.length);
    assertThat(eventsOf(session))
        .filteredOn(RunFailed.class::isInstance)
        .allSatisfy(event -> assertThat(((RunFailed) event).retrying()).isFalse())
        .extracting(event -> ((RunFailed) event).failure())
        .containsOnly(failure);
    assertThat(runner.executedAssignments()).extracting(Assignment::run).doesNotContain(runs);
    await()
        .untilAsserted(
            () ->
                assertThat(
                        sql.sql("select count(*) from run_job where task_instance = ?")
                            .param(runs[0].value())
                            .query(Long.class)
                            .single())
                    .isZero());
  }

  @Test
  void queriesThatWaitedWhenTheTenantWasSuspendedFailAndTheRunInProgressIsInterrupted() {
    var caller = newUser(Role.ADMIN, newTenant());
    var session = sessionWithRunInProgress(caller);
    var second = submit(caller, session);
    var third = submit(caller, session);
    sendAs(localOwner(), new SuspendTenant(caller.tenant(), null));
    awaitEvents(session, InterruptRequested.class, 1);
    released.countDown();
    assertRefused(session, Failure.TENANT_SUSPENDED, second, third);

    sendAs(localOwner(), new ResumeTenant(caller.tenant(), null));
    var fourth = submit(caller, session);
    await()
        .atMost(60, SECONDS)
        .untilAsserted(
            () ->
                assertThat(runner.executedAssignments())
                    .extracting(Assignment::run)
                    .contains(fourth));
  }

  @Test
  void queriesThatWaitedWhenTheirUserWasDisabledFailAndThoseOfOthersRun() {
    var tenant = newTenant();
    var admin = newUser(Role.ADMIN, tenant);
    var caller = newUser(Role.MEMBER, tenant);
    var session = sessionWithRunInProgress(caller);
    var second = submit(caller, session);
    var other = sessionWithRunInProgress(admin);
    sendAs(admin, new DisableUser(caller.user(), null));
    awaitEvents(session, InterruptRequested.class, 1);
    released.countDown();
    assertRefused(session, Failure.USER_DISABLED, second);
    assertThat(eventsOf(other)).noneMatch(InterruptRequested.class::isInstance);
  }

  @Test
  void queryOfASuspendedTenantThatReachedTheSessionNeitherStartsAtAProcessNorByItsJob() {
    var caller = newUser(Role.ADMIN, newTenant());
    var session = openSession(caller);
    sendAs(localOwner(), new SuspendTenant(caller.tenant(), null));
    assertRefused(session, Failure.TENANT_SUSPENDED, submit(caller, session));
    assertThat(eventsOf(session)).noneMatch(RunStarted.class::isInstance);
  }
}
