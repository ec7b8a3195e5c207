package io.agentledger.query.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.agent.AgentId;
import io.agentledger.api.content.Content;
import io.agentledger.api.environment.EnvironmentId;
import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.model.Usage;
import io.agentledger.api.session.Activity;
import io.agentledger.api.session.Budget;
import io.agentledger.api.session.ExecutionMode;
import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.RunOptions;
import io.agentledger.api.session.SealedAgentSetup;
import io.agentledger.api.session.SealedFolder;
import io.agentledger.api.session.SealedTools;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SessionOrigin;
import io.agentledger.api.session.Thinking;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.Workspace;
import io.agentledger.api.session.event.LifecycleEvent.ActivityChanged;
import io.agentledger.api.session.event.LifecycleEvent.SessionDeleted;
import io.agentledger.api.session.event.LifecycleEvent.SessionOpened;
import io.agentledger.api.session.event.LifecycleEvent.SessionTagged;
import io.agentledger.api.session.event.SessionEvent;
import io.agentledger.api.session.query.SessionView;
import io.agentledger.api.session.query.SessionView.AgentRef;
import io.agentledger.api.session.query.SessionView.EnvironmentRef;
import io.agentledger.api.shared.Json;
import io.agentledger.api.shared.Money;
import io.agentledger.projection.SessionEventFixture;
import io.agentledger.projection.session.SessionRow;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.junit.jupiter.api.Test;

/** Sessions that are kept, for whom, and until when. */
class SessionRowCacheTest {
  private static final TenantId TENANT = TenantId.next();
  private static final Caller OWNER = member(TENANT, UserId.next());

  private final SessionRowCache cache = new SessionRowCache(2);
  private int reads;

  private static Caller member(TenantId tenant, UserId user) {
    return Caller.ofUser(tenant, user, CredentialId.next(), Role.MEMBER);
  }

  private static SessionOpened opened(RunOptions options, SealedTools tools) {
    return new SessionOpened(
        SessionId.next(),
        OWNER.user(),
        ThreadId.next(),
        SessionEventFixture.agent(),
        SealedAgentSetup.NONE,
        tools,
        SessionEventFixture.environment(),
        options,
        new Budget.Unlimited(),
        new Workspace.Empty(),
        SealedFolder.NONE,
        List.of(),
        new SessionOrigin.Fresh(),
        List.of(),
        Content.ABSENT,
        Content.ABSENT,
        Content.ABSENT);
  }

  private static SessionOpened opened() {
    return opened(SessionEventFixture.OPTIONS, SealedTools.NONE);
  }

  private static SessionRow row(SessionOpened event) {
    return new SessionRow(TENANT.value(), event, Instant.EPOCH);
  }

  private static SessionView view(SessionRow row) {
    return new SessionView(
        new SessionId(row.id()),
        new UserId(row.owner()),
        null,
        Map.of(),
        row.lifecycle().tags(),
        row.lifecycle().status(),
        Instant.EPOCH,
        row.activity(),
        row.sequence(),
        new AgentRef(AgentId.next(), 1, "default"),
        new EnvironmentRef(EnvironmentId.next(), "default"),
        row.options(),
        ExecutionMode.of(PermissionMode.DEFAULT),
        null,
        row.budget(),
        row.workspace(),
        row.origin(),
        0,
        null,
        List.of(),
        0,
        Usage.ZERO,
        Money.ZERO,
        Instant.EPOCH,
        Instant.EPOCH);
  }

  private Optional<SessionView> read(String id, Supplier<Optional<SessionRow>> reader) {
    return cache.read(OWNER, id, reader, SessionRowCacheTest::view);
  }

  /** Reads a session, whose row is in the database. */
  private String keep(SessionRow row) {
    read(
        row.id(),
        () -> {
          reads++;
          return Optional.of(row);
        });
    return row.id();
  }

  private static DomainEventMessage<SessionEvent> message(long sequence, SessionEvent event) {
    return new GenericDomainEventMessage<>(
        "Session",
        event.sessionId().value(),
        sequence,
        event,
        new Provenance(TENANT, Actor.ofUser(OWNER.user()), OWNER.credential(), "test")
            .asMetadata());
  }

  private static SessionTagged tagged(String session, String tag) {
    return new SessionTagged(new SessionId(session), List.of(tag));
  }

  private void commit(long sequence, SessionEvent event) {
    Runnable end = cache.beforeCommit(event.sessionId().value(), sequence);
    cache.afterCommit(message(sequence, event));
    end.run();
  }

  private List<String> tagsOf(String session) {
    return read(session, Optional::empty).orElseThrow().tags();
  }

  @Test
  void ownerFindsWhatWasReadAndOthersDoNot() {
    String id = keep(row(opened()));
    assertThat(cache.find(OWNER, id)).isPresent();
    assertThat(cache.findRow(OWNER, id)).isPresent();
    for (var other :
        List.of(member(TENANT, UserId.next()), member(TenantId.next(), OWNER.user()))) {
      assertThat(cache.find(other, id)).isEmpty();
      assertThat(cache.findRow(other, id)).isEmpty();
    }
  }

  @Test
  void openedSessionIsReadWithoutTheDatabase() {
    var opened = opened();
    String id = opened.sessionId().value();
    commit(0, opened);
    assertThat(read(id, Optional::empty)).isPresent();
    assertThat(cache.find(OWNER, id)).isPresent();
  }

  @Test
  void committedEventsAreApplied() {
    String id = keep(row(opened()));
    commit(1, tagged(id, "first"));
    assertThat(cache.find(OWNER, id)).as("not mapped on the thread of the commit").isEmpty();
    assertThat(tagsOf(id)).containsExactly("first");
    commit(2, tagged(id, "second"));
    assertThat(tagsOf(id)).containsExactly("second");
    assertThat(cache.find(OWNER, id).orElseThrow().sequence()).isEqualTo(3);
    assertThat(reads).isEqualTo(1);
  }

  @Test
  void sessionIsNotFoundAfterAnEventWithAGapBefore() {
    String id = keep(row(opened()));
    commit(2, tagged(id, "later"));
    assertThat(cache.findRow(OWNER, id)).isEmpty();
  }

  @Test
  void sessionIsNotFoundAfterACommitWhoseResultIsUnknown() {
    String id = keep(row(opened()));
    cache.beforeCommit(id, 1).run();
    assertThat(cache.findRow(OWNER, id)).isEmpty();
  }

  @Test
  void nothingIsAnsweredWhileEventsAreCommitted() {
    String id = keep(row(opened()));
    Runnable first = cache.beforeCommit(id, 1);
    Runnable second = cache.beforeCommit(id, 2);
    cache.afterCommit(message(1, tagged(id, "first")));
    first.run();
    assertThat(cache.findRow(OWNER, id)).isEmpty();
    cache.afterCommit(message(2, tagged(id, "second")));
    second.run();
    assertThat(tagsOf(id)).containsExactly("second");
  }

  @Test
  void changeDuringAReadIsNotCoveredByIt() {
    var outdated = row(opened());
    read(
        outdated.id(),
        () -> {
          commit(1, tagged(outdated.id(), "new"));
          return Optional.of(outdated);
        });
    assertThat(cache.findRow(OWNER, outdated.id())).isEmpty();
  }

  @Test
  void readThatBeganDuringAChangeIsNotKept() {
    var outdated = row(opened());
    Runnable end = cache.beforeCommit(outdated.id(), 1);
    read(
        outdated.id(),
        () -> {
          end.run();
          return Optional.of(outdated);
        });
    assertThat(cache.findRow(OWNER, outdated.id())).isEmpty();
  }

  @Test
  void sessionWithoutItsKeyIsNotFound() {
    String id = keep(row(opened()));
    cache.remove(id);
    assertThat(cache.findRow(OWNER, id)).isEmpty();
  }

  @Test
  void keyThatIsDestroyedDuringTheDecryptionLeavesNothing() {
    var opened = opened();
    String id = opened.sessionId().value();
    commit(0, opened);
    cache.read(
        OWNER,
        id,
        Optional::empty,
        row -> {
          cache.remove(id);
          return view(row);
        });
    assertThat(cache.find(OWNER, id)).isEmpty();
  }

  @Test
  void deletedSessionIsNotFound() {
    String id = keep(row(opened()));
    commit(1, new SessionDeleted(new SessionId(id)));
    assertThat(cache.findRow(OWNER, id)).isEmpty();
  }

  @Test
  void sessionThatWaitsIsReadWithItsPendingActions() {
    String id = keep(row(opened()));
    commit(1, new ActivityChanged(new SessionId(id), Activity.WAITING, List.of()));
    assertThat(read(id, Optional::empty)).isEmpty();
    assertThat(cache.find(OWNER, id)).isEmpty();
  }

  @Test
  void sessionThatMayBeLargeIsNotKept() {
    var withSchema =
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
    var opened = opened(withSchema, SealedTools.NONE);
    commit(0, opened);
    assertThat(cache.findRow(OWNER, opened.sessionId().value())).isEmpty();
    assertThat(cache.findRow(OWNER, keep(row(opened)))).isEmpty();
  }

  @Test
  void keepsAsManyAsItMay() {
    String first = keep(row(opened()));
    String second = keep(row(opened()));
    String third = keep(row(opened()));
    assertThat(cache.find(OWNER, first)).isEmpty();
    assertThat(cache.find(OWNER, second)).isPresent();
    assertThat(cache.find(OWNER, third)).isPresent();
  }

  @Test
  void keepsNoneWithoutTheEmbeddedDatabase() {
    var none = new SessionRowCache(0);
    var row = row(opened());
    assertThat(none.read(OWNER, row.id(), () -> Optional.of(row), SessionRowCacheTest::view))
        .isPresent();
    assertThat(none.find(OWNER, row.id())).isEmpty();
  }
}
