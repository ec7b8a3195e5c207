package io.agentledger.command.session;

import io.agentledger.api.content.Content;
import io.agentledger.api.environment.EnvironmentId;
import io.agentledger.api.environment.EnvironmentSnapshot;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.session.Budget;
import io.agentledger.api.session.SealedAgentSetup;
import io.agentledger.api.session.SealedFolder;
import io.agentledger.api.session.SealedTools;
import io.agentledger.api.session.SessionOrigin;
import io.agentledger.api.session.SessionSpec;
import io.agentledger.api.session.Workspace;
import io.agentledger.api.session.WorkspaceSpec;
import io.agentledger.api.session.command.SessionCommand.OpenSession;
import io.agentledger.api.session.command.SubmitResult;
import io.agentledger.api.session.event.LifecycleEvent.SessionOpened;
import io.agentledger.api.shared.QuotaRejection.StorageFull;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Environment in which a session opens. */
class EnvironmentOpeningTest extends SessionFixture {
  static final EnvironmentSnapshot NARROW =
      new EnvironmentSnapshot(
          new EnvironmentId("env_3333333333"),
          "narrow",
          EnvironmentSnapshot.EnvironmentType.LOCAL,
          new EnvironmentSnapshot.Network.Closed(),
          Map.of(),
          new EnvironmentSnapshot.Limits(1024, 256, 64),
          List.of("TZ"),
          List.of());

  static EnvironmentSnapshot environment(TenantId tenant, @Nullable EnvironmentId requested) {
    if (requested == null) return ENVIRONMENT;
    if (requested.equals(NARROW.id())) return NARROW;
    throw new RejectionException(new NotFound("environment", requested.value()));
  }

  @Test
  void rejectsFilesOverTheEnvironmentsLimit() {
    long room = NARROW.limits().workspaceMib() << 20;
    session
        .givenNoPriorActivity()
        .when(openCommand(NARROW.id().value(), new Workspace.Uploaded(2, room + 1)))
        .expectException(RejectionException.class)
        .expectExceptionDetails(new StorageFull("environment_workspace_mib", 64))
        .expectNoEvents();
    session
        .givenNoPriorActivity()
        .when(openCommand(NARROW.id().value(), new Workspace.Uploaded(2, room)))
        .expectResultMessagePayload(new SubmitResult(SESSION, 1, List.of()));
  }

  private static OpenSession openCommand(String environment, Workspace files) {
    return new OpenSession(
        SESSION,
        ADA,
        MAIN,
        new SessionOrigin.Fresh(),
        SessionSpec.NONE.withEnvironmentId(new EnvironmentId(environment)),
        WorkspaceSpec.from(files),
        null);
  }

  @Test
  void sessionOpensInTheNamedEnvironment() {
    session
        .givenNoPriorActivity()
        .when(openCommand("env_3333333333", new Workspace.Empty()))
        .expectEvents(
            new SessionOpened(
                SESSION,
                ADA,
                MAIN,
                AGENT,
                SealedAgentSetup.NONE,
                SealedTools.NONE,
                NARROW,
                OPTIONS,
                new Budget.Unlimited(),
                new Workspace.Empty(),
                SealedFolder.NONE,
                List.of(),
                new SessionOrigin.Fresh(),
                List.of(),
                Content.ABSENT,
                Content.ABSENT,
                Content.ABSENT));
  }

  @Test
  void rejectsAnUnknownEnvironment() {
    session
        .givenNoPriorActivity()
        .when(openCommand("env_4444444444", new Workspace.Empty()))
        .expectException(RejectionException.class)
        .expectExceptionDetails(new NotFound("environment", "env_4444444444"))
        .expectNoEvents();
  }
}
