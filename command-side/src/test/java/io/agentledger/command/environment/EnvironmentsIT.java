package io.agentledger.command.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.environment.EnvironmentCommand.ArchiveEnvironment;
import io.agentledger.api.environment.EnvironmentCommand.ChangeEnvironment;
import io.agentledger.api.environment.EnvironmentCommand.CreateEnvironment;
import io.agentledger.api.environment.EnvironmentCommand.DeleteEnvironment;
import io.agentledger.api.environment.EnvironmentCommand.RestoreEnvironment;
import io.agentledger.api.environment.EnvironmentCommand.SetDefaultEnvironment;
import io.agentledger.api.environment.EnvironmentDefinition;
import io.agentledger.api.environment.EnvironmentEvent.DefaultEnvironmentCreated;
import io.agentledger.api.environment.EnvironmentId;
import io.agentledger.api.environment.EnvironmentNotes;
import io.agentledger.api.environment.EnvironmentSnapshot;
import io.agentledger.api.environment.EnvironmentSnapshot.Limits;
import io.agentledger.api.environment.EnvironmentSnapshot.Mount;
import io.agentledger.api.environment.EnvironmentSnapshot.Network;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.DisplayName;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.command.TenantCommand.CreateTenant;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SessionOrigin;
import io.agentledger.api.session.SessionSpec;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.WorkspaceSpec;
import io.agentledger.api.session.command.SessionCommand.OpenSession;
import io.agentledger.api.session.command.SubmitResult;
import io.agentledger.api.session.event.LifecycleEvent.SessionOpened;
import io.agentledger.api.shared.EnvironmentRejection.DefaultEnvironmentRequired;
import io.agentledger.api.shared.EnvironmentRejection.EnvironmentRefused;
import io.agentledger.api.shared.Rejection;
import io.agentledger.api.shared.Rejection.Archived;
import io.agentledger.api.shared.Rejection.InUse;
import io.agentledger.api.shared.Rejection.NameTaken;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.command.CommandTestSupport;
import io.agentledger.command.support.DefaultEnvironmentIds;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Environments and the sessions that open in them, on a real PostgreSQL. */
class EnvironmentsIT extends CommandTestSupport {
  private static final EnvironmentDefinition NARROW =
      new EnvironmentDefinition(
          new Network.Closed(), new Limits(1024, 128, 64), List.of(), List.of());

  @Autowired private DefaultEnvironmentIds defaultEnvironmentIds;

  private final Caller admin =
      Caller.ofUser(TenantId.next(), UserId.next(), CredentialId.next(), Role.ADMIN);

  private EnvironmentId createEnvironment(String name) {
    return send(create(name, NARROW), admin);
  }

  private static CreateEnvironment create(String name, EnvironmentDefinition definition) {
    return new CreateEnvironment(
        EnvironmentId.next(), name, definition, EnvironmentNotes.NONE, null);
  }

  private EnvironmentSnapshot openedIn(@Nullable EnvironmentId environment) {
    SubmitResult opened =
        send(
            new OpenSession(
                SessionId.next(),
                admin.user(),
                ThreadId.next(),
                new SessionOrigin.Fresh(),
                SessionSpec.NONE.withEnvironmentId(environment),
                WorkspaceSpec.empty(),
                null),
            admin);
    return ((SessionOpened) eventsOf(opened.sessionId()).getFirst()).environment();
  }

  private static void assertRejected(Rejection rejection, ThrowingCallable action) {
    assertThatThrownBy(action)
        .isInstanceOfSatisfying(
            RejectionException.class,
            rejectionException -> assertThat(rejectionException.rejection()).isEqualTo(rejection));
  }

  @Test
  void sessionKeepsTheEnvironmentVersionItOpenedWith() {
    var id = createEnvironment("build");
    var before = openedIn(id);
    assertThat(before.id()).isEqualTo(id);
    assertThat(before.name()).isEqualTo("build");
    assertThat(before.limits()).isEqualTo(new Limits(1024, 128, 64));
    send(
        new ChangeEnvironment(id, "wide", EnvironmentDefinition.DEFAULT, EnvironmentNotes.NONE, 1),
        admin);
    assertThat(openedIn(id).name()).isEqualTo("wide");
    assertThat(before.limits()).isEqualTo(new Limits(1024, 128, 64));
  }

  @Test
  void sessionWithoutAnEnvironmentUsesTheLatestDefault() {
    var standard = openedIn(null);
    assertThat(standard.id()).isEqualTo(defaultEnvironmentIds.idFor(admin.tenant()));
    assertThat(standard.name()).isEqualTo("local");
    var environmentId = createEnvironment("one");
    var two = createEnvironment("two");
    send(new SetDefaultEnvironment(environmentId), admin);
    send(new SetDefaultEnvironment(two), admin);
    assertThat(openedIn(null).id()).isEqualTo(two);
    assertRejected(
        new DefaultEnvironmentRequired(two.value()),
        () -> send(new ArchiveEnvironment(two), admin));
    send(new SetDefaultEnvironment(environmentId), admin);
    assertThat(openedIn(null).id()).isEqualTo(environmentId);
    send(new ArchiveEnvironment(two), admin);
    assertRejected(new Archived("environment", two.value()), () -> openedIn(two));
    send(new RestoreEnvironment(two), admin);
    assertThat(openedIn(two).id()).isEqualTo(two);
  }

  @Test
  void newTenantHasADefaultEnvironment() {
    var tenant = TenantId.next();
    send(new CreateTenant(tenant, new DisplayName("Ours"), null));
    var id = defaultEnvironmentIds.idFor(tenant);
    await()
        .atMost(60, TimeUnit.SECONDS)
        .untilAsserted(
            () ->
                assertThat(store.readEvents(id.value()).asStream().toList())
                    .extracting(event -> (Object) event.getPayload())
                    .containsExactly(
                        new DefaultEnvironmentCreated(id, "local", EnvironmentDefinition.DEFAULT)));
    var theirs = Caller.ofUser(tenant, UserId.next(), CredentialId.next(), Role.ADMIN);
    assertRejected(
        new DefaultEnvironmentRequired(id.value()), () -> send(new DeleteEnvironment(id), theirs));
    EnvironmentId other = send(create("other", NARROW), theirs);
    send(new SetDefaultEnvironment(other), theirs);
    assertRejected(
        new InUse("environment", "sessions"), () -> send(new DeleteEnvironment(id), theirs));
    assertRejected(
        new NameTaken("environment", "local"), () -> send(create("local", NARROW), theirs));
  }

  @Test
  void usedEnvironmentCannotBeDeletedAndAnUnusedOneCan() {
    var used = createEnvironment("used");
    var unused = createEnvironment("unused");
    openedIn(used);
    assertRejected(
        new InUse("environment", "sessions"), () -> send(new DeleteEnvironment(used), admin));
    send(new DeleteEnvironment(unused), admin);
    assertRejected(new NotFound("environment", unused.value()), () -> openedIn(unused));
    assertRejected(
        new NotFound("environment", unused.value()),
        () -> send(new RestoreEnvironment(unused), admin));
    assertThat(createEnvironment("unused")).isNotEqualTo(unused); // The name is free again.
  }

  @Test
  void concurrentCreationsOfOneNameYieldOneEnvironment() {
    var requested =
        IntStream.range(0, 8)
            .mapToObj(
                number ->
                    CompletableFuture.supplyAsync(
                        () -> {
                          try {
                            createEnvironment("wanted");
                            return "made";
                          } catch (RejectionException e) {
                            return e.rejection().code();
                          }
                        }))
            .toList();
    assertThat(requested.stream().map(CompletableFuture::join).sorted().toList())
        .containsExactlyElementsOf(
            Stream.concat(Stream.of("made"), Stream.generate(() -> "name_taken").limit(7))
                .toList());
  }

  @Test
  void environmentIsNotDeletedWhileSessionsOpenInIt() {
    for (int round = 0; round < 5; round++) {
      var id = createEnvironment("contested " + round);
      var opening = CompletableFuture.supplyAsync(() -> assertAccepted(() -> openedIn(id)));
      var deleting =
          CompletableFuture.supplyAsync(
              () -> assertAccepted(() -> send(new DeleteEnvironment(id), admin)));
      assertThat(opening.join() ^ deleting.join()).as("one of them").isTrue();
    }
  }

  private static boolean assertAccepted(ThrowingCallable action) {
    try {
      action.call();
      return true;
    } catch (RejectionException e) {
      return false;
    } catch (Throwable fault) {
      throw new AssertionError(fault);
    }
  }

  @Test
  void environmentBelongsToItsTenantOnly() {
    var id = createEnvironment("ours");
    var otherCaller =
        Caller.ofUser(TenantId.next(), UserId.next(), CredentialId.next(), Role.ADMIN);
    assertRejected(
        new NotFound("environment", id.value()),
        () -> send(new ArchiveEnvironment(id), otherCaller));
    EnvironmentId theirs =
        send(create("ours", NARROW), otherCaller); // Names are unique in each tenant.
    assertRejected(new NotFound("environment", theirs.value()), () -> openedIn(theirs));
  }

  @Test
  void membersUseEnvironmentsAndAdminsManageThem() {
    var member = Caller.ofUser(admin.tenant(), UserId.next(), CredentialId.next(), Role.MEMBER);
    assertRejected(
        Rejection.InsufficientScope.anyOf(Scope.ENVIRONMENTS_WRITE),
        () -> send(create("mine", NARROW), member));
  }

  @Test
  void rejectsDefinitionsThisInstallationCannotEnforce() {
    var limits = new Limits(0, 0, 0);
    for (var definition :
        List.of(
            new EnvironmentDefinition(new Network.Open(), limits, List.of(), List.of()),
            new EnvironmentDefinition(
                new Network.Limited(List.of("example.com")), limits, List.of(), List.of()),
            new EnvironmentDefinition(new Network.Closed(), limits, List.of("TZ"), List.of()),
            new EnvironmentDefinition(
                new Network.Closed(),
                limits,
                List.of(),
                List.of(new Mount("srv", "/mnt/srv", false)))))
      assertThatThrownBy(() -> send(create("refused", definition), admin))
          .isInstanceOfSatisfying(
              RejectionException.class,
              e -> assertThat(e.rejection()).isInstanceOf(EnvironmentRefused.class));
  }
}
