package io.agentledger.query.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.agent.AgentId;
import io.agentledger.api.environment.EnvironmentId;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.model.Usage;
import io.agentledger.api.session.Activity;
import io.agentledger.api.session.Budget;
import io.agentledger.api.session.ExecutionMode;
import io.agentledger.api.session.LifecycleStatus;
import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.RunOptions;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SessionOrigin;
import io.agentledger.api.session.Thinking;
import io.agentledger.api.session.Workspace;
import io.agentledger.api.session.query.SessionView;
import io.agentledger.api.session.query.SessionView.AgentRef;
import io.agentledger.api.session.query.SessionView.EnvironmentRef;
import io.agentledger.api.shared.Json;
import io.agentledger.api.shared.Money;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Sessions that are kept, for whom, and until when. */
class SessionViewCacheTest {
  private static final TenantId TENANT = TenantId.next();
  private static final Caller OWNER = member(TENANT, UserId.next());

  private final SessionViewCache cache = new SessionViewCache(2);

  private static Caller member(TenantId tenant, UserId user) {
    return Caller.ofUser(tenant, user, CredentialId.next(), Role.MEMBER);
  }

  private static SessionView session(LifecycleStatus lifecycle) {
    return session(
        lifecycle,
        new RunOptions(
            "model", PermissionMode.DEFAULT, List.of(), List.of(), 1, Duration.ofMinutes(1)));
  }

  private static SessionView session(LifecycleStatus lifecycle, RunOptions options) {
    return new SessionView(
        SessionId.next(),
        OWNER.user(),
        null,
        Map.of(),
        List.of(),
        lifecycle,
        Instant.EPOCH,
        Activity.IDLE,
        1,
        new AgentRef(AgentId.next(), 1, "default"),
        new EnvironmentRef(EnvironmentId.next(), "default"),
        options,
        ExecutionMode.of(PermissionMode.DEFAULT),
        null,
        new Budget.Unlimited(),
        new Workspace.Empty(),
        new SessionOrigin.Fresh(),
        0,
        null,
        List.of(),
        0,
        Usage.ZERO,
        Money.ZERO,
        Instant.EPOCH,
        Instant.EPOCH);
  }

  private String keep(SessionView session) {
    cache.read(OWNER, session.id().value(), () -> Optional.of(session));
    return session.id().value();
  }

  @Test
  void ownerFindsWhatWasReadAndOthersDoNot() {
    String id = keep(session(LifecycleStatus.OPEN));
    assertThat(cache.find(OWNER, id)).isPresent();
    assertThat(cache.find(member(TENANT, UserId.next()), id)).isEmpty();
    assertThat(cache.find(member(TenantId.next(), OWNER.user()), id)).isEmpty();
  }

  @Test
  void deletedSessionIsNotFound() {
    assertThat(cache.find(OWNER, keep(session(LifecycleStatus.DELETED)))).isEmpty();
  }

  @Test
  void sessionWithASchemaIsNotKept() {
    var options =
        new RunOptions(
            "model",
            PermissionMode.DEFAULT,
            List.of(),
            List.of(),
            1,
            Duration.ofMinutes(1),
            "",
            new Thinking.Standard(),
            new Json("{}"),
            true);
    assertThat(cache.find(OWNER, keep(session(LifecycleStatus.OPEN, options)))).isEmpty();
  }

  @Test
  void changedSessionIsNotFound() {
    String id = keep(session(LifecycleStatus.OPEN));
    cache.remove(id);
    assertThat(cache.find(OWNER, id)).isEmpty();
  }

  @Test
  void changeDuringAReadIsNotCoveredByIt() {
    var outdated = session(LifecycleStatus.OPEN);
    String id = outdated.id().value();
    cache.read(
        OWNER,
        id,
        () -> {
          cache.remove(id);
          return Optional.of(outdated);
        });
    assertThat(cache.find(OWNER, id)).isEmpty();
  }

  @Test
  void sessionIsNotKeptBeforeItsChangesHaveEnded() {
    var session = session(LifecycleStatus.OPEN);
    String id = keep(session);
    Runnable first = cache.beginChange(id);
    Runnable second = cache.beginChange(id);
    assertThat(cache.find(OWNER, id)).isEmpty();
    first.run();
    keep(session); // As it was before the second change.
    assertThat(cache.find(OWNER, id)).isEmpty();
    second.run();
    keep(session);
    assertThat(cache.find(OWNER, id)).isPresent();
  }

  @Test
  void readThatBeganDuringAChangeIsNotKept() {
    var outdated = session(LifecycleStatus.OPEN);
    String id = outdated.id().value();
    Runnable end = cache.beginChange(id);
    cache.read(
        OWNER,
        id,
        () -> {
          end.run();
          return Optional.of(outdated);
        });
    assertThat(cache.find(OWNER, id)).isEmpty();
  }

  @Test
  void keepsAsManyAsItMay() {
    String first = keep(session(LifecycleStatus.OPEN));
    String second = keep(session(LifecycleStatus.OPEN));
    String third = keep(session(LifecycleStatus.OPEN));
    assertThat(cache.find(OWNER, first)).isEmpty();
    assertThat(cache.find(OWNER, second)).isPresent();
    assertThat(cache.find(OWNER, third)).isPresent();
  }

  @Test
  void keepsNoneWithoutTheEmbeddedDatabase() {
    var none = new SessionViewCache(0);
    var session = session(LifecycleStatus.OPEN);
    assertThat(none.read(OWNER, session.id().value(), () -> Optional.of(session))).isPresent();
    assertThat(none.find(OWNER, session.id().value())).isEmpty();
  }
}
